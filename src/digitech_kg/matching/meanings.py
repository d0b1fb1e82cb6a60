"""The meanings of words in questions: their forms, synonyms in three languages, and the parts of compounds.

`meanings.txt` has one meaning a line. A word has every meaning that has it in some form.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from digitech_kg.matching.spelling import by_character, is_in_chinese, plain

#: Endings by which forms of a word differ in English and Norwegian, and the letters that stay; more before an "a", with
#: which many names end.
_ENDINGS: Final = ("enes", "ings", "ene", "ers", "ing", "ies", "ed", "es", "er", "en", "et", "ne", "s", "e", "y", "a")
_OF_Y: Final = ("ies", "y")
_STEM: Final = 3
#: The letters of the parts of a compound, and those that join them in Norwegian.
_PART: Final = 4
_JOINTS: Final = ("", "s", "e")
#: A shorter stem begins too many other words: of these only the forms are looked up.
_BEGINNING: Final = 5
_MOST_KEPT: Final = 10_000
#: The digits from which a number is printed in groups.
_GROUPED: Final = 4


def stem(word: str) -> str:
    """Return a word without the ending of its form.

    >>> [stem(word) for word in ("companies", "company", "sanksjonene", "its", "华为")]
    ['compan', 'compan', 'sanksjon', 'its', '华为']
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (_BEGINNING if ending == "a" else _STEM):
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=_MOST_KEPT)
def meanings_of(text: str) -> frozenset[int]:
    """Return the numbers of the meanings that a word or a phrase in its plain form has.

    >>> bool(meanings_of("banned") & meanings_of("utestengt") & meanings_of("封杀"))
    True
    """
    words, forms = _words(), (text, stem(text), text.removesuffix("est"))
    return frozenset().union(*(words.get(form, ()) for form in forms))


def is_known(text: str) -> bool:
    """Whether a word or a phrase in its plain form has a meaning as it is written."""
    return text in _words()


@cache
def pattern_of(meaning: int) -> str:
    """Return what a full text is asked for, to find all words that have a meaning."""
    words = _lines()[meaning]
    long = {stem(word) for word in words if not _is_phrase(word) and len(stem(word)) >= _BEGINNING}
    found = [f'"{own}" *' for own in sorted(long) if not any(own.startswith(o) and own != o for o in long)]
    return " OR ".join(found + [f'"{by_character(word)}"' for word in words if stem(word) not in long])


@cache
def _lines() -> tuple[tuple[str, ...], ...]:
    text = files("digitech_kg.matching").joinpath("meanings.txt").read_text(encoding="utf-8")
    lines = (line.replace("|", " ").split() for line in text.splitlines() if not line.startswith("#"))
    return tuple(tuple(dict.fromkeys(plain(word.replace("_", " ")) for word in line)) for line in lines)


@cache
def _words() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for number, words in enumerate(_lines()):
        for word in words:
            found[word].add(number)
            if " " not in word:
                found[stem(word)].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def parts_of_compound(word: str, is_word: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the two known words that a compound is made of, the first as long as can be; none if there are none.

    >>> parts_of_compound("sikkerhetsrisiko", {"sikkerhet", "risiko"}.__contains__)
    ('sikkerhet', 'risiko')
    """
    for end in range(len(word) - _PART, _PART - 1, -1):
        if is_word(word[end:]):
            for joint in _JOINTS:
                first = word[:end].removesuffix(joint)
                if len(first) >= _PART and word[:end] == first + joint and is_word(first):
                    return first, word[end:]
    return ()


def pattern(word: str) -> str:
    """Return what a full text is asked for, to find a word in any form, or a phrase as it stands."""
    own = stem(word)
    if _is_phrase(word):
        return f'"{by_character(word)}"'
    if word.isdecimal() and len(word) >= _GROUPED:
        # "1240" may be printed as "1,240" or "1 240".
        return f'"{word}" OR "{int(word):,}"'.replace(",", " ")
    if len(own) >= _BEGINNING:
        return f'"{own}" *'
    # "Applies" is a form of "apply", not of "apple".
    endings = [ending for ending in _ENDINGS if ending not in _OF_Y or word.endswith(_OF_Y)]
    return " OR ".join(f'"{form}"' for form in dict.fromkeys((word, own, *(own + ending for ending in endings))))


def _is_phrase(text: str) -> bool:
    return " " in text or is_in_chinese(text)


def any_of(word: str, meanings: Iterable[int]) -> str:
    """Return what a full text is asked for, to find a word or any that asks for the same."""
    return " OR ".join([pattern(word), *map(pattern_of, sorted(meanings))])


@cache
def words_of_phrases() -> frozenset[str]:
    """Return the words that stand in a phrase which has a meaning."""
    return frozenset(word for phrase in _words() if " " in phrase for word in phrase.split())


@cache
def all_words() -> frozenset[str]:
    """Return all words and phrases that have a meaning, as they are written."""
    return frozenset(word for line in _lines() for word in line)
