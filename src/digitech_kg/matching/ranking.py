"""Rank the things that a name may mean. Only this module uses the string-matching library.

Measured on lists of organisation names, what counts is that all names are known (former, legal, short, in every
language) and that names are compared without legal forms and spaces; a score that is full for a part of a name, as
those of token sets are, takes "Apple Bank" for "Apple" and never decides here.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from digitech_kg.iteration import grouped
from digitech_kg.matching.spelling import (
    core,
    core_of_plain,
    countries,
    country_of,
    is_in_chinese,
    is_short,
    plain,
    split_name,
    without_legal_forms,
    without_listing,
    without_place,
)

#: From this score on, and this far ahead of the next, the best candidate is taken for certain.
MATCH_SCORE = 92.0
MATCH_LEAD = 5.0
#: How much of its score a name keeps that only has what was typed among other words, and how much beside a name that
#: is just that; and the score from which a word counts as one that was typed.
_PART, _PART_BESIDE, _WORD = 0.8, 0.67, 0.75
#: Names that one way of comparing them brings into the list.
_MOST = 30
_DOCUMENT = "Document"
#: Classes of things that have a place in their name or around it, those that are places, and where places are told.
_BODIES = frozenset(("Agent", "Organisation", "foaf:Organization", "org:Organization", "schema:Organization"))
_PLACES = frozenset(("City", "Place", "Region", "State", "schema:Place"))
_SEATS = ("headquartersCity", "headquartersCountry")
#: Classes of places abroad, beside which a name is that of a local firm.
_ABROAD = frozenset(("Region", "State"))
#: Properties of which a value is one thing's alone.
_IDENTIFIERS = frozenset(
    ("centralIndexKey", "isin", "lei", "marketIdentifierCode", "ofacUid", "sameOrExactMatch", "unifiedSocialCreditCode")
)
#: Classes of what several bodies are together, or a part of one. People rarely mean these unless they name them: they
#: come after a body that is nearly as much like the name, and are not taken for certain.
_COLLECTIVE = frozenset(("Group", "OrganisationalUnit"))
_COLLECTIVE_LAG = 5.0
_PROPERTY_WEIGHT = 0.4
#: From which likeness a name is looked at.
_LIKE = 50.0
_ALTERNATIVE = 0.5
#: Words that are a legal form of some firms, and tell others from the firm below them.
_FIRMS = ("group", "holding", "holdings")
_END_OF_FIRMS = (*(f" {firm}" for firm in _FIRMS), "集团", "控股")
#: The letters of an abbreviation of which one slip makes another: two have too few in common with their neighbours.
_SLIPS = 3
#: The last part of an IRI or of its short form.
_LAST = re.compile(r"^[\w-]+:\S*?([^/#:\s]+)/?$")
#: Score of a thing that bears the name but for what is around it: more than one whose name only looks like it.
_NAMED = 99.2
#: The score from which a name is that of a thing but for legal forms, spaces and what is around it.
_PERFECT = 98.5


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that a name may mean."""

    id: str
    name: str
    #: Further names, in any language.
    names: tuple[str, ...] = ()
    #: Its classes, those above them included, most special first.
    types: tuple[str, ...] = ()
    description: str = ""
    #: Property → values as text: identifiers and names of things, literals.
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity, how well it fits (0 to 100), and whether that is certain."""

    entity: Entity
    score: float
    match: bool
    #: Score of the name alone, and by property whether the value fits.
    features: tuple[tuple[str, float], ...] = ()


#: By property whether a value that is wanted is known of a thing: 1 or 0, None if nothing is known.
_Fits = dict[str, float | None]
#: A thing with its score, that of its name alone, and what fits it.
_Row = tuple[float, Entity, float, _Fits]


class NameIndex:
    """Finds things by name; made once for a snapshot, then only read."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities = {entity.id: entity for entity in entities}
        names = [(name, e.id, n > 0) for e in self.entities.values() for n, name in enumerate((e.name, *e.names))]
        self._plain = [plain(name) for name, _, _ in names]
        self._core = [core_of_plain(text) for text in self._plain]
        self._owner = [(owner, alternative) for _, owner, alternative in names]
        self._exact: dict[str, set[str]] = defaultdict(set)
        for text, (owner, _) in zip(self._plain, self._owner, strict=True):
            self._exact[text].add(owner)
        self._having = grouped((word, place) for place, text in enumerate(self._plain) for word in set(text.split()))
        self._words = list(self._having)

    def named(self, name: str) -> set[str]:
        """Return the things of which this is a name, letter by letter but for case, punctuation and what is around it.

        That is a legal form, a kind of share, a place, and the same name in another language. Of things that are called
        differently side by side all are returned.
        """
        return self._named(name, self._places)

    def _named(self, name: str, places: frozenset[str]) -> set[str]:
        found = self._named_alone(name, places)
        parts = split_name(without_listing(name))
        if found or len(parts) < 2:
            return found
        known = {part: ids for part in parts if (ids := self._named_alone(part, places))}
        # An unknown word beside a name is a place, or the name in another script.
        scripts = {is_in_chinese(part) for part in known}
        if any(plain(part) not in places and is_in_chinese(part) in scripts for part in parts if part not in known):
            return set()
        same = set.intersection(*known.values()) if known else set()
        return same or set().union(*known.values())

    def _named_alone(self, name: str, places: frozenset[str]) -> set[str]:
        for text in (plain(name), plain(without_listing(name))):
            for shorter in without_legal_forms(text):
                if shorter in self._exact:
                    return self._exact[shorter]
        rests = (r for shorter in without_legal_forms(text) for r in without_place(shorter, places))
        for rest in (shorter for r in rests for shorter in without_legal_forms(r)):
            # Two places side by side are a place in a country, not a state.
            owners = () if rest in places else self._exact.get(rest, ())
            bodies = {owner for owner in owners if _is_body(self.entities[owner])}
            if bodies:
                return bodies
        return set()

    @cached_property
    def _places(self) -> frozenset[str]:
        """The names of places that stand beside names of organisations: countries, and what the things know."""
        seats = (entity.values.get(prop, ()) for entity in self.entities.values() for prop in _SEATS)
        found = countries().union(_names(e for e in self.entities.values() if _PLACES & {*e.types}), *seats)
        return frozenset(text for name in found if len(text := plain(name)) > 2 or is_in_chinese(text))

    @cached_property
    def _abroad(self) -> frozenset[str]:
        abroad = (entity for entity in self.entities.values() if _ABROAD & {*entity.types})
        return countries(with_parts=False).union(map(plain, _names(abroad)))

    def rank(
        self,
        query: str,
        *,
        types: Collection[str] = (),
        strict: str = "any",
        properties: Mapping[str, tuple[str, ...]] | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """Return the things that `query` may mean, best first; without a query, those that `properties` fit.

        `types` keeps things of any or all of these classes; with `strict` "should" others get half the score.
        """
        wanted = properties or {}
        scores = self._name_scores(query) if query.strip() else dict.fromkeys(self.entities, 0.0)
        # Who has an identifier may go by a name that is like none here.
        scores = {key: 0.0 for key, own in self.entities.items() if _has_identifier(own, wanted)} | scores
        factors = {key: factor for key in scores if (factor := _type_factor(self.entities[key], types, strict))}
        fits = {key: {p: _fits(self.entities[key].values.get(p, ()), wanted[p]) for p in wanted} for key in factors}
        told = _identifiers_told(fits.values())
        combined = {key: _combine(scores[key], own, bool(query.strip())) for key, own in fits.items()}
        # Things that fit in other ways never come before things that have the name.
        below = (combined[key] for key, own in fits.items() if scores[key] < _PERFECT and not any(map(own.get, told)))
        least = min(max(below, default=0.0) + 0.1, 100.0)
        combined |= {key: max(score, least) for key, score in combined.items() if scores[key] >= _PERFECT}
        combined |= {key: max(combined[key], least) for key, own in fits.items() if any(map(own.get, told))}
        found = [(factors[key] * score, self.entities[key], scores[key], fits[key]) for key, score in combined.items()]
        found = sorted((row for row in found if row[0] > 0), key=lambda row: (-row[0], row[1].id))
        is_sure, candidates = bool(found) and self._is_certain(query, found, wanted, told), list[Candidate]()
        for place, (score, entity, name_score, own) in enumerate(found[:limit]):
            features = ("name", round(name_score, 1)), *((key, fit) for key, fit in own.items() if fit is not None)
            candidates.append(Candidate(entity, round(score, 1), is_sure and place == 0, features))
        return candidates

    def _name_scores(self, query: str) -> dict[str, float]:
        scores: dict[str, float] = {}
        text, named = plain(query), self.named(query)
        for place, score in self._similar(text, core(query)):
            owner, alternative = self._owner[place]
            value = min(score - (_ALTERNATIVE if alternative else 0.0), 99.0)
            # If two things have the same name, the one that has it as its label comes first.
            value = 100.0 - (_ALTERNATIVE if alternative else 0.0) if self._plain[place] == text else value
            scores[owner] = max(scores.get(owner, 0.0), round(value, 2))
        for owner in named:
            scores[owner] = max(scores.get(owner, 0.0), _NAMED)
        if query in self.entities:
            scores[query] = 100.0
        return self._bodies_first(scores, named)

    def _bodies_first(self, scores: dict[str, float], named: set[str]) -> dict[str, float]:
        """Return the scores with those of groups and parts below that of the best body that is nearly as much alike.

        A document that is called like the body it is from comes after that, too.
        """
        best = max((score for owner, score in scores.items() if _is_body(self.entities[owner])), default=0.0)
        found = dict(scores)
        for owner, score in scores.items():
            is_near = best <= score <= best + _COLLECTIVE_LAG
            entity = self.entities[owner]
            if is_near and ((owner not in named and _is_collective(entity)) or _DOCUMENT in entity.types):
                found[owner] = round(best - 0.1, 2)
        return found

    def _similar(self, text: str, bare: str) -> Iterable[tuple[int, float]]:
        cutoff = _LIKE
        for _, score, place in process.extract(bare, self._core, scorer=fuzz.ratio, limit=_MOST, score_cutoff=cutoff):
            yield place, score
        found = process.extract(text, self._plain, scorer=fuzz.token_sort_ratio, limit=_MOST, score_cutoff=cutoff)
        for _, score, place in found:
            yield place, score - 1.0
        yield from self._sharing_words(text.split())

    def _sharing_words(self, words: list[str]) -> Iterable[tuple[int, float]]:
        """Yield the names that have words like these among others, or are among them; that is never certain."""
        alike: dict[int, float] = defaultdict(float)
        for word in words:
            best: dict[int, float] = {}
            # Two letters that changed places are one slip.
            close = process.extract(
                word, self._words, scorer=OSA.normalized_similarity, score_cutoff=_WORD, limit=_MOST
            )
            for known, score, _ in close:
                for place in self._having[known]:
                    best[place] = max(best.get(place, 0.0), 100.0 * score)
            for place, score in best.items():
                alike[place] += score
        shares = {place: self._share(place, total, len(words)) for place, total in alike.items()}
        part = _PART_BESIDE if " ".join(words) in self._exact else _PART
        for place in heapq.nlargest(_MOST, shares, key=shares.__getitem__):
            yield place, shares[place] * part

    def _share(self, place: int, total: float, typed: int) -> float:
        """Return the share of what was typed that a name has, or that it is of it; of equal ones the shorter name's."""
        own = self._plain[place].count(" ") + 1
        return min(max(total / typed, 0.95 * total / own), 100.0) - own / 10

    def _slips(self, query: str, entity: Entity) -> set[str]:
        """Return the other things of whose names one slip makes a name that is as short as an abbreviation."""
        text = plain(query)
        if text not in self._exact or len(text) != _SLIPS or text == plain(entity.name):
            return set()
        close = (name for name in self._exact if len(name) <= _SLIPS + 1 and OSA.distance(text, name) == 1)
        return {owner for name in close for owner in self._exact[name]} - {entity.id}

    def _beside(self, query: str) -> set[str]:
        """Return the things whose name this is but for legal forms, else a "Group" that it may be short for."""
        forms = _forms_of_firm(plain(without_listing(query)))
        having = (owners for name, owners in self._exact.items() if forms and forms[-1] in _forms_of_firm(name))
        found = set[str]().union(*having)
        if found or not forms or not forms[-1].endswith(_END_OF_FIRMS):
            return found
        same = [_FIRMS[1:] if word in _FIRMS[1:] else (word,) for word in forms[-1].split()]
        places = set.intersection(*({p for word in words for p in self._having.get(word, ())} for words in same))
        return {owner for owner, _ in map(self._owner.__getitem__, places) if _is_body(self.entities[owner])}

    def _may_be_a_branch(self, query: str, things: Iterable[str]) -> bool:
        """Whether a text is a name of things beside a place abroad, or has a "Group" or "Holdings" more than theirs."""
        forms = list(without_legal_forms(plain(without_listing(query))))
        firms = {form for form in forms if form.endswith(_END_OF_FIRMS)}
        names = _names(map(self.entities.__getitem__, things))
        own = {form for name in names for form in _forms_of_firm(plain(name))}
        is_bare = len(forms) == 1 and len(split_name(query)) == 1
        abroad = countries() if is_bare else self._abroad
        return (len(firms) > 1 and own.isdisjoint(firms)) or not self._named(query, self._places - abroad)

    def _is_certain(
        self, query: str, found: list[_Row], wanted: Mapping[str, tuple[str, ...]], told: Collection[str]
    ) -> bool:
        """Whether the first one is meant, and no other can be."""
        (score, entity, name_score, fits), lead = found[0], found[0][0] - (found[1][0] if len(found) > 1 else 0.0)
        # A contradiction, a name that several things bear and a near miss of a short name leave it to the user.
        if 0.0 in fits.values():
            return False
        if any(map(fits.get, told)):
            return name_score >= _LIKE or not query.strip()
        exact, slips, is_id = self.named(query), self._slips(query, entity), entity.id == query
        if score < MATCH_SCORE or (exact and not is_id and self._may_be_a_branch(query, exact)):
            return False
        exact = exact and exact | self._beside(query)
        alone = (exact == {entity.id} and not slips) or (not exact and lead >= MATCH_LEAD) or is_id
        # A value that the others have as well tells nothing apart.
        others = [self.entities[other].values for other in (exact | slips) - {entity.id}]
        telling = (key for key, f in fits.items() if f and not any(_fits(o.get(key, ()), wanted[key]) for o in others))
        is_like = not is_short(core(query)) and not _is_collective(entity) and _is_whole(query, entity)
        return (alone or (lead >= MATCH_LEAD and any(telling))) and (entity.id in exact or is_id or is_like)


def _names(entities: Iterable[Entity]) -> set[str]:
    return {name for entity in entities for name in (entity.name, *entity.names)}


def _forms_of_firm(name: str) -> list[str]:
    """Return a name and what it is without legal forms, up to one that tells a firm from the firm below it."""
    forms = list(without_legal_forms(name))
    return forms[: 1 + next((n for n, form in enumerate(forms) if form.endswith(_END_OF_FIRMS)), len(forms))]


def _is_whole(query: str, entity: Entity) -> bool:
    """Whether a query is like a name of a thing with its "Group" or "Holdings", which can be a firm of its own."""
    text, bare = plain(query), core(query)
    return any(
        not set(_FIRMS) & (set(plain(name).split()) - set(text.split()))
        for name in (entity.name, *entity.names)
        if max(fuzz.ratio(bare, core(name)), fuzz.token_sort_ratio(text, plain(name))) >= MATCH_SCORE - MATCH_LEAD
    )


def _is_collective(entity: Entity) -> bool:
    return not _COLLECTIVE.isdisjoint(entity.types)


def _is_body(entity: Entity) -> bool:
    return not _BODIES.isdisjoint(entity.types) and not _is_collective(entity)


def _type_factor(entity: Entity, types: Collection[str], strict: str) -> float:
    if not types:
        return 1.0
    having = [name in entity.types for name in types]
    if all(having) if strict == "all" else any(having):
        return 1.0
    return 0.5 if strict == "should" else 0.0


def _fits(known: tuple[str, ...], wanted: tuple[str, ...]) -> float | None:
    """1 if a wanted value is known, 0 if only others are, None if nothing is known."""
    if not known or not wanted:
        return None
    have = {form for value in known for form in _forms(value)}
    return 1.0 if any(form in have for value in wanted for form in _forms(value)) else 0.0


def _forms(value: str) -> tuple[str, ...]:
    """Return the forms by which values are compared: a country also goes by its code, an IRI by its last part."""
    country, last = country_of(value), _LAST.search(value)
    return tuple(filter(None, (core(value), country, last and core(last[1]))))


def is_identifier(prop: str) -> bool:
    """Whether a value of a property, which may name its sources behind an "@", is one thing's alone."""
    return prop.partition("@")[0] in _IDENTIFIERS


def _has_identifier(entity: Entity, wanted: Mapping[str, tuple[str, ...]]) -> bool:
    return any(is_identifier(prop) and _fits(entity.values.get(prop, ()), own) for prop, own in wanted.items())


def _identifiers_told(fits: Collection[_Fits]) -> set[str]:
    """Return the wanted identifiers that one thing alone has; the others have them not, whatever is known of them."""
    told = set()
    for key in filter(is_identifier, {key for own in fits for key in own}):
        if sum(bool(own[key]) for own in fits) == 1:
            told.add(key)
            for own in fits:
                own[key] = own[key] or 0.0
    return told


def _combine(name_score: float, fits: _Fits, has_query: bool) -> float:
    told = [value for value in fits.values() if value is not None]
    if not has_query:
        return 100.0 * sum(told) / len(fits) if told else 0.0
    weight = 1.0 + _PROPERTY_WEIGHT * len(told)
    return (name_score + _PROPERTY_WEIGHT * 100.0 * sum(told)) / weight


def likeness(one: str, other: str) -> float:
    """Return how much two words are alike, from 0 to 1. Two letters that changed places are one slip."""
    return OSA.normalized_similarity(one, other)


def distance(one: str, other: str) -> int:
    """Return how many letters make the difference between two words. Two letters that changed places are one."""
    return OSA.distance(one, other)
