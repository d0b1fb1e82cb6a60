"""The page docs/performance.md: what was compared, and what came of the attack; each is replaced by itself."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_ATTACK = "## Under attack"


def write_comparison(path: Path, sections: list[str]) -> None:
    """Write all but the attack, with the date and the machine; a section begins with its heading."""
    _, attack = _read(path)
    head = _HEAD.format(date=datetime.now(UTC).date(), machine=_machine())
    _write(path, head + "\n" + "\n".join(sections), attack)


def write_attack(path: Path, text: str) -> None:
    """Write what came of the attack, with the date and the machine."""
    comparison, _ = _read(path)
    when = f"Measured on {datetime.now(UTC).date()} by `make attack`: {_machine()}."
    _write(path, comparison or "# Performance\n", f"{_ATTACK}\n\n{when}\n\n{text}")


def _read(path: Path) -> tuple[str, str]:
    """Give the two parts of the page, empty where there is none yet."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    comparison, found, attack = text.partition(_ATTACK)
    return comparison, found + attack


def _write(path: Path, comparison: str, attack: str) -> None:
    parts = [part.strip() for part in (comparison, attack) if part.strip()]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _machine() -> str:
    try:
        model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        model = None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "oxigraph", "rdflib-endpoint", "granian"))
    return (
        f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}, {packages}"
    )


_HEAD = """# Performance

Measured on {date} by `make benchmark`: {machine}.

Servers run on one core and the client on the other. Each query is asked of all servers in turn, each time with another
comment in its text, so that no cache answers; times are medians from sending the request to having the whole answer.
`engine` is the same engine in a process without any server, with the data in memory. Oxigraph's server works over its
store on disk. The queries are in `benchmarks/queries`, the data comes from `benchmarks/generate.py`.
"""
