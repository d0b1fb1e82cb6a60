"""What things are called, by language: SKOS labels before RDFS ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import RDFS, SKOS

#: The better label comes later and replaces the other.
_PROPERTIES = (RDFS.label, SKOS.prefLabel)
_Texts = dict[str, str]


class Labels:
    """The labels of things. Those of `shared`, which many documents have in common, are asked after the own ones."""

    def __init__(self, texts: Mapping[Any, _Texts], shared: Labels | None = None) -> None:
        self._texts = texts
        self._shared = shared

    def find(self, term: NamedNode, language: str) -> str | None:
        """Return the label in a language; None if there is none."""
        text = self._texts.get(term, {}).get(language.lower())
        return self._shared.find(term, language) if text is None and self._shared else text

    def text(self, term: Any, language: str) -> str:
        """Return how to call a thing or value: in the language, else in English, else in any language.

        What has no label is called by the end of its IRI, a literal by its value.
        """
        if isinstance(term, Literal):
            return term.value
        general = language.partition("-")[0]
        wanted = (self.find(term, each) for each in dict.fromkeys((language, general, "en")))
        found = next((text for text in wanted if text), None)
        return found or self._any(term) or name_in_words(term.value)

    def has(self, term: NamedNode) -> bool:
        """Whether a thing has a label in any language."""
        return self._any(term) is not None

    def _any(self, term: NamedNode) -> str | None:
        texts = self._texts.get(term)
        if texts:
            return texts[min(texts)]
        return self._shared._any(term) if self._shared else None


def read_labels(quads: Iterable[Quad], shared: Labels | None = None) -> Labels:
    """Return the labels among quads. Of several in one language the first in the alphabet is taken."""
    found: dict[NamedNode, dict[Any, _Texts]] = {prop: {} for prop in _PROPERTIES}
    for quad in quads:
        if quad.predicate in found and isinstance(quad.object, Literal):
            texts = found[quad.predicate].setdefault(quad.subject, {})
            language = quad.object.language or ""
            texts[language] = min(quad.object.value, texts.get(language, quad.object.value))
    first, better = found.values()
    for term, texts in better.items():
        first[term] = first.get(term, {}) | texts
    return Labels(first, shared)


def name_in_words(iri: str) -> str:
    """Return the end of an IRI as words.

    >>> name_in_words("https://example.org/id/state-ownership")
    'state ownership'
    """
    return iri.rstrip("/#").rpartition("/")[2].rpartition("#")[2].replace("-", " ").replace("_", " ") or iri
