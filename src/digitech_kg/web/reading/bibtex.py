"""Entries of BibTeX (https://www.bibtex.com/g/bibtex-format/)."""

from __future__ import annotations

import re
from collections.abc import Mapping


def entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """Return an entry with those of the fields that have a value; their text must have gone through `escape`."""
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"


def escape(text: str) -> str:
    """Return a text without what TeX would take for a command.

    >>> escape("R&D, 5%")
    'R\\\\&D, 5\\\\%'
    """
    return re.sub(r"([&%#_${}])", r"\\\1", text.replace("\\", ""))


def whole(text: str) -> str:
    """Return a text that is to stay as it is written, such as a title or the name of an organisation."""
    return f"{{{escape(text)}}}" if text else ""
