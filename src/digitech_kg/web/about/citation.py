"""What can be copied from the page: citations in three formats, and pieces of program that ask this server."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import render_template

from digitech_kg.description import Metadata
from digitech_kg.web.pages.answers.citing import bibtex_entry, bibtex_name, bibtex_text
from digitech_kg.web.reading.catalog import list_questions
from digitech_kg.web.reading.dataset import licence_name
from digitech_kg.web.reading.reader import GraphReader


@dataclass(frozen=True)
class Citation:
    """The same citation in three forms."""

    sentence: str
    bibtex: str
    cff: str


def cite(dataset: Metadata, address: str) -> Citation:
    """Return the citation of a dataset at an address."""
    return Citation(_sentence(dataset, address), _bibtex(dataset, address), _cff(dataset, address))


def _sentence(dataset: Metadata, address: str) -> str:
    if dataset.citation:
        return f"{dataset.citation.rstrip('.')} (snapshot {dataset.snapshot})"
    who = dataset.creator + (f" ({dataset.issued[:4]})" if dataset.issued else "")
    what = dataset.title + (f", version {dataset.version}" if dataset.version else "")
    return ". ".join(part for part in (who, f"{what} (snapshot {dataset.snapshot})", address) if part)


def _bibtex(dataset: Metadata, address: str) -> str:
    fields = {
        "author": bibtex_name(dataset.creator),
        "title": bibtex_name(dataset.title),
        "version": bibtex_text(dataset.version),
        "year": dataset.issued[:4],
        "url": address,
        "note": f"Data set, snapshot {bibtex_text(dataset.snapshot)}",
    }
    return bibtex_entry("misc", f"{_key(dataset)}-{dataset.version or dataset.snapshot}", fields)


def _key(dataset: Metadata) -> str:
    """Return what an entry is called in BibTeX: the first words of the title."""
    words = re.findall(r"[a-z0-9]+", dataset.title.lower())
    return "-".join(words[:3]) or "dataset"


def _cff(dataset: Metadata, address: str) -> str:
    licence = licence_name(dataset.license)
    fields = {
        "title": dataset.title,
        "version": dataset.version,
        "date-released": dataset.issued,
        "license" if licence != dataset.license else "license-url": licence,
        "url": address,
    }
    lines = ["cff-version: 1.2.0", "message: If you use this data, please cite it with its version.", "type: dataset"]
    lines += [f"authors:\n  - name: {_yaml(dataset.creator)}"] if dataset.creator else []
    return "\n".join([*lines, *(f"{name}: {_yaml(value)}" for name, value in fields.items() if value)])


def _yaml(text: str) -> str:
    """Return a text as a quoted YAML scalar."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


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
        "thing": next(iter(reader.book.documents.values()), reader.names.dataset.value),
        "question": next((question.name for question in questions), ""),
    }
    example["path"] = example["thing"].removeprefix(reader.names.base)
    return tuple(_snippet(name, title, example) for name, title in _TITLES.items())


def _snippet(name: str, title: str, example: dict[str, str]) -> Snippet:
    text = render_template(f"snippets/{name}.txt", **example).strip()
    return Snippet(name.partition(".")[0].replace("_", "-"), title, text)
