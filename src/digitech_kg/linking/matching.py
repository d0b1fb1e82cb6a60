"""Which of our things a name means: the one module that knows the string-matching library.

Measured on lists of organisation names, what counts is that all names are known (former, legal, short, in every
language) and that names are compared without legal forms and spaces; a score that is full for a part of a name, as
those of token sets are, takes "Apple Bank" for "Apple" and never decides here.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

#: From this score on, and this far ahead of the next, the best candidate is taken for certain.
MATCH_SCORE = 92.0
MATCH_LEAD = 5.0
#: How much of its score a name keeps that only has what was typed among other words, and how much beside a name that
#: is just that; and the score from which a word counts as one that was typed.
_PART, _PART_BESIDE, _WORD = 0.8, 0.67, 75.0
#: Names that one way of comparing them brings into the list.
_MOST = 30
#: A name of this many letters, or Chinese characters, is told from its neighbours by equality only.
_SHORT, _SHORT_CHINESE = 5, 4
_PROPERTY_WEIGHT = 0.4
_ALTERNATIVE = 0.5
_LEGAL = re.compile(
    r"\b(?:co|company|corp|corporation|inc|incorporated|llc|limited|ltd|plc|as|asa|gmbh|ag|holdings?|group)\b"
)
_LEGAL_CHINESE = re.compile("(?:股份有限公司|有限责任公司|有限公司|股份|集团|集團|公司|控股)+$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
#: The dot between two letters of an abbreviation, as in "S.M.I.C.".
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_APART = re.compile(r"[\W_]+")
#: Letters that Unicode does not take apart, as people write them without a Norwegian keyboard.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae"})


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


def plain(name: str) -> str:
    """Give a name in one form of its letters, without case, accents and punctuation.

    >>> plain("Hans Jørgen  Gåsemyr,")
    'hans jorgen gasemyr'
    >>> plain("S.M.I.C.")
    'smic'
    """
    text = name.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold().translate(_LETTERS))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(_APART.sub(" ", _DOTTED.sub("", text)).split())


def core(name: str) -> str:
    """Give the part of a name that tells it from others: no legal form, no spaces.

    >>> core("Huawei Technologies Co., Ltd.")
    'huaweitechnologies'
    >>> core("华为技术有限公司")
    '华为技术'
    """
    return _core_of_plain(plain(name))


def _core_of_plain(text: str) -> str:
    bare = _LEGAL.sub(" ", text).replace(" ", "")
    if not bare.isascii():
        bare = _LEGAL_CHINESE.sub("", bare)
    return bare or text.replace(" ", "")


def pieces(name: str) -> set[str]:
    """Give what a name is made of: three letters in a row, its ends marked by "_", and single Chinese characters.

    Names that have none in common are not alike, which a database can tell of many at once. `whole` is among them.

    >>> sorted(pieces("Mi Inc."))
    ['_mi', '_mi_', 'mi_']
    """
    text = whole(name)
    return {text, *(text[start : start + 3] for start in range(len(text) - 2)), *_CHINESE.findall(text)}


def whole(name: str) -> str:
    """Give the piece that only names with the same core have."""
    return f"_{core(name)}_"


def _is_short(text: str) -> bool:
    return len(text) <= (_SHORT_CHINESE if _CHINESE.search(text) else _SHORT)


class NameIndex:
    """Finds things by name; made once for a snapshot, then only read."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities = {entity.id: entity for entity in entities}
        names = [(name, e.id, n > 0) for e in self.entities.values() for n, name in enumerate((e.name, *e.names))]
        self._plain = [plain(name) for name, _, _ in names]
        self._core = [_core_of_plain(text) for text in self._plain]
        self._owner = [(owner, alternative) for _, owner, alternative in names]
        self._exact: dict[str, set[str]] = defaultdict(set)
        for text, (owner, _) in zip(self._plain, self._owner, strict=True):
            self._exact[text].add(owner)
        self._having: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(self._plain):
            for word in set(text.split()):
                self._having[word].append(place)
        self._words = list(self._having)

    def named_exactly(self, name: str) -> set[str]:
        """Give the things of which this is a name, letter by letter but for case and punctuation."""
        return self._exact.get(plain(name), set())

    def rank(
        self,
        query: str,
        *,
        types: Collection[str] = (),
        strict: str = "any",
        properties: Mapping[str, tuple[str, ...]] | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """Give the things that `query` may mean, best first; without a query, those that `properties` fit.

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
        return self._decide(query, found[: max(limit, 2)])[:limit]

    def _name_scores(self, query: str) -> dict[str, float]:
        scores: dict[str, float] = {}
        text, bare = plain(query), core(query)
        if query in self.entities:
            scores[query] = 100.0
        for place, score in self._similar(text, bare):
            owner, alternative = self._owner[place]
            known = self._plain[place] == text
            value = score - (_ALTERNATIVE if alternative and not known else 0.0)
            # Of two things with the same name, the one that bears it as its label comes first.
            value = 100.0 - (_ALTERNATIVE if alternative else 0.0) if known else min(value, 99.0)
            scores[owner] = max(scores.get(owner, 0.0), round(value, 2))
        return scores

    def _similar(self, text: str, bare: str) -> Iterable[tuple[int, float]]:
        cutoff = 50.0
        for _, score, place in process.extract(bare, self._core, scorer=fuzz.ratio, limit=_MOST, score_cutoff=cutoff):
            yield place, score
        found = process.extract(text, self._plain, scorer=fuzz.token_sort_ratio, limit=_MOST, score_cutoff=cutoff)
        for _, score, place in found:
            yield place, score - 1.0
        yield from self._sharing_words(text.split())

    def _sharing_words(self, words: list[str]) -> Iterable[tuple[int, float]]:
        """Give the names that have words like these among others, or are among them; that is never certain."""
        alike: dict[int, float] = defaultdict(float)
        for word in words:
            best: dict[int, float] = {}
            for known, score, _ in process.extract(
                word, self._words, scorer=fuzz.ratio, score_cutoff=_WORD, limit=_MOST
            ):
                for place in self._having[known]:
                    best[place] = max(best.get(place, 0.0), score)
            for place, score in best.items():
                alike[place] += score
        shares = {place: self._share(place, total, len(words)) for place, total in alike.items()}
        part = _PART_BESIDE if " ".join(words) in self._exact else _PART
        for place in heapq.nlargest(_MOST, shares, key=shares.__getitem__):
            yield place, shares[place] * part

    def _share(self, place: int, total: float, typed: int) -> float:
        """Give the share of what was typed that a name has, or that it is of it; of equal ones the shorter name's."""
        own = self._plain[place].count(" ") + 1
        return min(max(total / typed, 0.95 * total / own), 100.0) - own / 10

    def _decide(self, query: str, found: list[tuple[float, Entity, float, dict[str, float | None]]]) -> list[Candidate]:
        exact = self.named_exactly(query)
        candidates = []
        for place, (score, entity, name_score, fits) in enumerate(found):
            lead = score - (found[1][0] if len(found) > 1 else 0.0)
            sure = place == 0 and score >= MATCH_SCORE
            # A name that several things bear, a near miss of a short name and a contradiction leave it to the user.
            alone = exact == {entity.id} or (not exact and lead >= MATCH_LEAD) or entity.id == query
            by_property = lead >= MATCH_LEAD and any(f == 1.0 for f in fits.values())
            near = entity.id in exact or entity.id == query or not _is_short(core(query))
            sure = sure and (alone or by_property) and near and 0.0 not in fits.values()
            features = [("name", round(name_score, 1))]
            features += [(key, value) for key, value in fits.items() if value is not None]
            candidates.append(Candidate(entity, round(score, 1), sure, tuple(features)))
        return candidates


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
    have = {core(value) for value in known}
    return 1.0 if any(core(value) in have for value in wanted) else 0.0


def _combine(name_score: float, fits: Mapping[str, float | None], has_query: bool) -> float:
    told = [value for value in fits.values() if value is not None]
    if not has_query:
        return 100.0 * sum(told) / len(fits) if told else 0.0
    weight = 1.0 + _PROPERTY_WEIGHT * len(told)
    return (name_score + _PROPERTY_WEIGHT * 100.0 * sum(told)) / weight
