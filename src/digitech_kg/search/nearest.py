"""The main claims that come nearest to a question: those that have most of what it asks for, the rarest above all."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise, zip_longest
from typing import Final

from digitech_kg.book import ASKED, NAMES, WROTE, Book, ClaimFilter, Hit, Sought
from digitech_kg.matching.asking import Span, asks_for, candidates, spans_of
from digitech_kg.matching.meanings import any_of, pattern
from digitech_kg.matching.ranking import distance
from digitech_kg.matching.slips import cures, is_slip
from digitech_kg.matching.spelling import is_in_chinese, plain
from digitech_kg.namespaces import DCTERMS, DK

#: How well a word fits that asks for the same, and one in a part of a claim; the least that a word tells.
_MEANT: Final = 0.75
_IN_PART: Final = 0.9
_LEAST_WEIGHT: Final = 0.15
#: What a word tells that stands nowhere; and how much less rare words are told apart than by their numbers.
_UNKNOWN_WEIGHT: Final = 0.7
_FLATTENED: Final = 0.65
#: What a sentence has that tells how many, or when, and how much that tells. Years, orders (14032) and generations of
#: networks (5G) are no numbers.
_NUMBER: Final = " OR ".join(
    (
        *["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "half", "third", "percent"],
        *(f'"{number}"' for number in (*range(1, 10), 14, 19, 20)),
        *(f'"{number}" *' for number in range(10, 100) if number not in (14, 19, 20)),
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
#: How much it tells that a claim stands close to one of those in front, or to the first, or in the same document; how
#: many stand in front, and for how many it is found out; and how many characters are close.
_CONTEXT: Final = 0.1
_IN_FRONT: Final = 12
_LOOKED_AT: Final = 100
_PARAGRAPH: Final = 600
#: From which likeness a name is meant that is spelt otherwise: of one word, and of several.
_GUESSED: Final = 80.0
#: The characters from which a Chinese name may have a wrong one.
_LONG_IN_CHINESE: Final = 5
#: The names that are looked at beside one that may be misspelt.
_MOST_ALIKE: Final = 6
#: The characters of the shortest passage and what follows it, such as a cell of a table.
_SHORTEST: Final = 4
#: The places of texts from which an answer is no longer short, and how far what is added may fall behind.
_FEWEST: Final = 3
_NEXT: Final = 0.7
#: How near to the best a document has to come to be told in turn with others.
_IN_TURN: Final = 0.7
#: The things of which something is said alike so that they are a list.
_FEWEST_ON_LIST: Final = 3
_MOST_ON_LIST: Final = 12
#: How far a claim may fall behind that stands in a passage with another, and the most of one passage.
_BESIDE: Final = 0.4
_MOST_BESIDE: Final = 3


@dataclass(frozen=True, slots=True)
class Nearest:
    """The main claims that have some of what is asked for, each with its share of that, best first."""

    shares: Mapping[str, float]
    #: The texts of the spans that each of them has, itself or in a part.
    had: Mapping[str, Set[str]]
    #: Those of them that stand in the sentence, or name a thing that the claim is about.
    told: Mapping[str, Set[str]]
    #: How much each span tells, and the spans that no claim has.
    weights: Mapping[str, float]
    missing: frozenset[str]
    #: The document and the place in its text where each of them stands.
    places: Mapping[str, tuple[str, int]]
    #: By main claims, the part that alone has clearly more of the question.
    parts: Mapping[str, str]
    #: If one is asked for, by "count", "amount", "time" or "date": the main claims that have one, each with the claim,
    #: itself or a part, that gives it; "" if that has little of the question.
    figures: Mapping[str, Mapping[str, str]]

    @property
    def best(self) -> float:
        """The share that the first of them has; 0 if there is none."""
        return next(iter(self.shares.values()), 0.0)

    @property
    def most_had(self) -> float:
        """The most of the question that one main claim has, with its parts."""
        most = max((sum(self.weights[text] for text in own) for own in self.had.values()), default=0.0)
        return most / (sum(self.weights.values()) or 1.0)

    @property
    def missing_share(self) -> float:
        """The share of the question that no claim has."""
        return sum(self.weights[text] for text in self.missing) / (sum(self.weights.values()) or 1.0)

    def preferring(self, is_preferred: Callable[[str], bool], others: float) -> "Nearest":
        """Return them with so much smaller a share for all others than those preferred."""
        shares = {iri: share * (1.0 if is_preferred(iri) else others) for iri, share in self.shares.items()}
        return replace(self, shares=dict(sorted(shares.items(), key=lambda item: -item[1])))

    def in_context(self) -> "Nearest":
        """Return them with a larger share for those that stand in the document of the first, or close to one in front.

        What a document says next often completes an answer; what stands alone often only has the same words.
        """
        seen = dict(islice(self.shares.items(), _IN_FRONT))
        first = next(iter(self.shares), "")
        shares = {first: self.best} if seen else {}
        for iri, share in islice(self.shares.items(), 1, _LOOKED_AT):
            own, start = self.places[iri], self.places[first]
            closest = max((_closeness(own, self.places[one]) * seen[one] for one in seen if one != iri), default=0.0)
            beside = closest + self.best * (_closeness(own, start) + (own[0] == start[0]))
            shares[iri] = min(self.best, share + _CONTEXT * beside)
        return replace(self, shares=dict(sorted({**self.shares, **shares}.items(), key=lambda item: -item[1])))

    def goes_on(self, claim: str, first: str) -> bool:
        """Whether a claim that comes nearly as near as another one stands close to that."""
        is_near = self.shares[claim] >= _NEXT * self.shares.get(first, 1.0)
        return is_near and _closeness(self.places[claim], self.places.get(first, ("", 0))) > 0

    def is_silent(self, name: str) -> bool:
        """Whether no claim with a name has that which tells most of the question, though others have it."""
        most = max(self.weights, key=self.weights.__getitem__, default=name)
        return most not in self.missing and not any(most in had for had in self.had.values() if name in had)

    def most_of(self, claims: Iterable[str]) -> float:
        """Return the largest share of the question that one of some main claims has."""
        return max((self.shares.get(iri, 0.0) for iri in claims), default=0.0)


def find_nearest(book: Book, spans: Sequence[Span], names: Collection[str] = ()) -> Nearest:
    """Return the main claims that come nearest to the spans of a question; `names` were typed with a capital."""
    asked = [span for span in spans if not span.is_common]
    wanted = [kind for kind in _FIGURES if asks_for(spans, kind)]
    rows = book.claims_meeting([*_sought(book, asked), *(Sought(((1.0, _FIGURES[kind]),)) for kind in wanted)])
    met, mains = defaultdict[str, dict[int, float]](dict), dict[str, str]()
    places = dict[str, tuple[str, int]]()
    counts, spoken = Counter[int](), Counter[int]()
    for place, share, claim, main, document, start in rows:
        met[claim][place], mains[claim], places[main] = share, main, (document, start or 0)
        counts[place] += share > WROTE
        spoken[place] += share >= WROTE
    places = _passages_of(places)
    total = sum(group.count for group in book.claim_groups)
    weights = {
        span.text: _weight(span, counts[place] or spoken[place], total, span.text in names)
        for place, span in enumerate(asked)
    }
    of_each = [*(weights[span.text] for span in asked), *(_ASKED_FOR for _ in wanted)]
    whole, shares = sum(of_each), dict[str, float]()
    texts, told = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    figures, giving = {kind: dict[str, str]() for kind in wanted}, defaultdict[str, float](float)
    parts, most = dict[str, str](), defaultdict[str, float](float)
    said = {place for iri, own in met.items() if mains[iri] == iri for place, well in own.items() if well > ASKED}
    unsaid = {place for place in range(len(asked)) if of_each[place] >= _RARE} - said
    for claim, own in met.items():
        texts[mains[claim]].update(asked[place].text for place in own if place < len(asked) and own[place] >= WROTE)
        told[mains[claim]].update(asked[place].text for place in own if place < len(asked) and own[place] > ASKED)
        # A part is read with its main claim.
        beside = met.get(mains[claim], {}) if claim != mains[claim] else {}
        had = {place: max(own.get(place, 0.0), beside.get(place, 0.0)) for place in {*own, *beside}}
        share = sum(of_each[place] * well for place, well in had.items()) / whole
        shares[mains[claim]] = max(shares.get(mains[claim], 0.0), share * (_IN_PART if beside else 1.0))
        alone = sum(of_each[place] * well for place, well in own.items() if place < len(asked))
        main_alone = sum(of_each[place] * well for place, well in beside.items() if place < len(asked))
        with_main = sum(of_each[place] * well for place, well in had.items() if place < len(asked))
        # A rare word that no main claim says is told by a part.
        says = any(place in unsaid and well > ASKED for place, well in own.items())
        is_telling = says or alone > main_alone + _TELLING_MORE * whole
        if beside and is_telling and alone > most[mains[claim]]:
            parts[mains[claim]], most[mains[claim]] = claim, alone
        for place, kind in enumerate(wanted, len(asked)):
            if own.get(place, 0.0) > ASKED and alone >= giving[mains[claim]]:
                # A part without what is asked for may give the number of another thing.
                figures[kind][mains[claim]] = claim if alone >= _ALONE * with_main else ""
                giving[mains[claim]] = alone
    like, best = book.claims_asked_like(_patterns(asked)), max(shares.values(), default=0.0)
    shares = {iri: (share + _LIKENESS * best * like.get(iri, 0.0)) / (1 + _LIKENESS) for iri, share in shares.items()}
    missing = frozenset(span.text for place, span in enumerate(asked) if not spoken[place])
    ranked = dict(sorted(shares.items(), key=lambda item: -item[1]))
    return Nearest(ranked, texts, told, weights, missing, places, parts, figures)


def _passages_of(places: Mapping[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """Return where the passages of claims begin: claims in one of them are a few characters apart, in their order."""
    found, before = dict[str, tuple[str, int]](), ("", 0)
    for iri, place in sorted(places.items(), key=lambda item: item[1]):
        is_same = place[0] == before[0] and place[1] - before[1] < _SHORTEST
        before = before if is_same else place
        found[iri] = before
    return found


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


def _closeness(first: tuple[str, int], second: tuple[str, int]) -> float:
    """Return 1 for the same place in a document, less the farther apart two are, and 0 beyond a paragraph or so."""
    (document, place), (other, there) = first, second
    return max(0.0, 1 - abs(place - there) / _PARAGRAPH) if document == other else 0.0


def leading(
    shares: Mapping[str, float], places: Mapping[str, tuple[str, int]], most: int, least: float
) -> tuple[str, ...]:
    """Return the claims that fall little behind the best one; `shares` has the best first.

    A short answer goes on with what stands close to its first sentence. What stands in one place is told together, so
    that no half of a sentence is left out: `most` counts the `places`.
    """
    found = defaultdict[tuple[str, int], list[str]](list)
    first, best = next(((places[iri], share) for iri, share in shares.items()), (("", 0), 0.0))
    for iri, share in shares.items():
        place = places[iri]
        if place in found:
            is_told = share >= _BESIDE * best and len(found[place]) < _MOST_BESIDE
        else:
            is_next = len(found) < _FEWEST and share >= _NEXT * best and _closeness(place, first) > 0
            is_told = is_next or (share >= least * best and len(found) < most)
        if is_told:
            found[place].append(iri)
    return tuple(chain.from_iterable(found.values()))


def of_each(nearest: Nearest, groups: Iterable[Collection[str]], least: float) -> tuple[str, ...]:
    """Return the first of several groups of claims, in turns; none unless two have some that come near enough."""
    found, least = list[tuple[str, ...]](), max(least, _IN_TURN * nearest.best)
    for group in groups:
        own = {iri: share for iri, share in nearest.shares.items() if share >= least and iri in group}
        found.append(leading(own, nearest.places, _FEWEST, _NEXT))
    found = list(filter(None, found))
    return tuple(dict.fromkeys(filter(None, chain.from_iterable(zip_longest(*found))))) if len(found) > 1 else ()


def is_alike(book: Book, hit: Hit, text: str) -> bool:
    """Whether a name is so much like a text that this is a slip: "Huaway", but not "Ericsson" for "Verizon"."""
    names = [value.value for own in book.values([hit.iri], *NAMES).get(hit.iri, {}).values() for value in own]
    return hit.score >= _GUESSED or any(is_slip(text, part) for name in names for part in (name, *name.split()))


def spans_in(book: Book, text: str) -> list[Span]:
    """Return the names and words of a text; a name may have the "s" that Norwegian adds ("Kinas svar")."""
    parts = candidates(text)
    # "The reports" are several.
    possessive = [part for part in parts if part.endswith("s") and not part.startswith("the ")]
    named = book.named_in([*parts, *(part[:-1] for part in possessive)])
    own = {part: named[part[:-1]] for part in possessive if part not in named and part[:-1] in named}
    return spans_of(text, {**named, **own}, book.asked.words)


def cure(book: Book, written: str, text: str) -> tuple[str, list[Span], tuple[tuple[str, str], ...]]:
    """Return a text without its slips, its names and words, and the slips, each with what it was taken for.

    `written` is all of it in its plain form.
    """
    # A word alone is looked up among the names, with those that are like it.
    is_name = " " not in written or bool(book.named_in([written]))
    cured = () if is_name else tuple(cures(written, book.vocabulary, book.words_of_names))
    for wrong, right in cured:
        text = plain(text).replace(wrong, right)
    spans = spans_in(book, text)
    if slips := tuple(_slips_in_chinese(book, spans)):
        for wrong, right in slips:
            text = plain(text).replace(wrong, right)
        cured, spans = (*cured, *slips), spans_in(book, text)
    return text, spans, cured


def _slips_in_chinese(book: Book, spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """Yield names with one wrong character, of which only the beginning is a name, with what they were taken for."""
    for before, span in pairwise(spans):
        text = before.text + span.text
        is_loose = is_in_chinese(span.text) and not (span.things or span.is_common)
        if is_loose and before.things and is_in_chinese(before.text) and len(text) >= _LONG_IN_CHINESE:
            hits = [hit.iri for hit in book.search(text, limit=_MOST_ALIKE) if hit.guessed]
            terms = chain.from_iterable(chain.from_iterable(own.values()) for own in book.values(hits, *NAMES).values())
            names = (plain(term.value) for term in terms)
            yield from ((text, name) for name in names if len(name) == len(text) and distance(name, text) == 1)


def speaking(book: Book, document: str, thing: str, topic: str) -> dict[str, None]:
    """Return the main claims on a topic that speak of a thing, themselves or by a part, what matters most first."""
    return dict.fromkeys(book.find_claims(ClaimFilter(document=document, about=thing, topic=topic, part="0")))


def first_of_each(book: Book, documents: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the main claims that matter most to each of some documents, so many of each, in turns."""
    told = [list(speaking(book, name, "", ""))[:most] for name in documents]
    return tuple(filter(None, chain.from_iterable(zip_longest(*told))))


def with_contrast(book: Book, found: tuple[str, ...]) -> tuple[str, ...]:
    """Return claims with what the document sets against the first one next to it: no half is told without it."""
    if not found:
        return found
    first, *others = found
    bearing = book.find_claims(ClaimFilter(bears_on=first))
    told = {
        iri: {term.value for terms in own.values() for term in terms}
        for iri, own in book.values([first, *bearing], DK.contrastsWith, DK.qualifies).items()
    }
    against = book.find_entries((*told.pop(first, ()), *(iri for iri, own in told.items() if first in own)))
    mains = [entry.main or iri for iri, entry in against.items()]
    return tuple(dict.fromkeys((first, *mains[:1], *others)))


def listed_with(book: Book, spans: Sequence[Span], found: Sequence[str]) -> list[str]:
    """Return the first list that one of some claims is on, if a list is asked for: the same of several things.

    So who asks which companies build networks is told all of them.
    """
    entries = book.find_entries(found) if asks_for(spans, "list") else {}
    for own in (entries[iri] for iri in found[:_FEWEST_ON_LIST] if iri in entries and entries[iri].object):
        wanted = ClaimFilter(own.put.document, object=own.object.value if own.object else "", part="0")
        alike = book.find_entries(book.find_claims(wanted, order="text"))
        same = [each.iri for each in alike.values() if each.predicate == own.predicate]
        if _FEWEST_ON_LIST <= len(same) <= _MOST_ON_LIST:
            return same
    return []
