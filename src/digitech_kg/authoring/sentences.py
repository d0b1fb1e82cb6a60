"""Split paragraphs into sentences: the one module that knows the library for it.

It knows abbreviations of some 40 languages. Norwegian is not among them; Danish, which abbreviates nearly alike, is
taken in its place, and what is only Norwegian is put right here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from yasbd import BoundaryDetector, UnsupportedLanguageError

from digitech_kg.authoring.outline import trim

_IN_PLACE_OF: Final = {"nb": "da", "nn": "da", "no": "da"}
_FALLBACK: Final = "en"
#: A sentence of Norwegian that ends so goes on.
_NORWEGIAN: Final = re.compile(
    r"\b(?:ang|art|avd|bl\.a|dvs|etc|evt|f\.eks|fork|gj|iht|ifm|ift|inkl|jf|jfr|kap|kgl|kl|mht|mill|mrd|nr|obs|off|"
    r"pga|pkt|pst|ref|res|sml|st|St\.meld|Meld|Prop|Innst|Ot\.prp|tab|tlf|vedr|vs)\.$"
)
#: Lines of a paragraph are no sentences.
_SPACE: Final = str.maketrans("\n\t\f", "   ")
_DIGIT_BEFORE_MONTH: Final = re.compile(r"\b\d{1,2}\.$")
_LOWER: Final = re.compile(r"\s*[^\W\d_A-ZÆØÅ]")


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of a paragraph, without the space between them.

    A language that the library does not know is split as English is.

    >>> split_sentences("It is in the U.S. today. So is she.", "en")
    [(0, 24), (25, 35)]
    """
    text = text.translate(_SPACE)
    spans: list[tuple[int, int]] = []
    start = 0
    norwegian = language.partition("-")[0] in _IN_PLACE_OF
    for end in [*_detector(language).detect(text), len(text)]:
        if end < len(text) and norwegian and _goes_on(text, start, end):
            continue
        first, last = trim(text, start, end)
        if first < last:
            spans.append((first, last))
        start = end
    return spans


def _goes_on(text: str, start: int, end: int) -> bool:
    part = text[start:end].rstrip()
    return bool(_NORWEGIAN.search(part) or (_DIGIT_BEFORE_MONTH.search(part) and _LOWER.match(text, end)))


@cache
def _detector(language: str) -> BoundaryDetector:
    main = language.partition("-")[0].lower()
    try:
        return BoundaryDetector(_IN_PLACE_OF.get(main, main))
    except UnsupportedLanguageError:
        return BoundaryDetector(_FALLBACK)
