"""The processes of a running service, by what they do: all are of one session, the server's own."""

import os
import re
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

#: What stands in the command line of a process, by what it does; the front holds the connections.
_KINDS: Final = {"writer": "digitech_kg.commit.process", "engine": "digitech_kg.engine.parent"}


class Held(NamedTuple):
    """What the processes of a session hold together; memory that several share is counted once (PSS)."""

    processes: int
    handles: int
    writer_bytes: int
    engine_bytes: int
    front_bytes: int

    @property
    def memory_bytes(self) -> int:
        """All memory, but for that of the process that only waits for the others."""
        return self.writer_bytes + self.engine_bytes + self.front_bytes

    def __str__(self) -> str:
        writer, engine, front = (round(part / 1_000_000) for part in self[2:])
        memory = f"{writer + engine + front:,} MB (writer {writer}, engine {engine}, front {front})"
        return f"{self.processes} processes, {self.handles:,} open files, {memory}"


def members(session: int) -> dict[int, str]:
    """Give the living processes of a session and what each does."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, own = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            line = (folder / "cmdline").read_bytes().decode()
        except (OSError, ValueError):
            continue
        if int(own) == session and state != "Z":
            pid = int(folder.name)
            kinds = [kind for kind, mark in _KINDS.items() if mark in line]
            found[pid] = kinds[0] if kinds else "main" if pid == session else "front"
    return found


def kill_all(session: int) -> None:
    """End all processes of a session at once, as a power cut would."""
    while left := members(session):
        for pid in left:
            kill(pid)


def kill(pid: int) -> None:
    """End a process at once, unless it has ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def held_by(session: int) -> Held:
    """Give what the processes of a session hold now."""
    found = members(session)
    sizes = Counter[str]()
    for pid, kind in found.items():
        sizes[kind] += _proportional_bytes(pid)
    return Held(len(found), sum(map(_handles, found)), sizes["writer"], sizes["engine"], sizes["front"])


def _handles(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0  # It has ended since it was found.


def _proportional_bytes(pid: int) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
