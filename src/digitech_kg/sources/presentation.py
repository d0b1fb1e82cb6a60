"""How the answer to a saved question is shown: declared in comments of its text, beside its parameters.

    # heading: Does “{document}” deny that {company} is state-owned?
    # heading@nb: Avviser «{document}» at {company} er statseid?
    # columns: companyLabel = Company; said = What is said
    # values: yes = said to be; no = denied
    # answer: Sources agree with the document in {#verdict=agree: case|cases}.
    # row: {companyLabel}: {documentSays}.
    # tell: verdict=agree
    # none: Nothing is said of {company}.
    # reading: One row for each company.
    # view: chart:bar:sectorLabel

All may be left out. `{company}` is the name of what a parameter stands for. In `answer`, `{#}` counts the rows,
`{#verdict}` the values of a column, and `{#verdict=agree}` the rows with that value; what follows a colon is the unit,
in the singular and the plural. `row` says a row that no claim stands behind, `tell` which rows are told in this way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from digitech_kg.errors import CallError

_TEXTS: Final = ("heading", "answer", "row", "none", "reading")
_TABLES: Final = ("columns", "values")
_KINDS = "|".join((*_TEXTS, *_TABLES, "view", "tell"))
_LINE = re.compile(
    rf"^#[^\S\n]*({_KINDS})(?:@([a-z]{{2,3}}(?:-[a-z0-9]+)*))?:[^\S\n]*(\S.*?)[^\S\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
_PLACE = re.compile(r"\{([^{}]*)\}")
_COUNTED = re.compile(r"#(\w*)(?:=([^|:]+))?(?:: ([^|]+)\|(.+))?")
#: The language of a line without a tag.
_FIRST: Final = "en"


@dataclass(frozen=True)
class Presentation:
    """Texts by kind and language, and names of columns and values by kind, language and key."""

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    tables: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    #: The view that is shown first, as it stands in an address.
    view: str = ""
    #: Values of columns; rows with one of them are told in sentences, all rows if there are none.
    tell: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is declared."""
        return not (self.texts or self.tables or self.view)

    def tells(self, row: Mapping[str, str]) -> bool:
        """Whether a row is told in a sentence."""
        return not self.tell or any(row.get(column) == value for column, value in self.tell)

    def text(self, kind: str, languages: Iterable[str]) -> str:
        """Return a text in the first of the languages that has it; "" if none has."""
        return next((found for language in languages if (found := self.texts.get((kind, language)))), "")

    def name(self, kind: str, key: str, languages: Iterable[str]) -> str:
        """Return what a column or value is called in the first of the languages that has a name; "" if none has."""
        found = (self.tables.get((kind, language), {}).get(key) for language in languages)
        return next((name for name in found if name), "")


def read_presentation(text: str) -> Presentation:
    """Return what a query declares. Raises `CallError` for a line that means nothing."""
    texts: dict[tuple[str, str], str] = {}
    tables: dict[tuple[str, str], Mapping[str, str]] = {}
    view = ""
    told: list[tuple[str, str]] = []
    for kind, tag, content in _LINE.findall(text):
        place = (kind.lower(), (tag or _FIRST).lower())
        if place[0] == "view":
            view = content
        elif place[0] == "tell":
            told += _read_pairs(content)
        elif place[0] in _TABLES:
            tables[place] = {**tables.get(place, {}), **dict(_read_pairs(content))}
        else:
            # A long text goes on in another line of its kind.
            texts[place] = f"{texts[place]} {content}" if place in texts else content
    return Presentation(texts, tables, view, tuple(told))


def without_presentation(text: str) -> str:
    """Return a query without the lines that only say how its answer is shown, for those who work on the query."""
    return re.sub(_LINE.pattern + r"\n?", "", text, flags=_LINE.flags)


def _read_pairs(content: str) -> list[tuple[str, str]]:
    pairs = [part.partition("=") for part in content.split(";") if part.strip()]
    if wrong := next((key for key, sign, name in pairs if not sign or not key.strip() or not name.strip()), None):
        raise CallError(
            f"'{wrong.strip()}' names no column or value",
            hint="Write pairs with semicolons between: # columns: company = Company; said = What is said",
        )
    return [(key.strip(), name.strip()) for key, _, name in pairs]


def check_places(shown: Presentation, parameters: Iterable[str]) -> None:
    """Raise `CallError` for a heading or an empty answer that names something else than a parameter."""
    known = set(parameters)
    texts = (text for (kind, _language), text in shown.texts.items() if kind in ("heading", "none"))
    for name in (name for text in texts for name in _PLACE.findall(text)):
        if name not in known:
            hint = f"The parameters are: {', '.join(sorted(known))}." if known else "There are none."
            raise CallError(f"{{{name}}} in the heading is no parameter", hint=hint)


def split_text(text: str) -> list[tuple[str, str]]:
    """Return a text in pieces: each some words, and the name of the place that follows them ("" after the last).

    >>> split_text("Is {company} big?")
    [('Is ', 'company'), (' big?', '')]
    """
    parts = _PLACE.split(text)
    return list(zip(parts[::2], [*parts[1::2], ""], strict=True))


def fill_text(text: str, names: Mapping[str, str], rows: Iterable[Mapping[str, str]] = ()) -> str:
    """Return a text with its places filled by names, or by counts of rows; a place that means nothing is left out.

    >>> fill_text("{#said=no: company is|companies are} not {what}.", {"what": "owned"}, [{"said": "no"}])
    '1 company is not owned.'
    """
    rows = list(rows)

    def put(match: re.Match[str]) -> str:
        counted = _COUNTED.fullmatch(match[1])
        if counted is None:
            return names.get(match[1], "")
        column, value, one, many = counted.groups()
        if value is not None:
            number = sum(row.get(column) == value for row in rows)
        else:
            number = len({row[column] for row in rows if column in row}) if column else len(rows)
        return f"{number} {one if number == 1 else many}" if one else str(number)

    return _PLACE.sub(put, text)
