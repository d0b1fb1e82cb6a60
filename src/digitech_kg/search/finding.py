"""Finding the main claims that come nearest to a question: what each of them has of it, with its parts."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from digitech_kg.book import ASKED, WROTE, Book, Sought
from digitech_kg.matching.asking import Span, asks_for
from digitech_kg.matching.meanings import any_of, pattern
from digitech_kg.matching.spelling import is_in_chinese
from digitech_kg.namespaces import DCTERMS
from digitech_kg.search.nearest import Nearest

#: How well a word fits that asks for the same, and one in a part of a claim; the least that a word tells.
_MEANT: Final = 0.75
_IN_PART: Final = 0.9
_LEAST_WEIGHT: Final = 0.15
#: What a word tells that stands nowhere; and how much less rare words are told apart than by their numbers.
_UNKNOWN_WEIGHT: Final = 0.7
_FLATTENED: Final = 0.65
#: What a sentence has that tells how many, or when, and how much that tells. Longer numbers are years, or the names of
#: orders: thousands have a comma or a space between them.
_NUMBER: Final = " OR ".join(
    (
        *["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "half", "third", "percent"],
        *(f'"{number}"' for number in range(1, 1000)),
    )
)
_DATE: Final = '"19" * OR "20" *'
#: By what is asked for, the pattern of what has it.
_FIGURES: Final = {"count": _NUMBER, "amount": _NUMBER, "time": f"{_NUMBER} OR {_DATE}", "date": _DATE}
_ASKED_FOR: Final = 0.3
#: The share of what a part and its main claim have of a question that the part has to have to answer it alone.
_ALONE: Final = 0.5
#: How much more of a question than its main claim a part has to have to be told below it.
_TELLING_MORE: Final = 0.25
_RARE: Final = 0.7
#: How much the texts that are most like a question tell beside the share of it that a claim has, and with how many
#: names of each thing they are looked for.
_LIKENESS: Final = 0.8
_MOST_NAMES: Final = 12
#: The characters of the shortest passage and what follows it, such as a cell of a table.
_SHORTEST: Final = 4


def find_nearest(book: Book, spans: Sequence[Span], names: Collection[str] = ()) -> Nearest:
    """Return the main claims that come nearest to the spans of a question; `names` were typed with a capital."""
    asked = [span for span in spans if not span.is_common]
    wanted = [kind for kind in _FIGURES if asks_for(spans, kind)]
    met = _Met(book, asked, wanted)
    total = sum(group.count for group in book.claim_groups)
    weights = [_weight(span, met.count(place), total, span.text in names) for place, span in enumerate(asked)]
    found = met.by_main([*weights, *(_ASKED_FOR for _ in wanted)], wanted)
    like = book.claims_asked_like(_patterns(asked))
    best = max((main.share for main in found.values()), default=0.0)
    shares = {
        iri: (main.share + _LIKENESS * best * like.get(iri, 0.0)) / (1 + _LIKENESS) for iri, main in found.items()
    }
    had, told = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for iri, main in found.items():
        had[iri], told[iri] = ({asked[place].text for place in own} for own in (main.had, main.told))
    return Nearest(
        dict(sorted(shares.items(), key=lambda item: -item[1])),
        had,
        told,
        {span.text: weight for span, weight in zip(asked, weights, strict=True)},
        frozenset(span.text for place, span in enumerate(asked) if not met.spoken[place]),
        _passages_of(met.places),
        {iri: main.part for iri, main in found.items() if main.part},
        {kind: {i: main.giving[kind] for i, main in found.items() if kind in main.giving} for kind in wanted},
    )


@dataclass(slots=True)
class _Main:
    """What a main claim has of a question, itself and by its parts. Spans go by their places."""

    #: The largest share that it has with one of its parts.
    share: float = 0.0
    had: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    #: The part that alone has clearly more, and how much that has.
    part: str = ""
    most_of_part: float = 0.0
    #: By what is asked for, the claim that gives it, "" if that has little of the question; and how much the last has.
    giving: dict[str, str] = field(default_factory=dict)
    most_of_giving: float = 0.0


class _Met:
    """What claims have of the spans of a question, and of the figures that it asks for, whose places come after."""

    def __init__(self, book: Book, asked: Sequence[Span], wanted: Sequence[str]) -> None:
        sought = [*_sought(book, asked), *(Sought(((1.0, _FIGURES[kind]),)) for kind in wanted)]
        self._spans = range(len(asked))
        #: By claims, how well each has what is sought at a place; and the main claims of claims.
        self._claims, self._mains = defaultdict[str, dict[int, float]](dict), dict[str, str]()
        #: The document and the place in its text where each main claim stands.
        self.places = dict[str, tuple[str, int]]()
        #: How many claims have a span, and how many if those count that only stand in a document by it.
        self._counts, self.spoken = Counter[int](), Counter[int]()
        for place, share, claim, main, document, start in book.claims_meeting(sought):
            self._claims[claim][place], self._mains[claim], self.places[main] = share, main, (document, start or 0)
            self._counts[place] += share > WROTE
            self.spoken[place] += share >= WROTE

    def count(self, place: int) -> int:
        """Return how many claims have a span."""
        return self._counts[place] or self.spoken[place]

    def by_main(self, worth: Sequence[float], wanted: Sequence[str]) -> dict[str, _Main]:
        """Return what each main claim has; `worth` is what the spans and figures tell, by their places."""
        found = dict[str, _Main]()
        for claim, own in self._claims.items():
            main = found.setdefault(self._mains[claim], _Main())
            # A part is read with its main claim.
            beside = self._claims.get(self._mains[claim], {}) if claim != self._mains[claim] else {}
            both = {place: max(own.get(place, 0.0), beside.get(place, 0.0)) for place in {*own, *beside}}
            main.had.update(place for place in own if place in self._spans and own[place] >= WROTE)
            main.told.update(place for place in own if place in self._spans and own[place] > ASKED)
            share = sum(worth[place] * well for place, well in both.items()) / sum(worth)
            main.share = max(main.share, share * (_IN_PART if beside else 1.0))
            alone, with_main = self._worth_of(own, worth), self._worth_of(both, worth)
            if beside and alone > main.most_of_part and self._is_telling(own, beside, worth):
                main.part, main.most_of_part = claim, alone
            for place, kind in enumerate(wanted, len(self._spans)):
                # A part without what is asked for may give the number of another thing.
                if own.get(place, 0.0) > ASKED and alone >= main.most_of_giving:
                    main.giving[kind] = claim if alone >= _ALONE * with_main else ""
                    main.most_of_giving = alone
        return found

    def _worth_of(self, had: Mapping[int, float], worth: Sequence[float]) -> float:
        return sum(worth[place] * well for place, well in had.items() if place in self._spans)

    def _is_telling(self, own: Mapping[int, float], beside: Mapping[int, float], worth: Sequence[float]) -> bool:
        """Whether a part has clearly more than its main claim, or says a rare word that no main claim does."""
        if any(well > ASKED and place not in self._said and worth[place] >= _RARE for place, well in own.items()):
            return True
        return self._worth_of(own, worth) > self._worth_of(beside, worth) + _TELLING_MORE * sum(worth)

    @cached_property
    def _said(self) -> set[int]:
        """The places that main claims say themselves; those of figures are no words."""
        mains = (own for claim, own in self._claims.items() if self._mains[claim] == claim)
        return {place for own in mains for place, well in own.items() if well > ASKED}


def _weight(span: Span, count: int, total: int, is_name: bool) -> float:
    """Return how much a span tells that so many claims have, of all."""
    is_loose = is_in_chinese(span.text) and not span.meanings
    if is_loose and (not count or len(span.text) == 1):
        # Chinese characters between known words may belong to any of them.
        return _LEAST_WEIGHT * len(span.text)
    if not count:
        return 1.0 if is_name else _UNKNOWN_WEIGHT
    return math.pow(max(_LEAST_WEIGHT, 1 - math.log(count + 1) / math.log(total + 1)), _FLATTENED)


def _sought(book: Book, spans: Sequence[Span]) -> Iterator[Sought]:
    """Yield what claims may have for each span: its words or such as ask for the same, its things, documents by it.

    A year stands for the documents of that year.
    """
    marks = {
        iri: {t.value[:4] if prop == DCTERMS.issued else t.value for prop, terms in own.items() for t in terms}
        for iri, own in book.origins.items()
    }
    documents = set(book.documents.values())
    for span in spans:
        words = [(1.0, pattern(span.text))]
        if span.meanings or len(span.words) > 1:
            words.append((_MEANT, " AND ".join(f"({any_of(word, meanings)})" for word, meanings in span.words)))
        if span.things and not documents & set(span.things):
            words.append((1.0, " OR ".join(pattern(" ".join(name)) for name in span.names[:_MOST_NAMES])))
        things = span.things[:1]
        by = {*things, span.text}
        wrote = tuple(name for name, iri in book.documents.items() if by & {iri, *marks.get(iri, ())})
        yield Sought(tuple(words), things, wrote)


def _patterns(spans: Iterable[Span]) -> Iterator[str]:
    """Yield the words of a question, such as ask for the same, and its names, as patterns of full text."""
    for span in spans:
        if len(span.text) > 1 or not is_in_chinese(span.text) or span.meanings:
            yield pattern(span.text)
            yield from (any_of(word, meanings) for word, meanings in span.words)
            yield from (pattern(" ".join(name)) for name in span.names[:_MOST_NAMES])


def _passages_of(places: Mapping[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """Return where the passages of claims begin: claims in one of them are a few characters apart, in their order."""
    found, before = dict[str, tuple[str, int]](), ("", 0)
    for iri, place in sorted(places.items(), key=lambda item: item[1]):
        is_same = place[0] == before[0] and place[1] - before[1] < _SHORTEST
        before = before if is_same else place
        found[iri] = before
    return found
