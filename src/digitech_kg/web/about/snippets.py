"""Pieces of program that ask this server, ready to be copied: `templates/snippets/`, with the address filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import render_template

from digitech_kg.namespaces import BASE

#: File → what it is written for. The order is that of the page.
_TITLES = {
    "curl.sh": "curl",
    "python_api.py": "Python: digitech-kg",
    "python_sparqlwrapper.py": "Python: SPARQLWrapper",
    "python_rdflib.py": "Python: rdflib",
    "python_pandas.py": "Python: pandas",
    "javascript.mjs": "JavaScript",
    "r.R": "R",
    "command_line.sh": "digitech-kg",
}
#: An address that may stand in a program as it is; a client can name any host.
_SAFE = re.compile(r"https?://(\[[0-9A-Fa-f:]+\]|[\w.\-]+)(:\d+)?(/[\w.\-~]+)*/?")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of program: `key` is the id of its element on the page."""

    key: str
    title: str
    text: str


def safe_root(address: str) -> str:
    """Give the address of this server without a slash at the end, or the base of our IRIs if it is not harmless.

    >>> safe_root("http://127.0.0.1:8000/")
    'http://127.0.0.1:8000'
    >>> safe_root("http://x';drop/")
    'https://w3id.org/digitech-kg'
    """
    return (address if _SAFE.fullmatch(address) else BASE).rstrip("/")


def list_snippets(root: str) -> tuple[Snippet, ...]:
    """Give all snippets for a server at `root`, which `safe_root` gave."""
    return tuple(_snippet(name, title, root) for name, title in _TITLES.items())


def _snippet(name: str, title: str, root: str) -> Snippet:
    text = render_template(f"snippets/{name}.txt", root=root).strip()
    return Snippet(name.partition(".")[0].replace("_", "-"), title, text)
