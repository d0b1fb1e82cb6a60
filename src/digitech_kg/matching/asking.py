"""Split a question into names and words, and find the issue, saved question or topic that it asks for.

What names a thing counts as any of its names, so that a question in one language finds an answer named in another.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from digitech_kg.matching import question_words
from digitech_kg.matching.meanings import is_known, meanings_of, parts_of_compound, stem
from digitech_kg.matching.spelling import is_in_chinese, plain

_COMMON_WEIGHT: Final = 0.15
#: How well a word fits that asks for the same, beside 1 for the word itself.
_MEANT: Final = 0.8
#: The share of a name's weight that is not asked of a saved question whose rows may have it.
_FREE: Final = 0.5
#: The share of an answer's score that the words of the question make up; the rest is how short its name is.
_ASKED: Final = 0.75
#: The share of a question that an answer has to have to be worth a look.
_LEAST: Final = 0.25
#: Taken from the score of an issue, which answers yes or no, if a question asks for more and isn't its name.
_MORE: Final = 0.15
OPEN: Final = ("which", "date", "count", "amount", "time")
_CALLED: Final = 0.999
#: The most words, or Chinese characters, of a name within a text.
_LONGEST: Final = 8
_LONGEST_CHINESE: Final = 12
#: The characters from which a Chinese word is hardly ever a verb.
_NO_VERB: Final = 3
#: A number, which is one word though parts of it may be known: "2022".
_DIGITS: Final = re.compile(r"\d+(?![a-z])")


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of a question, which name things or stand for themselves."""

    text: str
    #: IRIs of the things that are called so; none for a word by itself.
    things: tuple[str, ...] = ()
    #: Each name that means the same, as stems.
    names: tuple[tuple[str, ...], ...] = ()
    #: Its words, each with its meanings; a phrase that has a meaning is one word.
    words: tuple[tuple[str, frozenset[int]], ...] = ()

    @property
    def meanings(self) -> frozenset[int]:
        """The meanings of all its words."""
        return frozenset[int]().union(*(meanings for _word, meanings in self.words))

    @property
    def is_common(self) -> bool:
        """Whether all its words stand in any question."""
        return not self.things and all(word in question_words.COMMON for word in self.text.split())


def content_of(text: str) -> frozenset[str]:
    """Return the words of a text that tell something."""
    return frozenset(word for word in plain(text).split() if word not in question_words.COMMON)


def candidates(text: str) -> list[str]:
    """Return the parts of a text that may be names, the longest first.

    >>> candidates("who owns 华为")
    ['who owns 华为', 'who owns', 'owns 华为', 'who', 'owns', '华为', '华', '为']
    """
    words = plain(text).split()
    found = [" ".join(words[start:end]) for start, end in _stretches(len(words), _LONGEST)]
    for word in (word for word in words if is_in_chinese(word)):
        found += [word[start:end] for start, end in _stretches(len(word), _LONGEST_CHINESE)]
    return list(dict.fromkeys(sorted(found, key=lambda part: -len(part.split()))))


def _stretches(length: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a row of so many, the longest first."""
    for size in range(min(length, most), 0, -1):
        yield from ((start, start + size) for start in range(length - size + 1))


def spans_of(text: str, named: Mapping[str, Mapping[str, Iterable[str]]], known: Collection[str] = ()) -> list[Span]:
    """Return a text as the longest names and phrases in it, and the words between them.

    `named` has for a part of the text the things that are called so, each with all its names in their plain form.
    `known` are words that stand in names: Chinese ones are told from their neighbours though they name no thing.
    """
    words, found = plain(text).split(), list[Span]()
    start = 0
    while start < len(words):
        parts = {end: " ".join(words[start:end]) for end in range(len(words), start, -1)}
        end = next((e for e, part in parts.items() if _is_name(part, named) or (" " in part and is_known(part))), 0)
        if not end and is_in_chinese(words[start]):
            found += [_span(part, named) for part in _cut(words[start], named, known)]
        else:
            found.append(_span(parts[end or start + 1], named))
        start = end or start + 1
    return found


def _is_name(part: str, named: Mapping[str, object]) -> bool:
    return part in named and not all(word in question_words.COMMON for word in part.split())


def _cut(run: str, named: Collection[str], known: Collection[str]) -> Iterator[str]:
    """Yield the names and known words in a run of Chinese characters, the longest first, and the words between them."""
    start, loose, told = 0, "", (named, known, question_words.COMMON)
    while start < len(run):
        # A single character is a word of its own only if it is no part of a longer one.
        ends = range(min(len(run), start + _LONGEST_CHINESE), start + 1, -1)
        end = next((e for e in ends if is_known(run[start:e]) or any(run[start:e] in own for own in told)), 0)
        if end and run[start:end] not in named and _cuts_a_name(run, start, end, named):
            end = 0
        if digits := _DIGITS.match(run, start):
            end = digits.end()
        if end:
            yield from _dictionary().cut(loose)
            yield run[start:end]
            loose = ""
        else:
            loose += run[start]
        start = end or start + 1
    yield from _dictionary().cut(loose)


def _cuts_a_name(run: str, start: int, end: int, named: Collection[str]) -> bool:
    """Whether a name begins within a word and goes on behind it: of 在华为, 华为 is the name, and 在华 no word."""
    lasts = range(end + 1, min(len(run), end + _LONGEST_CHINESE) + 1)
    return any(run[first:last] in named for first in range(start + 1, end) for last in lasts)


@cache
def _dictionary() -> Any:
    """Return the Chinese dictionary. Loading it takes a tenth of a second, and most processes cut no Chinese."""
    import rjieba

    return rjieba


def may_be_noun(word: str) -> bool:
    """Whether a word may be a noun: of Chinese words others are known.

    >>> [may_be_noun(word) for word in ("净利润", "反驳", "否决权", "profit")]
    [True, False, True, True]
    """
    return (
        not is_in_chinese(word)
        or len(word) >= _NO_VERB
        or any(kind.startswith("n") for _part, kind in _dictionary().tag(word))
    )


def _span(part: str, named: Mapping[str, Mapping[str, Iterable[str]]]) -> Span:
    things = named.get(part, {}) if _is_name(part, named) else {}
    names = dict.fromkeys([part, *(name for names in things.values() for name in names)])
    words = [part] if is_known(part) else [word for word in part.split() if word not in question_words.COMMON]
    apart = (each for word in words for each in _apart(word))
    told = tuple((_stem(word), meanings_of(word)) for word in apart)
    return Span(part, tuple(things), tuple(tuple(map(_stem, name.split())) for name in names if name), told)


def _apart(word: str) -> tuple[str, ...]:
    """Return the words that a compound is made of, or a word that has a meaning itself or is none."""
    split = () if meanings_of(word) else parts_of_compound(word, lambda part: bool(meanings_of(part)))
    return split or (word,)


def _stem(word: str) -> str:
    return word if word in question_words.COMMON else stem(word)


def asks_for(spans: Sequence[Span], what: str) -> bool:
    """Whether a question asks for something by its words in question_words.toml: a "count", a "date" or a "reason".

    Who asks how many asks neither how much nor for yes or no.
    """
    if what in ("amount", "yes_or_no") and asks_for(spans, "count"):
        return False
    if what == "yes_or_no":
        in_chinese = question_words.WORDS["yes_or_no_in_chinese"]
        return spans[0].text in question_words.WORDS[what] or any(span.text in in_chinese for span in spans)
    text = " ".join(span.text for span in spans)
    is_asked = any(f" {phrase} " in f" {text} " for phrase in question_words.WORDS[what])
    return is_asked or (what in question_words.PATTERNS and bool(question_words.PATTERNS[what].search(text)))


#: By what is asked for, the kind of claims that tell it.
_KINDS: Final = {
    "forecast": "prediction",
    "advice": "recommendation",
    "promise": "promise",
    "definition": "definition",
    "points": "norm",
}


def kinds_asked(spans: Sequence[Span]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the kinds of claims that a question asks for, such as predictions, and the words that may ask for them."""
    asked = [what for what in _KINDS if asks_for(spans, what)]
    phrases = (phrase for what in asked for phrase in question_words.WORDS[what])
    return tuple(_KINDS[what] for what in asked), frozenset(word for phrase in phrases for word in phrase.split())


#: "topic" is for the names of a topic, "near" for words that are only near to it.
AnswerableKind = Literal["issue", "question", "topic", "near", "document"]


@dataclass(frozen=True, slots=True)
class Answerable:
    """What can be answered: an issue, a saved question or a topic, with all that it is called."""

    iri: str
    kind: AnswerableKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What a question may ask for, and how well the two fit, from 0 to 1."""

    answerable: Answerable
    score: float


def _meant(word: str) -> frozenset[int]:
    """Return the meanings of a word, or those of the parts of a compound."""
    return meanings_of(word) or frozenset[int]().union(*map(meanings_of, _apart(word)))


class AskedIndex:
    """The words of all that can be answered."""

    def __init__(self, entries: Sequence[Answerable]) -> None:
        self.entries = entries
        #: Words as they are written. The Chinese ones tell where words end.
        self.words = set[str]()
        #: By the place of a name: the entry that has it, and its words as stems, each with its meanings.
        self._owner, self._words = list[int](), list[dict[str, frozenset[int]]]()
        #: The places of the names that have a stem, or a word or phrase of a meaning; and how many entries have any.
        self._places, self._counts = defaultdict[str | int, set[int]](set), Counter[str | int]()
        for number, entry in enumerate(entries):
            own = set[str | int]()
            for text in dict.fromkeys(map(plain, entry.names)):
                self.words.update(text.split())
                words = {
                    _stem(word): frozenset[int]() if word in question_words.COMMON else _meant(word)
                    for word in text.split()
                }
                phrases = (meanings_of(part) for part in candidates(text) if " " in part)
                keys = set[str | int](words).union(*words.values(), *phrases)
                for key in keys:
                    self._places[key].add(len(self._words))
                own |= keys
                self._owner.append(number)
                self._words.append(words)
            self._counts.update(own)
        #: How much each word of a name tells.
        self._weights = [{word: self._weight(word) for word in words} for words in self._words]

    def weight(self, word: str, meanings: Iterable[int] = ()) -> float:
        """Return how much a word tells: rare ones most."""
        return 0.0 if word in question_words.FILLERS else self._weight(_stem(word), meanings)

    def _weight(self, stemmed: str, meanings: Iterable[int] = ()) -> float:
        if stemmed in question_words.COMMON:
            return _COMMON_WEIGHT
        total, had = len(self.entries) + 1, max((self._counts[key] for key in meanings), default=0)
        had = max(had, self._counts[stemmed])
        return 1.0 + math.log(total / (1 + had)) / math.log(total + 1)

    def rank(self, spans: Sequence[Span], free: Collection[Span] = ()) -> list[Match]:
        """Return what the spans of a question fit, best first.

        A saved question need not have the `free` ones in its name, if its rows may.
        """
        weights, met = [self._weight_of(span) for span in spans], [self._meeting(span) for span in spans]
        total, meant = sum(weights), frozenset[int]().union(*(span.meanings for span in spans))
        names = defaultdict[int, set[int]](set)
        for own in [own for span, own in zip(spans, met, strict=True) if not span.is_common] or met:
            for place in own:
                names[self._owner[place]].add(place)
        shares = [self._best_of_entries(own) for own in met]
        is_open = any(asks_for(spans, what) for what in OPEN)
        found = list[Match]()
        for number, places in names.items() if total else ():
            asked = sum(weight * own.get(number, 0.0) for weight, own in zip(weights, shares, strict=True))
            whole = total
            if self.entries[number].kind == "question":
                left = zip(spans, weights, shares, strict=True)
                whole -= _FREE * sum(weight for span, weight, own in left if span in free and number not in own)
            if asked < _LEAST * whole:
                continue
            best = max(self._covered(place, spans, met, meant) for place in places)
            score = asked / whole * (_ASKED + (1 - _ASKED) * best)
            is_beside = is_open and self.entries[number].kind == "issue" and score < _CALLED
            found.append(Match(self.entries[number], score - _MORE * is_beside))
        return sorted(found, key=lambda match: -match.score)

    def _meeting(self, span: Span) -> dict[int, float]:
        """Return the places of the names that mean what a span does, as it is called or by words that ask for that."""
        found = dict[int, float]()
        if span.words:
            words = (self._having(word).union(*map(self._having, own)) for word, own in span.words)
            found.update(dict.fromkeys(set.intersection(*words), _MEANT))
        for name in filter(None, span.names):
            found.update(dict.fromkeys(set.intersection(*map(self._having, name)), 1.0))
        return found

    def _having(self, key: str | int) -> set[int]:
        return self._places.get(key, set())

    def _best_of_entries(self, met: Mapping[int, float]) -> dict[int, float]:
        found = defaultdict[int, float](float)
        for place, share in met.items():
            number = self._owner[place]
            found[number] = max(found[number], share)
        return found

    def _weight_of(self, span: Span) -> float:
        if " " in span.text and span.meanings and not span.things:
            return self.weight(span.text, span.meanings)
        return sum(self.weight(word, span.meanings) for word in span.text.split())

    def _covered(
        self, place: int, spans: Sequence[Span], met: Sequence[Mapping[int, float]], meant: frozenset[int]
    ) -> float:
        """Return the share of a name that the spans have."""
        name = self._words[place]
        called = (span for span, own in zip(spans, met, strict=True) if own.get(place) == 1.0)
        had = {word for span in called for own in span.names if name.keys() >= set(own) for word in own}
        weights = self._weights[place]
        shares = {word: 1.0 if word in had else _MEANT * bool(own & meant) for word, own in name.items()}
        whole = sum(weights.values())
        return sum(weights[word] * share for word, share in shares.items()) / whole if whole else 0.0
