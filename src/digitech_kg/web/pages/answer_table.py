"""The rows of an answer as a table: names, sentences, times and numbers, each leading to its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.times import is_time
from digitech_kg.namespaces import NUMBERS, XSD
from digitech_kg.sources.saved_queries import Presentation
from digitech_kg.web.http.languages import current_words
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answer_asking import Asked
from digitech_kg.web.reading.labels import Labels, Name, is_written_time, say_time
from digitech_kg.web.reading.reader import RdfTerm, Row

#: Rows that a page shows at once, fewer if they have more letters than fit on some screens of a phone.
_MOST_OPEN: Final = 12
_FEWEST_OPEN: Final = 4
_MOST_LETTERS: Final = 2400
#: The end of the name of a column that names what stands in the column without it.
_LABEL: Final = "Label"
#: The end of the name of a column with the sentence of the claim in the one without it; `sentence` is that of `claim`.
_SENTENCE: Final = "Sentence"
#: Columns of which a cell holds all values that rows have which are the same otherwise: always, and of one claim.
_PLACES: Final = frozenset(("passage",))
_GATHERED: Final = frozenset(
    f"{name}{end}" for name in ("passage", "cue", "limit", "reason", "condition") for end in ("", _LABEL)
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a cell: where it leads, its language if not the page's, and the value behind it if that differs."""

    text: str
    href: str | None = None
    language: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the variable, its head, and whether it holds numbers or times."""

    key: str
    head: str
    kind: str = "text"


_Cell = tuple[Piece, ...]


@dataclass(frozen=True)
class AnswerTable:
    """Columns and rows; the claims behind each row as IRIs."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[_Cell, ...], ...] = ()
    claims: tuple[tuple[str, ...], ...] = ()
    #: The key of the column whose values are headings.
    below: str = ""

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """Return the columns that a page draws, without the one whose values are headings."""
        return tuple(column for column in self.columns if column.key != self.below)

    @property
    def _head(self) -> int | None:
        """Return the place of the column whose values are headings."""
        return next((place for place, column in enumerate(self.columns) if column.key == self.below), None)

    @property
    def groups(self) -> list[tuple[_Cell, list[list[tuple[Column, _Cell]]]]]:
        """Return the headings with the rows below each; one without words if the table has no headings."""
        head = self._head
        found = groupby(self.rows, key=lambda row: row[head] if head is not None else ())
        return [(heading, list(map(self._shown, rows))) for heading, rows in found]

    def _shown(self, row: Sequence[_Cell]) -> list[tuple[Column, _Cell]]:
        return [each for each in zip(self.columns, row, strict=True) if each[0].key != self.below]

    @property
    def parts(self) -> tuple[AnswerTable, ...]:
        """Return the rows that stand open, and those that fold out if there are more; a heading keeps its rows."""
        head = self._head
        letters = accumulate(sum(len(piece.text) for cell in row for piece in cell) for row in self.rows)
        fitting = sum(count <= _MOST_LETTERS for count in letters)
        later = range(min(max(fitting, _FEWEST_OPEN), _MOST_OPEN), len(self.rows))
        cut = next((n for n in later if head is None or self.rows[n][head] != self.rows[n - 1][head]), len(self.rows))
        return tuple(replace(self, rows=rows) for rows in (self.rows[:cut], self.rows[cut:]) if rows)

    def texts(self) -> list[dict[str, str]]:
        """Return the text of each cell that is not empty, by the column's key."""
        return self._by_key(lambda cell: "; ".join(piece.text for piece in cell))

    def values(self) -> list[dict[str, str]]:
        """Return the value of each cell that is not empty, by the column's key: what the query calls it."""
        return self._by_key(lambda cell: cell[0].value or cell[0].text)

    def _by_key(self, told: Callable[[_Cell], str]) -> list[dict[str, str]]:
        keys = [column.key for column in self.columns]
        return [{key: told(cell) for key, cell in zip(keys, row, strict=True) if cell} for row in self.rows]


def make_table(asked: Asked, shown: Presentation, labels: Labels, sentences: Mapping[str, Name]) -> AnswerTable:
    """Return the table of an answer; `sentences` has the claims by IRI.

    Rows of a claim are one if only their places, limits and the like differ.
    """
    keys = _shown_columns(asked.columns)
    kinds = {key: _kind(asked.rows, key) for key in keys}
    maker = _Cells(asked, shown, labels, sentences, frozenset(key for key in keys if kinds[key] == "time"))
    merged: dict[tuple[object, ...], list[tuple[Piece, ...]]] = {}
    behind: list[tuple[str, ...]] = []
    for row, claims in zip(asked.rows, asked.claims, strict=True):
        cells = [maker.cell(row, key, claims) for key in keys]
        alike = (_GATHERED if claims else _PLACES).union(shown.gathered)
        gathered = [index for index, key in enumerate(keys) if key in alike]
        same = (claims, *(cell for index, cell in enumerate(cells) if index not in gathered))
        if same not in merged:
            behind.append(claims)
        kept = merged.setdefault(same, cells)
        for index in gathered:
            kept[index] = tuple(dict.fromkeys((*kept[index], *cells[index])))
    columns = tuple(Column(key, _head(key, shown, labels), kinds[key]) for key in keys)
    rows = tuple(map(tuple, merged.values()))
    return AnswerTable(columns, rows, tuple(behind), shown.below)


def _shown_columns(columns: Sequence[str]) -> list[str]:
    """Return the columns without those that another one names: a thing by its label, a claim by its sentence."""
    given = set(columns)
    hidden = {column for column in columns if f"{column}{_LABEL}" in given}
    hidden |= {claim for column in columns if (claim := _claim_of(column))}
    return [column for column in columns if column not in hidden]


def _claim_of(column: str) -> str:
    """Return the column with the claim of which a column has the sentence; "" for a column with something else."""
    return "claim" if column == "sentence" else column.removesuffix(_SENTENCE) if column.endswith(_SENTENCE) else ""


def _head(key: str, shown: Presentation, labels: Labels) -> str:
    declared = shown.name("columns", key, labels.languages)
    if declared:
        return declared
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", key.removesuffix(_LABEL) or key).lower()
    return words[:1].upper() + words[1:]


def _kind(rows: Iterable[Row], key: str) -> str:
    terms = [row[key] for row in rows if key in row and not _is_empty(row[key])]
    if terms and all(isinstance(term, Literal) and term.datatype.value in NUMBERS for term in terms):
        return "number"
    return "time" if terms and all(_is_written_time(term) for term in terms) else "text"


def _is_empty(term: RdfTerm) -> bool:
    return isinstance(term, Literal) and not term.value


def _is_written_time(term: RdfTerm) -> bool:
    """Whether a term is a time, or plain text that is written as one."""
    is_plain = isinstance(term, Literal) and term.datatype == XSD.string
    return is_time(term) or (is_plain and is_written_time(term.value))  # type: ignore[union-attr]


@dataclass(frozen=True)
class _Cells:
    asked: Asked
    shown: Presentation
    labels: Labels
    sentences: Mapping[str, Name]
    #: Columns that hold times.
    times: frozenset[str]

    def cell(self, row: Row, key: str, claims: Sequence[str]) -> tuple[Piece, ...]:
        term = row.get(key)
        if column := _claim_of(key):
            claim = row.get(column)
            iri = claim.value if isinstance(claim, NamedNode) else claims[0] if len(claims) == 1 else ""
            if iri in self.sentences and key in row:
                return (_named(self.sentences[iri]),)
        if term is None or _is_empty(term):
            return ()
        if key in self.times:
            return (Piece(say_time(term.value, self.labels.languages[0]), value=term.value),)  # type: ignore[union-attr]
        beside = row.get(key.removesuffix(_LABEL))
        if key.endswith(_LABEL) and isinstance(beside, NamedNode):
            term = beside
        return (self._piece(term),)

    def _piece(self, term: RdfTerm) -> Piece:
        if isinstance(term, Literal) and term in self.asked.things:
            term = NamedNode(self.asked.things[term])
        if isinstance(term, NamedNode):
            name = self.sentences.get(term.value) or self.labels.name(term.value)
            if self.labels.is_known(term.value) or term.value in self.sentences:
                return _named(name)
            # An identifier in another data set, for example.
            return Piece(re.split(r"[/#=]", term.value.rstrip("/#"))[-1] or term.value, name.href)
        text = term.value if isinstance(term, Literal) else str(term)
        if declared := self.shown.name("values", text, self.labels.languages):
            return Piece(declared, value=text)
        if re.match(r"https?://\S+$", text):
            return Piece(text.partition("://")[2].rstrip("/"), text)
        if isinstance(term, Literal) and term.datatype == XSD.boolean:
            return Piece(_("Yes") if text in ("true", "1") else _("No"))
        if isinstance(term, Literal) and term.datatype.value in NUMBERS:
            return Piece(current_words().number(text), value=text)
        if _is_written_time(term) and "-" in text:
            return Piece(say_time(text, self.labels.languages[0]), value=text)
        value = self.labels.value(term)
        language = value.language if value.language not in self.labels.languages[:1] else ""
        return Piece(value.text, language=language, value=text if is_time(term) else "")


def _named(name: Name) -> Piece:
    return Piece(name.text, name.href, name.language)
