"""The texts of errors as they stand in the code: templates of messages, plain texts and titles."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import digitech_kg
from digitech_kg import errors

SOURCE = Path(digitech_kg.__file__).parent
#: Where the errors are raised that a reader of pages may meet.
ON_PAGES = (
    "downloads.py",
    "engine",
    "errors.py",
    "exports/kept.py",
    "formats.py",
    "reasoning/answering.py",
    "reasoning/explanation.py",
    "snapshot/repository.py",
    "sources/parameters.py",
    "sources/saved_queries.py",
    "web",
)
#: For whoever runs the program.
FOR_OPERATORS = ("web/server.py",)
KINDS = {name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.DigitechError)}


def titles() -> set[str]:
    """The titles of all kinds of errors."""
    return {getattr(errors, name).title for name in KINDS}


def codes() -> set[tuple[str, int]]:
    """The codes that problem documents may have, each with the status of its kind."""
    found = set()
    for name in KINDS - {"DigitechError"}:
        kind = getattr(errors, name)
        found.add((kind.code, kind.status))
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                given = [k.value.value for k in node.keywords if k.arg == "code" and isinstance(k.value, ast.Constant)]
                found |= {(code, getattr(errors, node.func.id).status) for code in given}
    return found


def texts_in(path: Path) -> Iterator[str]:
    """The templates, messages and hints in a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [keyword.value for keyword in node.keywords if keyword.arg == "hint"]
            given += node.args[:1] if name in KINDS | {"Message"} else []
        elif isinstance(node, ast.Assign):
            names = {getattr(target, "id", "") for target in node.targets}
            given = [node.value] if names & {"hint", "message", "text", "_HINT"} else []
        else:
            continue
        for value in given:
            branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            yield from (b.value for b in branches if isinstance(b, ast.Constant) and isinstance(b.value, str))


def texts_on_pages() -> set[str]:
    """The texts that a reader of pages may meet."""
    paths = [path for place in ON_PAGES for path in _modules(SOURCE / place)]
    return titles() | {text for path in paths for text in texts_in(path)}


def _modules(place: Path) -> list[Path]:
    found = [place] if place.is_file() else sorted(place.rglob("*.py"))
    return [path for path in found if path.relative_to(SOURCE).as_posix() not in FOR_OPERATORS]
