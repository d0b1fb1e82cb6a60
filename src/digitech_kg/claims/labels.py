"""Read the labels of things from quads, and choose one by language. Pages read labels from the book instead.

SKOS labels win over RDFS ones. `dk:labelInText` says how a sentence calls a thing where its label alone doesn't fit:
"the United States", and `dk:quantity` how many there are of a group: "several banned companies".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from digitech_kg.namespaces import DCTERMS, DK, RDFS, SKOS, Namespaces, local_name

_Texts = dict[str, str]


@dataclass(frozen=True)
class QuadLabels:
    """The labels of things: of a document's own, with those of things that many documents have in common."""

    texts: Mapping[Any, _Texts] = field(default_factory=dict)
    in_texts: Mapping[Any, _Texts] = field(default_factory=dict)
    #: How many a group has, in words (`dk:several`).
    quantities: Mapping[Any, NamedNode] = field(default_factory=dict)
    #: The only author of the document that the labels belong to.
    author: NamedNode | None = None
    #: When that document was published, as far as it is known: "2021-06-03", "2021" or "".
    issued: str = ""

    def by_language(self, term: NamedNode) -> dict[str, str]:
        """Return all labels by language tag in small letters; "" stands for none."""
        return self.texts.get(term, {})

    def best(self, term: NamedNode, languages: Iterable[str]) -> str:
        """Return the label in the first of the languages that has one, else in any; "" if there is none at all."""
        return best_text(dict(sorted(self.by_language(term).items())), [tag.lower() for tag in languages])

    def text(self, term: Any, language: str) -> str:
        """Return how a sentence calls a thing or value: in the language, else in English, else in any language.

        What has no label is called by the end of its IRI, a literal by its value.
        """
        if isinstance(term, Literal):
            return term.value
        return self.best(term, (language, language.partition("-")[0], "en")) or name_in_words(term.value)

    def in_text(self, term: Any, language: str) -> str | None:
        """Return how a sentence in a language calls a thing whose label would not do; None if its label does."""
        own = self.in_texts.get(term, {})
        return own.get(language.lower()) or own.get(language.partition("-")[0].lower())

    def name(self, term: Any, names: Namespaces) -> str:
        """Return how a list calls a thing or value: in English, else in a language of the project, else in any.

        What has no label is called by its short name, a literal by its value.
        """
        if not isinstance(term, NamedNode):
            return term.value if isinstance(term, Literal) else str(term)
        return self.best(term, ("en", *names.languages, "")) or names.shorten(term.value)


def choose_text(texts: Mapping[str, str], languages: Iterable[str]) -> tuple[str, str] | None:
    """Return the best text with its language: one of those wanted, or a variety of it, else one without, else any.

    >>> choose_text({"nb": "ting", "en-gb": "thing"}, ["en", "nb"])
    ('en-gb', 'thing')
    """
    for wanted in languages:
        for tag, text in texts.items():
            if tag == wanted or tag.startswith(f"{wanted}-"):
                return tag, text
    return ("", texts[""]) if "" in texts else next(iter(texts.items()), None)


def best_text(texts: Mapping[str, str], languages: Iterable[str]) -> str:
    """Return what `choose_text` chooses, without its language; "" if there is no text."""
    return (choose_text(texts, languages) or ("", ""))[1]


def read_labels(quads: Iterable[Quad | Triple], shared: QuadLabels | None = None, document: Any = None) -> QuadLabels:
    """Return the labels among quads beside `shared` ones, those of a `document` with its author and its date.

    Of several in a language the first in the alphabet is taken.
    """
    found: dict[NamedNode, dict[Any, _Texts]] = {RDFS.label: {}, SKOS.prefLabel: {}, DK.labelInText: {}}
    quantities: dict[Any, NamedNode] = {}
    authors, issued = set[Any](), ""
    for quad in quads:
        if quad.predicate == DCTERMS.creator and quad.subject == document:
            authors.add(quad.object)
        if quad.predicate == DCTERMS.issued and quad.subject == document and isinstance(quad.object, Literal):
            issued = max(issued, quad.object.value)
        if quad.predicate == DK.quantity and isinstance(quad.object, NamedNode):
            quantities[quad.subject] = quad.object
        if quad.predicate in found and isinstance(quad.object, Literal):
            texts = found[quad.predicate].setdefault(quad.subject, {})
            language = (quad.object.language or "").lower()
            texts[language] = min(quad.object.value, texts.get(language, quad.object.value))
    shared, (plain, better, said) = shared or QuadLabels(), found.values()
    merged = {term: shared.texts.get(term, {}) | plain.get(term, {}) | better.get(term, {}) for term in plain | better}
    in_text = {term: shared.in_texts.get(term, {}) | own for term, own in said.items()}
    author = next(iter(authors)) if len(authors) == 1 else None
    counts = {**shared.quantities, **quantities}
    return QuadLabels({**shared.texts, **merged}, {**shared.in_texts, **in_text}, counts, author, issued)


def in_words(key: str) -> str:
    """Return the local name of a term in words.

    >>> in_words("nearlyCertain")
    'nearly certain'
    """
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", key).lower()


def name_in_words(iri: str) -> str:
    """Return the end of an IRI as words.

    >>> name_in_words("https://example.org/id/state-ownership")
    'state ownership'
    """
    return local_name(iri.rstrip("/#")).replace("-", " ").replace("_", " ") or iri
