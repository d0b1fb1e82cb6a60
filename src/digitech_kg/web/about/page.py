"""`/about`: what the dataset is, how much there is of what, how to cite and how to use it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from pyoxigraph import NamedNode

from digitech_kg.claims.passages import Coverage
from digitech_kg.description import dataset_markup
from digitech_kg.engine import QueryService
from digitech_kg.exports import KeptFiles
from digitech_kg.namespaces import ONTOLOGY_IRI, Namespaces
from digitech_kg.snapshot import Manifest, Snapshot
from digitech_kg.web.about.citation import cite, list_snippets, safe_root
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.reading.claim_views import count_manners
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.documents import DocumentEntry, list_documents, measure_document, split_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, Row, iris_of, node, text_of

ONTOLOGY_VERSION: Final = """
SELECT ?version
WHERE { GRAPH graph:ontology { $ontology owl:versionInfo ?version } }
"""

KINDS: Final = """
SELECT ?kind ?members
WHERE { GRAPH graph:catalog { ?part void:class ?kind ; void:entities ?members } }
ORDER BY DESC(?members) ?kind
"""

LINKED: Final = """
SELECT ?title ?home ?licence (SUM(?number) AS ?links)
WHERE {
  GRAPH graph:catalog {
    ?linkset void:triples ?number ; void:objectsTarget ?target .
    ?target dcterms:title ?title .
    OPTIONAL { ?target foaf:homepage ?home }
    OPTIONAL { ?target dcterms:license ?licence }
  }
}
GROUP BY ?title ?home ?licence
ORDER BY DESC(?links) ?title
"""

SOURCES: Final = """
SELECT ?source ?graph (SAMPLE(?l) AS ?licence) (SAMPLE(?r) AS ?rights) (MAX(?day) AS ?retrieved)
WHERE {
  GRAPH ?graph { ?source a dk:Source }
  FILTER(STRSTARTS(STR(?graph), CONCAT(STR(graph:), "external/")))
  OPTIONAL { ?source dcterms:license ?l }
  OPTIONAL { ?source dcterms:rights ?r }
  OPTIONAL { ?source dk:retrievedOn ?day }
}
GROUP BY ?source ?graph
ORDER BY ?graph ?source
"""


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


def view_about(reader: GraphReader, manifest: Manifest, language: str) -> dict[str, Any]:
    """Read what the page shows; a dataset without description, claims and so on gives empty parts."""
    sources, kinds = reader.rows(SOURCES), reader.rows(KINDS)
    documents = list_documents(reader, language)
    # All of a document is read to count what it has.
    first, *others = split_documents(reader, documents)
    labels = Labels(reader, language, iris_of([*sources, *kinds]) | {entry.about.iri for entry in documents})
    versions = reader.rows(ONTOLOGY_VERSION, ontology=node(ONTOLOGY_IRI))
    linked = [
        {"links": int(text_of(row, "links")), **{key: text_of(row, key) for key in ("title", "home", "licence")}}
        for row in reader.rows(LINKED)
        if "title" in row
    ]
    return {
        "manifest": manifest,
        "program_version": version("digitech-kg"),
        "ontology_version": text_of(versions[0], "version") if versions else "",
        "documents": [_count(reader, document) for document in first],
        "others": [document for part in others for document in part],
        "graphs": _graphs(manifest, sources, labels, reader.names),
        "kinds": [{"name": labels.name(text_of(r, "kind")), "count": int(text_of(r, "members"))} for r in kinds],
        "linked": linked,
    }


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


def _graphs(manifest: Manifest, sources: list[Row], labels: Labels, names: Namespaces) -> list[GraphRow]:
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
    return rows


def _kind(name: str, *, is_document: bool) -> str:
    """Return what kind of graph has a name: that of a document's own, or of a part that is derived, or its own name."""
    if name == "DEFAULT":
        return "default"
    if name.startswith("external/"):
        return "source"
    return (name.partition("/")[2] or "document") if is_document else name.rpartition("/")[2]


def schema_org(service: QueryService) -> dict[str, Any]:
    """Return the JSON-LD document to embed in a page as `<script type="application/ld+json">`."""
    snapshot = service.snapshot
    sizes = None
    if isinstance(snapshot, Snapshot):
        sizes = {kept.download.name: kept.size for kept in KeptFiles(snapshot).found()}
    root = url_for("pages.start", lang=None, _external=True).rstrip("/")
    return dataset_markup(read_metadata(GraphReader(service)), service.names, root=root, sizes=sizes)


def about_blueprint(service: QueryService, cache: PageCache, *, public_url: str = "") -> Blueprint:
    """Return the blueprint of `/about`; snippets name `public_url`, or else the address that was asked."""
    blueprint = Blueprint("about", __name__)
    reader = GraphReader(service)
    cache.attach(blueprint)

    @blueprint.get("/about")
    def about() -> str:
        root = safe_root(public_url or request.url_root, reader.names.base)
        return render_template(
            "about.html",
            view=view_about(reader, service.snapshot.manifest, current_language()),
            # A citation is the same for readers of every language.
            citation=cite(read_metadata(reader), reader.names.base),
            snippets=list_snippets(reader, root),
            root=root,
            schema=schema_org(service),
        )

    return blueprint
