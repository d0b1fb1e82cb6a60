"""What the writer's process does: it keeps a `Committer` and carries out one write at a time within bounds."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from digitech_kg.commit.request import Commit, Outcome, SparqlUpdate, Write
from digitech_kg.commit.road import Committer
from digitech_kg.errors import DigitechError
from digitech_kg.processes import Last, give_up_network, limit_memory, resident_memory
from digitech_kg.snapshot import Retention, SnapshotRepository

#: A process that has kept more than this part of what an update may take makes room for a new one. That is much: it
#: has what it needs for one document after another, and is slow to start.
_KEPT_PART: Final = 0.5
#: The same for what is left of a write that was refused, in bytes.
_KEPT_OF_REFUSED: Final = 50_000_000


@dataclass(frozen=True)
class Shares:
    """How many bytes of memory a write may take, and an update."""

    write_bytes: int
    update_bytes: int

    def of(self, write: Write) -> int:
        """Return the share of a write."""
        return self.update_bytes if isinstance(write, SparqlUpdate) else self.write_bytes


def prepare_writer(
    data_dir: Path, keep: str, union_default_graph: bool, shares: Shares
) -> Callable[[Write, Commit], Outcome | DigitechError | Last]:
    """Read the current version, and return the function that carries out writes, or gives the error instead."""
    give_up_network()
    repository = SnapshotRepository(data_dir, retention=Retention.parse(keep))
    committer = Committer(repository, union_default_graph=union_default_graph)
    committer.prepare()
    # Looking for garbage takes longer than many a step of a write, so it waits until many writes are answered.
    # What is here now is never garbage.
    gc.disable()
    gc.freeze()
    # What a version needs is known now; a write gets a bounded share on top of it.
    limit_memory(shares.write_bytes)
    at_first = resident_memory()

    def carry_out(write: Write, commit: Commit) -> Outcome | DigitechError | Last:
        limit_memory(shares.of(write), for_good=False)
        before = resident_memory()
        result: Outcome | DigitechError
        try:
            result = committer.commit(write, commit)
        except DigitechError as error:
            result = error
        kept = resident_memory()
        is_refused = isinstance(result, DigitechError)
        is_worn = kept - at_first > shares.update_bytes * _KEPT_PART or (
            is_refused and kept - before > _KEPT_OF_REFUSED
        )
        return Last(result) if is_worn else result

    return carry_out
