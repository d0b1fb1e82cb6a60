"""What the pages for developers say is where they say it."""

import re
from pathlib import Path

import click
import pytest

from digitech_kg.cli.main import group

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
NAME = r"`(?:class )?(\w+)(?:\.\w+)?(?:\(\))?`"
#: "`AXES` in `claims/reserves.py`" and "`_BARS` and `certainty_mark` of `web/reading/sentences.py`".
PLACED = re.compile(rf"((?:{NAME}(?:,| and)?\s+)*{NAME})\s+(?:of|in)\s+`([\w/]+\.py)`")


def placed_names(text: str) -> list[tuple[str, str]]:
    """Return the names that a text gives with a module, each with the path of the module."""
    return [(name, path) for names, *_, path in PLACED.findall(text) for name in re.findall(NAME, names)]


def find_module(path: str) -> Path | None:
    """Return a module that is named from the root or from the package; None if there is none."""
    return next((file for file in (ROOT / path, ROOT / "src/digitech_kg" / path) if file.is_file()), None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_name_that_a_page_gives_with_a_module_is_there(page: Path) -> None:
    wrong = [
        f"{name} isn't in {path}"
        for name, path in placed_names(page.read_text(encoding="utf-8"))
        if not (module := find_module(path)) or not re.search(rf"\b{name}\b", module.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_names_and_modules_are_found_in_a_text() -> None:
    found = placed_names(
        "the words in `_BARS` and\n   `marks` of `web/sentences.py`, and `AXES` in `claims/reserves.py`"
    )
    assert found == [("_BARS", "web/sentences.py"), ("marks", "web/sentences.py"), ("AXES", "claims/reserves.py")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_module_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    # The worked example is of a part that isn't there.
    named = {path for path in re.findall(r"(?<![\w./])(?:\w+/)+\w+\.py\b", text) if "/mentions/" not in path}
    assert sorted(path for path in named if not find_module(path)) == []


def test_a_step_that_the_architecture_names_is_in_its_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    steps = re.findall(r"^ +((?:\w+/)+\w+\.py) +([\w.]+)  ", text, re.MULTILINE)
    assert len(steps) > 10
    missing = [
        f"{name} isn't in {path}"
        for path, name in steps
        if not (module := find_module(path)) or name.rpartition(".")[2] not in module.read_text(encoding="utf-8")
    ]
    assert missing == []


#: A command with an option that is named with it: "digitech-kg build --force".
CALLED = re.compile(r"digitech-kg ([a-z]+)(?: ([a-z-]+))?(?: [\w.:-]+)*?\s(--[a-z-]+)")
CALLING = sorted([*PAGES, *ROOT.glob("src/digitech_kg/**/*.py"), *ROOT.glob("src/digitech_kg/**/*.html")])


def test_commands_that_texts_name_have_the_options_that_they_name() -> None:
    context = click.Context(group)
    wrong = set()
    for file in (file for file in CALLING if file.name != "CHANGELOG.md"):
        for name, below, option in CALLED.findall(file.read_text(encoding="utf-8")):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                command = command.get_command(context, below)
            options = {text for each in command.params for text in each.opts} if command else set()
            if option not in {*options, "--help", "--version"}:
                wrong.add(f"{file.relative_to(ROOT)}: {name} {below} {option}")
    assert wrong == set()
