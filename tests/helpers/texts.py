"""The titles and codes of errors as they stand in the code."""

import ast
import inspect
from pathlib import Path

import digitech_kg
from digitech_kg import errors

SOURCE = Path(digitech_kg.__file__).parent
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
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "not_there":
                (kind, *_names) = node.args
                assert isinstance(kind, ast.Constant), ast.unparse(node)
                found.add((errors.not_there(str(kind.value), "", ()).code, errors.NotFound.status))
    return found
