"""Texts for people: an English template and the values in it, kept apart so that a text can be translated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self


class Message(str):
    """A finished English text that knows the template and the values that it was made from.

    The template is the text's key in the catalogues of translations. A text without values needs no `Message`: a plain
    string is its own template.

    >>> Message("there is no claim '{name}'", name="x")
    "there is no claim 'x'"
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Fill the values into a template in the notation of `str.format`; a value may be a message itself."""
        self = super().__new__(cls, template.format(**values))
        self.template, self.values = template, values
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Return what a copy in another process is made from."""
        return (self.template,), self.values


def translate(
    text: str, find: Callable[[str], str | None], *, show: Callable[[object], object] = lambda value: value
) -> str | None:
    """Return a text in the language of `find`, which maps templates to translated ones; None if it has none.

    `show` prepares a value for the language, such as a number.
    """
    template = find(text.template if isinstance(text, Message) else text)
    if template is None or not isinstance(text, Message):
        return template
    values = {
        name: (translate(value, find, show=show) or value) if isinstance(value, Message) else show(value)
        for name, value in text.values.items()
    }
    return template.format(**values)
