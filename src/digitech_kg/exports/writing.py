"""Which function writes which download."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from pyoxigraph import NamedNode

from digitech_kg.description import Metadata, metadata_of
from digitech_kg.downloads import DOWNLOADS
from digitech_kg.errors import CallError
from digitech_kg.exports import rdf
from digitech_kg.exports.content import Content, read_content
from digitech_kg.exports.dataset_tables import tables_of
from digitech_kg.exports.rdf import all_nanopublications
from digitech_kg.formats import Kind, of_kind
from digitech_kg.hooks import get_download, load
from digitech_kg.namespaces import DCTERMS
from digitech_kg.snapshot import Snapshot
from digitech_kg.sources import find_project
from digitech_kg.tables import Table, to_csv, to_xlsx, zip_of
from digitech_kg.triple_store import open_read_only, sorted_nquads


@dataclass(frozen=True)
class OwlOptions:
    """What an OWL document holds; other formats ignore it."""

    #: Whether it holds what was inferred; the other formats of RDF always do, and tables, networks and maps never do.
    inferred: bool = False
    #: The only documents whose claims and statements it holds; empty for all.
    documents: Collection[str] = ()


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


def _csv_archive(opened: Opened) -> bytes:
    """Return a zip file with a CSV file for each table, and `datapackage.json` that describes them.

    Source: Tabular Data Package, https://specs.frictionlessdata.io/tabular-data-package/
    """
    package = json.dumps(_data_package(opened), ensure_ascii=False, indent=2) + "\n"
    files = {f"{table.name}.csv": to_csv(table) for table in opened.tables}
    return zip_of({"datapackage.json": package.encode(), **files})


def _data_package(opened: Opened) -> dict[str, Any]:
    metadata = opened.metadata
    return {
        "profile": "tabular-data-package",
        "name": DOWNLOADS["csv"].file_name(opened.names).removesuffix("-csv.zip").lower(),
        "id": metadata.iri,
        "title": metadata.title,
        "description": metadata.description,
        "version": metadata.version,
        "created": metadata.created,
        "licenses": [{"path": metadata.license}] if metadata.license else [],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.name.replace("_", "-"),
                "path": f"{table.name}.csv",
                "description": table.description,
                "encoding": "utf-8",
                "schema": {"fields": _fields(table), "missingValues": [""]},
            }
            for table in opened.tables
        ],
    }


def _fields(table: Table) -> list[dict[str, str]]:
    return [
        {"name": c.name, "type": c.type.value, **({"description": c.description} if c.description else {})}
        for c in table.columns
    ]


WRITERS: Final[dict[str, Callable[[Opened], bytes]]] = {
    **{
        fmt.name: lambda opened, fmt=fmt: rdf.rdf(opened.store, fmt, opened.names)  # type: ignore[misc]
        for fmt in of_kind(Kind.GRAPH, Kind.DATASET)
    },
    "nquads-gz": lambda opened: gzip.compress(sorted_nquads(opened.store), mtime=0),
    "owl": lambda opened: opened.owl(complete=False),
    "owl-complete": lambda opened: opened.owl(complete=True),
    "ontology": lambda opened: rdf.ontology_document(opened.store, opened.names),
    "alignments": lambda opened: rdf.rdfxml(rdf.read_alignments(find_project().alignment_files()), opened.names),
    "rdf12": lambda opened: rdf.rdf_with_triple_terms(opened.store, opened.names),
    "nanopubs": lambda opened: all_nanopublications(opened.store, opened.names, opened.manifest.created),
    "csv": _csv_archive,
    "xlsx": lambda opened: to_xlsx(opened.tables, created=datetime.fromisoformat(opened.manifest.created)),
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
