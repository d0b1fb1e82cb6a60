"""What a snapshot says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Manifest:
    """Written as `manifest.json` beside the store, last, so that a directory without it is no snapshot."""

    #: Name of the snapshot: running number and the first digits of the content's hash.
    version: str
    #: SHA-256 of the sorted N-Quads.
    content_sha256: str
    #: SHA-256 of all that the build read, and the reasoner asked for; a build with the same digest is skipped.
    inputs_sha256: str
    #: UTC, ISO 8601.
    created: str
    quads: int
    #: Number of quads by graph IRI.
    graphs: dict[str, int] = field(default_factory=dict)
    #: "hermit", "pellet", "rl", or "none" with the reason in `reasoning_note`.
    reasoning: str = "none"
    reasoning_note: str = ""
    #: Number of validation results by severity.
    validation: dict[str, int] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read what `write` wrote. Raises `ValueError` or `TypeError` if it is something else."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))
