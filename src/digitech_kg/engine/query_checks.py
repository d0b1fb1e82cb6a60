"""Refuse queries and updates that ask other servers, or that are too long or too deep for the parser."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from digitech_kg.engine.federation import ServiceCall, find_service_calls, without_calls
from digitech_kg.engine.request import DatasetClause, Limits, QueryRequest
from digitech_kg.engine.tokens import Token, deepest_nesting, find_keyword, replace_codepoint_escapes
from digitech_kg.errors import Forbidden, LimitExceeded
from digitech_kg.messages import Message

_NO_GRAPH: Final = "urn:x-none:"


def check_query(text: str, limits: Limits, *, allowed: frozenset[str] = frozenset()) -> list[ServiceCall]:
    """Return the calls of a query to endpoints in `allowed`.

    Raises `Forbidden` for any other `SERVICE` and for `LOAD`, and what `check_size` raises.
    """
    check_size(text, limits)
    if token := _way_out(text):
        calls = find_service_calls(text) if allowed and token.text.upper() == "SERVICE" and "\\" not in text else []
        if not calls or find_keyword(text, "LOAD"):
            raise way_out(token.text.upper())
        for call in calls:
            if call.endpoint not in allowed:
                raise _forbidden(Message("SERVICE <{endpoint}> is not allowed", endpoint=call.endpoint[:300]))
        return calls
    return []


def without_others(request: QueryRequest) -> QueryRequest:
    """Return a request that asks no other server, finds nothing, and has the same syntax errors."""
    nothing = (_NO_GRAPH,)
    # What an escape stands for may be a part of the syntax.
    text = without_calls(replace_codepoint_escapes(request.text))
    return replace(request, text=text, dataset=DatasetClause(nothing, nothing))


def check_size(text: str, limits: Limits) -> None:
    """Raise `LimitExceeded` for a query or update that is too long or too deeply nested."""
    if len(text) > limits.query_chars:
        message = Message("the query has {count:,} characters", count=len(text))
        raise _too_much(message, "query_chars", limits.query_chars, "characters", status=413)
    # Counting brackets is a hundred times faster than splitting into tokens, and settles it for nearly all queries.
    brackets = sum(map(text.count, "([{"))
    if brackets > limits.nesting and (depth := deepest_nesting(text)) > limits.nesting:
        message = Message("the query nests {depth} brackets", depth=depth)
        raise _too_much(message, "nesting", limits.nesting, "open brackets", status=400)


def check_services(text: str) -> None:
    """Raise `Forbidden` for an update with `SERVICE`."""
    if find_keyword(text, "SERVICE") or find_keyword(text, "SERVICE", replace_escapes=False):
        raise way_out("SERVICE")


def way_out(keyword: str) -> Forbidden:
    """Return the error for a keyword that asks another server."""
    message = Message("{keyword} would make this server send a request to another server", keyword=keyword)
    if keyword == "LOAD":
        return Forbidden(
            message, hint="Get the file yourself, and send what it holds with PUT to /graph-store?graph=IRI."
        )
    return _forbidden(message)


def _forbidden(message: str) -> Forbidden:
    hint = (
        "The operator can allow single endpoints with --service-allow IRI. Or query both and join the results yourself."
    )
    return Forbidden(message, hint=hint)


def _way_out(text: str) -> Token | None:
    """Return the keyword that would lead out of the machine, if there is one."""
    folded = text.casefold()
    if "\\" not in text and "service" not in folded and "load" not in folded:
        return None
    # An escape may spell a keyword, or a quotation mark: the text is read with escapes replaced and as it stands.
    return find_keyword(text, "SERVICE", "LOAD") or find_keyword(text, "SERVICE", "LOAD", replace_escapes=False)


def _too_much(message: str, limit: str, value: int, unit: str, *, status: int) -> LimitExceeded:
    return LimitExceeded(
        Message("{message}; at most {value:,} are allowed", message=message, value=value),
        limit=limit,
        value=value,
        unit=unit,
        hint="Split the query, or load long VALUES lists as data.",
        status=status,
    )
