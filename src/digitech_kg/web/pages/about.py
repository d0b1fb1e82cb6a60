"""`/about`: who made the dataset, how, for whom, how to cite and use it. `/data/contents`: how much there is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from flask import Blueprint, render_template, url_for
from pyoxigraph import NamedNode

from digitech_kg.book import Term
from digitech_kg.description import Metadata, dataset_markup
from digitech_kg.engine import QueryService
from digitech_kg.exports import KeptFiles
from digitech_kg.namespaces import DCTERMS, DK, FOAF, ONTOLOGY_IRI, OWL, VOID
from digitech_kg.snapshot import Manifest, Snapshot
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.pages.citing import bibtex_entry, bibtex_name, bibtex_text
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.documents import DocumentEntry, list_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """A document, how many claims it makes, in which manner, and how many of its passages state claims."""

    document: DocumentEntry
    claims: int
    manners: tuple[tuple[str, int], ...]
    passages: int


@dataclass(frozen=True, slots=True)
class LinkedDataset:
    """Another data set, and how many links lead to it."""

    title: str
    home: str
    licence: str
    links: int


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


def view_contents(reader: GraphReader, manifest: Manifest, language: str) -> dict[str, Any]:
    """Read what the page shows; a dataset without description, claims and so on gives empty parts."""
    book, ontology = reader.book, ONTOLOGY_IRI
    external = f"{reader.names.graphs.root}external/"
    sources = {graph: iri for graph, iri in book.declared_by_graph(DK.Source).items() if graph.startswith(external)}
    kinds = _kinds(reader)
    documents = list_documents(reader, language)
    labels = Labels(reader, language, {*sources.values(), *kinds, *(entry.about.iri for entry in documents)})
    versions = book.values([ontology], OWL.versionInfo).get(ontology, {})
    return {
        "manifest": manifest,
        "program_version": version("digitech-kg"),
        "ontology_version": _first(versions, OWL.versionInfo),
        "documents": list(_counts(reader, documents)),
        "graphs": _graphs(reader, manifest, sources, labels),
        "kinds": [{"name": labels.name(kind), "count": count} for kind, count in kinds.items()],
        "linked": _linked(reader),
    }


def _first(told: Mapping[NamedNode, tuple[Term, ...]], *properties: NamedNode) -> str:
    """Return the first value of the first of some properties that has one; "" if none has."""
    return next((told[prop][0].value for prop in properties if prop in told), "")


def _counts(reader: GraphReader, documents: Iterable[DocumentEntry]) -> Iterator[DocumentCounts]:
    totals, plain = Counter[str](), reader.book.count_plain()
    for group in reader.book.claim_groups:
        totals[group.document] += group.count
    for document in documents:
        total, (stated, denied) = totals[document.name], plain.get(document.name, (0, 0))
        manners = (("plain", stated), ("denied", denied), ("reserved", total - stated - denied))
        told = tuple((manner, count) for manner, count in manners if count)
        yield DocumentCounts(document, total, told, reader.book.stated_passages.get(document.name, 0))


def _kinds(reader: GraphReader) -> dict[str, int]:
    """Return how many things there are of each class, the most first."""
    dataset = reader.names.dataset.value
    parts = reader.book.values([dataset], VOID.classPartition).get(dataset, {}).get(VOID.classPartition, ())
    told = reader.book.values((part.value for part in parts), VOID["class"], VOID.entities)
    counts = {_first(own, VOID["class"]): int(_first(own, VOID.entities) or 0) for own in told.values()}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _linked(reader: GraphReader) -> list[LinkedDataset]:
    """Return the data sets that links lead to, the most linked first."""
    known = (iri for iri, _ in reader.book.instances(VOID.Linkset))
    linksets = reader.book.values(known, VOID.triples, VOID.objectsTarget)
    links = Counter[str]()
    for own in linksets.values():
        links[_first(own, VOID.objectsTarget)] += int(_first(own, VOID.triples) or 0)
    told = reader.book.values(links, DCTERMS.title, FOAF.homepage, DCTERMS.license)
    found = (
        LinkedDataset(_first(own, DCTERMS.title), _first(own, FOAF.homepage), _first(own, DCTERMS.license), links[iri])
        for iri, own in told.items()
    )
    return sorted((each for each in found if each.title), key=lambda each: (-each.links, each.title))


def _graphs(reader: GraphReader, manifest: Manifest, sources: Mapping[str, str], labels: Labels) -> list[GraphRow]:
    names = reader.names
    told = reader.book.values(sources.values(), DCTERMS.license, DCTERMS.rights, DK.retrievedOn)
    rows = []
    for iri, quads in sorted(manifest.graphs.items()):
        source, name = sources.get(iri, ""), iri.removeprefix(names.graphs.root)
        own = told.get(source, {})
        document = names.graphs.document_of(NamedNode(iri)) if iri != "DEFAULT" else None
        rows.append(
            GraphRow(
                name,
                _kind(name, is_document=document is not None),
                quads,
                labels.name(names.thing(document).value) if document else None,
                labels.name(source) if source else None,
                *(_first(own, prop) for prop in (DCTERMS.license, DCTERMS.rights, DK.retrievedOn)),
            )
        )
    return rows


def _kind(name: str, *, is_document: bool) -> str:
    """Return what kind of graph has a name: that of a document's own, or of a part that is derived, or its own name."""
    if name == "DEFAULT":
        return "default"
    if name.startswith("external/"):
        return "statements" if name.endswith("/statements") else "source"
    return (name.partition("/")[2] or "document") if is_document else name.rpartition("/")[2]


def schema_org(service: QueryService) -> dict[str, Any]:
    """Return the JSON-LD document to embed in a page as `<script type="application/ld+json">`."""
    snapshot = service.snapshot
    sizes = None
    if isinstance(snapshot, Snapshot):
        sizes = {kept.download.name: kept.size for kept in KeptFiles(snapshot).found()}
    root = url_for("places.start", lang=None, _external=True).rstrip("/")
    return dataset_markup(read_metadata(GraphReader(service)), service.names, root=root, sizes=sizes)


@dataclass(frozen=True)
class Citation:
    """The same citation in two forms."""

    sentence: str
    bibtex: str


def cite(dataset: Metadata, address: str) -> Citation:
    """Return the citation of a dataset at an address."""
    return Citation(_sentence(dataset, address), _bibtex(dataset, address))


def _sentence(dataset: Metadata, address: str) -> str:
    if dataset.citation:
        return f"{dataset.citation.rstrip('.')} (snapshot {dataset.snapshot})"
    who = dataset.creator + (f" ({dataset.issued[:4]})" if dataset.issued else "")
    what = dataset.title + (f", version {dataset.version}" if dataset.version else "")
    return ". ".join(part for part in (who, f"{what} (snapshot {dataset.snapshot})", address) if part)


def _bibtex(dataset: Metadata, address: str) -> str:
    fields = {
        "author": bibtex_name(dataset.creator),
        "title": bibtex_name(dataset.title),
        "version": bibtex_text(dataset.version),
        "year": dataset.issued[:4],
        "url": address,
        "note": f"Data set, snapshot {bibtex_text(dataset.snapshot)}",
    }
    return bibtex_entry("misc", f"{_key(dataset)}-{dataset.version or dataset.snapshot}", fields)


def _key(dataset: Metadata) -> str:
    """Return what an entry is called in BibTeX: the first words of the title."""
    words = re.findall(r"[a-z0-9]+", dataset.title.lower())
    return "-".join(words[:3]) or "dataset"


def about_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of both pages; `/about` names the public address of services, or else the one asked."""
    blueprint, service, reader = site.blueprint("about", __name__), site.service, site.reader

    @blueprint.get("/about")
    def about() -> str:
        return render_template(
            "about.html",
            # A citation is the same for readers of every language.
            citation=cite(read_metadata(reader), reader.names.base),
            root=site.root,
            schema=schema_org(service),
        )

    @blueprint.get("/data/contents")
    def contents() -> str:
        return render_template(
            "contents.html", view=view_contents(reader, service.snapshot.manifest, current_language())
        )

    return blueprint
