"""What documents and things are called, read from their quads when a reason first names one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, Namespaces

#: What a thing is called, best first.
_NAMES: Final = (RDFS.label, SKOS.prefLabel, DCTERMS.title, DK.sentence, RDFS.comment)
_WANTED: Final = frozenset((*_NAMES, DCTERMS.issued, RDF.type))
_QUOTES: Final = {"en": "“{}”", "nb": "«{}»"}


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
        self._quads: dict[str | None, Sequence[Quad]] = {None: shared}
        self._quads.update(documents)
        self._names = names
        self._indexes: dict[str | None, dict[Any, list[Quad]]] = {}

    def name(self, value: Any, language: str) -> str:
        """Return what a document, thing or literal is called in a language, or else in English, or in any."""
        if isinstance(value, Document):
            return _QUOTES[language].format(self.document_label(value.name, language))
        if isinstance(value.term, Literal):
            return str(value.term.value)
        return self._label(value.term, value.document, language) or _short(value.term.value)

    def document_label(self, document: str, language: str) -> str:
        """Return the title of a document, or its name."""
        return self._label(self._names.thing(document), document, language) or document

    def issued(self, document: str) -> str | None:
        """Return the date of a document as its metadata give it: a year, a month or a day."""
        thing = self._names.thing(document)
        dates = (*self._of(document, thing, DCTERMS.issued), *self._of(None, thing, DCTERMS.issued))
        return min((str(date.value) for date in dates), default=None)

    def kinds(self, thing: Any, document: str) -> list[str]:
        """Return the classes that a document gives a thing."""
        return [kind.value for kind in self._of(document, thing, RDF.type) if isinstance(kind, NamedNode)]

    def _label(self, thing: Any, document: str, language: str) -> str | None:
        for prop in _NAMES:
            found = (*self._of(document, thing, prop), *self._of(None, thing, prop))
            texts = sorted((text for text in found if isinstance(text, Literal)), key=str)
            by_language = {(text.language or "").lower(): text.value for text in reversed(texts)}
            for wanted in (language, "en", "", *by_language):
                if wanted in by_language:
                    return by_language[wanted]
        return None

    def _of(self, source: str | None, thing: Any, prop: NamedNode) -> list[Any]:
        """Return the values of a property of a thing in what a document, or what all of them share, says."""
        if source not in self._indexes:
            self._indexes[source] = _index(self._quads[source])
        return [quad.object for quad in self._indexes[source].get(thing, ()) if quad.predicate == prop]


def _index(quads: Iterable[Quad]) -> dict[Any, list[Quad]]:
    found: dict[Any, list[Quad]] = defaultdict(list)
    for quad in quads:
        if quad.predicate in _WANTED:
            found[quad.subject].append(quad)
    return found


def _short(iri: str) -> str:
    """Return the last part of an IRI, as words."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2].replace("-", " ")
