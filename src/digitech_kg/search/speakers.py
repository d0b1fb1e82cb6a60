"""Whose words a question asks for, and which documents and claims have them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Final

from digitech_kg.book import Book, ClaimFilter
from digitech_kg.claims.model import KINDS
from digitech_kg.matching.asking import Span
from digitech_kg.matching.question_words import SAYING, WORDS, parts_of_question
from digitech_kg.matching.spelling import is_in_chinese
from digitech_kg.namespaces import DCTERMS, DK

#: What tells by whom a document is, or for whom it speaks.
_BY: Final = (DCTERMS.creator, DCTERMS.publisher, DK.speaksFor)


class Speakers:
    """Those who speak in the documents of a book, for one text."""

    def __init__(self, book: Book, text: str, spans: Sequence[Span], is_named: Callable[[str], bool]) -> None:
        self._book, self._text, self._spans, self._is_named = book, text, spans, is_named
        self._documents = {iri: name for name, iri in book.documents.items()}

    @cached_property
    def written(self) -> defaultdict[str, set[str]]:
        """The names of documents by the persons and bodies that wrote or published them, or for whom they speak."""
        found = defaultdict[str, set[str]](set)
        for iri, own in self._book.origins.items():
            for term in chain.from_iterable(own.get(prop, ()) for prop in _BY):
                found[term.value].add(self._documents[iri])
        return found

    def written_by(self, thing: str) -> set[str]:
        """Return the names of the documents that somebody wrote; of a document that of itself."""
        return {self._documents[thing]} if thing in self._documents else self.written.get(thing, set())

    def spoken_by(self, thing: str) -> set[str]:
        """Return the names of the documents by a person or a body, or by the bodies of a state or its capital."""
        wholes = self._book.values([*self.written, thing], DK.isPartOf)
        above = {iri: {term.value for term in own[DK.isPartOf]} for iri, own in wholes.items()}
        # A continent speaks by nobody, though it has states.
        state = thing if self._is_named(thing) else next(iter(above.get(thing, ())), "")
        bodies = (names for iri, names in self.written.items() if state in above.get(iri, ()))
        return self.written_by(thing).union(*bodies)

    def denied_by(self, thing: str) -> list[str]:
        """Return the main claims by which somebody, or a body of a state, says that something is not so."""
        # Saying that something shall not be isn't a denial.
        return self._book.find_claims(replace(self._book.views_of(thing), kind=KINDS[0], denied="1", part="0"))

    @cached_property
    def asked(self) -> set[str]:
        """The names of the documents by those whose words are asked for: "what does Beijing say", "EUs svar"."""
        # Who else says something is told of in the question, not asked: "what did A answer when B said no".
        spoken = (self.spoken_by(iri) for span, beside in self._beside_saying() for one in beside for iri in one.things)
        return next(filter(None, spoken), set())

    @cached_property
    def unheard(self) -> str:
        """The IRI of somebody whose answer is asked for, though no document has any words of theirs; or ""."""
        answering = [beside for span, beside in self._beside_saying() if span.text in WORDS["answering"]]
        named = [iri for beside in answering for one in beside for iri in one.things[:1] if self._is_named(iri)]
        if self.asked or not named:
            return ""
        return "" if self._book.find_claims(ClaimFilter(holders=frozenset(named[:1]))) else named[0]

    def _beside_saying(self) -> Iterator[tuple[Span, Sequence[Span]]]:
        """Yield the words that ask for what somebody says, each with what stands beside it, nearest first."""
        # Who compares asks for nobody's words, unless "according to" names one.
        words = SAYING if WORDS["compares"].isdisjoint(span.text for span in self._spans) else WORDS["according"]
        saying = [(self._before(place), place) for place, span in enumerate(self._spans) if span.text in words]
        # "Who says …" and "does anybody say …" don't ask for the words of those who are named.
        open_words = WORDS["who"] | WORDS["anybody"]
        is_open = any(not open_words.isdisjoint(one.text for one in before) for before, _place in saying)
        for before, place in saying if not is_open else ():
            span = self._spans[place]
            after = self._spans[place + 1 : place + 4]
            is_by = span.text in WORDS["according"] or (bool(after) and after[0].text in WORDS["by"])
            # The topic comes after the word if somebody is named before it, and always in Chinese.
            named_before = [one for one in reversed(before) if one.things]
            behind = [] if is_in_chinese(span.text) or span.text in WORDS["passive"] else after[:2]
            yield span, after if is_by else named_before or behind

    @cached_property
    def joined(self) -> tuple[str, ...]:
        """The names of several documents that are named side by side, themselves or by who wrote them.

        Where each part of a question asks for somebody's words, they are named by any whose words they have.
        """
        places, texts = dict[str, int](), [span.text for span in self._spans]
        named = [span for span in self._spans if span.things]
        # "Both orders" names each of them.
        several = [span for span in named if len(span.things) > 1 and self._documents.keys() >= {*span.things}]
        alone = {self._documents[span.things[0]] for span in named if {*span.things} <= self._documents.keys()}
        if len(several) == 1:
            return tuple(dict.fromkeys((*map(self._documents.__getitem__, several[0].things), *sorted(alone))))
        if len(named) <= 1:
            return ()
        are_asked = len(parts_of_question(self._text)) > 1 and not SAYING.isdisjoint(texts)
        are_asked = are_asked or not WORDS["compares"].isdisjoint(texts)
        for place, span in enumerate(self._spans):
            # "On Huawei" asks for nothing that Huawei says.
            is_about = place > 0 and texts[place - 1] in WORDS["about"]
            thing = "" if is_about else next(iter(span.things), "")
            # A body may have written several documents, and a state speaks by its bodies.
            names = self.spoken_by(thing) if thing and are_asked else self.written_by(thing)
            places |= {name: place for name in sorted(names) if name not in places}
        between = texts[min(places.values(), default=0) : max(places.values(), default=0)]
        return tuple(places) if are_asked or not WORDS["joins"].isdisjoint(between) else ()

    def _before(self, place: int) -> Sequence[Span]:
        """Return the words close before another one; all of them if "it" stands for who was named there."""
        found = self._spans[:place]
        return found if found and found[-1].text in WORDS["pronouns"] else found[-3:]

    def joined_by(self, things: Sequence[str]) -> bool:
        """Whether one of some things stands for a document that is named beside others."""
        return any({*self.joined} & self.spoken_by(thing) for thing in things)


def proposing_in(spans: Sequence[Span], documents: Set[str]) -> list[Span]:
    """Return what only tells who proposed a document that is named too: "the points that Wang Yi proposed"."""
    named = [place for place, span in enumerate(spans) if span.things]
    for place, verb in enumerate(spans):
        is_by = place + 1 < len(spans) and spans[place + 1].text in WORDS["by"]
        who = place + 2 if is_by else place - 1
        if (
            verb.text in WORDS["proposing"]
            and who in named
            and any(own != who and not documents.isdisjoint(spans[own].things) for own in named)
        ):
            return [spans[who], verb]
    return []
