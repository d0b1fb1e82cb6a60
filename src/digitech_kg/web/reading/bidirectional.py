"""Keeps text that turns the direction of writing apart from the text around it, wherever a template prints it.

A label may hold a control such as U+202E, which turns all that follows in the same line, even the words of the page
itself. In the text of a page such a label stands in `<bdi>`, which ends its effect. Attributes, titles and drawings can
hold no elements, so the controls are left out there (https://www.w3.org/International/questions/qa-bidi-unicode-controls).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from flask import Flask
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

_CONTROLS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Elements that hold text alone.
_TEXT_ONLY: Final = frozenset(("title", "option", "text", "desc"))
#: Elements whose text programs read, or that are edited: it must stay as it is.
_EXACT: Final = frozenset(("script", "style", "textarea"))
#: Attributes that people read or hear.
_READ: Final = frozenset(("alt", "aria-label", "content", "data-l", "label", "placeholder", "title"))
#: Blocks that stand in a title and in attributes.
_PLAIN_BLOCKS: Final = frozenset(("title", "summary"))
_PIECE: Final = re.compile(r'<(?P<close>/?)(?P<element>[a-zA-Z][\w-]*)|(?P<attribute>[\w:-]+)="|(?P<mark>[">])')


def isolated(value: Any) -> Any:
    """Return a value for the text of a page.

    >>> isolated("a\\u202eb")
    Markup('<bdi>a\\u202eb</bdi>')
    """
    if isinstance(value, str) and not isinstance(value, Markup) and _CONTROLS.search(value):
        return Markup("<bdi>{}</bdi>").format(value)
    return value


def undirected(value: Any) -> Any:
    """Return a value for where no element may stand.

    >>> undirected("a\\u202eb")
    'ab'
    """
    return _CONTROLS.sub("", value) if isinstance(value, str) and _CONTROLS.search(value) else value


class Isolation(Extension):
    """Sends what a template prints through `isolated` or `undirected`, by where in the HTML it stands."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens of a template, with a filter around each expression that is printed."""
        place, chosen, before = _Place(), "", ("", "")
        for token in stream:
            if token.type == "data":
                place.pass_over(token.value)
            elif token.type == "name" and before[0] == "block_begin" and token.value == "endblock":
                place.is_plain_block = False
            elif token.type == "name" and before == ("name", "block"):
                place.is_plain_block = token.value in _PLAIN_BLOCKS
            if token.type == "variable_end" and chosen:
                yield from (Token(token.lineno, kind, text) for kind, text in _filtered(chosen))
            yield token
            if token.type == "variable_begin" and (chosen := place.filter):
                yield Token(token.lineno, "lparen", "(")
            before = token.type, token.value


def _filtered(name: str) -> tuple[tuple[str, str], ...]:
    return ("rparen", ")"), ("pipe", "|"), ("name", name)


class _Place:
    """Where in the HTML a template is: in text, in an element that takes no others, or in an attribute."""

    def __init__(self) -> None:
        self._element, self._attribute = "", ""
        self._in_tag = False
        self.is_plain_block = False

    @property
    def filter(self) -> str:
        """The name of the filter for what is printed here; "" for what must stay as it is."""
        if self._in_tag:
            return undirected.__name__ if self._attribute in _READ else ""
        if self._element in _EXACT:
            return ""
        return undirected.__name__ if self._element or self.is_plain_block else isolated.__name__

    def pass_over(self, html: str) -> None:
        """Follow a piece of HTML."""
        for piece in _PIECE.finditer(html):
            if self._attribute:
                self._attribute = "" if piece["mark"] == '"' else self._attribute
            elif self._in_tag:
                self._attribute = piece["attribute"] or ""
                self._in_tag = piece["mark"] != ">"
            elif piece["element"]:
                self._in_tag = True
                is_held = not piece["close"] and piece["element"] in _TEXT_ONLY | _EXACT
                self._element = piece["element"] if is_held else ""


def register_isolation(app: Flask) -> None:
    """Have every template isolate what it prints; to be called before one is loaded."""
    app.jinja_env.filters.update({isolated.__name__: isolated, undirected.__name__: undirected})
    app.jinja_env.add_extension(Isolation)
