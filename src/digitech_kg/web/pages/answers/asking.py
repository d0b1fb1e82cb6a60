"""Ask a saved question so that its answer can be told: its rows, and the claims behind each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.batches import batched
from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.errors import DigitechError
from digitech_kg.formats import by_name
from digitech_kg.namespaces import TERMS
from digitech_kg.sparql_text.parameters import replace_values
from digitech_kg.sparql_text.tokens import find_keyword, iter_tokens
from digitech_kg.web.reading.reader import GraphReader, RdfTerm, Row, node, read_result, text_of, values

#: Above this many bytes an answer is given as a file only.
_MOST_BYTES: Final = 4 * 1024 * 1024
#: Pairs of things in rows whose claims are looked for.
_MOST_PAIRS: Final = 2000
#: The variable that a yes or no is asked about.
_CLAIM: Final = "claim"

#: Things by what they are called, in any language.
_NAMED: Final = """
SELECT ?text ?thing
WHERE {
  VALUES ?text { $these }
  ?thing rdfs:label|skos:prefLabel|dk:sentence|dk:reasonText ?text .
  FILTER(ISIRI(?thing))
}
"""
#: The claims behind plain statements with one of the properties asked for, or with one from which it follows.
_BETWEEN: Final = """
SELECT DISTINCT ?subject ?object ?claim
WHERE {
  VALUES (?subject ?object) { $pairs }
  ?statement owl:annotatedSource ?subject ;
    owl:annotatedTarget ?object ;
    owl:annotatedProperty ?property ;
    dk:evidence ?claim .
  ?property (rdfs:subPropertyOf|owl:inverseOf|^owl:inverseOf)* ?asked .
  VALUES ?asked { $properties }
}
ORDER BY ?claim
"""


@dataclass(frozen=True)
class Asked:
    """What a question found. A yes or no is one row for each claim that answers it, if the question names one."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    #: The claims behind each row, as IRIs.
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
    claims = _claims_behind(reader, rows, things, text)
    return Asked(columns, tuple(rows), claims, things, answer=bool(rows) if yes_or_no else None)


def _as_select(text: str) -> str | None:
    """Return a yes-or-no query as one for the claims that answer it; None if it names no claim."""
    keyword = find_keyword(text, "ASK")
    if keyword is None or f"?{_CLAIM}" not in text:
        return None
    # The token's place counts from the text with its escapes replaced, which a saved question has none of.
    return f"{text[: keyword.start]}SELECT DISTINCT ?{_CLAIM}{text[keyword.start + len(keyword.text) :]}"


def find_answered(reader: GraphReader, text: str, parameter: str, options: Sequence[str]) -> set[str] | None:
    """Return of which of the things that a parameter may stand for a yes-or-no question is answered with yes.

    None for a question of another kind.
    """
    keyword = find_keyword(text, "ASK")
    if keyword is None:
        return None
    listed = f"{text[: keyword.start]}SELECT DISTINCT ?{parameter} {text[keyword.start + len(keyword.text) :]}"
    try:
        rows = reader.rows(replace_values(listed, parameter, options).replace("$", "$$"))
    except DigitechError:
        # It is only an offer: the answer itself is there.
        return None
    return {text_of(row, parameter) for row in rows}


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
    texts = sorted({term for row in rows for term in row.values() if _is_text(term)}, key=str)
    found: dict[Literal, set[str]] = {}
    for batch in batched(texts):
        these = " ".join(map(str, batch))
        for row in reader.rows(_NAMED, these=these):
            found.setdefault(row["text"], set()).add(row["thing"].value)  # type: ignore[union-attr,arg-type]
    return {text: next(iter(things)) for text, things in found.items() if len(things) == 1}


def _is_text(term: RdfTerm) -> bool:
    return isinstance(term, Literal) and term.language is not None


def _claims_behind(
    reader: GraphReader, rows: Sequence[Row], things: dict[Literal, str], text: str
) -> tuple[tuple[str, ...], ...]:
    """Return the claims that rows name; for a row that names none, those of statements between things in it."""
    root = reader.names.prefixes["claim"]
    named = [_claims_in(row, root) for row in rows]
    pairs = [() if found else _pairs_in(row, things) for row, found in zip(rows, named, strict=True)]
    between = _find_between(reader, {pair for wanted in pairs for pair in wanted}, _properties_in(reader, text))
    return tuple(
        found or tuple(dict.fromkeys(claim for pair in wanted for claim in between.get(pair, ())))
        for found, wanted in zip(named, pairs, strict=True)
    )


def _claims_in(row: Row, root: str) -> tuple[str, ...]:
    """Return the claim that a row is about, or all that it names."""
    found = {name: t.value for name, t in row.items() if isinstance(t, NamedNode) and t.value.startswith(root)}
    return (found[_CLAIM],) if _CLAIM in found else tuple(dict.fromkeys(found.values()))


def _pairs_in(row: Row, things: dict[Literal, str]) -> tuple[tuple[str, str], ...]:
    named = (t.value if isinstance(t, NamedNode) else things.get(t) for t in row.values() if not isinstance(t, Triple))  # type: ignore[arg-type]
    return tuple(permutations(dict.fromkeys(iri for iri in named if iri), 2))


def _properties_in(reader: GraphReader, text: str) -> list[str]:
    """Return the IRIs of the terms that a query names."""
    names = (token.text for token in iter_tokens(text) if token.kind in ("name", "iri"))
    found = (reader.names.expand(name.strip("<>")) for name in names)
    return [iri for iri in dict.fromkeys(found) if iri and iri.startswith(TERMS)]


def _find_between(
    reader: GraphReader, pairs: set[tuple[str, str]], properties: Sequence[str]
) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    wanted = sorted(pairs)[:_MOST_PAIRS] if properties else []
    for batch in batched(wanted):
        written = " ".join(f"({node(subject)} {node(thing)})" for subject, thing in batch)
        for row in reader.rows(_BETWEEN, pairs=written, properties=values(properties)):
            found[text_of(row, "subject"), text_of(row, "object")].append(text_of(row, "claim"))
    return found
