"""Refuse queries and updates that ask other servers, or that are too long or too deep for the parser."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.errors import Forbidden, LimitExceeded
from digitech_kg.sparql_text.tokens import Token, deepest_nesting, find_keyword, iter_tokens, read_prologue

#: Brackets open at the same time, in a query or a body.
DEEPEST: Final = 200
#: What to do instead of what asks another server.
_HINTS: Final = {
    "LOAD": "Get the file yourself, and send what it holds with PUT to /graph-store?graph=IRI.",
    "SERVICE": "The operator can allow single endpoints with --service-allow IRI. "
    "SILENT passes over one that fails, not over this. Or query both and join the results yourself.",
}


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A `SERVICE` clause: its endpoint's IRI, and where the IRI stands in the text."""

    endpoint: str
    start: int
    end: int


def check_query(text: str, most_chars: int, *, allowed: frozenset[str] = frozenset()) -> list[ServiceCall]:
    """Return the calls of a query to endpoints in `allowed`. It may have so many characters.

    Raises `Forbidden` for any other `SERVICE` and for `LOAD`, and what `check_size` raises.
    """
    check_size(text, most_chars)
    if token := _find(text, "SERVICE", "LOAD"):
        calls = find_service_calls(text) if allowed and token.text.upper() == "SERVICE" and "\\" not in text else []
        if not calls or find_keyword(text, "LOAD"):
            raise way_out(token.text.upper())
        for call in calls:
            if call.endpoint not in allowed:
                raise Forbidden(f"SERVICE <{call.endpoint[:300]}> is not allowed", hint=_HINTS["SERVICE"])
        return calls
    return []


def check_size(text: str, most_chars: int) -> None:
    """Raise `LimitExceeded` for a query or update that is too long or too deeply nested."""
    if len(text) > most_chars:
        raise _too_much(f"the query has {len(text):,} characters", "query_chars", most_chars, "characters", status=413)
    # Counting brackets is a hundred times faster than splitting into tokens, and settles it for nearly all queries.
    brackets = sum(map(text.count, "([{"))
    if brackets > DEEPEST and (depth := deepest_nesting(text)) > DEEPEST:
        raise _too_much(f"the query nests {depth} brackets", "nesting", DEEPEST, "open brackets", status=400)


def check_services(text: str) -> None:
    """Raise `Forbidden` for an update with `SERVICE`."""
    if _find(text, "SERVICE"):
        raise way_out("SERVICE")


def way_out(keyword: str) -> Forbidden:
    """Return the error for a keyword that asks another server."""
    return Forbidden(f"{keyword} would make this server send a request to another server", hint=_HINTS[keyword])


def _find(text: str, *keywords: str) -> Token | None:
    """Return one of these keywords, if it is there."""
    # An escape may spell a keyword, or a quotation mark: the text is read with escapes replaced and as it stands.
    return find_keyword(text, *keywords) or find_keyword(text, *keywords, replace_escapes=False)


def _too_much(message: str, limit: str, value: int, unit: str, *, status: int) -> LimitExceeded:
    hint = "Split the query, or load long VALUES lists as data."
    text = f"{message}; at most {value:,} are allowed"
    return LimitExceeded(text, limit=limit, value=value, unit=unit, hint=hint, status=status)


def find_service_calls(text: str) -> list[ServiceCall]:
    """Return the `SERVICE` clauses of a query in order.

    Raises `Forbidden` for an endpoint that is a variable or isn't an absolute IRI in the text alone.
    """
    tokens = list(iter_tokens(text))
    prologue = read_prologue(tokens)
    calls = []
    for index, token in enumerate(tokens):
        if token.kind != "word" or token.text.upper() != "SERVICE":
            continue
        rest = tokens[index + 1 : index + 3]
        if rest and rest[0].kind == "word" and rest[0].text.upper() == "SILENT":
            rest = rest[1:]
        name = rest[0] if rest else token
        try:
            endpoint = NamedNode(prologue.iri(name) or "").value
        except ValueError:
            message = f"the endpoint of SERVICE is '{name.text[:100]}', which could be any endpoint"
            hint = "Write the endpoint's whole IRI in angle brackets after SERVICE."
            raise Forbidden(message, hint=hint) from None
        calls.append(ServiceCall(endpoint, name.start, name.end))
    return calls


def redirect_calls(text: str, calls: Iterable[ServiceCall], address: Callable[[str], str]) -> str:
    """Return the query with each endpoint replaced by `address(endpoint)`."""
    for call in sorted(calls, key=lambda c: -c.start):
        text = f"{text[: call.start]}<{address(call.endpoint)}>{text[call.end :]}"
    return text
