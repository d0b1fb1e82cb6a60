"""The languages in which claims are written out. Another one is another module with its table of words."""

import re
from typing import Final

from digitech_kg.claims.languages.english import English
from digitech_kg.claims.languages.language import Language
from digitech_kg.claims.languages.norwegian import Norwegian

#: By language tag.
LANGUAGES: dict[str, Language] = {language.tag: language for language in (English(), Norwegian())}


def find_language(tag: str) -> Language | None:
    """Return the language of a tag, such as `nb` or `en-GB`; None if claims cannot be written out in it."""
    return LANGUAGES.get(tag.lower()) or LANGUAGES.get(tag.partition("-")[0].lower())


def read_cue(cue: str) -> frozenset[str]:
    """Return what words of a text, in any of the languages, show: `guess`, `denial`, `advice`, `duty` …

    >>> sorted(read_cue("shall probably not")), sorted(read_cue("not only in May 2021"))
    (['denial', 'duty', 'guess'], [])
    """
    said = _IDLE.sub("", _plain(cue))
    return frozenset(kind for kind, words in _CUES.items() if words.search(said))


def tells(sentence: str, kind: str) -> bool:
    """Whether a sentence of ours tells a `denial` or a `guess`, if need be in other words than cues are."""
    return any(words.search(_plain(sentence)) for words in (_CUES[kind], _TOLD[kind]))


def _plain(text: str) -> str:
    """Return a text in small letters, without what is a name: “May”, and “Will” in the middle of a company's."""
    return re.sub(r"\bMay\b|\bWill(?= [A-Z])", "", text.replace("’", "'")).lower()


def _find(kind: str) -> re.Pattern[str]:
    words = (re.escape(word) for each in LANGUAGES.values() for word in each.words.cues[kind])
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(words)})(?![\w-])")


_CUES: Final = {kind: _find(kind) for kind in English().words.cues}
_IDLE: Final = _CUES.pop("idle")
_TOLD: Final = {"denial": _CUES.pop("denied"), "guess": _CUES.pop("guessed")}
#: What makes the number that follows it rough.
ROUGH: Final = _CUES.pop("rough")

__all__ = ["LANGUAGES", "ROUGH", "Language", "find_language", "read_cue", "tells"]
