"""What `/about` shows: documents, versions and counts, all read from the snapshot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version

from pyoxigraph import NamedNode

from digitech_kg.claims.coverage import Coverage
from digitech_kg.namespaces import ONTOLOGY_IRI, Namespaces
from digitech_kg.snapshot import Manifest
from digitech_kg.web.about import queries as about_queries
from digitech_kg.web.reading.claim_views import count_manners
from digitech_kg.web.reading.documents import DocumentEntry, list_documents, measure_document
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, Row, iris_of, node, text_of


@dataclass(frozen=True)
class DocumentCounts:
    """A document, how many claims it makes in which manner, and how its sentences and cells are covered."""

    document: DocumentEntry
    manners: tuple[tuple[str, int], ...]
    #: Passages by "claimed", "described", "repeating" and "uncovered".
    coverage: dict[str, int]

    @property
    def claims(self) -> int:
        return sum(count for _, count in self.manners)

    @property
    def passages(self) -> int:
        return sum(self.coverage.values())


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A named graph: its name after `graph/`, what kind it is, its size, and the document or source that fills it."""

    name: str
    kind: str
    quads: int
    document: Name | None = None
    source: Name | None = None
    licence: str = ""
    rights: str = ""
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many things there are of a class."""

    name: Name
    count: int


@dataclass(frozen=True, slots=True)
class LinkedDataset:
    """Another dataset that things here are linked to."""

    title: str
    home: str
    licence: str
    links: int


@dataclass(frozen=True)
class AboutView:
    """All that the page shows of the graph."""

    manifest: Manifest
    program_version: str
    ontology_version: str
    documents: tuple[DocumentCounts, ...]
    graphs: tuple[GraphRow, ...]
    kinds: tuple[KindCount, ...]
    linked: tuple[LinkedDataset, ...]


def view_about(reader: GraphReader, manifest: Manifest, language: str) -> AboutView:
    """Read what the page shows; a dataset without description, claims and so on gives empty parts."""
    sources, kinds = reader.rows(about_queries.SOURCES), reader.rows(about_queries.KINDS)
    documents = list_documents(reader, language)
    labels = Labels(reader, language, iris_of([*sources, *kinds]) | {entry.about.iri for entry in documents})
    versions = reader.rows(about_queries.ONTOLOGY_VERSION, ontology=node(ONTOLOGY_IRI))
    return AboutView(
        manifest,
        version("digitech-kg"),
        text_of(versions[0], "version") if versions else "",
        tuple(_count(reader, document) for document in documents),
        _graphs(manifest, sources, labels, reader.names),
        tuple(KindCount(labels.name(text_of(row, "kind")), int(text_of(row, "members"))) for row in kinds),
        tuple(_linked(row) for row in reader.rows(about_queries.LINKED) if "title" in row),
    )


def _count(reader: GraphReader, document: DocumentEntry) -> DocumentCounts:
    claims, coverage = measure_document(reader, document.name)
    how = Counter(_how(passage, coverage) for passage in coverage.claims)
    return DocumentCounts(document, count_manners(claims), dict(how))


def _how(passage: str, coverage: Coverage) -> str:
    """Return how a passage is covered; the first that fits counts."""
    if coverage.claims[passage]:
        return "claimed"
    if coverage.things[passage]:
        return "described"
    return "repeating" if passage in coverage.repeats else "uncovered"


def _graphs(manifest: Manifest, sources: list[Row], labels: Labels, names: Namespaces) -> tuple[GraphRow, ...]:
    by_graph = {text_of(row, "graph"): row for row in sources if "graph" in row}
    rows = []
    for iri, quads in sorted(manifest.graphs.items()):
        row = by_graph.get(iri, {})
        name = iri.removeprefix(names.graphs.root)
        document = names.graphs.document_of(NamedNode(iri)) if iri != "DEFAULT" else None
        rows.append(
            GraphRow(
                name,
                _kind(name, is_document=document is not None),
                quads,
                labels.name(names.thing(document).value) if document else None,
                labels.name(text_of(row, "source")) if "source" in row else None,
                *(text_of(row, key) for key in ("licence", "rights", "retrieved")),
            )
        )
    return tuple(rows)


def _kind(name: str, *, is_document: bool) -> str:
    """Return what kind of graph has a name: that of a document's own, or of a part that is derived, or its own name."""
    if name == "DEFAULT":
        return "default"
    if name.startswith("external/"):
        return "source"
    return (name.partition("/")[2] or "document") if is_document else name.rpartition("/")[2]


def _linked(row: Row) -> LinkedDataset:
    return LinkedDataset(
        text_of(row, "title"), text_of(row, "home"), text_of(row, "licence"), int(text_of(row, "links"))
    )
