"""What online writes and changed files come to together, and where they collide.

It is a three-way merge, block by block: what the files said when the dataset was last built, what the store holds now,
and what the files say now. Where online edits were written into the files since, the files said those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Quad

from digitech_kg.errors import Conflict
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot import Change, Snapshot
from digitech_kg.sources.blocks import Block, split_blocks
from digitech_kg.triple_store import open_read_only

_NOTHING = Block()


@dataclass(frozen=True)
class Collision:
    """A thing that was changed both online and in the files, and not in the same way."""

    graph: str
    subject: str
    online: Change
    files: Change


class EditsCollide(Conflict):
    """Files cannot be brought in because the store has moved on in the same things."""

    title = Conflict.title

    def __init__(self, collisions: tuple[Collision, ...], names: Namespaces) -> None:
        self.collisions, self.names = collisions, names
        count = len(collisions)
        message = f"{count} thing{'' if count == 1 else 's'} changed both online and in the files"
        hint = (
            "Nothing was changed. Write what was changed online into the files as well, or take it back with: "
            "digitech-kg revert VERSION. Then run it again."
        )
        super().__init__(message, hint=hint)


def merge_edits(snapshot: Snapshot, files: frozenset[Quad]) -> Change:
    """Return the online writes that a snapshot holds and `files` do not, as a change to what the files say now.

    A thing that only the files changed is as they say, one that was only changed online stays so, and what the files
    have taken over is no edit any more. Raises `EditsCollide` for things that both changed otherwise.
    """
    edits, written_back = snapshot.edits(), read_written_back(snapshot)
    if not edits and not written_back:
        return edits
    graphs = snapshot.names.graphs
    now = frozenset(quad for quad in open_read_only(snapshot.store) if not graphs.is_derived(quad.graph_name))
    before = (now - edits.added) | edits.removed
    before = (before - written_back.removed) | written_back.added
    online, old, new = split_blocks(now), split_blocks(before), split_blocks(files)
    kept: list[Change] = []
    collisions: list[Collision] = []
    labels = _labels(files)
    for key in sorted(key for key in {*online, *old} if online.get(key, _NOTHING) != old.get(key, _NOTHING)):
        ours, base, theirs = (blocks.get(key, _NOTHING) for blocks in (online, old, new))
        if _holds(theirs, base, ours):
            continue
        if _holds(ours, base, theirs):
            quads = _renamed(ours.quads, labels - _labels(theirs.quads))
            kept.append(Change(quads - theirs.quads, theirs.quads - quads))
        else:
            collisions.append(Collision(*key, _between(base, ours), _between(base, theirs)))
    if collisions:
        raise EditsCollide(tuple(collisions), snapshot.names)
    return Change(frozenset().union(*(c.added for c in kept)), frozenset().union(*(c.removed for c in kept)))


def _holds(block: Block, base: Block, changed: Block) -> bool:
    """Whether a block has what was changed in another one since both were the same."""
    gained, lost = changed.content - base.content, base.content - changed.content
    return gained <= block.content and not lost & block.content


def _between(before: Block, after: Block) -> Change:
    return Change(after.quads - before.quads, before.quads - after.quads)


def _labels(quads: Iterable[Quad]) -> frozenset[BlankNode]:
    return frozenset(term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, BlankNode))


def _renamed(quads: frozenset[Quad], taken: frozenset[BlankNode]) -> frozenset[Quad]:
    """Return other labels to nodes without a name whose labels mean something else in the files by now."""
    return frozenset(_rename(quads, taken)) if _labels(quads) & taken else quads


def _rename(quads: Iterable[Quad], taken: frozenset[BlankNode]) -> Iterator[Quad]:
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, BlankNode) and subject in taken:
            subject = BlankNode(f"e{subject.value}")
        if isinstance(value, BlankNode) and value in taken:
            value = BlankNode(f"e{value.value}")
        yield Quad(subject, quad.predicate, value, quad.graph_name)


def read_written_back(snapshot: Snapshot) -> Change:
    """Return the online edits that were written into the files since the dataset was last built from them."""
    directory = _written_back_directory(snapshot)
    return Change.read(directory) if directory.is_dir() else Change()


def note_written_back(snapshot: Snapshot, edits: Change) -> None:
    """Note that edits of a snapshot stand in the files now, so that taking them back online is an edit again."""
    directory = _written_back_directory(snapshot)
    change = read_written_back(snapshot).then(edits)
    directory.mkdir(parents=True, exist_ok=True)
    change.write(directory)


def _written_back_directory(snapshot: Snapshot) -> Path:
    """It is named by the build that the edits are edits of: after the next build it means nothing any more."""
    data_dir = snapshot.directory.parent.parent
    return data_dir / "written-back" / (snapshot.manifest.inputs_sha256 or "none")[:32]
