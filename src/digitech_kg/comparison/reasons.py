"""Why two claims contradict each other, agree or differ: the sentences of `reasons.toml`, filled with names of things.

A reason is an identifier and values; its text in a language is made from the table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

#: The languages of the table.
LANGUAGES: Final = ("en", "nb")
_AND: Final = {"en": "and", "nb": "og"}

SENTENCES: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Reason:
    """A sentence of the table, and what stands in it: documents, things and literals."""

    identifier: str
    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)


#: Tells what a value is called in a language.
Naming = Callable[[Any, str], str]


def write_reasons(reasons: Sequence[Reason], language: str, naming: Naming) -> str:
    """Return reasons as text in a language of the table."""
    return " ".join(_write(reason, language, naming) for reason in reasons)


def _write(reason: Reason, language: str, naming: Naming) -> str:
    sentence = SENTENCES[reason.identifier][language]
    texts = {
        name: _join([naming(value, language) for value in values], language) for name, values in reason.values.items()
    }
    return sentence.format(**texts)


def _join(texts: Sequence[str], language: str) -> str:
    """Join names as a sentence does.

    >>> _join(["Norway", "Sweden", "Denmark"], "en")
    'Norway, Sweden and Denmark'
    """
    return f" {_AND[language]} ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
