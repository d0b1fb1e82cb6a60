"""Saved questions: `.rq` files with a header in grlc's form, YAML in `#+` lines."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitech_kg.errors import CallError, Fault, NotFound, SourceError
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources.files import read_text
from digitech_kg.sources.presentation import check_places, read_header, read_presentation, without_header
from digitech_kg.sparql_text.parameters import read_parameters

_FIELDS = ("summary", "description", "tags")
#: How the name of a field in another language ends: `summary@nb`.
_LANGUAGE = re.compile(r"[a-z]{1,8}(-[a-z]{1,8})*", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]+")
#: An endpoint is named by an absolute IRI (RFC 3987, section 2.2).
_SERVICE = re.compile(r"\bSERVICE\s+(?:SILENT\s+)?<([A-Za-z][\w+.-]*:[^<>\s\"{}|\\^`]*)>")


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question with its SPARQL text; the text runs as it stands, header included (its lines are comments)."""

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    text: str
    #: The summary in other languages, by language tag.
    summaries: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> str:
        """The query without its header lines."""
        return without_header(self.text)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints elsewhere that it asks with SERVICE, as IRIs."""
        return tuple(dict.fromkeys(_SERVICE.findall(self.body)))


def parse_saved_query(path: Path, display_name: str, names: Namespaces) -> tuple[SavedQuery | None, list[Fault]]:
    """Read one file; what its header lacks becomes faults. Query syntax is the engine's to judge."""
    try:
        text = read_text(path, display_name)
    except SourceError as error:
        return None, list(error.faults)
    header, faults = _read_header(text, display_name, names)
    if not _NAME.fullmatch(path.stem):
        mend = "Use letters, digits, full stops, hyphens and underscores: the name is part of an address."
        faults.append(Fault(display_name, "can't be the name of a question", mend))
    if faults:
        return None, faults
    summary, description = (" ".join(header[name].split()) for name in ("summary", "description"))
    others = ((name.partition("@"), text) for name, text in header.items() if name.startswith("summary@"))
    summaries = tuple((tag, " ".join(text.split())) for (_, _, tag), text in others)
    return SavedQuery(path.stem, summary, description, tuple(header["tags"]), text, summaries), []


def _read_header(text: str, display_name: str, names: Namespaces) -> tuple[dict[str, Any], list[Fault]]:
    """Return the fields of the header, and what is wrong with it or with the parameters below it."""

    def fault(error: CallError, beginning: str) -> Fault:
        lines = enumerate(text.splitlines(), start=1)
        line = next((number for number, line in lines if re.match(beginning, line)), 1)
        return Fault(display_name, error.message, error.hint or "", line)

    try:
        header = read_header(text)
        shown = read_presentation(text)
    except CallError as error:
        return {}, [fault(error, r"#\+")]
    faults = []
    try:
        check_places(shown, (parameter.name for parameter in read_parameters(text, names)))
    except CallError as error:
        faults.append(fault(error, r"#\s*parameter:|#\+\s*heading"))
    for name in _FIELDS:
        if not isinstance(header.get(name), list if name == "tags" else str) or not header[name]:
            faults.append(Fault(display_name, f"header has no '{name}'", f"Add a line '#+ {name}: …' at the top.", 1))
    for name in header:
        _, at, tag = name.partition("@")
        if at and not _LANGUAGE.fullmatch(tag):
            faults.append(Fault(display_name, f"'{name}' names no language", "Write it as #+ summary@nb: …", 1))
    return header, faults


def find_saved_query(folder: Path, name: str) -> Path:
    """Return the file of the saved question of this name. Raises `NotFound` with names that look alike."""
    names = {path.stem: path for path in sorted(folder.rglob("*.rq"))}
    if name in names:
        return names[name]
    close = difflib.get_close_matches(name, names, n=3)
    hint = f"Did you mean: {', '.join(close)}?" if close else "The saved questions are in data/queries."
    raise NotFound(f"there is no saved question '{name}'", hint=hint)
