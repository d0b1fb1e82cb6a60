"""The languages in which claims are written out. Another one is another module with its table of words."""

import re
from collections.abc import Iterable
from typing import Final

from digitech_kg.claims.languages.english import English
from digitech_kg.claims.languages.language import Language
from digitech_kg.claims.languages.norwegian import Norwegian

#: By language tag.
LANGUAGES: dict[str, Language] = {language.tag: language for language in (English(), Norwegian())}


def find_language(tag: str) -> Language | None:
    """Return the language of a tag, such as `nb` or `en-GB`; None if claims cannot be written out in it."""
    return LANGUAGES.get(tag.lower()) or LANGUAGES.get(tag.partition("-")[0].lower())


def is_hedge(cue: str) -> bool:
    """Whether words of a text, in any of the languages, show that it only guesses.

    >>> is_hedge("may facilitate"), is_hedge("in May 2021"), is_hedge("surely")
    (True, False, False)
    """
    return _HEDGES.search(cue) is not None


def is_duty(cue: str) -> bool:
    """Whether words of a text, in any of the languages, leave no choice but to act.

    >>> is_duty("shall provide"), is_duty("should provide")
    (True, False)
    """
    return _DUTIES.search(cue) is not None


def _find(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)")


_HEDGES: Final = _find(word for each in LANGUAGES.values() for word in each.words.hedges)
_DUTIES: Final = _find(word for each in LANGUAGES.values() for word in each.words.duties)

__all__ = ["LANGUAGES", "Language", "find_language", "is_duty", "is_hedge"]
