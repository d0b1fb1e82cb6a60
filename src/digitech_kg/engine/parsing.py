"""Errors of the engine's parser as messages for people, with line and column."""

from __future__ import annotations

import re

from digitech_kg.errors import QuerySyntaxError

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def read_syntax_error(error: SyntaxError) -> tuple[str, int | None, int | None]:
    """Return the message, and the line and column from 1 where the parser reports them."""
    text = str(error)
    match = _POSITION.match(text)
    if match is None:
        return text, None, None
    message = " ".join(match[3].split())
    # The parser lists every character class that it would have taken; the classes help nobody.
    message = re.sub(r"\[[^\]]*'(?: ?\.\.=? ?'[^\]]*)?\],? ?|\[_\]", "", message).strip(" ,")
    if message in ("", "expected", "expected one of"):
        message = "unexpected text"
    elif "Prefix not found" in message:
        message = "no PREFIX line declares the prefix used here"
    return message, int(match[1]), int(match[2])


def syntax_error(error: SyntaxError) -> QuerySyntaxError:
    """Return the project's error for one of the parser."""
    message, line, column = read_syntax_error(error)
    return QuerySyntaxError(message, line=line, column=column)
