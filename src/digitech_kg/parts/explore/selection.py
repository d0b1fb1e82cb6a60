"""What the graph explorer is asked to show: things by any of their names, and how much of what lies around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from digitech_kg.book import Book
from digitech_kg.errors import NotFound

#: Neighbours shown of each thing unless more are asked for, and the most that can be.
USUAL, MOST = 24, 150
_MOST_THINGS: Final = 25
_LONGEST: Final = 200


@dataclass(frozen=True)
class Selection:
    """Things whose neighbours are shown; their names are those parts of IRIs that follow the prefix."""

    things: tuple[str, ...] = ()
    #: Whether what other sources say is shown too.
    outside: bool = False
    limit: int = USUAL

    def parameters(self) -> dict[str, Any]:
        """Return the selection as parameters of an address, without what is usual."""
        outside, limit = "1" if self.outside else None, self.limit if self.limit != USUAL else None
        return {"thing": list(self.things), "outside": outside, "limit": limit}

    def opening(self, thing: str) -> Selection:
        """Return the selection with the neighbours of one more thing; asked again, with more of them."""
        if thing in self.things:
            return replace(self, limit=min(self.limit * 2, MOST))
        return replace(self, things=(*self.things, thing)[-_MOST_THINGS:])

    def closing(self, thing: str) -> Selection:
        """Return the selection without the neighbours of a thing."""
        return replace(self, things=tuple(other for other in self.things if other != thing))

    def focusing(self, thing: str) -> Selection:
        """Return the selection with the neighbours of this thing alone."""
        return replace(self, things=(thing,), limit=USUAL)


def read_selection(book: Book, args: MultiDict[str, str]) -> tuple[Selection, str]:
    """Return what an address asks for, and the first name in it that nothing is called; "" if all are known.

    What cannot be meant is left out, so that old links go on working.
    """
    typed = [text for text in (*args.getlist("thing")[:_MOST_THINGS], *args.getlist("add")[:1]) if text.strip()]
    found = {text: _find(book, text[:_LONGEST]) for text in typed}
    limit = args.get("limit", "")
    selection = Selection(
        tuple(dict.fromkeys(filter(None, found.values()))),
        args.get("outside") == "1",
        min(max(int(limit), 1), MOST) if limit.isascii() and limit.isdigit() and len(limit) < 5 else USUAL,
    )
    return selection, next((text.strip() for text, thing in found.items() if not thing), "")


def _find(book: Book, text: str) -> str:
    try:
        return book.find_thing(text).removeprefix(book.names.prefixes["id"])
    except NotFound:
        return ""
