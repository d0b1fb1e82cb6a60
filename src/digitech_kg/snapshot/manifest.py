"""The manifest of a snapshot, and the names of versions."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from digitech_kg.errors import CallError
from digitech_kg.namespaces import GraphName, Namespaces

_MOST_DIGITS = 18


@dataclass(frozen=True)
class Manifest:
    """Written as `manifest.json` beside the store, last, so that a directory without it isn't a snapshot."""

    #: Name of the snapshot: running number and the first digits of the content's hash.
    version: str
    #: `changes.digest_after` of all quads but those of `graph:catalog`, which tell of the snapshot itself.
    content_digest: str
    #: SHA-256 of all that the build read, and the reasoner asked for; a build with the same digest is skipped.
    inputs_sha256: str
    #: UTC, ISO 8601.
    created: str
    quads: int
    #: Number of quads by graph IRI, empty named graphs included.
    graphs: dict[str, int] = field(default_factory=dict)
    #: Version in which each graph was last changed.
    graph_versions: dict[str, str] = field(default_factory=dict)
    #: Whether it was asked for inferences.
    infers: bool = False
    #: Number of validation results by severity.
    validation: dict[str, int] = field(default_factory=dict)
    #: The results by unit: a write checks only what it changes, and all else is as it was found before.
    found: dict[str, list[str]] = field(default_factory=dict)
    #: Whether statements, inferences and a description are derived; not for `serve --empty`.
    derives: bool = False
    #: The project's base IRI, prefixes and languages: what `names` is made of.
    namespaces: dict[str, Any] = field(default_factory=dict)
    #: The version that this one followed; "" for the first.
    previous: str = ""
    #: Number of quads by which the project's graphs differ from its files, because of writes that these don't know of.
    edits: int = 0
    #: What made it: build, update, graph-store, import, revert.
    action: str = "build"
    #: Name of the token, or "" for whoever has the machine.
    author: str = ""
    message: str = ""
    request_id: str = ""
    #: Number of quads that it has and the previous version had not, and the other way round.
    added: int = 0
    removed: int = 0

    @property
    def names(self) -> Namespaces:
        return read_namespaces(self.namespaces)

    @property
    def number(self) -> int:
        return int(self.version.split("-", 1)[0])

    def write(self, path: Path) -> None:
        text = json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Read what `write` wrote. Raises `ValueError` or `TypeError` if it is something else."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def graph_key(graph: GraphName) -> str:
    """Return what manifests call a graph: its IRI, or DEFAULT for the default graph."""
    return str(graph).strip("<>")


def write_namespaces(names: Namespaces) -> dict[str, Any]:
    return {
        "base": names.base,
        "prefixes": dict(names.own_prefixes),
        "required_languages": list(names.required_languages),
        "optional_languages": list(names.optional_languages),
        "parts_off": list(names.parts_off),
    }


def read_namespaces(found: Mapping[str, Any]) -> Namespaces:
    return Namespaces(
        found["base"],
        tuple(sorted(found["prefixes"].items())),
        tuple(found["required_languages"]),
        tuple(found["optional_languages"]),
        tuple(found.get("parts_off", ())),
    )


def order_of(version: str) -> tuple[int, str]:
    """Return what sorts names of versions by age; the running number outgrows its digits one day.

    "" comes first, as if before the first version, and what isn't a version's name comes last.

    >>> sorted(["1000000-aa", "999999-ff"], key=order_of)
    ['999999-ff', '1000000-aa']
    """
    number = version.partition("-")[0]
    # Python reads no numbers of thousands of digits, and nobody publishes so many versions.
    is_number = number.isdecimal() and len(number) <= _MOST_DIGITS
    return (int(number) if is_number else sys.maxsize if version else 0, version)


_PATTERN = re.compile(r"all|([1-9]\d{0,8})")


def parse_keep(text: str) -> int | None:
    """Read of how many versions the data is kept; None for `all`. Raises `CallError` for anything else."""
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise CallError(f"'{text[:40]}' doesn't say what to keep", hint="Give all, or a number of versions.")
    return int(match[1]) if match[1] else None
