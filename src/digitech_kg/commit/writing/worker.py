"""Runs as a process of its own: `python -m digitech_kg.commit.writing.worker`, started by `WriterProcess`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from digitech_kg.commit.request import Commit, Outcome, SparqlUpdate, Write
from digitech_kg.commit.road import Committer
from digitech_kg.commit.writing.process import serve_writes
from digitech_kg.engine.confinement import give_up_network, limit_memory, lower_memory
from digitech_kg.snapshot import Retention, SnapshotRepository


def _make_writer(options: dict[str, Any]) -> Callable[[Write, Commit], Outcome]:
    retention = Retention.parse(options["keep"])
    repository = SnapshotRepository(Path(options["data_dir"]), retention=retention)
    committer = Committer(repository, union_default_graph=options["union_default_graph"])
    committer.prepare()
    # What a version needs is known now; a write gets a bounded share on top of it.
    limit_memory(options["memory_bytes"])

    def commit_write(write: Write, commit: Commit) -> Outcome:
        lower_memory(options["update_memory_bytes" if isinstance(write, SparqlUpdate) else "memory_bytes"])
        return committer.commit(write, commit)

    return commit_write


def main() -> None:
    """Serve writes over standard input and output; whatever else would print goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides.
    give_up_network()
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve_writes(sys.stdin.buffer, sink, _make_writer)


if __name__ == "__main__":
    main()
