"""The source stays within the budgets of `budgets.toml`: lines and modules of each package, and templates."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import digitech_kg
from conftest import ROOT

SOURCE = Path(digitech_kg.__file__).parent
BUDGETS: dict[str, Any] = tomllib.loads((ROOT / "budgets.toml").read_text(encoding="utf-8"))
PACKAGES: dict[str, dict[str, int]] = BUDGETS["packages"]
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "project" not in path.relative_to(SOURCE).parts[:1])
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def package_of(path: Path) -> str:
    """Return the name that a module's package has in `budgets.toml`, such as "claims", "parts.linking" or "root"."""
    parts = path.relative_to(SOURCE).parts
    if parts[0] == "parts" and len(parts) > 2:
        return f"parts.{parts[1]}"
    return parts[0] if len(parts) > 1 else "root"


def spent(*, core_only: bool = False) -> dict[str, tuple[int, int]]:
    """Return lines and modules by package."""
    found: dict[str, tuple[int, int]] = {}
    for path in MODULES:
        package = package_of(path)
        if core_only and package.startswith("parts"):
            continue
        lines, modules = found.get(package, (0, 0))
        found[package] = lines + lines_of(path), modules + 1
    return found


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def long_lines() -> Iterator[str]:
    limit = BUDGETS["templates"]["line_length"]
    for path in TEMPLATES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) > limit:
                yield f"{name_of(path)}:{number}"


def test_each_package_has_a_budget_and_no_budget_lacks_its_package() -> None:
    assert sorted(spent()) == sorted(PACKAGES)


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_a_package_stays_within_its_budget(package: str) -> None:
    lines, modules = spent()[package]
    budget = PACKAGES[package]
    assert lines <= budget["lines"], f"{package} has {lines} lines"
    assert modules <= budget["modules"], f"{package} has {modules} modules"


@pytest.mark.parametrize("part", ["all", "core"])
def test_the_sums_stay_within_their_budgets(part: str) -> None:
    sums = spent(core_only=part == "core").values()
    lines, modules = sum(line for line, _ in sums), sum(module for _, module in sums)
    budget = BUDGETS["sums"][part]
    assert lines <= budget["lines"], f"{lines} lines"
    assert modules <= budget["modules"], f"{modules} modules"


def test_no_module_is_longer_than_the_longest_allowed() -> None:
    longest = BUDGETS["modules"]["longest"]
    assert [name_of(path) for path in MODULES if lines_of(path) > longest] == []


def test_each_short_module_has_its_reason() -> None:
    shortest, reasons = BUDGETS["modules"]["shortest"], BUDGETS["modules"]["short"]
    short = {name_of(path) for path in MODULES if lines_of(path) < shortest and path.name != "__init__.py"}
    assert short == set(reasons)


def test_templates_have_no_long_lines() -> None:
    assert TEMPLATES
    assert list(long_lines()) == []
