"""Refuse bodies that stand for more than they are, or that a parser would take very long for.

That is XML with declarations of entities, nesting without end, and terms of millions of characters.
"""

from __future__ import annotations

import mmap
import re
from typing import IO, Final

from pyoxigraph import Quad

from digitech_kg.errors import Forbidden, LimitExceeded

#: As in queries.
_DEEPEST: Final = 200
_LONGEST: Final = 1_000_000
#: That a character takes in any format, as in an escape.
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
            if depth > _DEEPEST:
                message = f"the body has more than {_DEEPEST} brackets or elements open at once"
                hint = "Give the inner nodes names and describe each on its own."
                raise LimitExceeded(
                    message, limit="nesting", value=_DEEPEST, unit="open brackets", hint=hint, status=400
                )
        elif found.lastgroup == "close":
            depth -= 1
        elif found.lastgroup == "declarations":
            hint = "Write what an entity stands for in its place, or send another format, such as Turtle."
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
