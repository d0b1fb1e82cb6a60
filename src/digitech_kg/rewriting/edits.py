"""Replace spans of a text, where what is put there may hold spans of the text with replacements of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tree_sitter import Node

#: What a name, a variable or a number can begin or end with.
_IN_WORD: Final = re.compile(r"[\w:.\-]")


@dataclass(frozen=True)
class Span:
    """A part of the old text, by byte offsets."""

    start: int
    end: int

    @classmethod
    def of(cls, node: Node) -> Span:
        """Return where a node stands."""
        return cls(node.start_byte, node.end_byte)

    def holds(self, other: Span) -> bool:
        """Whether another span is within this one; an empty one at its edge is beside it."""
        if other.start == other.end:
            return self.start < other.start < self.end
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Edit:
    """What stands in the place of a span: new text, and other spans of the old one."""

    span: Span
    parts: tuple[str | Span, ...] = ()


@dataclass
class Edits:
    """Edits of one text. Two of them never overlap, unless one is within a span that the other one moves."""

    source: bytes
    _edits: list[Edit] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self._edits)

    def collides(self, edits: Sequence[Edit]) -> bool:
        """Whether one of these spans overlaps with one that is edited, and neither is moved out of the other."""
        overlapping = (
            (new.span, old.span)
            for new in edits
            for old in self._edits
            if new.span.start < old.span.end and old.span.start < new.span.end
        )
        moved = [part for edit in (*self._edits, *edits) for part in edit.parts if isinstance(part, Span)]
        return any(all(part.holds(new) == part.holds(old) for part in moved) for new, old in overlapping)

    def add(self, edits: Sequence[Edit]) -> None:
        """Take edits that do not collide with earlier ones."""
        self._edits.extend(edits)

    def text(self, within: Span | None = None) -> str:
        """Return the text, or a part of it, with all edits made."""
        span = within or Span(0, len(self.source))
        inner = [edit for edit in self._edits if span.holds(edit.span)]
        pieces: list[str] = []
        place = span.start
        for edit in sorted(inner, key=lambda e: (e.span.start, -e.span.end)):
            if edit.span.start < place:
                continue  # It is within a span that another edit moves, and is made there.
            pieces.append(self.source[place : edit.span.start].decode())
            pieces += [part if isinstance(part, str) else self.text(part) for part in edit.parts]
            place = edit.span.end
        pieces.append(self.source[place : span.end].decode())
        return _joined(pieces)


def _joined(pieces: Iterable[str]) -> str:
    """Return pieces as one text, with a space where two words would become one: "(… AS ?n){" needs none before "WHERE".

    >>> _joined(["AS ?n", "WHERE {", "?s"])
    'AS ?n WHERE {?s'
    """
    text: list[str] = []
    for piece in filter(None, pieces):
        if text and _IN_WORD.match(text[-1][-1]) and _IN_WORD.match(piece[0]):
            text.append(" ")
        text.append(piece)
    return "".join(text)
