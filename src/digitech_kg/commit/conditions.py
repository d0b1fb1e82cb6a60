"""Entity tags of graphs, and whether a write may go ahead by those that it names.

A tag begins with the version in which its graph, or for queries and updates the dataset, was last changed; what follows
a full stop tells representations of one state apart. Source: RFC 9110, section 13.1.
"""

from __future__ import annotations

from typing import Final

from digitech_kg.commit.request import Commit, GraphWrite, Write
from digitech_kg.errors import PreconditionFailed
from digitech_kg.snapshot import Manifest

#: The key of the default graph in a manifest.
DEFAULT_GRAPH: Final = "DEFAULT"


def check_conditions(manifest: Manifest, write: Write, commit: Commit) -> None:
    """Raise `PreconditionFailed` if the state is not the one that the write was made for."""
    state = _state(manifest, write)
    if commit.if_match and not _fits(state, commit.if_match):
        hint = "Somebody else has written meanwhile. Get it again, make your change to what it is now, and send that."
        now = f"is at version {state}, not at the one that If-Match names" if state else "does not exist"
        raise PreconditionFailed(f"what you write to {now}", hint=hint)
    if _fits(state, commit.if_none_match):
        hint = "Leave If-None-Match out to write over it."
        raise PreconditionFailed(f"what you write to exists already, at version {state}", hint=hint)


def _state(manifest: Manifest, write: Write) -> str:
    """Return the version in which what is written to was last changed; "" if it does not exist."""
    if not isinstance(write, GraphWrite):
        return manifest.version
    return manifest.graph_versions.get(write.graph or DEFAULT_GRAPH, "")


def _fits(state: str, tags: tuple[str, ...]) -> bool:
    """What does not exist fits no tag, the asterisk included."""
    return state != "" and (tags == ("*",) or state in map(_version_of, tags))


def _version_of(tag: str) -> str:
    """Weak tags never fit a condition for writing (RFC 9110, section 13.1.1)."""
    return "" if tag.startswith("W/") else tag.strip('"').split(".", 1)[0]
