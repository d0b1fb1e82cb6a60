"""What the graph explorer is asked to show: read from the address, or found by the names that somebody types."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from digitech_kg.matching.slips import is_slip
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader

#: Neighbours shown of each thing unless more are asked for, and the most that can be.
USUAL, MOST = 24, 150
_MOST_THINGS: Final = 25
_LOCAL = re.compile(r"[\w][\w.:/#-]{0,150}")


@dataclass(frozen=True)
class Selection:
    """Things whose neighbours are shown, and filters; names are those parts of IRIs that follow the prefix."""

    things: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    #: Of `claims.firmness.MANNERS`.
    manners: tuple[str, ...] = ()
    #: Whether what other sources say is shown too.
    outside: bool = False
    limit: int = USUAL

    def parameters(self) -> dict[str, Any]:
        """Return the selection as parameters of an address, without what is usual."""
        found: dict[str, Any] = {
            "thing": list(self.things),
            "kind": list(self.kinds),
            "manner": list(self.manners),
            "outside": "1" if self.outside else None,
            "limit": self.limit if self.limit != USUAL else None,
        }
        return {name: value for name, value in found.items() if value}

    def opening(self, thing: str) -> Selection:
        """Return the selection with the neighbours of one more thing; asked again, with more of them."""
        if thing in self.things:
            return replace(self, limit=min(self.limit * 2, MOST))
        return replace(self, things=(*self.things, thing)[-_MOST_THINGS:])

    def closing(self, thing: str) -> Selection:
        """Return the selection without the neighbours of a thing."""
        return replace(self, things=tuple(other for other in self.things if other != thing))

    def focusing(self, thing: str) -> Selection:
        """Return the selection with the neighbours of this thing alone, under the same filters."""
        return replace(self, things=(thing,), limit=USUAL)


def read_selection(args: MultiDict[str, str]) -> Selection:
    """Read a selection from an address; what cannot be meant is left out, so that old links go on working."""

    def locals_of(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for text in args.getlist(name) if _LOCAL.fullmatch(text)))

    limit = args.get("limit", "")
    return Selection(
        things=locals_of("thing")[:_MOST_THINGS],
        kinds=locals_of("kind"),
        manners=locals_of("manner"),
        outside=args.get("outside") == "1",
        limit=min(max(int(limit), 1), MOST) if limit.isascii() and limit.isdigit() and len(limit) < 5 else USUAL,
    )


_LONGEST: Final = 200


def resolve_names(reader: GraphReader, args: MultiDict[str, str]) -> tuple[MultiDict[str, str], str]:
    """Return the parameters with what was typed replaced by the things that are meant, and what nothing is called.

    Parameters that name things already come back as they are.
    """
    found = MultiDict(args)
    typed = [text for text in (*args.getlist("thing")[:_MOST_THINGS], *found.poplist("add")) if text.strip()]
    meant = {text: _meant(reader, text.strip()) for text in typed}
    if typed:
        found.setlist("thing", list(dict.fromkeys(filter(None, meant.values()))))
    return found, next((text for text, thing in meant.items() if thing is None), "")


def _meant(reader: GraphReader, text: str) -> str | None:
    local = text.removeprefix("id:")
    if local.isascii() and local.replace("-", "").replace("_", "").isalnum():
        iri = reader.names.thing(local).value
        if Labels(reader, [iri]).labels(iri):
            return local
    things = reader.names.prefixes["id"]
    first = next((hit for hit in reader.book.search(text[:_LONGEST]) if hit.iri.startswith(things)), None)
    if first is None or (first.guessed and not is_slip(text, Labels(reader, [first.iri]).name(first.iri).text)):
        return None
    return first.iri.removeprefix(things)
