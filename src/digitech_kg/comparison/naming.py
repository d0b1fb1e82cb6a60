"""What documents and things are called, read from their quads when a reason first names one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.labels import read_labels
from digitech_kg.claims.languages import LANGUAGES
from digitech_kg.claims.times import name_time
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DCTERMS, RDF, Namespaces

_QUOTES: Final = {"en": "“{}”", "nb": "«{}»"}
_FACTS: Final = (DCTERMS.issued, RDF.type)


@dataclass(frozen=True, slots=True)
class Document:
    """A document by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """A thing or literal as a document speaks of it."""

    term: Any
    document: str


class Descriptions:
    """Names, kinds and dates from the quads of documents and from what they share."""

    def __init__(self, documents: Mapping[str, Sequence[Quad]], shared: Sequence[Quad], names: Namespaces) -> None:
        self._names = names
        common = read_labels(shared)
        self._labels = cache(lambda document: read_labels(documents[document], common))
        # Under no name, the facts that all documents share.
        self._facts = cache(
            lambda document: GraphView(q for q in documents.get(document, shared) if q.predicate in _FACTS)
        )

    def name(self, value: Any, language: str) -> str:
        """Return what a document, thing or literal is called in a language, or else in English, or in any."""
        if isinstance(value, Document):
            labels, thing = self._labels(value.name), self._names.thing(value.name)
            return _QUOTES[language].format(labels.text(thing, language) if labels.has(thing) else value.name)
        if isinstance(value.term, Literal):
            return name_time(str(value.term.value), LANGUAGES[language].words.times)
        return self._labels(value.document).text(value.term, language)

    def issued(self, document: str) -> str | None:
        """Return the date of a document as its metadata give it: a year, a month or a day."""
        dates = self._said(self._names.thing(document), document, DCTERMS.issued)
        return min((str(date.value) for date in dates), default=None)

    def kinds(self, thing: Any, document: str) -> list[str]:
        """Return the classes that a document, or what all documents share, gives a thing."""
        return [kind.value for kind in self._said(thing, document, RDF.type) if isinstance(kind, NamedNode)]

    def _said(self, thing: Any, document: str, prop: NamedNode) -> list[Any]:
        return [*self._facts(document).values(thing, prop), *self._facts("").values(thing, prop)]
