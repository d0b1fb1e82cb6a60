"""A saved question is asked with its parameters so that its answer can be told: rows, and the claims behind each."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from werkzeug.datastructures import MultiDict

from digitech_kg.errors import CallError
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DK
from digitech_kg.sparql_text.parameters import Parameter, bind, check_choice, read_parameters
from digitech_kg.sparql_text.tokens import find_keyword
from digitech_kg.web.pages.editor import Option, list_options
from digitech_kg.web.reading.dataset import SavedQuestion
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader, RdfTerm, Row, run_query

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
        names = {option.iri: option.label for option in _options(reader, parameter)}
        # A default outside its class would show as something else.
        names.update({iri: iri for iri in parameter.default if iri not in names})
        for value in given:
            check_choice(parameter, value, names, reader.names)
        self.options = tuple(Option(iri, name) for iri, name in names.items())
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


def _options(reader: GraphReader, parameter: Parameter) -> list[Option]:
    """Return what a parameter may stand for; of documents those of which there are claims."""
    options = list_options(reader, parameter.type)
    if parameter.type != DK.Document.value:
        return options
    read = set(reader.book.documents.values())
    return [option for option in options if option.iri in read] or options


#: The variable that a yes or no is asked about.
_CLAIM: Final = "claim"


@dataclass(frozen=True)
class Asked:
    """What a question found. A yes or no is one row for each claim that answers it, if the question names one."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    #: The claims that each row names, as IRIs.
    claims: tuple[tuple[str, ...], ...]
    #: What the texts in the rows are the names of: the only thing of that name.
    things: dict[Literal, str]
    #: For a yes or no.
    answer: bool | None = None
    #: For RDF.
    rdf: str | None = None
    #: Bytes of an answer that is too large for a page, else 0.
    too_large: int = 0

    def about(self, things: Iterable[str]) -> Asked:
        """Return the rows that name all those of some things that any row names; all rows if none does."""
        wanted = set(things) & self.named
        kept = [place for place, row in enumerate(self.rows) if wanted <= set(map(self._thing, row.values()))]
        if not wanted or not kept:
            return self
        rows, claims = tuple(self.rows[place] for place in kept), tuple(self.claims[place] for place in kept)
        return replace(self, rows=rows, claims=claims)

    @property
    def named(self) -> frozenset[str]:
        """Return the IRIs that the rows hold, and those of the things that their texts name."""
        return frozenset(self._thing(term) for row in self.rows for term in row.values())

    def _thing(self, term: RdfTerm) -> str:
        return self.things.get(term, "") if isinstance(term, Literal) else getattr(term, "value", "")


def ask(reader: GraphReader, text: str) -> Asked:
    """Return what a query finds. Raises what `QueryService.query` raises."""
    yes_or_no = find_keyword(text, "ASK")
    found = run_query(reader.service, _as_select(text) or text)
    if found.too_large or not (found.columns or found.rdf):
        return Asked((), (), (), {}, answer=found.answer, too_large=found.too_large)
    if found.rdf:
        return _read_rdf(reader, found.rdf)
    columns, rows = found.columns, found.rows
    named = reader.book.called({term for row in rows for term in row.values() if isinstance(term, Literal)})
    things = {text: next(iter(found)) for text, found in named.items() if len(found) == 1}
    root = reader.names.prefixes["claim"]
    claims = tuple(_claims_in(row, root) for row in rows)
    return Asked(columns, rows, claims, things, answer=bool(rows) if yes_or_no else None)


def _as_select(text: str) -> str | None:
    """Return a yes-or-no query as one for the claims that answer it; None if it names no claim."""
    keyword = find_keyword(text, "ASK")
    if keyword is None or f"?{_CLAIM}" not in text:
        return None
    # The token's place counts from the text with its escapes replaced, which a saved question has none of.
    return f"{text[: keyword.start]}SELECT DISTINCT ?{_CLAIM}{text[keyword.start + len(keyword.text) :]}"


def _read_rdf(reader: GraphReader, turtle: str) -> Asked:
    """Return RDF with the claims that it speaks of, one row each."""
    root = reader.names.prefixes["claim"]
    subjects = {quad.subject.value for quad in parse(turtle, RdfFormat.TURTLE) if isinstance(quad.subject, NamedNode)}
    claims = sorted(subject for subject in subjects if subject.startswith(root))
    rows = tuple(Row({_CLAIM: NamedNode(claim)}) for claim in claims)
    return Asked((_CLAIM,), rows, tuple((claim,) for claim in claims), {}, rdf=turtle)


def _claims_in(row: Row, root: str) -> tuple[str, ...]:
    """Return the claim that a row is about, or all that it names."""
    found = {name: t.value for name, t in row.items() if isinstance(t, NamedNode) and t.value.startswith(root)}
    return (found[_CLAIM],) if _CLAIM in found else tuple(dict.fromkeys(found.values()))
