"""A brief and a later memo that disagree, as a dataset with everything that pages and commands read."""

from collections import Counter
from pathlib import Path

from pyoxigraph import Literal, Quad, Store

from books import book_of
from comparison.fixtures import NAMES, ONTOLOGY, document_quads, quads_of
from digitech_kg.book import Book
from digitech_kg.comparison.documents import compare_documents, comparison_quads
from digitech_kg.namespaces import DK, RDFS
from digitech_kg.snapshot.manifest import Manifest, write_namespaces
from digitech_kg.snapshot.repository import SnapshotRepository

SHARED = """
id:brief rdfs:label "NUPI brief"@en , "NUPI-brief"@nb .
id:memo rdfs:label "Memo"@en , "Notat"@nb .
id:huawei rdfs:label "Huawei"@en .
id:tencent rdfs:label "Tencent"@en .
id:state-ownership rdfs:label "state ownership"@en .
dk:hasOwnershipKind a owl:ObjectProperty ; dk:isExclusive true ; rdfs:label "ownership"@en , "eierskap"@nb .
dk:isInSector a owl:ObjectProperty ; rdfs:label "sector"@en , "sektor"@nb .
dk:leads a owl:ObjectProperty ; rdfs:label "leads"@en .
"""
BRIEF = {
    "not id:huawei dk:hasOwnershipKind id:state-ownership": "Huawei is not state-owned.",
    "id:huawei dk:isInSector id:networks": "Huawei belongs to the networks sector.",
    "id:huawei dk:leads id:fifth-generation": "Huawei leads in 5G.",
    "not id:tencent dk:hasOwnershipKind id:state-ownership": "Tencent is not state-owned.",
    "id:tencent dk:isInSector id:apps": "Tencent belongs to the apps sector.",
}
MEMO = {
    "id:huawei dk:hasOwnershipKind id:state-ownership ; certainty probable ; heldBy id:analysts": (
        "According to analysts, Huawei is probably state-owned."
    ),
    "id:huawei dk:isInSector id:networks": "Huawei is a networks company.",
    "id:huawei dk:leads id:fifth-generation ; certainty possible": "Huawei possibly leads in 5G.",
}


def example_quads() -> list[Quad]:
    """Return the quads of all graphs, the graph of comparisons among them."""
    shared = quads_of(ONTOLOGY + SHARED, "things")
    documents = {
        name: [*document_quads(name, *claims, issued=date), *_evidence(name, list(claims.values()))]
        for name, claims, date in (("brief", BRIEF, "2021"), ("memo", MEMO, "2023"))
    }
    found = compare_documents(documents, shared, NAMES)
    return [*shared, *(quad for quads in documents.values() for quad in quads), *comparison_quads(found, NAMES)]


def _evidence(document: str, sentences: list[str]) -> list[Quad]:
    graph, found = NAMES.graphs.evidence(document), []
    for number, sentence in enumerate(sentences, 1):
        claim, passage = NAMES.claim(document, f"c{number}"), NAMES.passage(document, f"c{number}")
        found.append(Quad(claim, DK.sentence, Literal(sentence, language="en"), graph))
        found.append(Quad(passage, RDFS.label, Literal(f"p. {number}", language="en"), graph))
        found.append(Quad(passage, DK.isPartOf, NAMES.thing(document), graph))
    return found


def example_book() -> Book:
    """Return the book of the example."""
    return book_of(example_quads(), NAMES)


def publish_example(data_dir: Path) -> None:
    """Publish the example as the first version of a data directory."""
    repository, quads = SnapshotRepository(data_dir), example_quads()
    with repository.writing() as directory:
        store = Store(str(directory / "store"))
        store.bulk_extend(quads)
        store.flush()
        # A store is closed when nothing refers to it.
        del store
        version = repository.next_version("0" * 64)
        names = write_namespaces(NAMES)
        graphs = Counter(quad.graph_name.value for quad in quads)
        manifest = Manifest(
            version, "0" * 64, "0" * 64, repository.now(), len(quads), namespaces=names, graphs=dict(graphs)
        )
        repository.publish(directory, manifest)
