"""A typed text as a question: its words, the things that it names, and whose words it asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain
from typing import Final

from digitech_kg.book import Book
from digitech_kg.matching.asking import Span, may_be_noun
from digitech_kg.matching.question_words import says
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DCTERMS, DK, SKOS
from digitech_kg.web.pages.search_claims import Nearest, find_nearest, speaking

#: Kinds of things that are found by their words already.
_MATCHED: Final = frozenset(cls.value for cls in (DK.Issue, DK.SavedQuestion, SKOS.Concept))
#: Kinds of things about which nobody asks by themselves.
NO_SUBJECTS: Final = frozenset(cls.value for cls in (DK.Characteristic, DK.Degree))
#: Things that a name may be a part of.
_MOST_LONGER: Final = 6
#: How much a name has to tell so that an answer has to be on it: of some countries, most claims speak.
_TELLING: Final = 0.4
#: The share of a question beyond the names in it that a claim has to have.
_MORE: Final = 0.05
#: How much less a claim counts that is by others than those whose words are asked for.
_OTHERS: Final = 0.75
#: How much less one counts that has no number or date if one is asked for.
_NO_FIGURE: Final = 0.9


class Question:
    """One text, read against the names in a book."""

    def __init__(self, book: Book, text: str, spans: Sequence[Span], limit: int) -> None:
        self.book, self.text, self.spans = book, text, spans
        #: Words that were typed with a capital, as names are.
        self.capitalised = frozenset(plain(word) for word in text.split() if word[:1].isupper())
        self.content = [span for span in spans if not span.is_common]
        #: The names of documents by IRI.
        self.documents = {iri: name for name, iri in book.documents.items()}
        self._named_kinds = book.classes_below(DK.Agent) - book.classes_below(DK.Group)
        self._singled_kinds = self._named_kinds | book.classes_below(DK.Place) | book.classes_below(DK.Product)
        self._claims = cache(lambda *wanted: set(speaking(book, *wanted)))
        self.hits = tuple(hit for hit in book.search(text, limit=limit) if hit.kind not in _MATCHED)
        self._ids = book.names.prefixes["id"]
        self.found = [hit for hit in self.hits if hit.iri.startswith(self._ids)]
        self.known_kinds = self.kinds({iri for span in spans for iri in span.things})
        #: The spans that name things of which something is said.
        self.subjects = [self._told_of(span) for span in self._named_in_content()]
        self.things = tuple(span.things[0] for span in self.subjects)

    @cached_property
    def nearest(self) -> Nearest:
        """The main claims that come nearest to it; those before others that are by whose words it asks for."""
        found = find_nearest(self.book, self.spans, self.capitalised)
        for having in found.figures.values():
            found = found.preferring(having.__contains__, _NO_FIGURE) if having else found
        own = tuple(f"{self.book.names.prefixes['claim']}{name}/" for name in self.speaker_documents())
        return found.preferring(lambda iri: iri.startswith(own), _OTHERS) if own else found

    @cached_property
    def only_names(self) -> float:
        """The share of the question that a claim has which has no more than the names in it."""
        weights = self.nearest.weights
        return sum(weights[span.text] for span in self.telling()) / (sum(weights.values()) or 1.0) + _MORE

    def telling(self) -> list[Span]:
        """Return the companies, persons and other agents named that few claims speak of."""
        return [span for span in self.subjects if self.is_named(span.things[0]) and self.is_telling(span, 0.0)]

    def is_telling(self, span: Span, unknown: float = 1.0) -> bool:
        """Whether few claims have a name; `unknown` is what one tells that was not looked for."""
        return self.nearest.weights.get(span.text, unknown) >= _TELLING

    def claims_on(self, thing: str, document: str = "", topic: str = "") -> set[str]:
        """Return the main claims that speak of a thing; each is read once."""
        return self._claims(document, thing, topic)

    def kinds(self, iris: Iterable[str]) -> dict[str, set[str]]:
        """Return the classes of things."""
        return {iri: set(told.kinds) for iri, told in self.book.describe(iris).items()}

    def is_named(self, iri: str) -> bool:
        """Whether a thing is an agent with a name of its own, such as a company or a state, not a group of such."""
        return bool(self._named_kinds & (self.known_kinds.get(iri) or self.kinds([iri]).get(iri, set())))

    def is_singled_out(self, iri: str) -> bool:
        """Whether a thing is an agent, a place or a product with a name of its own."""
        return bool(self._singled_kinds & self.known_kinds.get(iri, set()))

    def unknown(self) -> Iterator[str]:
        """Yield the words that stand nowhere, as they were typed; of Chinese ones, the nouns."""
        typed = {plain(word): word for word in self.text.split()}
        for span in self.content:
            if span.text in self.nearest.missing and len(span.text) > 1 and may_be_noun(span.text):
                yield typed.get(span.text, span.text).strip("?!.,:;？！。，")

    def speaker_documents(self) -> set[str]:
        """Return the names of the documents by those whose words are asked for: "what does Beijing say", "EUs svar"."""
        for place, span in enumerate(self.spans):
            if says(span.text):
                beside = (*reversed(self.spans[:place][-2:]), *self.spans[place + 1 : place + 3])
                who = (iri for one in beside for iri in one.things)
                if found := next(filter(None, map(self._spoken_by, who)), None):
                    return found
        return set()

    def _named_in_content(self) -> Iterator[Span]:
        for span in self.content:
            iris = tuple(i for i in span.things if i in self.known_kinds and not NO_SUBJECTS & self.known_kinds[i])
            if iris:
                yield replace(span, things=iris)

    def _told_of(self, span: Span) -> Span:
        """Return what a span names of which something is said; if nothing is, what it wrote or is called so in part."""
        thing = span.things[0]
        if self.claims_on(thing):
            return span
        written = [self.book.documents[name] for name in sorted(self._written[thing])]
        named = [hit.iri for hit in self.book.search(span.text) if hit.matched and hit.iri.startswith(self._ids)]
        longer = sorted(named[:_MOST_LONGER], key=lambda iri: -len(self.claims_on(iri)))
        told = next(chain(filter(self.claims_on, span.things), written, filter(self.claims_on, longer)), None)
        return replace(span, things=(told, *span.things)) if told else span

    @cached_property
    def _written(self) -> defaultdict[str, set[str]]:
        """The names of documents by the persons and bodies that wrote or published them, or for whom they speak."""
        found = defaultdict[str, set[str]](set)
        told = self.book.values(self.documents, DCTERMS.creator, DCTERMS.publisher, DK.speaksFor)
        for iri, own in told.items():
            for term in chain.from_iterable(own.values()):
                found[term.value].add(self.documents[iri])
        return found

    def _spoken_by(self, thing: str) -> set[str]:
        """Return the names of the documents by a person or a body, or by the bodies of a state or its capital."""
        wholes = self.book.values([*self._written, thing], DK.isPartOf)
        above = {iri: {term.value for term in own[DK.isPartOf]} for iri, own in wholes.items()}
        state = thing if self.is_named(thing) else next(iter(above.get(thing, ())), thing)
        bodies = (names for iri, names in self._written.items() if state in above.get(iri, ()))
        return self._written.get(thing, set()).union(*bodies)
