"""The page docs/performance.md: the comparison and the parts after it; each can be replaced separately."""

import os
import platform
import re
from ctypes.util import find_library
from datetime import UTC, datetime
from importlib.metadata import distributions, version
from pathlib import Path

#: Headings of the parts after the comparison, in order.
_KINDS, _SIZE, _WRITING, _ATTACK = "## By kind of query", "## Size", "## Writing", "## Under attack"
_ORDER = ("", _KINDS, _SIZE, _WRITING, _ATTACK)


def write_comparison(path: Path, sections: list[str]) -> None:
    """Write the comparison, with the date and the machine; a section begins with its heading."""
    head = _HEAD.format(date=datetime.now(UTC).date(), machine=_machine())
    _replace(path, "", head + "\n" + "\n".join(sections))


def write_kinds(path: Path, text: str) -> None:
    """Write how kinds of queries compare, with the date and the machine."""
    _replace(path, _KINDS, _dated(_KINDS, "benchmark-kinds", text))


def write_size(path: Path, text: str) -> None:
    """Write what size costs, with the date and the machine."""
    _replace(path, _SIZE, _dated(_SIZE, "benchmark-size", text))


def write_writing(path: Path, text: str) -> None:
    """Write how long writes take, with the date and the machine."""
    _replace(path, _WRITING, _dated(_WRITING, "benchmark-writes", text))


def write_attack(path: Path, text: str) -> None:
    """Write the outcome of the attack, with the date and the machine."""
    _replace(path, _ATTACK, _dated(_ATTACK, "attack", text))


def _dated(heading: str, command: str, text: str) -> str:
    return f"{heading}\n\nMeasured on {datetime.now(UTC).date()} by `make {command}`: {_machine()}.\n\n{text}"


def _replace(path: Path, heading: str, text: str) -> None:
    """Replace the part with the same heading; the comparison, which comes first, has none."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    headings = "|".join(f"{name}$" for name in _ORDER[1:])
    found = re.split(rf"^(?={headings})", page, flags=re.MULTILINE)
    parts = {"": "# Performance\n", **{part.partition("\n")[0] if part in found[1:] else "": part for part in found}}
    parts[heading] = text
    order = [parts[name].strip() for name in _ORDER if name in parts]
    path.write_text("\n\n".join(order) + "\n", encoding="utf-8")


def _machine() -> str:
    try:
        model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        model = None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    packages = ", ".join(
        f"{name} {version(name)}"
        for name in ("pyoxigraph", "oxigraph", "rdflib-endpoint", "granian")
        if any(distributions(name=name))
    )
    return (
        f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}, {packages}"
        f"{', jemalloc' if find_library('jemalloc') else ''}"
    )


_HEAD = """# Performance

Measured on {date} by `make benchmark`: {machine}.

Servers run on one core and the client on the other. All servers get each query in turn, each time with a different
comment in its text, so that no cache answers. Times are medians, from sending the request to having the whole answer.
`engine` is the same engine in a process without any server, with the data in memory. Oxigraph's server uses its store
on disk. The queries are in `benchmarks/queries`, the data comes from `benchmarks/generate.py`.
"""
