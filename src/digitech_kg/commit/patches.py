"""Changes that are known quad by quad: as text to be read, kept and applied elsewhere, and taken back.

The text is RDF Patch, one line per quad. Source: https://afs.github.io/rdf-patch/. Prefixes are not used, so that each
line stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.commit.files import name_some
from digitech_kg.commit.request import Patch
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.description import version_iri
from digitech_kg.errors import CallError, Conflict, Fault, SourceError
from digitech_kg.namespaces import Namespaces, value_of
from digitech_kg.snapshot import (
    Change,
    Manifest,
    SnapshotRepository,
    sorted_lines,
)

MEDIA_TYPE: Final = "application/rdf-patch"
EXTENSION: Final = "rdfp"
_ROW: Final = re.compile(r"(H|TX|TC|TA|PA|PD|A|D)(?:\s+(.*))?")
#: Rows that say nothing about quads.
_MARKS: Final = frozenset({"H", "TX", "TC"})
_MEND: Final = "Rows are: A and D with a whole quad as in N-Quads, H, TX and TC."


def write_patch(change: Change, names: Namespaces, *, version: str, previous: str) -> bytes:
    """Return a change as a patch: what it removes, then what it adds, each sorted; the names are those of versions."""
    removed, added = (sorted_lines(quads).splitlines(keepends=True) for quads in (change.removed, change.added))
    return b"".join(_patch(removed, added, names, version, previous))


def version_patch(repository: SnapshotRepository, manifest: Manifest) -> Iterator[bytes]:
    """Return the rows of what a version changed in graphs that are written by hand, as a patch."""
    added, removed = repository.written_lines(manifest.version)
    return _patch(removed, added, manifest.names, manifest.version, manifest.previous)


def _patch(
    removed: Iterable[bytes], added: Iterable[bytes], names: Namespaces, version: str, previous: str
) -> Iterator[bytes]:
    yield f"H id {version_iri(version, names)} .\n".encode()
    if previous:
        yield f"H prev {version_iri(previous, names)} .\n".encode()
    yield b"TX .\n"
    yield from (b"D " + line for line in removed)
    yield from (b"A " + line for line in added)
    yield b"TC .\n"


def read_patch(lines: Iterable[bytes], name: str) -> Change:
    """Return the net change of a patch, whose rows count in order. Raises `SourceError` with the faulty row."""
    added: dict[Quad, None] = {}
    removed: dict[Quad, None] = {}
    for code, quad in _rows(lines, name):
        here, there = (added, removed) if code == "A" else (removed, added)
        there.pop(quad, None)
        here[quad] = None
    return Change(frozenset(added), frozenset(removed))


def _rows(lines: Iterable[bytes], name: str) -> Iterator[tuple[str, Quad]]:
    open_since = 0
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise _fault(name, "is not UTF-8", number) from None
        if not text or text.startswith("#"):
            continue
        row = _ROW.fullmatch(text)
        if row is None or row[1] in ("PA", "PD", "TA"):
            raise _fault(name, f"'{text[:60]}' isn't a row that a patch can hold", number)
        if row[1] == "TX":
            open_since = number
        elif row[1] == "TC":
            open_since = 0
        if row[1] not in _MARKS:
            yield row[1], _quad(row[2] or "", name, number)
    if open_since:
        raise _fault(name, "the transaction that begins here does not end: the patch was cut off", open_since)


def _quad(text: str, name: str, number: int) -> Quad:
    try:
        found: list[Quad] = list(parse(text, format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise _fault(name, f"'{text[:60]}' isn't a quad: {str(error.msg).split(': ', 1)[-1]}", number) from None
    if len(found) != 1:
        raise _fault(name, "the row has no quad", number)
    return found[0]


def _fault(name: str, what: str, line: int) -> SourceError:
    return SourceError([Fault(name, what, _MEND, line)], where="the patch")


def apply_patch(patch: Patch, target: TrackedStore) -> None:
    """Remove and add what a patch names, and empty the graphs that it replaces of all else."""
    for graph in patch.replaces:
        target.remove(quad for quad in target.graph(graph) if quad not in patch.change.added)
    target.apply(patch.change)


def revert_version(
    repository: SnapshotRepository, version: str, target: TrackedStore, names: Namespaces, *, derives: bool
) -> None:
    """Take back what a version changed; nothing if all of it is taken back already.

    If the dataset derives anything, only graphs that are written by hand change: the others follow.

    Raises `CallError` for the first version, `Conflict` if later versions have changed the same again.
    """
    if not repository.manifest(version).previous:
        raise CallError(
            f"version {version} is the first: there is nothing to go back to",
            hint="Name a later one. To begin anew, use another data directory: --data-dir.",
        )
    change = repository.change(version)
    if derives:
        change = change.of_graphs(lambda graph: not names.graphs.is_derived(graph))
    gone = [quad for quad in change.added if quad not in target.store]
    back = [quad for quad in change.removed if quad in target.store]
    if len(gone) + len(back) == len(change):
        return
    if gone or back:
        hint = f"Take those back first, or change it by hand. See: digitech-kg history {version}"
        subjects = sorted({names.shorten(value_of(quad.subject)) for quad in (*gone, *back)})
        raise Conflict(f"later versions changed the same again: {name_some(subjects)}", hint=hint)
    target.apply(change.inverted())
