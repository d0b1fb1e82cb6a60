"""Find words and names that were misspelt, and what they may mean."""

from collections.abc import Collection, Iterator
from typing import Final

from digitech_kg.matching.meanings import all_words, meanings_of, stem, words_of_phrases
from digitech_kg.matching.question_words import COMMON
from digitech_kg.matching.ranking import distance, likeness
from digitech_kg.matching.spelling import core, is_in_chinese

#: The letters from which a name, or a word of any question, can be misspelt, and from which any other word can; and
#: from which there can be two slips in it.
_CURABLE: Final = 5
_CURABLE_WORD: Final = 6
_LONG: Final = 9
#: The letters from which a word can lack one: any in words of questions, a vowel in others.
_SHORTEST: Final = 4
_VOWELS: Final = frozenset("aeiouyæøå")
#: How alike a name is that was typed with a slip, and the share of a text that begins a name as it stands.
_SLIP: Final = 0.65
_BEGINNING: Final = 0.75


def cures(
    text: str, known: Collection[str], names: Collection[str], typed_as_names: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Yield the words of a text in plain form that stand nowhere, each with the known one that it may mean.

    A slip in a word of any question is one, also where the rest of it stands somewhere: "realy", "real". What was typed
    as a name can only be another name: "SenseTime" isn't "sensitive".
    """
    for word in text.split():
        if word in known or word in COMMON or meanings_of(word) or word in words_of_phrases():
            continue
        if word in typed_as_names:
            yield from ((word, right) for right in [_cure(word, names, names)] if right)
            continue
        right = _cure(word, COMMON, ()) or ("" if stem(word) in known else _cure(word, {*known, *all_words()}, names))
        if right:
            yield word, right


def _cure(word: str, known: Collection[str], names: Collection[str]) -> str:
    """Return the word that a misspelt one may mean; "" if none is like it, or its stem is known.

    A letter that stands for another makes too many words out of others ("grants", "giants"): that is a slip in a name,
    or in a long word.
    """
    if len(word) < _SHORTEST or is_in_chinese(word) or not word.isalpha():
        return ""
    alike = [
        other
        for other in (*known, *COMMON)
        if abs(len(other) - len(word)) <= 2 and _is_misspelt(word, other, other in names)
    ]
    return max(
        alike,
        key=lambda other: (likeness(word, other), other in names, sorted(word) == sorted(other), -len(other), other),
        default="",
    )


def _is_misspelt(word: str, other: str, is_name: bool) -> bool:
    slips = distance(word, other)
    # Two wrong vowels of a name are one slip: "Huwai".
    are_vowels = is_name and len(word) >= _CURABLE and _consonants(word) == _consonants(other)
    if word[0] != other[0] or slips > 1 + (len(word) >= _LONG or are_vowels):
        return False
    if any((letter in _VOWELS or other in COMMON) and rest == word for letter, rest in _shorter(other)):
        return True
    if len(word) < (_CURABLE if is_name or other in COMMON else _CURABLE_WORD):
        return False
    if is_name or len(word) >= _LONG:
        return True
    if len(word) > len(other):
        # One letter more makes other words, unless it is typed twice: "refuse" is no slip of another word.
        return any(word[place] == word[place - 1] for place, rest in enumerate(_shorter(word)) if rest[1] == other)
    return len(word) != len(other) or sorted(word) == sorted(other)


def _shorter(word: str) -> Iterator[tuple[str, str]]:
    """Yield each letter of a word with the word without it."""
    yield from ((letter, word[:n] + word[n + 1 :]) for n, letter in enumerate(word))


def _consonants(word: str) -> str:
    return "".join(letter for letter in word if letter not in _VOWELS)


def is_slip(text: str, name: str) -> bool:
    """Whether a text is a name with a slip or two, or its beginning.

    >>> is_slip("Huaway", "Huawei"), is_slip("Utenriksdept.", "Utenriksdepartementet"), is_slip("Ericsson", "Verizon")
    (True, True, False)
    """
    one, other = core(text), core(name)
    same = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return same >= max(_CURABLE, _BEGINNING * len(one)) or (one[:1] == other[:1] and likeness(one, other) >= _SLIP)


def is_form(word: str, other: str) -> bool:
    """Whether a word is another form of one, and so no slip.

    >>> is_form("scaled", "scale"), is_form("beslutning", "beslutninger"), is_form("ordres", "orders")
    (True, True, False)
    """
    return stem(word) == stem(other) or word.startswith(other) or other.startswith(word)
