"""Ask a saved question with its parameters, find the claims behind each row, and make a table of the rows."""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain, groupby
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from werkzeug.datastructures import MultiDict

from digitech_kg.claims.times import is_time
from digitech_kg.errors import CallError
from digitech_kg.mappings.model import target_of
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DK, NUMBERS, XSD
from digitech_kg.sources.saved_queries import Presentation
from digitech_kg.sparql_text.parameters import Parameter, bind, check_choice, read_parameters
from digitech_kg.sparql_text.tokens import find_keyword
from digitech_kg.web.http.languages import _, current_words, with_capital
from digitech_kg.web.pages.editor import list_options
from digitech_kg.web.reading.labels import Labels, Name, is_written_time, say_time
from digitech_kg.web.reading.questions import SavedQuestion
from digitech_kg.web.reading.reader import GraphReader, QueryResult, RdfTerm, Row, run_query

#: Names this much alike count as a slip (`difflib`: 1 is equal).
_ALIKE: Final = 0.8


class Field:
    """A parameter as a form field, with the values that are `given`.

    Raises `CallError` for a value that the parameter can't have.
    """

    def __init__(self, reader: GraphReader, parameter: Parameter, given: Sequence[str], label: str) -> None:
        #: The label says what the choices are called, such as "company".
        self.name, self.default, self.label = parameter.name, parameter.default, label
        self.chosen = tuple(reader.names.expand(value) or value for value in given or parameter.default)
        #: What the choices are called, by IRI. A default outside its class would show as something else.
        names = self.options = _options(reader, parameter)
        names |= {iri: iri for iri in parameter.default if iri not in names}
        for value in given:
            check_choice(parameter, value, names, reader.names)
        self.chosen_text = ", ".join(names.get(value, value) for value in self.chosen)
        #: The names of what the question's own words are about.
        self.default_text = ", ".join(names.get(value, value) for value in self.default)
        self.is_fixed = set(names) <= set(self.default)
        #: Whether more than one value may be chosen, and whether it differs from what the question's own words say.
        self.several, self.replaced = len(self.default) > 1, set(self.chosen) != set(self.default)


def bind_question(
    reader: GraphReader, question: SavedQuestion, given: MultiDict[str, str]
) -> tuple[str, tuple[Field, ...]]:
    """Return the text of a question with the values of a request, and its fields.

    Raises `CallError` for a value that the parameter can't have, and for a name that is almost that of a parameter;
    other names in the request are not parameters.
    """
    names = reader.names
    parameters = read_parameters(question.text, names)
    _check_names(given, [parameter.name for parameter in parameters])
    values = {p.name: [_whole(reader, v) for v in given.getlist(p.name)] for p in parameters if given.getlist(p.name)}
    kinds = Labels(reader, [p.type for p in parameters])
    fields = tuple(
        Field(reader, p, values.get(p.name, ()), kinds.name(p.type).text if kinds.is_known(p.type) else p.description)
        for p in parameters
    )
    return (bind(question.text, values, names) if values else question.text), fields


def _check_names(given: Iterable[str], known: Sequence[str]) -> None:
    """A misspelt parameter would be left out, and the answer be that to another question."""
    for name in given:
        close = difflib.get_close_matches(name.lower(), known, 1, _ALIKE)
        if name not in known and close:
            hint = f"Did you mean {close[0]}?"
            raise CallError(f"the question has no parameter '{name}'", hint=hint)


def _whole(reader: GraphReader, value: str) -> str:
    """Return a value as a question takes it: in an address a thing's name is enough, or the end of its IRI."""
    book, things, name = reader.book, reader.names.prefixes["id"], plain(value)
    if ":" in value:
        return value
    named = () if book.is_known(things + value) else book.named_in([name]).get(name, ())
    return next(iter(named), f"id:{value}" if re.fullmatch(r"[\w-]+", value) else value)


def _options(reader: GraphReader, parameter: Parameter) -> dict[str, str]:
    """Return what a parameter may stand for; of documents those of which there are claims."""
    options = list_options(reader, parameter.type)
    if parameter.type != DK.Document.value:
        return options
    read = set(reader.book.documents.values())
    return {iri: name for iri, name in options.items() if iri in read} or options


#: The variable that a yes or no is asked about.
_CLAIM: Final = "claim"


@dataclass(frozen=True)
class Asked(QueryResult):
    """What a question found. A yes or no is one row for each claim that answers it, if the question names one."""

    #: The claims that each row names, as IRIs.
    claims: tuple[tuple[str, ...], ...] = ()
    #: What the texts in the rows are the names of: the only thing of that name.
    things: Mapping[Literal, str] = field(default_factory=dict)
    #: The things by which rows were chosen; none if these are all rows.
    chosen_by: tuple[str, ...] = ()

    def about(self, things: Mapping[str, Set[str]]) -> "Asked":
        """Return the rows that name all those of some things that any row names; all rows if none does.

        Of several things in the same column a row need name only one if no row names all. If no row names any, the rows
        are chosen by their claims: those that are among the claims that `things` gives for each thing, if it gives any.
        """
        wanted, named = set(things) & self.named, [set(map(self._thing, row.values())) for row in self.rows]
        if not wanted:
            told = [own for own in things.values() if not own.isdisjoint(chain(*self.claims))]
            kept = [place for place, own in enumerate(self.claims) if all(map(set(own).intersection, told))]
            return self._only(kept, [iri for iri, own in things.items() if own in told]) if told and kept else self
        kept = [place for place, own in enumerate(named) if wanted <= own]
        columns = [wanted & {self._thing(row[key]) for row in self.rows if key in row} for key in self.columns]
        kept = kept or [place for place, own in enumerate(named) if all(own & of for of in columns if of)]
        return self._only(kept, filter(wanted.__contains__, things))

    def _only(self, kept: Sequence[int], things: Iterable[str]) -> "Asked":
        rows, claims = tuple(self.rows[place] for place in kept), tuple(self.claims[place] for place in kept)
        return replace(self, rows=rows, claims=claims, chosen_by=tuple(things))

    @property
    def named(self) -> frozenset[str]:
        """Return the IRIs that the rows hold, and those of the things that their texts name."""
        return frozenset(self._thing(term) for row in self.rows for term in row.values())

    def _thing(self, term: RdfTerm) -> str:
        return self.things.get(term, "") if isinstance(term, Literal) else getattr(term, "value", "")


def ask(reader: GraphReader, text: str) -> Asked:
    """Return what a query finds. Raises what `QueryService.query` raises."""
    found, root = run_query(reader.service, _as_select(text) or text), reader.names.prefixes["claim"]
    if found.rdf:
        # The claims that it speaks of, one row each.
        subjects = {quad.subject for quad in parse(found.rdf, RdfFormat.TURTLE) if isinstance(quad.subject, NamedNode)}
        claims = sorted((iri for iri in subjects if iri.value.startswith(root)), key=str)
        found = replace(found, columns=(_CLAIM,), rows=tuple({_CLAIM: claim} for claim in claims))
    named = reader.book.called({term for row in found.rows for term in row.values() if isinstance(term, Literal)})
    things = {text: next(iter(iris)) for text, iris in named.items() if len(iris) == 1}
    answer = bool(found.rows) if found.columns and find_keyword(text, "ASK") else found.answer
    behind = tuple(_claims_in(row, root) for row in found.rows)
    return Asked(**{**vars(found), "answer": answer}, claims=behind, things=things)


def _as_select(text: str) -> str | None:
    """Return a yes-or-no query as one for the claims that answer it; None if it names no claim."""
    keyword = find_keyword(text, "ASK")
    if keyword is None or f"?{_CLAIM}" not in text:
        return None
    # The token's place counts from the text with its escapes replaced, which a saved question has none of.
    return f"{text[: keyword.start]}SELECT DISTINCT ?{_CLAIM}{text[keyword.start + len(keyword.text) :]}"


def _claims_in(row: Row, root: str) -> tuple[str, ...]:
    """Return the claim that a row is about, or all that it names."""
    found = {name: t.value for name, t in row.items() if isinstance(t, NamedNode) and t.value.startswith(root)}
    return (found[_CLAIM],) if _CLAIM in found else tuple(dict.fromkeys(found.values()))


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
_Row = tuple[_Cell, ...]


@dataclass(frozen=True)
class AnswerTable:
    """Columns and rows; the claims behind each row as IRIs."""

    columns: tuple[Column, ...] = ()
    rows: tuple[_Row, ...] = ()
    claims: tuple[tuple[str, ...], ...] = ()
    #: The key of the column whose values are headings.
    below: str = ""

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """Return the columns that a page draws: those that have a value, but not that whose values are headings."""
        columns = zip(self.columns, zip(*self.rows, strict=True), strict=False)
        return tuple(column for column, cells in columns if column.key != self.below and any(cells))

    @property
    def _head(self) -> int | None:
        """Return the place of the column whose values are headings."""
        return next((place for place, column in enumerate(self.columns) if column.key == self.below), None)

    @property
    def groups(self) -> list[tuple[_Cell, list[list[tuple[Column, _Cell]]]]]:
        """Return the headings with the rows below each; one without words if the table has no headings."""
        head, drawn = self._head, set(self.shown_columns)
        found = groupby(self.rows, key=lambda row: row[head] if head is not None else ())
        return [
            (heading, [[each for each in zip(self.columns, row, strict=True) if each[0] in drawn] for row in rows])
            for heading, rows in found
        ]

    @property
    def parts(self) -> "tuple[AnswerTable, ...]":
        """Return the rows that stand open, and those that fold out if there are more; a heading keeps its rows."""
        head = self._head
        letters = accumulate(sum(len(piece.text) for cell in row for piece in cell) for row in self.rows)
        fitting = sum(count <= _MOST_LETTERS for count in letters)
        later = range(min(max(fitting, _FEWEST_OPEN), _MOST_OPEN), len(self.rows))
        cut = next((n for n in later if head is None or self.rows[n][head] != self.rows[n - 1][head]), len(self.rows))
        return tuple(replace(self, rows=rows) for rows in (self.rows[:cut], self.rows[cut:]) if rows)

    def texts(self) -> list[dict[str, str]]:
        """Return the text of each cell that is not empty, by the column's key."""
        return self._by_key(lambda cell: cell[0].text if len(cell) == 1 else "; ".join(piece.text for piece in cell))

    def values(self) -> list[dict[str, str]]:
        """Return the value of each cell that is not empty, by the column's key: what the query calls it."""
        return self._by_key(lambda cell: cell[0].value or cell[0].text)

    def _by_key(self, told: Callable[[_Cell], str]) -> list[dict[str, str]]:
        keys = [column.key for column in self.columns]
        return [{key: told(cell) for key, cell in zip(keys, row, strict=True) if cell} for row in self.rows]


def table_of(asked: Asked, shown: Presentation, labels: Labels, sentences: Mapping[str, Name]) -> AnswerTable:
    """Return the table of an answer; `sentences` has the claims by IRI.

    Rows of a claim are one if only their places, limits and the like differ.
    """
    keys = _shown_columns(asked.columns, shown)
    kinds = {key: _kind(asked.rows, key) for key in keys}
    maker = _Cells(asked, shown, labels, sentences, frozenset(key for key in keys if kinds[key] == "time"))
    merged: dict[_Row, list[_Cell]] = {}
    behind = defaultdict[_Row, dict[str, None]](dict)
    for row, claims in zip(asked.rows, asked.claims, strict=True):
        cells = [maker.cell(row, key, claims) for key in keys]
        alike = (_GATHERED if claims else _PLACES).union(shown.gathered)
        gathered = [index for index, key in enumerate(keys) if key in alike]
        same = tuple(cell for index, cell in enumerate(cells) if index not in gathered)
        behind[same].update(dict.fromkeys(claims))
        kept = merged.setdefault(same, cells)
        for index in gathered:
            kept[index] = tuple(dict.fromkeys((*kept[index], *cells[index])))
    columns = tuple(Column(key, _head(key, shown, labels), kinds[key]) for key in keys)
    return AnswerTable(columns, tuple(map(tuple, merged.values())), tuple(map(tuple, behind.values())), shown.below)


def _shown_columns(columns: Sequence[str], shown: Presentation) -> list[str]:
    """Return the columns without those that another one names: a thing by its label, a claim by its sentence.

    A claim that the question has no name for stands behind its row.
    """
    given = set(columns)
    hidden = {column for column in columns if f"{column}{_LABEL}" in given}
    hidden |= {claim for column in columns if (claim := _claim_of(column))}
    named = {key for (kind, _language), heads in shown.tables.items() if kind == "columns" for key in heads}
    hidden |= {_CLAIM} - named if named else set()
    return [column for column in columns if column not in hidden]


def _claim_of(column: str) -> str:
    """Return the column with the claim of which a column has the sentence; "" for a column with something else."""
    return "claim" if column == "sentence" else column.removesuffix(_SENTENCE) if column.endswith(_SENTENCE) else ""


def _head(key: str, shown: Presentation, labels: Labels) -> str:
    declared = shown.name("columns", key, labels.languages)
    if declared:
        return declared
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", key.removesuffix(_LABEL) or key).lower()
    return with_capital(words)


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
            # An identifier in another data set tells enough; an address is shown whole.
            is_identifier = target_of(term.value) is not None or not term.value.startswith("http")
            end = re.split(r"[/#=]", term.value.rstrip("/#"))[-1] if is_identifier else ""
            return Piece(end or term.value, name.href)
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
        return Piece(value.text, language=value.language, value=text if is_time(term) else "")


def _named(name: Name) -> Piece:
    return Piece(name.text, name.href, name.language)
