"""Saved questions: a `.rq` file with a grlc header in `#+` lines."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from digitech_kg.errors import CallError, Fault, NotFound, SourceError
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources.files import read_text
from digitech_kg.sources.presentation import check_places, read_presentation
from digitech_kg.sparql_text.parameters import read_parameters

_FIELDS = ("summary", "description", "tags")
#: How the summary in another language begins: `summary@nb`.
_TRANSLATED = "summary@"
_FIELD = re.compile(r"([a-z]+(?:@[a-z]{1,8}(?:-[a-z]{1,8})*)?):\s*(.*)")
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
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("#+")).strip() + "\n"

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
    fields, faults = _read_header(text, display_name)
    faults += _comment_faults(text, display_name, names)
    if not _NAME.fullmatch(path.stem):
        mend = "Use letters, digits, full stops, hyphens and underscores: the name is part of an address."
        faults.append(Fault(display_name, "is no name of a question", mend))
    if faults:
        return None, faults
    summary, description = (" ".join(fields[name]).strip() for name in ("summary", "description"))
    others = ((name, " ".join(lines).strip()) for name, lines in fields.items() if name.startswith(_TRANSLATED))
    summaries = tuple((name.removeprefix(_TRANSLATED), summary) for name, summary in others)
    return SavedQuery(path.stem, summary, description, tuple(fields["tags"]), text, summaries), []


def _read_header(text: str, display_name: str) -> tuple[dict[str, list[str]], list[Fault]]:
    """Return the lines of each field, and what is wrong with the header."""
    fields: dict[str, list[str]] = {}
    current = ""
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#+"):
            continue
        content = line[2:].strip()
        match = _FIELD.match(content)
        if match and (match[1] in _FIELDS or match[1].startswith(_TRANSLATED)):
            current = match[1]
            fields[current] = [match[2]] if match[2] else []
        elif content.startswith(_TRANSLATED):
            faults.append(Fault(display_name, "header line names no language", "Write it as #+ summary@nb: …", number))
        elif content.startswith("- ") and current == "tags":
            fields["tags"].append(content[2:].strip())
        elif current:
            fields[current].append(content)
        else:
            mend = f"Begin the header with one of: {', '.join(_FIELDS)}."
            faults.append(Fault(display_name, "header line belongs to no field", mend, number))
    for name in _FIELDS:
        if not fields.get(name):
            faults.append(Fault(display_name, f"header has no '{name}'", f"Add a line '#+ {name}: …' at the top.", 1))
    return fields, faults


def _comment_faults(text: str, display_name: str, names: Namespaces) -> list[Fault]:
    try:
        parameters = read_parameters(text, names)
        check_places(read_presentation(text), (parameter.name for parameter in parameters))
    except CallError as error:
        lines = enumerate(text.splitlines(), start=1)
        first = next(
            (number for number, line in lines if re.match(r"#\s*(parameter|heading|columns|values)[@:]", line)), 1
        )
        return [Fault(display_name, error.message, error.hint or "", first)]
    return []


def find_saved_query(folder: Path, name: str) -> Path:
    """Return the file of the saved question of this name. Raises `NotFound` with names that look alike."""
    names = {path.stem: path for path in sorted(folder.rglob("*.rq"))}
    if name in names:
        return names[name]
    close = difflib.get_close_matches(name, names, n=3)
    hint = f"Did you mean: {', '.join(close)}?" if close else "The saved questions are in data/queries."
    raise NotFound(f"there is no saved question '{name}'", hint=hint)
