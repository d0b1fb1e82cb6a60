"""Bring names into forms that can be compared: one spelling of letters, without legal forms, and in pieces.

What stands around the name of an organisation in a table (legal forms, kinds of shares, places, a second language) is
taken off one after the other; `names.toml` has such forms. A name is never found by likeness here.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from babel import Locale
from opencc import OpenCC

#: The most letters, or Chinese characters, of a short name.
_SHORT, _SHORT_CHINESE = 5, 4
_TABLE: Final = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
_PARTS: Final = {kind: "|".join(parts) for kind, parts in _TABLE.items()}
_LEGAL = re.compile(rf"\b(?:{_PARTS['legal_forms']})\b")
_LEGAL_CHINESE = re.compile(f"(?:{_PARTS['legal_forms_in_chinese']})+$")
#: A legal form at the end of a name in its plain form.
_LEGAL_END: Final = re.compile(
    rf"(?: (?:{_PARTS['legal_forms']}|{_PARTS['legal_forms_at_end']})|(?:{_PARTS['legal_forms_in_chinese']}))$"
)
#: How much longer a name may be in its plain form, besides twice as long.
_MORE: Final = 50
_LISTING: Final = re.compile(rf"[\s,]*(?:{_PARTS['listings']})$", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
#: The dot between two letters of an abbreviation, as in "S.M.I.C.".
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_APART = re.compile(r"[\W_]+")
#: Letters that Unicode does not take apart, as people write them without a Norwegian keyboard.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae"})
_BESIDE: Final = re.compile(r"\s*[/／|｜]\s*|\s*[()（）]\s*")


@lru_cache(maxsize=1 << 15)
def plain(name: str) -> str:
    """Return a name in one form of its letters, without case, accents and punctuation, Chinese ones simplified.

    >>> [plain(name) for name in ("Hans Jørgen  Gåsemyr,", "S.M.I.C.", "華為")]
    ['hans jorgen gasemyr', 'smic', '华为']
    """
    text = name.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", name).casefold().translate(_LETTERS)
        # One character may stand for a sentence: a text of such ones is cut.
        text = unicodedata.normalize("NFKD", text[: 2 * len(name) + _MORE])
        text = "".join(c for c in text if not unicodedata.combining(c))
        text = _simplifying().convert(text) if is_in_chinese(text) else text
    return " ".join(_APART.sub(" ", _DOTTED.sub("", text)).split())


@cache
def _simplifying() -> OpenCC:
    return OpenCC("t2s")


def core(name: str) -> str:
    """Return the part of a name that tells it from others: no legal form, no spaces.

    >>> core("Huawei Technologies Co., Ltd.")
    'huaweitechnologies'
    >>> core("华为技术有限公司")
    '华为技术'
    """
    return core_of_plain(plain(name))


def core_of_plain(text: str) -> str:
    """Return `core` of a name that is in its plain form already."""
    bare = _LEGAL.sub(" ", text).replace(" ", "")
    if not bare.isascii():
        bare = _LEGAL_CHINESE.sub("", bare)
    return bare or text.replace(" ", "")


def pieces(name: str) -> set[str]:
    """Return what a name is made of: three letters in a row, its ends marked by "_", and single Chinese characters.

    Names that have none in common are not alike, which a database can tell of many at once. `whole` is among them.

    >>> sorted(pieces("Mi Inc."))
    ['_mi', '_mi_', 'mi_']
    """
    text = whole(name)
    return {text, *(text[start : start + 3] for start in range(len(text) - 2)), *_CHINESE.findall(text)}


def whole(name: str) -> str:
    """Return the piece that only names with the same core have."""
    return f"_{core(name)}_"


def is_short(text: str) -> bool:
    """Whether a name is told from its neighbours by equality only: a few letters or Chinese characters."""
    return len(text) <= (_SHORT_CHINESE if _CHINESE.search(text) else _SHORT)


def without_listing(name: str) -> str:
    """Return a name as it is written without the kind of share and the symbol after it.

    >>> [without_listing(name) for name in ("Acme Ltd ADR", "Acme-W", "Acme Inc. (NYSE: ACM)", "Acme Class A")]
    ['Acme Ltd', 'Acme', 'Acme Inc.', 'Acme']
    """
    shorter = _LISTING.sub("", name)
    return without_listing(shorter) if shorter and shorter != name else name


def without_legal_forms(text: str) -> Iterator[str]:
    """Yield a name in its plain form, then without one legal form at its end after the other.

    >>> list(without_legal_forms("ant group co ltd"))
    ['ant group co ltd', 'ant group co', 'ant group', 'ant']
    """
    while text:
        yield text
        shorter = _LEGAL_END.sub("", text).strip()
        if shorter == text:
            return
        text = shorter


def without_place(text: str, places: frozenset[str]) -> Iterator[str]:
    """Yield a name in its plain form without a place before or after it.

    >>> list(without_place("acme hong kong", frozenset(("hong kong",))))
    ['acme']
    """
    words = text.split()
    for number in range(1, min(len(words), 4)):
        if " ".join(words[:number]) in places:
            yield " ".join(words[number:])
        if " ".join(words[-number:]) in places:
            yield " ".join(words[:-number])


def split_name(name: str) -> list[str]:
    """Return what stands side by side in a name, split at slashes and brackets.

    >>> split_name("华为 (Huawei) / Huawei Technologies")
    ['华为', 'Huawei', 'Huawei Technologies']
    """
    return [part for part in _BESIDE.split(name) if part.strip()]


def by_character(text: str) -> str:
    """Return a text with the Chinese characters apart, so that any words of it are found as phrases.

    >>> by_character("谁拥有 huawei")
    '谁 拥 有  huawei'
    """
    return _CHINESE.sub(r"\g<0> ", text)


def is_in_chinese(text: str) -> bool:
    """Whether a text is written in Chinese characters, at least in part."""
    return _CHINESE.search(text) is not None


def country_of(text: str) -> str | None:
    """Return the code of the country that a text is the name or the code of; None for any other text.

    >>> [country_of(text) for text in ("Norge", "NO", "norway", "挪威", "Acme")]
    ['NO', 'NO', 'NO', 'NO', None]
    """
    return text if text in _codes().values() else _codes().get(plain(text))


def countries(*, with_parts: bool = True) -> frozenset[str]:
    """Return the plain names of countries in English, Norwegian and Chinese, also of parts: Hong Kong and Macao."""
    return frozenset(name for name, code in _codes().items() if with_parts or code not in ("HK", "MO"))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Return the codes of ISO 3166 by the plain names of countries and territories."""
    found: dict[str, str] = {}
    for language in ("en", "nb", "zh_Hans"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                # Hong Kong and Macao are told with what they belong to.
                whole = [part for part in re.split(r" SAR | S\.A\.R\. |中国|特别行政区", name) if part][:1]
                found.update((plain(each), code) for each in (name, *whole))
    return found
