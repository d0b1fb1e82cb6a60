"""`/about`: what the dataset is, how much there is of what, how to cite and how to use it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from flask import Blueprint, render_template, request, url_for
from pyoxigraph import NamedNode, Quad

from digitech_kg.book import Book
from digitech_kg.claims.model import read_claims
from digitech_kg.claims.passages import Coverage, measure_coverage
from digitech_kg.description import dataset_markup
from digitech_kg.engine import QueryService
from digitech_kg.exports import KeptFiles
from digitech_kg.namespaces import DCTERMS, DK, FOAF, ONTOLOGY_IRI, OWL, RDF, VOID, GraphName, Namespaces, value_of
from digitech_kg.snapshot import Manifest, Snapshot
from digitech_kg.web.about.citation import cite, list_snippets, safe_root
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.reading.claim_views import count_manners
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.documents import DocumentEntry, list_documents, split_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader


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
class _Source:
    """What fills a graph from outside, and on which terms."""

    iri: str
    licence: str
    rights: str
    retrieved: str


def view_about(reader: GraphReader, manifest: Manifest, language: str) -> dict[str, Any]:
    """Read what the page shows; a dataset without description, claims and so on gives empty parts."""
    book, graphs = reader.book, reader.names.graphs
    documents = list_documents(reader, language)
    # All of a document is read to count what it has.
    first, *others = split_documents(reader, documents)
    read = book.quads(graphs.catalog, *(graphs.document(document.name) for document in first))
    quads: dict[GraphName, list[Quad]] = defaultdict(list)
    for quad in read:
        quads[quad.graph_name].append(quad)
    catalog: dict[str, dict[NamedNode, str]] = defaultdict(dict)
    for quad in quads[graphs.catalog]:
        catalog[value_of(quad.subject)][quad.predicate] = value_of(quad.object)
    sources, kinds = _sources(book), _kinds(catalog)
    named = {entry.about.iri for entry in documents} | {source.iri for source in sources.values()} | set(kinds)
    labels = Labels(reader, language, named)
    version_info = book.values([ONTOLOGY_IRI], OWL.versionInfo).get(ONTOLOGY_IRI, {}).get(OWL.versionInfo, ())
    return {
        "manifest": manifest,
        "program_version": version("digitech-kg"),
        "ontology_version": next((term.value for term in version_info), ""),
        "documents": [_count(each, quads[graphs.document(each.name)], reader.names) for each in first],
        "others": [document for part in others for document in part],
        "graphs": _graphs(manifest, sources, labels, reader.names),
        "kinds": [{"name": labels.name(kind), "count": count} for kind, count in kinds.items()],
        "linked": _linked(catalog),
    }


def _sources(book: Book) -> dict[str, _Source]:
    """Return the sources of facts from outside, by the graph that describes them."""
    root, terms = f"{book.names.graphs.root}external/", (DCTERMS.license, DCTERMS.rights, DK.retrievedOn)
    found = {graph: iri for graph, iri in book.graphs_saying(RDF.type, DK.Source) if graph.startswith(root)}
    told = book.values(found.values(), *terms)
    return {
        graph: _Source(iri, *(next((v.value for v in told.get(iri, {}).get(term, ())), "") for term in terms))
        for graph, iri in found.items()
    }


def _kinds(catalog: Mapping[str, Mapping[NamedNode, str]]) -> dict[str, int]:
    """Return how many things there are of each class, the most first."""
    parts = (part for part in catalog.values() if VOID["class"] in part and VOID.entities in part)
    counts = [(part[VOID["class"]], int(part[VOID.entities])) for part in parts]
    return dict(sorted(counts, key=lambda one: (-one[1], one[0])))


def _linked(catalog: Mapping[str, Mapping[NamedNode, str]]) -> list[dict[str, Any]]:
    """Return the data sets that links lead to, with how many do, the most first."""
    links: Counter[tuple[str, str, str]] = Counter()
    for linkset in catalog.values():
        target = catalog.get(linkset.get(VOID.objectsTarget, ""), {})
        if VOID.triples in linkset and DCTERMS.title in target:
            key = (target[DCTERMS.title], target.get(FOAF.homepage, ""), target.get(DCTERMS.license, ""))
            links[key] += int(linkset[VOID.triples])
    ranked = sorted(links.items(), key=lambda one: (-one[1], one[0][0]))
    return [{"links": n, "title": title, "home": home, "licence": licence} for (title, home, licence), n in ranked]


def _count(document: DocumentEntry, quads: list[Quad], names: Namespaces) -> DocumentCounts:
    measured = (found for found in measure_coverage(quads, names) if found.document == document.name)
    coverage = next(measured, Coverage(document.name, {}, {}, {}))
    how = Counter(_how(passage, coverage) for passage in coverage.claims)
    return DocumentCounts(document, count_manners(read_claims(quads)), dict(how))


def _how(passage: str, coverage: Coverage) -> str:
    """Return how a passage is covered; the first that fits counts."""
    if coverage.claims[passage]:
        return "claimed"
    if coverage.things[passage]:
        return "described"
    return "repeating" if passage in coverage.repeats else "uncovered"


def _graphs(manifest: Manifest, sources: Mapping[str, _Source], labels: Labels, names: Namespaces) -> list[GraphRow]:
    rows = []
    for iri, quads in sorted(manifest.graphs.items()):
        source = sources.get(iri)
        name = iri.removeprefix(names.graphs.root)
        document = names.graphs.document_of(NamedNode(iri)) if iri != "DEFAULT" else None
        rows.append(
            GraphRow(
                name,
                _kind(name, is_document=document is not None),
                quads,
                labels.name(names.thing(document).value) if document else None,
                labels.name(source.iri) if source else None,
                *((source.licence, source.rights, source.retrieved) if source else ()),
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
