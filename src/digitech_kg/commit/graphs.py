"""Revert a version, refuse changes to derived graphs, and refuse bodies that would cost too much to read.

Those are bodies that stand for more than they are, or that a parser would take very long for: XML with declarations
of entities, nesting without end, and terms of millions of characters.
"""

import mmap
import re
from collections.abc import Collection
from typing import IO, Final

from pyoxigraph import BlankNode, Quad

from digitech_kg.commit.attempt import TrackedStore
from digitech_kg.errors import CallError, Conflict, Forbidden, LimitExceeded, name_some
from digitech_kg.namespaces import GraphName, Namespaces, value_of
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sparql_text.checks import DEEPEST

_LONGEST: Final = 1_000_000
#: Bytes that a character takes at most in any format, as in an escape.
_MOST_BYTES: Final = 10

# Each pattern passes over text, names and comments as a whole, so that brackets in them do not count. What is not
# closed is passed over as well, so each byte is looked at once.
_TURTLE: Final = rb"""
    \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ (?: \"{3} )?
  | '{3} (?: [^'\\]++ | \\. | '(?!'') )*+ (?: '{3} )?
  | " (?: [^"\\\n]++ | \\. )*+ "?
  | ' (?: [^'\\\n]++ | \\. )*+ '?
  | \#[^\n]*+ | \\.
  | (?P<open> << | [(\[{] )
  | (?P<close> >> | [)\]}] )
  | <[^<>"\s]*+>?
"""
_JSON: Final = rb"""
    " (?: [^"\\]++ | \\. )*+ "?
  | (?P<open> [\[{] )
  | (?P<close> [\]}] )
"""
_XML: Final = rb"""
    <!-- .*? (?: --> | \Z ) | <!\[CDATA\[ .*? (?: \]\]> | \Z ) | <\? .*? (?: \?> | \Z )
  | (?P<declarations> <!DOCTYPE (?: "[^"]*+" | '[^']*+' | [^"'>\[]++ )*+ \[ )
  | (?P<close> </ )
  | (?P<open> <(?!!) (?: [^<>"'/]++ | "[^"<]*+" | '[^'<]*+' | /(?!>) )*+ > )
"""
_BRACKETS: Final = {
    name: re.compile(pattern, re.DOTALL | re.VERBOSE)
    for name, pattern in {"jsonld": _JSON, "rdfxml": _XML, "": _TURTLE}.items()
}


def check_body(file: IO[bytes], fmt: str) -> None:
    """Raise `LimitExceeded` for a body that has too many brackets or elements open at once, or a huge literal.

    Raises `Forbidden` for XML that declares entities, by which a short text stands for any length of it.
    """
    try:
        body = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return  # It is empty, or comes through a pipe.
    with body:
        _check_tokens(body, _BRACKETS.get(fmt, _BRACKETS[""]))


def _check_tokens(body: mmap.mmap, brackets: re.Pattern[bytes]) -> None:
    depth = 0
    for found in brackets.finditer(body):
        if found.lastgroup == "open":
            depth += 1
            if depth > DEEPEST:
                message = f"the body has more than {DEEPEST} brackets or elements open at once"
                hint = "Give the inner nodes names and describe each on its own."
                raise LimitExceeded(
                    message, limit="nesting", value=DEEPEST, unit="open brackets", hint=hint, status=400
                )
        elif found.lastgroup == "close":
            depth -= 1
        elif found.lastgroup == "declarations":
            hint = "Replace each entity with what it stands for, or send another format, such as Turtle."
            raise Forbidden("the body declares an XML entity, or other things that RDF has no use for", hint=hint)
        elif found.end() - found.start() > _LONGEST * _MOST_BYTES and body[found.start()] in b"\"'<":
            # The parser would take gigabytes for it.
            raise _too_long()


def check_lengths(quad: Quad) -> Quad:
    """Return a quad. Raises `LimitExceeded` if an IRI or literal in it is too long."""
    for term in quad.triple:
        if len(getattr(term, "value", "")) > _LONGEST:
            raise _too_long()
    return quad


def _too_long() -> LimitExceeded:
    message = f"the body has a literal or IRI of more than {_LONGEST:,} characters"
    hint = "Publish such a text as a file, and write its address here."
    return LimitExceeded(message, limit="term_length", value=_LONGEST, unit="characters", hint=hint, status=413)


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
            hint="Name a later one. To start over, use another data directory: --data-dir.",
        )
    change = repository.change(version)
    if derives:
        change = change.of_graphs(lambda graph: not names.graphs.is_derived(graph))
    gone = [quad for quad in change.added if quad not in target.store]
    back = [quad for quad in change.removed if quad in target.store]
    if len(gone) + len(back) == len(change):
        return
    if gone or back:
        hint = f"Revert those first, or change the data by hand. See: digitech-kg history {version}"
        subjects = sorted({names.shorten(value_of(quad.subject)) for quad in (*gone, *back)})
        raise Conflict(f"later versions changed the same again: {name_some(subjects)}", hint=hint)
    target.apply(Change(change.removed, change.added))


def check_graphs(touched: Collection[GraphName], names: Namespaces | None) -> None:
    """Raise `Forbidden` if a graph was touched that is derived.

    `names` tells which graphs are derived; None if none is. Raises `CallError` for a graph without an IRI.
    """
    if any(isinstance(graph, BlankNode) for graph in touched):
        hint = "Give it an IRI in the file, or name a graph for all triples."
        raise CallError("a graph is named by a blank node, so nobody could ask for it", hint=hint)
    derived = sorted(str(graph) for graph in touched if names and names.graphs.is_derived(graph))
    if derived:
        hint = "Change the claims or axioms that it is derived from; it is updated automatically."
        raise Forbidden(f"the graph {derived[0]} is derived from the others and never written by hand", hint=hint)
