"""Which endpoints a query calls with `SERVICE`, which of them are allowed, and the query with their calls redirected.

SPARQL 1.1 Federated Query, https://www.w3.org/TR/sparql11-federated-query/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from digitech_kg.engine.tokens import Token, iter_tokens
from digitech_kg.errors import CallError, Forbidden
from digitech_kg.messages import Message

#: Public endpoints that `--service-allow` knows by name.
WELL_KNOWN: dict[str, str] = {
    "dbpedia": "https://dbpedia.org/sparql",
    "eu-publications": "https://publications.europa.eu/webapi/rdf/sparql",
    "wikidata": "https://query.wikidata.org/sparql",
}


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A `SERVICE` clause: its endpoint's IRI, and where the IRI stands in the text."""

    endpoint: str
    start: int
    end: int


def resolve_allowed(names: Iterable[str]) -> frozenset[str]:
    """Return the endpoints for a list of IRIs and well-known names. Raises `CallError` for anything else."""
    allowed = set()
    for name in names:
        iri = WELL_KNOWN.get(name, name)
        if not iri.startswith(("http://", "https://")):
            known = ", ".join(sorted(WELL_KNOWN))
            raise CallError(
                Message("'{name}' is not an endpoint", name=name),
                hint=Message("Give an http(s) IRI or one of: {names}.", names=known),
            )
        allowed.add(iri)
    return frozenset(allowed)


def find_service_calls(text: str) -> list[ServiceCall]:
    """Return the `SERVICE` clauses of a query in order.

    Raises `Forbidden` for an endpoint that is a variable or that cannot be read from the text alone.
    """
    tokens = list(iter_tokens(text))
    prefixes = _prefixes(tokens)
    calls = []
    for index, token in enumerate(tokens):
        if token.kind != "word" or token.text.upper() != "SERVICE":
            continue
        rest = tokens[index + 1 : index + 3]
        if rest and rest[0].kind == "word" and rest[0].text.upper() == "SILENT":
            rest = rest[1:]
        name = rest[0] if rest else token
        endpoint = _iri(name, prefixes)
        if endpoint is None:
            hint = "Write the endpoint's IRI in angle brackets after SERVICE."
            raise Forbidden(
                Message("the endpoint of SERVICE is '{name}', which could be any endpoint", name=name.text[:100]),
                hint=hint,
            )
        calls.append(ServiceCall(endpoint, name.start, name.start + len(name.text)))
    return calls


def _prefixes(tokens: list[Token]) -> dict[str, str]:
    found = {}
    for first, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if first.kind == "word" and first.text.upper() == "PREFIX" and name.kind == "name" and iri.kind == "iri":
            found[name.text.removesuffix(":")] = iri.text[1:-1]
    return found


def _iri(token: Token, prefixes: dict[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        if prefix in prefixes and "\\" not in local:
            return prefixes[prefix] + local
    return None


def redirect_calls(text: str, calls: Iterable[ServiceCall], address: Callable[[str], str]) -> str:
    """Return the query with each endpoint replaced by `address(endpoint)`."""
    for call in sorted(calls, key=lambda c: -c.start):
        text = f"{text[: call.start]}<{address(call.endpoint)}>{text[call.end :]}"
    return text


def without_calls(text: str) -> str:
    """Return a query that asks no endpoint and has the same syntax errors at the same places."""
    before = None
    for token in iter_tokens(text, replace_escapes=False):
        if token.kind == "word" and token.text.upper() == "SERVICE":
            text = f"{text[: token.start]}GRAPH  {text[token.start + 7 :]}"
        elif before == "SERVICE" and token.kind == "word" and token.text.upper() == "SILENT":
            text = f"{text[: token.start]}      {text[token.start + 6 :]}"
        before = token.text.upper()
    return text
