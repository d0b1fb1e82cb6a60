"""Runs as a process of its own: `python -m digitech_kg.commit.writing.worker SOCKET`, started by `WriterProcess`."""

from __future__ import annotations

import gc
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from digitech_kg.commit.request import Outcome, SparqlUpdate
from digitech_kg.commit.road import Committer
from digitech_kg.engine.confinement import give_up_network, limit_memory, resident_memory
from digitech_kg.errors import DigitechError
from digitech_kg.snapshot import Retention, SnapshotRepository

#: A process that has kept more than this part of what an update may take makes room for a new one. That is much: it
#: has what it needs for one document after another, and is slow to start.
_KEPT_PART: Final = 0.5
#: The same for what is left of a write that was refused, in bytes.
_KEPT_OF_REFUSED: Final = 50_000_000


def main(connection: Connection) -> None:
    """Answer writes until the other side goes away; the options come first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides.
    give_up_network()
    try:
        options: dict[str, Any] = connection.recv()
        committer = _make_committer(options)
        at_first, most_kept = resident_memory(), options["update_memory_bytes"] * _KEPT_PART
        while True:
            write, commit = connection.recv()
            share = options["update_memory_bytes" if isinstance(write, SparqlUpdate) else "memory_bytes"]
            limit_memory(share, for_good=False)
            before = resident_memory()
            reply: Any
            try:
                reply = committer.commit(write, commit)
            except DigitechError as error:
                reply = error
            except MemoryError:
                # There is hardly enough left for an answer: the other side knows what it means if there is none.
                return
            except Exception as error:
                sys.excepthook(type(error), error, error.__traceback__)
                reply = f"{type(error).__name__}: {error}"
            kept = resident_memory()
            is_refused = not isinstance(reply, Outcome)
            connection.send((reply, kept - at_first > most_kept or (is_refused and kept - before > _KEPT_OF_REFUSED)))
            gc.collect()
    except EOFError:
        return


def _make_committer(options: dict[str, Any]) -> Committer:
    repository = SnapshotRepository(Path(options["data_dir"]), retention=Retention.parse(options["keep"]))
    committer = Committer(repository, union_default_graph=options["union_default_graph"])
    committer.prepare()
    # Looking for garbage takes longer than many a step of a write, so it waits until the write is answered.
    # What is here now is never garbage.
    gc.disable()
    gc.freeze()
    # What a version needs is known now; a write gets a bounded share on top of it.
    limit_memory(options["memory_bytes"])
    return committer


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
