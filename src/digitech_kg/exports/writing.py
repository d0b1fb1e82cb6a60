"""Which function writes which download."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, Triple

from digitech_kg.description import Metadata, metadata_of
from digitech_kg.errors import CallError
from digitech_kg.exports import rdf
from digitech_kg.exports.archives import csv_archive, parquet_archive, sssom_archive, workbook
from digitech_kg.exports.content import Content, read_content
from digitech_kg.exports.dataset_tables import tables_of
from digitech_kg.exports.nanopubs import all_nanopublications
from digitech_kg.exports.networks import graphml
from digitech_kg.exports.places import geojson
from digitech_kg.exports.rdf import rdf_with_triple_terms
from digitech_kg.formats import Kind, of_kind
from digitech_kg.hooks import get_download, load
from digitech_kg.namespaces import DCTERMS
from digitech_kg.snapshot import Snapshot
from digitech_kg.sources import find_project
from digitech_kg.tables import Table
from digitech_kg.triple_store import open_read_only, sorted_nquads


@dataclass(frozen=True)
class OwlOptions:
    """What an OWL document holds beside or instead of the usual; other formats ignore it."""

    #: What was inferred; the other formats of RDF always hold it, and tables, networks and maps never do.
    inferred: bool = False
    #: The only documents whose claims and statements it holds; empty for all.
    documents: Collection[str] = ()
    #: Alignments of the ontology with other vocabularies.
    alignments: Iterable[Triple] = ()


class Opened:
    """A snapshot that is being written out; what several formats need is read once."""

    def __init__(self, snapshot: Snapshot, options: OwlOptions) -> None:
        self.manifest, self.names, self.options = snapshot.manifest, snapshot.names, options
        self.store = open_read_only(snapshot.store)

    @cached_property
    def content(self) -> Content:
        """What the snapshot says."""
        return read_content(self.store, self.names)

    @cached_property
    def metadata(self) -> Metadata:
        """What the dataset says of itself, and what is said of its creator and publisher."""
        dataset = self.names.dataset
        agents = (self.store.quads_for_pattern(dataset, prop, None) for prop in (DCTERMS.creator, DCTERMS.publisher))
        subjects = [dataset, *(q.object for found in agents for q in found if isinstance(q.object, NamedNode))]
        facts = (quad for subject in subjects for quad in self.store.quads_for_pattern(subject, None, None))
        return metadata_of(facts, self.names, snapshot=self.manifest.version, created=self.manifest.created)

    @cached_property
    def tables(self) -> list[Table]:
        """The tables by class, and the general ones."""
        return tables_of(self.content)

    def owl(self, *, complete: bool) -> bytes:
        """Return the data as an OWL document."""
        options = self.options
        return rdf.owl_with_data(
            self.store, self.names, complete=complete, inferred=options.inferred, documents=options.documents
        )


WRITERS: Final[dict[str, Callable[[Opened], bytes]]] = {
    **{
        fmt.name: lambda opened, fmt=fmt: rdf.rdf(opened.store, fmt, opened.names)  # type: ignore[misc]
        for fmt in of_kind(Kind.GRAPH, Kind.DATASET)
    },
    "nquads-gz": lambda opened: gzip.compress(sorted_nquads(opened.store), mtime=0),
    "owl": lambda opened: opened.owl(complete=False),
    "owl-complete": lambda opened: opened.owl(complete=True),
    "ontology": lambda opened: rdf.ontology_document(opened.store, opened.names, opened.options.alignments),
    "alignments": lambda opened: rdf.rdfxml(rdf.read_alignments(find_project().alignment_files()), opened.names),
    "rdf12": lambda opened: rdf_with_triple_terms(opened.store, opened.names),
    "nanopubs": lambda opened: all_nanopublications(opened.store, opened.names, opened.manifest.created),
    "csv": lambda opened: csv_archive(opened.tables, opened.metadata, opened.names),
    "xlsx": lambda opened: workbook(opened.tables, opened.metadata),
    "parquet": lambda opened: parquet_archive(opened.tables),
    "graphml": lambda opened: graphml(opened.content),
    "geojson": lambda opened: geojson(opened.content),
    "sssom": lambda opened: sssom_archive(opened.content),
}


def export_dataset(snapshot: Snapshot, name: str, options: OwlOptions | None = None) -> bytes:
    """Return the snapshot as the download of this name; equal snapshots give equal bytes.

    Raises `CallError` for an unknown name or document, with those there are, and if a library is not installed.
    """
    download = get_download(name, snapshot.names)
    options = options or OwlOptions()
    known = snapshot.names.graphs.documents_among(snapshot.manifest.graphs)
    if unknown := sorted(set(options.documents) - set(known)):
        raise CallError(f"there is no document {unknown[0]}", hint=f"There are: {', '.join(known)}.")
    write: Callable[[Opened], bytes] = load(download.writer) if download.writer else WRITERS[name]
    return write(Opened(snapshot, options))
