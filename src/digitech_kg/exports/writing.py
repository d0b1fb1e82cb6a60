"""Which function writes which download, and the files that are kept on disk beside their snapshot.

A download costs far more than a query, so a server has each written once, by a process of its own.
"""

from __future__ import annotations

import base64
import fcntl
import gzip
import hashlib
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

import platformdirs

from digitech_kg.errors import CallError, EngineFailure
from digitech_kg.exports import rdf
from digitech_kg.exports.dataset_tables import DatasetTables
from digitech_kg.formats import Download, Kind, of_kind
from digitech_kg.hooks import downloads_of, get_download, load
from digitech_kg.processes import run_or_refuse
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.project import find_project
from digitech_kg.tables import Table, to_csv, to_xlsx, zip_of
from digitech_kg.triple_store import open_read_only, sorted_nquads


class Opened:
    """A snapshot that is being written out; what several formats need is read once."""

    def __init__(self, snapshot: Snapshot, documents: Collection[str] = ()) -> None:
        #: The only documents whose claims and statements an OWL document holds; empty for all.
        self.documents = documents
        self.manifest, self.names = snapshot.manifest, snapshot.names
        self.store = open_read_only(snapshot.store)

    @cached_property
    def tables(self) -> list[Table]:
        """The tables by class, and the general ones."""
        return DatasetTables(self.store, self.names).tables()


def _csv_archive(opened: Opened) -> bytes:
    """Return a zip file with a CSV file for each table."""
    return zip_of({f"{table.name}.csv": to_csv(table) for table in opened.tables})


WRITERS: Final[dict[str, Callable[[Opened], bytes]]] = {
    **{
        fmt.name: lambda opened, fmt=fmt: rdf.rdf(opened.store, fmt, opened.names)  # type: ignore[misc]
        for fmt in of_kind(Kind.GRAPH, Kind.DATASET)
    },
    "nquads-gz": lambda opened: gzip.compress(sorted_nquads(opened.store), mtime=0),
    "owl": lambda opened: rdf.owl_with_data(opened.store, opened.names, opened.documents),
    "ontology": lambda opened: rdf.ontology_document(opened.store, opened.names),
    "alignments": lambda opened: rdf.rdfxml(rdf.read_alignments(find_project().alignment_files()), opened.names),
    "csv": _csv_archive,
    "xlsx": lambda opened: to_xlsx(opened.tables, created=datetime.fromisoformat(opened.manifest.created)),
}


def export_dataset(snapshot: Snapshot, name: str, documents: Collection[str] = ()) -> bytes:
    """Return the snapshot as the download of this name; equal snapshots give equal bytes.

    Raises `CallError` for an unknown name or document, with those there are, and if a library is not installed.
    """
    download = get_download(name, snapshot.names)
    known = snapshot.names.graphs.documents_among(snapshot.manifest.graphs)
    if unknown := sorted(set(documents) - set(known)):
        raise CallError(f"there is no document {unknown[0]}", hint=f"There are: {', '.join(known)}.")
    write: Callable[[Opened], bytes] = load(download.writer) if download.writer else WRITERS[name]
    return write(Opened(snapshot, documents))


#: Longest time for writing one download.
_LONGEST_S: Final = 600.0
_BY_COMMAND: Final = "Ask for another format, or write it with: digitech-kg export"


@dataclass(frozen=True, slots=True)
class KeptFile:
    download: Download
    path: Path
    #: The SHA-256 of the file in Base64, as HTTP writes it (RFC 9530).
    digest: str


class KeptFiles:
    """The downloads of one snapshot. The folder of the snapshot holds them, so they go when it goes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot, self._downloads = snapshot, downloads_of(snapshot.names)
        folder = snapshot.directory / "downloads"
        # Of a data directory that may only be read, files are kept in the user's cache.
        if not os.access(folder if folder.is_dir() else snapshot.directory, os.W_OK):
            folder = platformdirs.user_cache_path("digitech-kg") / "downloads" / snapshot.version
        self._folder = folder

    def find(self, name: str) -> KeptFile | None:
        """Return the download if it is written already."""
        download = self._downloads[name]
        path = self._path(download)
        try:
            digest = path.with_name(path.name + ".digest").read_text(encoding="ascii")
            return KeptFile(download, path, digest)
        except OSError:
            return None

    def _path(self, download: Download) -> Path:
        return self._folder / download.file_name(self._snapshot.names)

    def get(self, name: str) -> KeptFile:
        """Return the download, writing it first if need be; whoever asks meanwhile waits for the same file.

        Raises `CallError` if a library is missing, and what `run_or_refuse` raises.
        """
        if kept := self.find(name):
            return kept
        try:
            # The folder of a version whose time is over must not come back.
            self._folder.mkdir(parents=self._folder.parent != self._snapshot.directory, exist_ok=True)
            lock = (self._folder / f"{name}.lock").open("w")
        except OSError as error:
            hint = "Give the server the right to write to its data directory."
            raise EngineFailure(
                f"downloads can't be kept in {self._folder}: {error.strerror}",
                hint=hint,
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if kept := self.find(name):
                return kept
            what = f"the download '{name}'"
            run_or_refuse(what, write_for_server, self._snapshot, name, timeout_s=_LONGEST_S, hint=_BY_COMMAND)
        kept = self.find(name)
        if kept is None:
            raise EngineFailure(f"the download '{name}' was not written", hint="The server's log says why.")
        return kept

    def write(self, name: str) -> None:
        """Write the download now, in this process; whole or not at all."""
        content = export_dataset(self._snapshot, name)
        path = self._path(self._downloads[name])
        digest = path.with_name(path.name + ".digest"), base64.b64encode(hashlib.sha256(content).digest())
        for target, body in ((path, content), digest):
            # One process writes at a time, so the next one writes over what a dead one has left.
            part = target.with_name(target.name + ".part")
            part.write_bytes(body)
            part.replace(target)


def write_for_server(snapshot: Snapshot, name: str) -> None:
    KeptFiles(snapshot).write(name)
