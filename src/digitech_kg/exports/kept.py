"""Downloads kept on disk beside their snapshot: each is written once, by a process of its own.

A download costs far more than a query, so it never runs on the thread, or even in the process, that answers requests.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from digitech_kg.downloads import Download
from digitech_kg.errors import EngineFailure, LimitExceeded
from digitech_kg.exports.writing import export_dataset
from digitech_kg.hooks import downloads_of
from digitech_kg.processes import Died, Failed, Overdue, run
from digitech_kg.snapshot import Snapshot

#: Longest time for writing one download.
LONGEST_S = 600.0


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file on disk and what it holds."""

    download: Download
    path: Path
    size: int
    #: SHA-256, in hexadecimal digits.
    sha256: str

    @property
    def digest(self) -> str:
        """The SHA-256 in Base64, as HTTP writes it (RFC 9530)."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode("ascii")


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
            digest = path.with_name(path.name + ".sha256").read_text(encoding="ascii")
            return KeptFile(download, path, path.stat().st_size, digest)
        except OSError:
            return None

    def _path(self, download: Download) -> Path:
        return self._folder / download.file_name(self._snapshot.names)

    def found(self) -> tuple[KeptFile, ...]:
        """Return all downloads that are written already."""
        return tuple(kept for name in self._downloads if (kept := self.find(name)))

    def get(self, name: str) -> KeptFile:
        """Return the download, writing it first if need be; whoever asks meanwhile waits for the same file.

        Raises `CallError` if a library is missing, `LimitExceeded` if it takes too long.
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
            self._write_elsewhere(name)
        kept = self.find(name)
        if kept is None:
            raise EngineFailure(f"the download '{name}' was not written", hint="The server's log says why.")
        return kept

    def _write_elsewhere(self, name: str) -> None:
        try:
            run(write_for_server, self._snapshot, name, timeout_s=LONGEST_S)
        except Overdue:
            hint = "Write it with: digitech-kg export"
            raise LimitExceeded(
                f"writing '{name}' took too long", limit="download", value=LONGEST_S, unit="seconds", hint=hint
            ) from None
        except (Died, Failed) as failure:
            reason = str(failure) or "it needs too much memory"
            hint = "Ask for another format."
            raise EngineFailure(f"the download '{name}' can't be written: {reason}", hint=hint) from None

    def write(self, name: str) -> None:
        """Write the download now, in this process; whole or not at all."""
        content = export_dataset(self._snapshot, name)
        path = self._path(self._downloads[name])
        digest = path.with_name(path.name + ".sha256")
        for target, body in ((path, content), (digest, hashlib.sha256(content).hexdigest().encode())):
            # One process writes at a time, so the next one writes over what a dead one has left.
            part = target.with_name(target.name + ".part")
            part.write_bytes(body)
            part.replace(target)


def write_for_server(snapshot: Snapshot, name: str) -> None:
    """Write a download beside its snapshot."""
    KeptFiles(snapshot).write(name)
