"""Finding the things that somebody names in the explorer's fields."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from digitech_kg.engine import QueryService
from digitech_kg.web.pages.search import find_hits
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader

_LONGEST, _MOST = 200, 12
#: Parameters that hold what somebody typed.
_TYPED = ("add", "from", "to")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing that fits what is typed."""

    thing: str
    label: str
    kind: str


def find_things(service: QueryService, text: str, language: str) -> list[Suggestion]:
    """Return the things whose names fit a text, best first."""
    reader = GraphReader(service)
    things = reader.names.prefixes["id"]
    hits = [hit for hit in find_hits(service, text.strip()[:_LONGEST]) if hit.iri.startswith(things)][:_MOST]
    labels = Labels(reader, language, {hit.iri for hit in hits} | {hit.kind for hit in hits})
    return [Suggestion(h.iri.removeprefix(things), labels.name(h.iri).text, labels.name(h.kind).text) for h in hits]


def resolve_names(service: QueryService, args: MultiDict[str, str], language: str) -> tuple[MultiDict[str, str], str]:
    """Return the parameters with what was typed replaced by the things that are meant, and what nothing is called.

    Parameters that name things already come back as they are.
    """
    found, unknown = MultiDict(args), ""
    for name in _TYPED:
        text = args.get(name, "").strip()
        if name not in args:
            continue
        thing = _meant(service, text, language) if text else None
        if thing is None and text:
            unknown = text
        found.poplist(name)
        if thing is not None:
            found.add("thing" if name == "add" else name, thing)
    return found, unknown


def _meant(service: QueryService, text: str, language: str) -> str | None:
    reader = GraphReader(service)
    if text.isascii() and text.replace("-", "").replace("_", "").isalnum():
        iri = reader.names.thing(text).value
        if Labels(reader, language, [iri]).labels(iri):
            return text
    return next((suggestion.thing for suggestion in find_things(service, text, language)), None)
