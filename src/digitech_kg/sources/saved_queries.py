"""Saved questions: a `.rq` file with a grlc header in `#+` lines."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from digitech_kg.errors import CallError, Fault, NotFound
from digitech_kg.sources.parameters import read_parameters

_FIELDS = ("summary", "description", "tags")
#: How the summary in another language begins: `summary@nb`.
_TRANSLATED = "summary@"


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
        return tuple(dict.fromkeys(re.findall(r"\bSERVICE\s+(?:SILENT\s+)?<([^>\s]+)>", self.body)))


def parse_saved_query(path: Path, display_name: str) -> tuple[SavedQuery | None, list[Fault]]:
    """Read one file; what its header lacks becomes faults. Query syntax is the engine's to judge."""
    text = path.read_text(encoding="utf-8")
    fields: dict[str, list[str]] = {}
    current = ""
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#+"):
            continue
        content = line[2:].strip()
        match = re.match(r"([a-z]+(?:@[a-z-]+)?):\s*(.*)", content)
        if match and (match[1] in _FIELDS or match[1].startswith(_TRANSLATED)):
            current = match[1]
            fields[current] = [match[2]] if match[2] else []
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
    faults += _parameter_faults(text, display_name)
    if faults:
        return None, faults
    summary, description = (" ".join(fields[name]).strip() for name in ("summary", "description"))
    others = ((name, " ".join(lines).strip()) for name, lines in fields.items() if name.startswith(_TRANSLATED))
    summaries = tuple((name.removeprefix(_TRANSLATED), summary) for name, summary in others)
    return SavedQuery(path.stem, summary, description, tuple(fields["tags"]), text, summaries), []


def _parameter_faults(text: str, display_name: str) -> list[Fault]:
    try:
        read_parameters(text)
    except CallError as error:
        lines = text.splitlines()
        line = next(number for number, line in enumerate(lines, start=1) if re.match(r"#\s*parameter:", line))
        return [Fault(display_name, error.message, error.hint or "", line)]
    return []


def find_saved_query(folder: Path, name: str) -> Path:
    """Give the file of the saved question of this name. Raises `NotFound` with names that look alike."""
    names = {path.stem: path for path in sorted(folder.rglob("*.rq"))}
    if name in names:
        return names[name]
    close = difflib.get_close_matches(name, names, n=3)
    hint = f"Did you mean: {', '.join(close)}?" if close else "The saved questions are in data/queries."
    raise NotFound(f"there is no saved question '{name}'", hint=hint)
