"""OWLAPI, which Protégé runs on, opens the ontology and the exports without a network and finds them in OWL 2 DL."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

import owlapi
from bundled import NAMES
from conftest import ROOT
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DCTERMS, DK, ONTOLOGY_IRI, OWL, PROV, RDF, SKOS, TERMS
from digitech_kg.snapshot.repository import Snapshot

ONTOLOGY = ROOT / "ontology"
CATALOG = ONTOLOGY / "catalog-v001.xml"
HEADER = "".join(f"@prefix {name}: <{NAMES.prefixes[name]}> .\n" for name in ("dk", "id", "owl", "rdf", "rdfs"))
#: The DL queries of docs/ontology.md, and some of the things that each finds.
DL_QUERIES = {
    "Claim and predicate value raisesConcern": {
        "gaming-apps-raise-screen-time-concern",
        "digi-tech-may-raise-hacking-concern",
    },
    "InternationallyLeadingCompany and (isInSector value devices)": {"lenovo", "xiaomi"},
    "Company and (isInSector value networks)": {"huawei", "zte"},
    "Policy and (isAdoptedBy value usa)": {"us-trade-sanctions", "us-blacklisting"},
    "PredictiveClaim and UncertainClaim": {"us-restrictive-grip-not-expected-to-ease"},
}
#: What an annotation of an axiom names of it.
PARTS = ("Source", "Property", "Target")
#: What the ontology is made of besides its header.
MODULES = {f"{ONTOLOGY_IRI}/{name}" for name in ("business", "claims", "issues", "policy")}


@pytest.fixture(scope="module")
def exported(snapshot: Snapshot, download: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("owl")
    downloads = {"digitech": "owl", "alignments": "alignments", "ontology": "ontology"}
    for name, kind in downloads.items():
        shutil.copy(download(kind), directory / f"{name}.owl")
    return directory


@pytest.fixture(scope="module")
def triples(exported: Path) -> list[Triple]:
    """The complete export, as another library reads it."""
    return [quad.triple for quad in parse((exported / "digitech.owl").read_bytes(), RdfFormat.RDF_XML)]


def problems(loaded: owlapi.Loaded) -> dict[str, tuple[str, ...]]:
    found = {"violations": loaded.violations, "unparsed": loaded.unparsed, "missing": loaded.missing}
    return {what: items for what, items in found.items() if items}


def test_ontology_opens_through_the_catalogue_inside_owl_2_dl() -> None:
    loaded = owlapi.load(ONTOLOGY / "digitech.ttl", CATALOG)
    assert problems(loaded) == {}
    assert set(loaded.imports) == MODULES
    assert loaded.axioms > 1500


def test_alignments_open_with_the_ontology_inside_owl_2_dl() -> None:
    loaded = owlapi.load(ONTOLOGY / "alignments.ttl", CATALOG)
    assert problems(loaded) == {}
    assert set(loaded.imports) == MODULES | {ONTOLOGY_IRI}


def test_a_source_is_not_called_a_primary_one() -> None:
    triples = [q.triple for q in parse((ONTOLOGY / "alignments.ttl").read_bytes(), RdfFormat.TURTLE)]
    assert [t.object for t in triples if t.subject == DK.attestedBy] == [PROV.wasDerivedFrom]
    assert PROV.hadPrimarySource not in {term for triple in triples for term in triple}


def test_every_alignment_says_why() -> None:
    triples = [q.triple for q in parse((ONTOLOGY / "alignments.ttl").read_bytes(), RdfFormat.TURTLE)]
    explained = [t.subject for t in triples if t.predicate == SKOS.editorialNote]
    axioms = GraphView(triples)
    told = {tuple(axioms.value(node, OWL[f"annotated{part}"]) for part in PARTS) for node in explained}
    ours = (t for t in triples if isinstance(t.subject, NamedNode) and t.subject.value.startswith(TERMS))
    stated = {tuple(t) for t in ours if t.predicate != RDF.type}
    assert stated == told
    assert len(told) == len(explained) > 100


@pytest.mark.parametrize("name", ["ontology.owl", "digitech.owl"])
def test_export_stands_alone_inside_owl_2_dl(exported: Path, name: str) -> None:
    loaded = owlapi.load(exported / name)
    assert problems(loaded) == {}
    assert loaded.imports == ()
    assert loaded.axioms > (10_000 if name != "ontology.owl" else 1500)


def test_export_keeps_the_claim_and_passage_behind_each_plain_statement(
    exported: Path, triples: list[Triple], snapshot: Snapshot
) -> None:
    graphs, names = snapshot.manifest.graphs, snapshot.manifest.names.graphs
    of_documents = [names.statements(name).value for name in names.documents_among(graphs)]
    statements = sum(graphs[graph] for graph in of_documents if graph in graphs)
    assert owlapi.load(exported / "digitech.owl").annotated >= statements > 0
    axioms = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Axiom}
    for needed in (DK.evidence, DCTERMS.source):
        assert axioms <= {t.subject for t in triples if t.predicate == needed}


@pytest.mark.thorough
def test_ontology_and_all_exports_load_together(exported: Path) -> None:
    beside = tuple(exported / name for name in ("digitech.owl", "alignments.owl"))
    loaded = owlapi.load(exported / "ontology.owl", beside=beside)
    assert problems(loaded) == {}


def test_everything_that_an_export_declares_has_a_label(exported: Path) -> None:
    assert owlapi.unlabelled(exported / "digitech.owl") == ()


def test_dl_queries_of_the_documentation_answer(exported: Path) -> None:
    documented = (ROOT / "docs/ontology.md").read_text(encoding="utf-8")
    found = owlapi.answer(exported / "digitech.owl", list(DL_QUERIES))
    for expression, expected in DL_QUERIES.items():
        assert f"`{expression}`" in documented
        assert expected <= found[expression], expression


def test_hermit_finds_the_export_consistent(exported: Path) -> None:
    assert owlapi.is_consistent(exported / "digitech.owl")


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("dk:provides a owl:DatatypeProperty .", "pun"),
        ("id:huawei dk:undeclared id:zte .", "undeclared"),
        ("dk:isPartOf a owl:FunctionalProperty .", "non-simple"),
    ],
    ids=["one IRI for two kinds of property", "undeclared property", "functional non-simple property"],
)
def test_planted_violation_is_found(tmp_path: Path, planted: str, said: str) -> None:
    text = f"{HEADER}<http://example.org/o> a owl:Ontology ; owl:imports <{ONTOLOGY_IRI}> .\n{planted}\n"
    (tmp_path / "o.ttl").write_text(text, encoding="utf-8")
    found = owlapi.load(tmp_path / "o.ttl", CATALOG)
    assert any(said in text.lower() for text in (*found.violations, *found.unparsed)), found.violations


def test_missing_import_is_reported(tmp_path: Path) -> None:
    text = f"{HEADER}<http://example.org/o> a owl:Ontology ; owl:imports <http://127.0.0.1:9/gone> .\n"
    (tmp_path / "o.ttl").write_text(text, encoding="utf-8")
    assert owlapi.load(tmp_path / "o.ttl").missing == ("http://127.0.0.1:9/gone",)


def test_no_class_is_a_thing_too(triples: list[Triple]) -> None:
    """OWL 2 DL allows it; here only properties are named by data, as the predicates of claims."""
    classes = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Class}
    links = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.ObjectProperty}
    things = {t.object for t in triples if t.predicate in links}
    things |= {t.subject for t in triples if t.predicate == RDF.type and t.object in classes}
    assert things
    assert things & classes == set()
