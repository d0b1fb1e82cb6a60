"""A text and the blocks that it is made of: headings, paragraphs and tables, as offsets in characters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table that is not empty. Row 0 is the heads, and columns count from 1."""

    row: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the text, without the space around it."""

    kind: Kind
    start: int
    end: int
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A text, its blocks in their order, and what the text calls itself."""

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    #: Whether a new line within a paragraph ends a sentence: so in HTML, where only `<br>` makes one.
    line_ends_sentence: bool = False


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of a part of a text without the space around it.

    >>> trim("a  b ", 1, 5)
    (3, 4)
    """
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def find_cells(text: str, start: int, end: int, *, has_heads: bool) -> tuple[Cell, ...]:
    """Return the cells of a table that is written as one line per row, with tabs between the cells."""
    cells: list[Cell] = []
    place = start
    for row, line in enumerate(text[start:end].split("\n"), start=0 if has_heads else 1):
        for column, content in enumerate(line.split("\t"), start=1):
            first, last = trim(text, place, place + len(content))
            if first < last:
                cells.append(Cell(row, column, first, last))
            place += len(content) + 1
    return tuple(cells)
