"""Write the dataset as RDF, OWL and other downloads, and keep the files for a server.

A download costs far more than a query, so a server has each written once, by a process of its own.
"""

import gzip
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import platformdirs
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse, serialize

from digitech_kg.errors import EngineFailure, not_there
from digitech_kg.exports.dataset_tables import DatasetTables
from digitech_kg.formats import DOWNLOADS, Format, Kind, cannot_hold, check_xml, is_unwritable, of_kind
from digitech_kg.hooks import downloads_of, get_download, load
from digitech_kg.namespaces import DCAT, DCTERMS, OWL, Namespaces, value_of
from digitech_kg.ontology.standalone import merge_modules, owl_document
from digitech_kg.processes import run_or_refuse
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.project import find_project
from digitech_kg.tables import to_csv, to_xlsx, zip_of
from digitech_kg.triple_store import open_read_only, sorted_nquads


class Opened:
    """A snapshot that is being written out."""

    def __init__(self, snapshot: Snapshot, documents: Collection[str] = ()) -> None:
        #: The only documents whose claims and statements an OWL document holds; empty for all.
        self.documents = documents
        self.manifest, self.names = snapshot.manifest, snapshot.names
        self.store = open_read_only(snapshot.store)


def dump_rdf(store: Store, fmt: Format, names: Namespaces) -> bytes:
    """Return the dataset: formats of datasets keep the named graphs, formats of graphs hold the union of all.

    N-Quads are sorted, so equal datasets give equal bytes. Raises `NotAcceptable` if the format can't hold a triple.
    """
    if fmt.name == "nquads":
        return sorted_nquads(store)
    if fmt.kind is Kind.DATASET:
        return store.dump(format=fmt.rdf, prefixes=dict(names.prefixes)) or b""
    return _serialized(sorted({quad.triple for quad in store}, key=str), fmt.rdf, names)


def _serialized(triples: Iterable[Triple], fmt: RdfFormat, names: Namespaces) -> bytes:
    """Return triples in a format. Raises `NotAcceptable` if it can't hold one of them."""
    try:
        written = serialize(triples, format=fmt, prefixes=dict(names.prefixes)) or b""
        return check_xml(written) if fmt == RdfFormat.RDF_XML else written
    except OSError as error:
        raise (cannot_hold(str(error)) if is_unwritable(error) else error) from None


def read_alignments() -> list[Triple]:
    """Return the triples of the project's Turtle files that align the ontology with other vocabularies."""
    files = find_project().alignment_files()
    return [quad.triple for path in files for quad in parse(path.read_bytes(), RdfFormat.TURTLE)]


def owl_with_data(store: Store, names: Namespaces, documents: Collection[str] = ()) -> bytes:
    """Return the ontology and the data as an OWL 2 document in RDF/XML, whose IRI is where it is downloaded from.

    With `documents`, what only others say is left out: documents may contradict each other, and an OWL document must
    not contradict itself.
    """
    data = [triple for graph in _graphs(store, names, documents) for triple in _triples(store, graph)]
    iri = NamedNode(f"{names.base}download/{DOWNLOADS['owl'].file_name(names)}")
    ontology = _triples(store, names.graphs.ontology)
    return _serialized(owl_document(iri, _about(store, names, iri), ontology, data), RdfFormat.RDF_XML, names)


def _about(store: Store, names: Namespaces, iri: NamedNode) -> list[Triple]:
    """Return what the dataset says of itself, with the document that holds it as subject."""
    found = store.quads_for_pattern(names.dataset, None, None, names.graphs.catalog)
    said = [quad.triple for quad in found]
    about = [Triple(iri, t.predicate, t.object) for t in said if t.predicate in (DCTERMS.title, DCTERMS.license)]
    return about + [Triple(iri, OWL.versionInfo, t.object) for t in said if t.predicate == DCAT.version]


def _graphs(store: Store, names: Namespaces, documents: Collection[str]) -> Iterator[NamedNode]:
    """Yield the graphs that say something about the world: no descriptions of the dataset, mappings or inferences.

    What outside sources say is there as their claims: said plainly it could contradict the documents.
    """
    graphs = names.graphs
    left_out = (graphs.catalog, graphs.links, graphs.ontology, graphs.comparison)
    for graph in sorted((g for g in store.named_graphs() if isinstance(g, NamedNode)), key=str):
        document = graphs.document_of(graph)
        is_stated_outside = graphs.source_of(graph) is not None and graphs.is_derived(graph)
        is_wanted = not is_stated_outside and (not documents or document is None or document in documents)
        if graph not in left_out and is_wanted and not graphs.is_inferred(graph):
            yield graph


def _triples(store: Store, graph: NamedNode) -> list[Triple]:
    return [q.triple for q in store.quads_for_pattern(None, None, None, graph)]


def _csv_archive(opened: Opened) -> bytes:
    """Return a zip file with a CSV file for each table, and one that says what they are and may be used for."""
    tables = DatasetTables(opened.store, opened.names).tables()
    return zip_of({"README.txt": _read_me(opened), **{f"{table.name}.csv": to_csv(table) for table in tables}})


def _read_me(opened: Opened) -> bytes:
    heads = {"Title": DCTERMS.title, "Version": DCAT.version, "Licence": DCTERMS.license}
    # Not the number of the snapshot: equal datasets give equal bytes.
    lines = [f"Digest of the content: {opened.manifest.content_digest}"]
    for head, prop in {**heads, "Cite as": DCTERMS.bibliographicCitation}.items():
        said = opened.store.quads_for_pattern(opened.names.dataset, prop, None, opened.names.graphs.catalog)
        texts = (value_of(q.object) for q in said if getattr(q.object, "language", None) in (None, "en"))
        lines += (f"{head}: {text}" for text in sorted(texts))
    lines.append("What other sources say keeps their licences: the columns licence … of external_claims.csv.")
    return "\n".join((*lines, "")).encode()


WRITERS: Final[dict[str, Callable[[Opened], bytes]]] = {
    **{
        fmt.name: lambda opened, fmt=fmt: dump_rdf(opened.store, fmt, opened.names)  # type: ignore[misc]
        for fmt in of_kind(Kind.GRAPH, Kind.DATASET)
    },
    "nquads-gz": lambda opened: gzip.compress(sorted_nquads(opened.store), mtime=0),
    "owl": lambda opened: owl_with_data(opened.store, opened.names, opened.documents),
    "ontology": lambda opened: _serialized(
        merge_modules(_triples(opened.store, opened.names.graphs.ontology)), RdfFormat.RDF_XML, opened.names
    ),
    "alignments": lambda opened: _serialized(read_alignments(), RdfFormat.RDF_XML, opened.names),
    "csv": _csv_archive,
    "xlsx": lambda opened: to_xlsx(
        DatasetTables(opened.store, opened.names).tables(), created=datetime.fromisoformat(opened.manifest.created)
    ),
}


def export_dataset(snapshot: Snapshot, name: str, documents: Collection[str] = ()) -> bytes:
    """Return the snapshot as the download of this name; equal snapshots give equal bytes.

    Raises `CallError` for an unknown name, `NotFound` for an unknown document, with those there are, and what the
    writer raises.
    """
    download = get_download(name, snapshot.names)
    known = snapshot.names.graphs.documents_among(snapshot.manifest.graphs)
    for unknown in sorted(set(documents) - set(known)):
        raise not_there("document", unknown, known)
    write: Callable[[Opened], bytes] = load(download.writer) if download.writer else WRITERS[name]
    return write(Opened(snapshot, documents))


#: Longest time for writing one download.
_LONGEST_S: Final = 600.0
_BY_COMMAND: Final = "Ask for another format, or write it with: digitech-kg export"


def kept_path(snapshot: Snapshot, name: str) -> Path:
    """Return where a download is kept: the folder of the snapshot, so that it goes when the snapshot goes."""
    folder = snapshot.directory / "downloads"
    # If the data directory is read-only, files are kept in the user's cache.
    if not os.access(folder if folder.is_dir() else snapshot.directory, os.W_OK):
        folder = platformdirs.user_cache_path("digitech-kg") / "downloads" / snapshot.version
    return folder / downloads_of(snapshot.names)[name].file_name(snapshot.names)


def keep_file(snapshot: Snapshot, name: str) -> None:
    """Write a download where it is kept, in this process; whole or not at all."""
    path = kept_path(snapshot, name)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(export_dataset(snapshot, name))
    part.replace(path)


def keep_by_process(snapshot: Snapshot, name: str) -> None:
    """Have a process of its own write a download where it is kept.

    Raises `CallError` if a library is missing, and what `run_or_refuse` raises.
    """
    folder = kept_path(snapshot, name).parent
    try:
        # The folder of a version whose time is over must not come back.
        folder.mkdir(parents=folder.parent != snapshot.directory, exist_ok=True)
    except OSError as error:
        hint = "Give the server the right to write to its data directory."
        raise EngineFailure(f"downloads can't be kept in {folder}: {error.strerror}", hint=hint) from error
    run_or_refuse(f"the download '{name}'", keep_file, snapshot, name, timeout_s=_LONGEST_S, hint=_BY_COMMAND)
