"""Where the bundled scripts are."""

from __future__ import annotations

import json
from pathlib import Path

from flask import url_for

_DIST = Path(__file__).parent.parent / "static" / "dist"


def script_address(name: str) -> str | None:
    """Return the address of a bundled script, or None if the front end was not bundled."""
    try:
        entries = json.loads((_DIST / "entries.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return url_for("static", filename=f"dist/{entries[name]}") if name in entries else None
