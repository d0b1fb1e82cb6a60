"""Ask a saved question so that its answer can be told: its rows, and the claims behind each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.formats import by_name
from digitech_kg.sparql_text.tokens import find_keyword
from digitech_kg.web.reading.reader import GraphReader, Row, read_result

#: Above this many bytes an answer is given as a file only.
_MOST_BYTES: Final = 4 * 1024 * 1024
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


def ask(service: QueryService, text: str) -> Asked:
    """Return what a query finds. Raises what `QueryService.query` raises."""
    reader, yes_or_no = GraphReader(service), find_keyword(text, "ASK")
    listed = _as_select(text) if yes_or_no else text
    prefixes = reader.names.prefixes_in(text)
    request = QueryRequest(listed or text, by_name("json"), by_name("turtle"), prefixes=prefixes)
    with service.query(request) as answer:
        if answer.length > _MOST_BYTES:
            return Asked((), (), (), {}, too_large=answer.length)
        body, is_rdf = answer.read(), answer.format.name == "turtle"
    if is_rdf:
        return _read_rdf(reader, text, body.decode())
    found = read_result(body)
    if isinstance(found, bool):
        return Asked((), (), (), {}, answer=found)
    columns, rows = found
    things = _find_named(reader, rows)
    root = reader.names.prefixes["claim"]
    claims = tuple(_claims_in(row, root) for row in rows)
    return Asked(columns, tuple(rows), claims, things, answer=bool(rows) if yes_or_no else None)


def _as_select(text: str) -> str | None:
    """Return a yes-or-no query as one for the claims that answer it; None if it names no claim."""
    keyword = find_keyword(text, "ASK")
    if keyword is None or f"?{_CLAIM}" not in text:
        return None
    # The token's place counts from the text with its escapes replaced, which a saved question has none of.
    return f"{text[: keyword.start]}SELECT DISTINCT ?{_CLAIM}{text[keyword.start + len(keyword.text) :]}"


def _read_rdf(reader: GraphReader, text: str, turtle: str) -> Asked:
    """Return RDF with the claims that it speaks of, one row each."""
    triples = reader.triples(text)
    root = reader.names.prefixes["claim"]
    subjects = dict.fromkeys(t.subject for t in triples if isinstance(t.subject, NamedNode))
    claims = sorted(subject.value for subject in subjects if subject.value.startswith(root))
    rows = tuple(Row({_CLAIM: NamedNode(claim)}) for claim in claims)
    return Asked((_CLAIM,), rows, tuple((claim,) for claim in claims), {}, rdf=turtle)


def _find_named(reader: GraphReader, rows: Iterable[Row]) -> dict[Literal, str]:
    """Return the thing that a text names, for texts of which there is only one such thing."""
    found = reader.book.called({term for row in rows for term in row.values() if isinstance(term, Literal)})
    return {text: next(iter(things)) for text, things in found.items() if len(things) == 1}


def _claims_in(row: Row, root: str) -> tuple[str, ...]:
    """Return the claim that a row is about, or all that it names."""
    found = {name: t.value for name, t in row.items() if isinstance(t, NamedNode) and t.value.startswith(root)}
    return (found[_CLAIM],) if _CLAIM in found else tuple(dict.fromkeys(found.values()))
