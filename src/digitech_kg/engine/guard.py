"""What is refused before a query reaches a worker: ways out of the machine, and text that would overflow the parser."""

from __future__ import annotations

from digitech_kg.engine.federation import ServiceCall, find_service_calls
from digitech_kg.engine.request import Limits
from digitech_kg.engine.tokens import Token, deepest_nesting, find_keyword
from digitech_kg.errors import Forbidden, LimitExceeded


def check_query(text: str, limits: Limits, *, allowed: frozenset[str] = frozenset()) -> list[ServiceCall]:
    """Give the calls of a query to endpoints in `allowed`.

    Raises `Forbidden` for any other `SERVICE` and for `LOAD`, `LimitExceeded` for text that is too long or too deeply
    nested.
    """
    if len(text) > limits.query_chars:
        raise _too_much("query_chars", limits.query_chars, "characters", f"the query has {len(text):,} characters")
    # Counting brackets is a hundred times faster than splitting into tokens, and settles it for nearly all queries.
    brackets = sum(map(text.count, "([{"))
    if brackets > limits.nesting and (depth := deepest_nesting(text)) > limits.nesting:
        raise _too_much("nesting", limits.nesting, "open brackets", f"the query nests {depth} brackets")
    if token := _way_out(text):
        calls = find_service_calls(text) if allowed and token.text.upper() == "SERVICE" and "\\" not in text else []
        if not calls or find_keyword(text, "LOAD"):
            raise _forbidden(f"{token.text.upper()} would make this server send a request to another one")
        for call in calls:
            if call.endpoint not in allowed:
                raise _forbidden(f"SERVICE <{call.endpoint[:300]}> is not allowed")
        return calls
    return []


def _forbidden(message: str) -> Forbidden:
    hint = (
        "Whoever runs the server may allow single endpoints with --service-allow IRI. Or query both and join yourself."
    )
    return Forbidden(message, hint=hint)


def _way_out(text: str) -> Token | None:
    """Give the keyword that would lead out of the machine, if there is one."""
    folded = text.casefold()
    if "\\" not in text and "service" not in folded and "load" not in folded:
        return None
    # An escape may spell a keyword, or a quotation mark: the text is read with escapes replaced and as it stands.
    return find_keyword(text, "SERVICE", "LOAD") or find_keyword(text, "SERVICE", "LOAD", replace_escapes=False)


def _too_much(limit: str, value: int, unit: str, message: str) -> LimitExceeded:
    error = LimitExceeded(
        f"{message}; at most {value:,} are allowed",
        limit=limit,
        value=value,
        unit=unit,
        hint="Split the query, or load long VALUES lists as data of your own.",
    )
    error.status = 413 if limit == "query_chars" else 400
    return error
