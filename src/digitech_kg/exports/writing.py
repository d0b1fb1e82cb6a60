"""Which function writes which download."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.description import DATASET, Metadata, metadata_of
from digitech_kg.downloads import by_download
from digitech_kg.exports import rdf
from digitech_kg.exports.class_tables import tables_of
from digitech_kg.exports.content import Content, read_content
from digitech_kg.exports.crate import CRATE_PARTS, crate
from digitech_kg.exports.croissant import croissant
from digitech_kg.exports.link_files import sssom_archive
from digitech_kg.exports.networks import gexf, graphml
from digitech_kg.exports.places import geojson
from digitech_kg.exports.table_files import csv_archive, parquet_archive, workbook
from digitech_kg.formats import FORMATS, Format, Kind
from digitech_kg.namespaces import DCTERMS
from digitech_kg.snapshot import Snapshot
from digitech_kg.tables import Table
from digitech_kg.triple_store import open_read_only


class Opened:
    """A snapshot that is being written out; what several formats need is read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.manifest = snapshot.manifest
        self.store = open_read_only(snapshot.store)

    @cached_property
    def content(self) -> Content:
        """What the snapshot says."""
        return read_content(self.store)

    @cached_property
    def metadata(self) -> Metadata:
        """What the dataset says of itself."""
        publishers = [q.object for q in self.store.quads_for_pattern(DATASET, DCTERMS.publisher, None, None)]
        subjects = [DATASET, *(node for node in publishers if isinstance(node, NamedNode))]
        facts = (quad for subject in subjects for quad in self.store.quads_for_pattern(subject, None, None, None))
        return metadata_of(facts, snapshot=self.manifest.version, created=self.manifest.created)

    @cached_property
    def tables(self) -> list[Table]:
        """The tables by class, and the general ones."""
        return tables_of(self.content)


def _rdf_writer(fmt: Format) -> Callable[[Opened], bytes]:
    return lambda opened: rdf.rdf(opened.store, fmt)


def _croissant(opened: Opened) -> bytes:
    return croissant(opened.tables, csv_archive(opened.tables, opened.metadata), opened.metadata)


def _crate(opened: Opened) -> bytes:
    return crate({name: _WRITERS[name](opened) for name in CRATE_PARTS}, opened.metadata)


_WRITERS: Final[dict[str, Callable[[Opened], bytes]]] = {
    **{f.name: _rdf_writer(f) for f in FORMATS if f.kind is not Kind.SOLUTIONS},
    "nquads-gz": lambda opened: rdf.compressed_nquads(opened.store),
    "owl": lambda opened: rdf.owl_with_data(opened.store),
    "ontology": lambda opened: rdf.ontology_document(opened.store),
    "csv": lambda opened: csv_archive(opened.tables, opened.metadata),
    "xlsx": lambda opened: workbook(opened.tables, opened.metadata),
    "parquet": lambda opened: parquet_archive(opened.tables),
    "graphml": lambda opened: graphml(opened.content),
    "gexf": lambda opened: gexf(opened.content, opened.manifest),
    "geojson": lambda opened: geojson(opened.content),
    "sssom": lambda opened: sssom_archive(opened.content),
    "ro-crate": _crate,
    "croissant": _croissant,
}


def export_dataset(snapshot: Snapshot, name: str, *, inferred: bool = False) -> bytes:
    """Give the snapshot as the download of this name; equal snapshots give equal bytes.

    `inferred` adds to `owl` what a reasoner drew; the other formats of RDF always hold it, and tables, networks and
    maps never do. Raises `CallError` for an unknown name, with the names, and if a library is not installed.
    """
    by_download(name)
    opened = Opened(snapshot)
    if name == "owl" and inferred:
        return rdf.owl_with_data(opened.store, inferred=True)
    return _WRITERS[name](opened)
