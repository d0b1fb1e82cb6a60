"""`/about`: what the dataset is, how much there is of what, how to cite and how to use it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from pyoxigraph import NamedNode

from digitech_kg.book import Term
from digitech_kg.description import Metadata, dataset_markup
from digitech_kg.engine import QueryService
from digitech_kg.exports import KeptFiles
from digitech_kg.namespaces import DCTERMS, DK, FOAF, ONTOLOGY_IRI, OWL, RDF, VOID
from digitech_kg.snapshot import Manifest, Snapshot
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.pages.answers.citing import bibtex_entry, bibtex_name, bibtex_text
from digitech_kg.web.reading.dataset import licence_name, list_questions, read_metadata
from digitech_kg.web.reading.documents import DocumentEntry, list_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site

#: The source that fills each graph.
_SOURCES: Final = """
SELECT graph.iri, min(term.text) FROM said JOIN graph ON graph.id = said.graph JOIN term ON term.id = said.subject
WHERE said.object = ? AND said.property = ? GROUP BY graph.iri
"""


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


def view_about(reader: GraphReader, manifest: Manifest, language: str) -> dict[str, Any]:
    """Read what the page shows; a dataset without description, claims and so on gives empty parts."""
    book, ontology = reader.book, ONTOLOGY_IRI
    sources, kinds = _sources(reader), _kinds(reader)
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


def _sources(reader: GraphReader) -> dict[str, str]:
    """Return the source that fills each external graph, as IRIs."""
    book, external = reader.book, reader.names.graphs.root + "external/"
    rows = book.rows(_SOURCES, book.number(DK.Source), book.number(RDF.type))
    return {graph: source for graph, source in rows if graph.startswith(external)}


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


def about_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/about`; snippets name the public address, or else the one that was asked."""
    blueprint, service, reader = site.blueprint("about", __name__), site.service, site.reader

    @blueprint.get("/about")
    def about() -> str:
        root = safe_root(site.settings.public_url or request.url_root, reader.names.base)
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


@dataclass(frozen=True)
class Citation:
    """The same citation in three forms."""

    sentence: str
    bibtex: str
    cff: str


def cite(dataset: Metadata, address: str) -> Citation:
    """Return the citation of a dataset at an address."""
    return Citation(_sentence(dataset, address), _bibtex(dataset, address), _cff(dataset, address))


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


def _cff(dataset: Metadata, address: str) -> str:
    licence = licence_name(dataset.license)
    fields = {
        "title": dataset.title,
        "version": dataset.version,
        "date-released": dataset.issued,
        "license" if licence != dataset.license else "license-url": licence,
        "url": address,
    }
    lines = ["cff-version: 1.2.0", "message: If you use this data, please cite it with its version.", "type: dataset"]
    lines += [f"authors:\n  - name: {_yaml(dataset.creator)}"] if dataset.creator else []
    return "\n".join([*lines, *(f"{name}: {_yaml(value)}" for name, value in fields.items() if value)])


def _yaml(text: str) -> str:
    """Return a text as a quoted YAML scalar."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


#: File → what it is written for. The order is that of the page.
_TITLES = {
    "curl.sh": "curl",
    "python_api.py": "Python: digitech-kg",
    "python_sparqlwrapper.py": "Python: SPARQLWrapper",
    "python_rdflib.py": "Python: rdflib",
    "python_pandas.py": "Python: pandas",
    "javascript.mjs": "JavaScript",
    "r.R": "R",
    "command_line.sh": "digitech-kg",
}
#: An address that may stand in a program as it is; a client can name any host.
_SAFE = re.compile(r"https?://(\[[0-9A-Fa-f:]+\]|[\w.\-]+)(:\d+)?(/[\w.\-~]+)*/?")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of program: `key` is the id of its element on the page."""

    key: str
    title: str
    text: str


def safe_root(address: str, base: str) -> str:
    """Return the address of this server without a slash at the end, or the project's base IRI if it is not harmless.

    >>> safe_root("http://127.0.0.1:8000/", "https://example.org/kg/")
    'http://127.0.0.1:8000'
    >>> safe_root("http://x';drop/", "https://example.org/kg/")
    'https://example.org/kg'
    """
    return (address if _SAFE.fullmatch(address) else base).rstrip("/")


def list_snippets(reader: GraphReader, root: str) -> tuple[Snippet, ...]:
    """Return all snippets for a server at `root`, which `safe_root` gave."""
    questions = [question for question in list_questions(reader.service, "en") if not question.endpoints]
    example = {
        "root": root,
        "language": reader.names.languages[0],
        "thing": next(iter(reader.book.documents.values()), reader.names.dataset.value),
        "question": next((question.name for question in questions), ""),
    }
    example["path"] = example["thing"].removeprefix(reader.names.base)
    return tuple(_snippet(name, title, example) for name, title in _TITLES.items())


def _snippet(name: str, title: str, example: dict[str, str]) -> Snippet:
    text = render_template(f"snippets/{name}.txt", **example).strip()
    return Snippet(name.partition(".")[0].replace("_", "-"), title, text)
