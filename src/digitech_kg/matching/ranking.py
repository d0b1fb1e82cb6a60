"""Which of a project's things a name means: the one module that knows the string-matching library.

Measured on lists of organisation names, what counts is that all names are known (former, legal, short, in every
language) and that names are compared without legal forms and spaces; a score that is full for a part of a name, as
those of token sets are, takes "Apple Bank" for "Apple" and never decides here.
"""

from __future__ import annotations

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
    parts_of,
    plain,
    without_legal_forms,
    without_listing,
    without_place,
)
from digitech_kg.namespaces import TERMS, Namespaces

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
#: Classes of what several bodies are together, or a part of one. People rarely mean these unless they name them: they
#: come after a body that is nearly as much like the name, and are not taken for certain.
_COLLECTIVE = frozenset(("Group", "OrganisationalUnit"))
_COLLECTIVE_LAG = 5.0
_PROPERTY_WEIGHT = 0.4
_ALTERNATIVE = 0.5
#: What is a legal form of some firms and tells others from the firm below them.
_FIRMS = ("group", "holding", "holdings")
_END_OF_FIRMS = (*(f" {firm}" for firm in _FIRMS), "集团", "控股")
#: The letters of an abbreviation of which one slip makes another: two have too few in common with their neighbours.
_SLIPS = 3
#: What is last in an IRI or its short form.
_LAST = re.compile(r"^[\w-]+:\S*?([^/#:\s]+)/?$")
#: Score of a thing that bears the name but for what is around it: more than one whose name only looks like it.
_NAMED = 99.2


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
        found = self._named_alone(name)
        parts = parts_of(without_listing(name))
        if found or len(parts) < 2:
            return found
        known = {part: ids for part in parts if (ids := self._named_alone(part))}
        # What is unknown beside a name is a place, or the name in another script.
        scripts = {is_in_chinese(part) for part in known}
        if any(
            plain(part) not in self._places and is_in_chinese(part) in scripts for part in parts if part not in known
        ):
            return set()
        same = set.intersection(*known.values()) if known else set()
        return same or set().union(*known.values())

    def _named_alone(self, name: str) -> set[str]:
        for text in (plain(name), plain(without_listing(name))):
            for shorter in without_legal_forms(text):
                if shorter in self._exact:
                    return self._exact[shorter]
        rests = (r for shorter in without_legal_forms(text) for r in without_place(shorter, self._places))
        for rest in (shorter for r in rests for shorter in without_legal_forms(r)):
            # Two places side by side are a place in a country, not a state.
            owners = () if rest in self._places else self._exact.get(rest, ())
            bodies = {owner for owner in owners if _is_body(self.entities[owner])}
            if bodies:
                return bodies
        return set()

    @cached_property
    def _places(self) -> frozenset[str]:
        """The names of places that stand beside names of organisations: countries, and what the things know."""
        found = set(countries())
        for entity in self.entities.values():
            if _PLACES & set(entity.types):
                found |= {entity.name, *entity.names}
            found |= {text for prop in _SEATS for text in entity.values.get(prop, ())}
        return frozenset(text for name in found if len(text := plain(name)) > 2 or is_in_chinese(text))

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
        found = []
        for identifier, name_score in scores.items():
            entity = self.entities[identifier]
            factor = _type_factor(entity, types, strict)
            fits = {key: _fits(entity.values.get(key, ()), values) for key, values in wanted.items()}
            if factor:
                found.append((factor * _combine(name_score, fits, bool(query.strip())), entity, name_score, fits))
        found = [row for row in found if row[0] > 0]
        found.sort(key=lambda row: (-row[0], row[1].id))
        return self._decide(query, found[: max(limit, 2)], wanted)[:limit]

    def _name_scores(self, query: str) -> dict[str, float]:
        scores: dict[str, float] = {}
        text, named = plain(query), self.named(query)
        for place, score in self._similar(text, core(query)):
            owner, alternative = self._owner[place]
            value = min(score - (_ALTERNATIVE if alternative else 0.0), 99.0)
            # Of two things with the same name, the one that bears it as its label comes first.
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
        cutoff = 50.0
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
        forms, text = _forms_of_firm(plain(without_listing(query))), plain(query)
        found = {owner for name, owners in self._exact.items() if text in _forms_of_firm(name) for owner in owners}
        found = found.union(*(self._exact.get(form, ()) for form in forms))
        if found or not forms or not forms[-1].endswith(_END_OF_FIRMS):
            return found
        same = [_FIRMS[1:] if word in _FIRMS[1:] else (word,) for word in forms[-1].split()]
        places = set.intersection(*({p for word in words for p in self._having.get(word, ())} for words in same))
        return {owner for owner, _ in map(self._owner.__getitem__, places) if _is_body(self.entities[owner])}

    def _may_be_a_branch(self, query: str) -> bool:
        """Whether a text is a name beside a country, as branches have."""
        text = plain(query)
        is_bare = len(list(without_legal_forms(text))) == 1 and len(parts_of(query)) == 1
        is_name = text in self._exact
        return not is_name and is_bare and any(rest in self._exact for rest in without_place(text, countries()))

    def _decide(
        self,
        query: str,
        found: list[tuple[float, Entity, float, dict[str, float | None]]],
        wanted: Mapping[str, tuple[str, ...]],
    ) -> list[Candidate]:
        exact = self.named(query)
        exact = exact and exact | self._beside(query)
        candidates = []
        for place, (score, entity, name_score, fits) in enumerate(found):
            lead = score - (found[1][0] if len(found) > 1 else 0.0)
            sure = place == 0 and score >= MATCH_SCORE
            # A name that several things bear, a near miss of a short name and a contradiction leave it to the user.
            slips = self._slips(query, entity) if place == 0 else set()
            is_named = exact == {entity.id} and not slips and not self._may_be_a_branch(query)
            alone = is_named or (not exact and lead >= MATCH_LEAD) or entity.id == query
            # A value that the others have as well tells nothing apart.
            others = [self.entities[other].values for other in (exact | slips) - {entity.id}]
            telling = (
                key for key, f in fits.items() if f and not any(_fits(o.get(key, ()), wanted[key]) for o in others)
            )
            by_property = lead >= MATCH_LEAD and any(telling)
            is_like = not is_short(core(query)) and not _is_collective(entity) and _is_whole(query, entity)
            near = entity.id in exact or entity.id == query or is_like
            sure = sure and (alone or by_property) and near and 0.0 not in fits.values()
            features = [("name", round(name_score, 1))]
            features += [(key, value) for key, value in fits.items() if value is not None]
            candidates.append(Candidate(entity, round(score, 1), sure, tuple(features)))
        return candidates


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


def _combine(name_score: float, fits: Mapping[str, float | None], has_query: bool) -> float:
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


def term_id(iri: str, names: Namespaces) -> str:
    """Return the local name of a term of the packaged ontology, the CURIE of any other, or its IRI if it has none.

    >>> names = Namespaces("https://example.org/kg/")
    >>> [term_id(iri, names) for iri in (TERMS + "Company", "http://xmlns.com/foaf/0.1/Person", "http://x.example/T")]
    ['Company', 'foaf:Person', 'http://x.example/T']
    """
    return iri.removeprefix(TERMS) if iri.startswith(TERMS) else names.shorten(iri).strip("<>")


def read_term_id(text: str, names: Namespaces) -> str:
    """Return the id of a term that is named by its id, CURIE or IRI.

    >>> names = Namespaces("https://example.org/kg/")
    >>> [read_term_id(text, names) for text in ("dk:Company", TERMS + "Company", "Company")]
    ['Company', 'Company', 'Company']
    """
    iri = names.expand(text)
    return term_id(iri, names) if iri else text
