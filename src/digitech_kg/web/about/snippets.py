"""Pieces of program that ask this server, ready to be copied: `templates/snippets/`, with the address filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import render_template

from digitech_kg.web.reading.catalog import list_questions
from digitech_kg.web.reading.documents import list_document_names
from digitech_kg.web.reading.reader import GraphReader

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


def safe_root(address: str, base: str) -> str:
    """Return the address of this server without a slash at the end, or the project's base IRI if it is not harmless.

    >>> safe_root("http://127.0.0.1:8000/", "https://example.org/kg/")
    'http://127.0.0.1:8000'
    >>> safe_root("http://x';drop/", "https://example.org/kg/")
    'https://example.org/kg'
    """
    return (address if _SAFE.fullmatch(address) else base).rstrip("/")


def list_snippets(reader: GraphReader, root: str) -> tuple[Snippet, ...]:
    """Return all snippets for a server at `root`, which `safe_root` gave."""
    questions = [question for question in list_questions(reader.service, "en") if not question.endpoints]
    example = {
        "root": root,
        "language": reader.names.languages[0],
        "thing": next(iter(list_document_names(reader).values()), reader.names.dataset.value),
        "question": next((question.name for question in questions), ""),
    }
    example["path"] = example["thing"].removeprefix(reader.names.base)
    return tuple(_snippet(name, title, example) for name, title in _TITLES.items())


def _snippet(name: str, title: str, example: dict[str, str]) -> Snippet:
    text = render_template(f"snippets/{name}.txt", **example).strip()
    return Snippet(name.partition(".")[0].replace("_", "-"), title, text)
