"""`/about`: who made the dataset, how, how to cite it; `/data/contents`: how much there is; `/download/`: its files."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from threading import Lock
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from digitech_kg.book import Term
from digitech_kg.description.metadata import Metadata, dataset_markup
from digitech_kg.engine.request import QueryService
from digitech_kg.errors import NotFound, NotReady
from digitech_kg.exports.writing import KeptFile, KeptFiles
from digitech_kg.hooks import downloads_of, find_file
from digitech_kg.namespaces import DCTERMS, DK, FOAF, ONTOLOGY_IRI, OWL, VOID
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.pages.citing import bibtex_entry, bibtex_name, bibtex_text
from digitech_kg.web.reading.dataset import DocumentEntry, list_documents, read_metadata
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """A document, how many main claims and claims it makes, in which manner, and how many passages state claims."""

    document: DocumentEntry
    mains: int
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
    totals, mains, plain = Counter[str](), Counter[str](), reader.book.count_plain()
    for group in reader.book.claim_groups:
        totals[group.document] += group.count
        mains[group.document] += 0 if group.is_part else group.count
    for document in documents:
        name, total, (stated, denied) = document.name, totals[document.name], plain.get(document.name, (0, 0))
        manners = (("plain", stated), ("denied", denied), ("reserved", total - stated - denied))
        told = tuple((manner, count) for manner, count in manners if count)
        yield DocumentCounts(document, mains[name], total, told, reader.book.stated_passages.get(name, 0))


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


#: How long a request waits until other files are written.
_PATIENCE_S = 20.0


class _Writer:
    """Has files written one after the other. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()

    def get(self, snapshot: Snapshot, name: str) -> KeptFile:
        """Return a download. Raises `NotReady` if others are being written for longer than a request may wait."""
        files = KeptFiles(snapshot)
        if kept := files.find(name):
            return kept
        if not self._lock.acquire(timeout=_PATIENCE_S):
            hint = "Ask again after the number of seconds in Retry-After."
            raise NotReady("other files are being written", hint=hint)
        try:
            return files.get(name)
        finally:
            self._lock.release()


def downloads_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the list of files, of `/download/<file>` and of `/download/tables/<table>.<format>`."""
    blueprint, service = Blueprint("downloads", __name__), site.service
    writer = _Writer()

    @blueprint.before_request
    def read_range() -> None:
        # Units other than bytes must be ignored, and several ranges may be (RFC 9110, section 14.2).
        wanted = request.range
        if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
            request.environ.pop("HTTP_RANGE", None)

    @blueprint.get("/download/")
    def listing() -> str:
        snapshot = service.snapshot
        kept = KeptFiles(snapshot).found() if isinstance(snapshot, Snapshot) else ()
        sizes = {file.download.name: file.size for file in kept}
        there = downloads_of(snapshot.names).values() if isinstance(snapshot, Snapshot) else ()
        files = [(download.file_name(service.names), download) for download in there]
        page = {"files": files, "sizes": sizes, "version": snapshot.version, "schema": schema_org(service)}
        return render_template("downloads.html", **page)

    @blueprint.get("/download/<name>")
    def download(name: str) -> Response:
        snapshot = _snapshot(service)
        wanted = find_file(name, snapshot.names)
        if wanted is None:
            there = sorted(download.file_name(snapshot.names) for download in downloads_of(snapshot.names).values())
            raise NotFound(f"there is no download '{name}'", hint=f"There are: {', '.join(there)}.")
        if unchanged := _unchanged(snapshot, wanted.name):
            return unchanged
        kept = writer.get(snapshot, wanted.name)
        tag = f"{snapshot.version}-{wanted.name}"
        response = send_file(kept.path, wanted.media_type, as_attachment=True, download_name=name, etag=tag)
        response.content_type = wanted.content_type
        response.headers["Repr-Digest"] = f"sha-256=:{kept.digest}:"
        return _marked(response, snapshot, wanted.name)

    @blueprint.get("/download/tables/<name>.<extension>")
    def table(name: str, extension: str) -> Response:
        snapshot = _snapshot(service)
        archive_of = downloads_of(snapshot.names).get(extension)
        if archive_of is None or not archive_of.package:
            hint = "There are those that are listed at /download/."
            raise NotFound(f"there are no tables as '{extension}'", hint=hint)
        if unchanged := _unchanged(snapshot, f"{name}.{extension}"):
            return unchanged
        with zipfile.ZipFile(writer.get(snapshot, extension).path) as archive:
            names = sorted(entry for entry in archive.namelist() if entry.endswith("." + extension))
            if f"{name}.{extension}" not in names:
                raise NotFound(f"there is no table '{name}'", hint=f"There are: {', '.join(names)}.")
            response = Response(archive.read(f"{name}.{extension}"), mimetype=archive_of.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
        return _marked(response, snapshot, f"{name}.{extension}").make_conditional(request.environ, accept_ranges=True)

    return blueprint


def _snapshot(service: QueryService) -> Snapshot:
    snapshot = service.snapshot
    if not isinstance(snapshot, Snapshot):
        raise NotFound("a remote store has no downloads here", hint="Ask the store itself for its data.")
    return snapshot


def _unchanged(snapshot: Snapshot, name: str) -> Response | None:
    """Return 304 if the client has this version: known without the file, so that none is written for it."""
    if not request.if_none_match.contains_weak(f"{snapshot.version}-{name}"):
        return None
    return _marked(Response(status=304), snapshot, name)


def _marked(response: Response, snapshot: Snapshot, name: str) -> Response:
    response.set_etag(f"{snapshot.version}-{name}")
    response.headers["Dataset-Version"] = snapshot.version
    response.headers["Cache-Control"] = "no-cache"
    return response
