"""The main claims that come nearest to a question, and which of them an answer tells, in which order."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from typing import Final

from digitech_kg.book import Book, ClaimFilter
from digitech_kg.iteration import grouped
from digitech_kg.matching.asking import Span, asks_for
from digitech_kg.namespaces import DK

#: How much it tells that a claim stands close to one of those in front, or to the first, or in the same document; how
#: many stand in front, and for how many it is found out; and how many characters are close.
_CONTEXT: Final = 0.1
_IN_FRONT: Final = 12
_LOOKED_AT: Final = 100
_PARAGRAPH: Final = 600
#: The places of texts from which an answer is no longer short, and how far what is added may fall behind.
_FEWEST: Final = 3
_NEXT: Final = 0.7
#: How near to the best a document has to come to be told in turn with others.
IN_TURN: Final = 0.7
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
    found = list[tuple[str, ...]]()
    for group in groups:
        own = {iri: share for iri, share in nearest.shares.items() if share >= least and iri in group}
        found.append(leading(own, nearest.places, _FEWEST, _NEXT))
    found = list(filter(None, found))
    return tuple(dict.fromkeys(filter(None, chain.from_iterable(zip_longest(*found))))) if len(found) > 1 else ()


def by_document(nearest: Nearest) -> Iterable[Collection[str]]:
    """Return the claims of each document, that first which has the nearest."""
    return grouped((nearest.places[iri][0], iri) for iri in nearest.shares).values()


def speaking(book: Book, document: str, thing: str, topic: str) -> dict[str, None]:
    """Return the main claims on a topic that speak of a thing, themselves or by a part, what matters most first."""
    return dict.fromkeys(book.find_claims(ClaimFilter(document=document, about=thing, topic=topic, part="0")))


def first_of_each(book: Book, documents: Sequence[str], most: int, thing: str) -> tuple[str, ...]:
    """Return the main claims, on a thing if one is given, that matter most to each of some documents, in turns.

    What a document orders matters more than what it says besides.
    """
    orders = {*book.find_claims(ClaimFilter(kind="order"))}
    told = [sorted(speaking(book, name, thing, ""), key=lambda iri: iri not in orders)[:most] for name in documents]
    return tuple(filter(None, chain.from_iterable(zip_longest(*told))))


def with_contrast(book: Book, found: Sequence[str], first: int = _FEWEST) -> tuple[str, ...]:
    """Return claims with what the document sets against one of the first next to it: no half is told without it."""
    told = list[str]()
    for place, claim in enumerate(found):
        told += [claim, *_against(book, claim)[:1]] if place < first else [claim]
    return tuple(dict.fromkeys(told))


def _against(book: Book, claim: str) -> list[str]:
    """Return the main claims that a document sets against a claim."""
    bearing = book.find_claims(ClaimFilter(bears_on=claim))
    told = {
        iri: {term.value for terms in own.values() for term in terms}
        for iri, own in book.values([claim, *bearing], DK.contrastsWith, DK.qualifies).items()
    }
    against = book.find_entries((*told.pop(claim, ()), *(iri for iri, own in told.items() if claim in own)))
    return [entry.main_claim for entry in against.values() if entry.main_claim != claim]


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
