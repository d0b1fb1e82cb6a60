"""What a question asks for: its words held against the words of what can be answered.

What names a thing counts as any of its names, so that a question in one language finds an answer named in another.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from digitech_kg.matching.ranking import closest, likeness
from digitech_kg.matching.spelling import core, is_in_chinese, plain

#: Words that stand in any question. They count only for so much as others do.
_COMMON_WORDS: Final = """
a about according all an and any are as at be been by can could did do does done for from get give had has
have how i if in is it its made make many me mean more much must no not of off on one or out over said say saying
says should since so some tell than that the their them there they think thinks this to until up was we were what when
where which who whom whose why will with would you
alle at av ble blir blitt bor burde da de dem den der dere det du eller en er et for fra gi gir gjor gjore gjort ha
hadde har hva hvem hvilke hvilken hvis hvor hvorfor i ikke kan ma man mange med men mener meg mot mye noe noen nar og
om over pa sa si siden sier skal som til ut var ved vi vil
的 是 吗 谁 什么 哪些 哪个 如何 为什么 何时 什么时候 多少 是否 是不是 有没有 在 和 了 有 对 与 说 做 关于 应该 必须
怎么 怎么办 怎么做 怎样 怎么看 看待 看法 认为 上 被
"""
#: Words that ask for nothing more.
_FILLER_WORDS: Final = """
actually between compare compared difference ever really versus vs
egentlig forskjell forskjellen mellom noensinne sammenlign virkelig 到底 究竟 比较
"""
_FILLERS: Final = frozenset(_FILLER_WORDS.split())
_COMMON: Final = frozenset(_COMMON_WORDS.split()) | _FILLERS
_COMMON_WEIGHT: Final = 0.15
#: Endings by which forms of a word differ in English and Norwegian, and the letters that stay.
_ENDINGS: Final = ("enes", "ings", "ene", "ers", "ing", "ies", "ed", "es", "er", "en", "et", "ne", "s", "e", "y")
_STEM: Final = 3
#: The share of an answer's score that the words of the question make up; the rest is how short its name is.
_ASKED: Final = 0.75
#: How alike a misspelt word is to the one that is meant, and the letters from which a word can be misspelt.
_ALIKE: Final = 0.72
_CURABLE: Final = 5
#: How alike a name is that was typed with a slip, and the share of a text that begins a name as it stands.
_SLIP: Final = 0.65
_BEGINNING: Final = 0.75
#: The most words, or Chinese characters, of a name within a text.
_LONGEST: Final = 8
_LONGEST_CHINESE: Final = 12


def stem(word: str) -> str:
    """Return a word without the ending of its form.

    >>> [stem(word) for word in ("companies", "company", "sanksjonene", "its", "华为")]
    ['compan', 'compan', 'sanksjon', 'its', '华为']
    """
    if word in _COMMON:
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of a question, which name things or stand for themselves."""

    text: str
    #: IRIs of the things that are called so; none for a word by itself.
    things: tuple[str, ...] = ()
    #: Each name that means the same, as stems.
    meanings: tuple[tuple[str, ...], ...] = ()

    @property
    def is_common(self) -> bool:
        """Whether all its words stand in any question."""
        return not self.things and all(word in _COMMON for word in self.text.split())


def is_common(word: str) -> bool:
    """Whether a word stands in any question."""
    return word in _COMMON


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
    """Return a text as the longest names in it and the words between them.

    `named` has for a part of the text the things that are called so, each with all its names in their plain form.
    `known` are Chinese words that are told from their neighbours though they name no thing.
    """
    words, found = plain(text).split(), list[Span]()
    start = 0
    while start < len(words):
        end = next((e for e in range(len(words), start, -1) if _is_name(" ".join(words[start:e]), named)), 0)
        if not end and is_in_chinese(words[start]):
            found += _chinese_spans(words[start], named, known)
        else:
            found.append(_span(" ".join(words[start : end or start + 1]), named))
        start = end or start + 1
    return found


def _is_name(part: str, named: Mapping[str, object]) -> bool:
    return part in named and not all(word in _COMMON for word in part.split())


def _chinese_spans(run: str, named: Mapping[str, Mapping[str, Iterable[str]]], known: Collection[str]) -> list[Span]:
    found, start, loose = list[Span](), 0, ""
    while start < len(run):
        ends = range(min(len(run), start + _LONGEST_CHINESE), start, -1)
        end = next((e for e in ends if (part := run[start:e]) in named or part in known or part in _COMMON), 0)
        if end and loose:
            found.append(_span(loose, named))
            loose = ""
        if end:
            found.append(_span(run[start:end], named))
        else:
            loose += run[start]
        start = end or start + 1
    return [*found, _span(loose, named)] if loose else found


def _span(part: str, named: Mapping[str, Mapping[str, Iterable[str]]]) -> Span:
    things = named.get(part, {}) if _is_name(part, named) else {}
    names = dict.fromkeys([part, *(name for names in things.values() for name in names)])
    return Span(part, tuple(things), tuple(tuple(map(stem, name.split())) for name in names if name))


@dataclass(frozen=True, slots=True)
class Answerable:
    """What can be answered: an issue, a saved question or a topic, with all that it is called."""

    iri: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What a question may ask for, and how well the two fit, from 0 to 1."""

    answerable: Answerable
    score: float


@dataclass(frozen=True)
class AskedIndex:
    """The words of all that can be answered."""

    entries: tuple[Answerable, ...]
    #: The words of each name of each entry.
    _stems: list[list[frozenset[str]]] = field(init=False, default_factory=list)
    _counts: Counter[str] = field(init=False, default_factory=Counter)
    #: Words as they are written, by which misspelt ones are cured; the Chinese ones tell where words end.
    words: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        for entry in self.entries:
            names = [name.split() for name in dict.fromkeys(map(plain, entry.names))]
            self.words.update(word for name in names for word in name)
            self._stems.append([frozenset(map(stem, name)) for name in names])
            self._counts.update(frozenset[str]().union(*self._stems[-1]))

    def weight(self, word: str) -> float:
        """Return how much a word tells: rare ones most."""
        if word in _COMMON:
            return 0.0 if word in _FILLERS else _COMMON_WEIGHT
        total = len(self.entries) + 1
        return 1.0 + math.log(total / (1 + self._counts[stem(word)])) / math.log(total + 1)

    def has(self, stemmed: str, kinds: Collection[str]) -> bool:
        """Whether anything of these kinds has a word in a name, which is all that is told in Chinese."""
        own = (names for entry, names in zip(self.entries, self._stems, strict=True) if entry.kind in kinds)
        return any(stemmed in name for names in own for name in names)

    def rank(self, spans: Sequence[Span]) -> list[Match]:
        """Return what the spans of a question fit, best first."""
        weights = [sum(map(self.weight, span.text.split())) for span in spans]
        total = sum(weights)
        found = []
        for entry, names in zip(self.entries, self._stems, strict=True) if total else ():
            own = frozenset[str]().union(*names)
            met = [_meets(span, own) for span in spans]
            asked = sum(weight for weight, meaning in zip(weights, met, strict=True) if meaning is not None)
            if any(meaning is not None and not span.is_common for span, meaning in zip(spans, met, strict=True)) or (
                asked == total
            ):
                best = max(self._covered(name, spans) for name in names)
                found.append(Match(entry, asked / total * (_ASKED + (1 - _ASKED) * best)))
        return sorted(found, key=lambda match: -match.score)

    def _covered(self, name: frozenset[str], spans: Sequence[Span]) -> float:
        """Return the share of a name that the spans have."""
        had = {word for span in spans for word in _meets(span, name) or ()}
        whole = sum(map(self.weight, name))
        return sum(self.weight(word) for word in had) / whole if whole else 0.0

    def cure(self, word: str) -> str:
        """Return the word that a misspelt one may mean; "" if none is like it."""
        if len(word) < _CURABLE or is_in_chinese(word):
            return ""
        return closest(word, sorted(self.words | _COMMON), _ALIKE)


def _meets(span: Span, own: frozenset[str]) -> tuple[str, ...] | None:
    """Return the words of a name by which a span is meant; None if it isn't."""
    return next((meaning for meaning in span.meanings if own.issuperset(meaning)), None)


def is_slip(text: str, name: str) -> bool:
    """Whether a text is a name with a slip or two, or its beginning.

    >>> is_slip("Huaway", "Huawei"), is_slip("Utenriksdept.", "Utenriksdepartementet"), is_slip("Ericsson", "Verizon")
    (True, True, False)
    """
    one, other = core(text), core(name)
    same = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return same >= max(_CURABLE, _BEGINNING * len(one)) or (one[:1] == other[:1] and likeness(one, other) >= _SLIP)
