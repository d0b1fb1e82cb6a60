"""Names in forms that can be compared: one spelling of their letters, without legal forms, and in pieces."""

from __future__ import annotations

import re
import unicodedata

#: The most letters, or Chinese characters, of a short name.
_SHORT, _SHORT_CHINESE = 5, 4
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


def plain(name: str) -> str:
    """Return a name in one form of its letters, without case, accents and punctuation.

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
