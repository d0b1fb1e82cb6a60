"""What the engine's parser says of text that is no SPARQL, as a message for people and a place."""

from __future__ import annotations

import re

from digitech_kg.errors import QuerySyntaxError

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def read_syntax_error(error: SyntaxError) -> tuple[str, int | None, int | None]:
    """Give the message, and the line and column from 1 where the parser tells them."""
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
    """Give the error of ours for one of the parser's."""
    message, line, column = read_syntax_error(error)
    return QuerySyntaxError(message, line=line, column=column)
