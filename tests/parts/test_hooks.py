"""The table of hooks: what a part adds is there when it is on, and gone when it is off."""

import importlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import digitech_kg.parts
from conftest import start_server, stop_server
from digitech_kg.cli.main import group
from digitech_kg.errors import SourceError
from digitech_kg.exports.writing import export_dataset
from digitech_kg.formats import DOWNLOADS
from digitech_kg.hooks import (
    downloads_of,
    find_file,
    get_download,
    known_parts,
    links_on,
    load,
    load_hook,
    part_commands,
    parts_on,
)
from digitech_kg.sources.project import find_project
from stored_site import NAMES, StoredService, open_service, open_site

DOCS = Path(__file__).parents[2] / "docs" / "parts.md"
#: A part that fills every hook.
FULL = '''
"""A part for tests."""
from digitech_kg.formats import Download
from digitech_kg.hooks import Link, Part
PART = Part(
    name="full",
    summary="Fills every hook.",
    routes="digitech_kg.parts.full.all:blueprints",
    commands={"hello": "digitech_kg.parts.full.all:hello"},
    downloads=(Download("names", "-names.txt", "text/plain", "Names", writer="digitech_kg.parts.full.all:write"),),
    query_service="digitech_kg.parts.full.all:open_service",
    federation="digitech_kg.parts.full.all:federate",
    rewriter="digitech_kg.parts.full.all:make_rewriter",
    conflicts="digitech_kg.parts.full.all:explain",
    links=(Link("thing", "More", "full.more", parameter="of"), Link("navigation", "Full", "full.more")),
)
'''
FULL_CODE = """
import click
from flask import Blueprint

def blueprints(site):
    blueprint = Blueprint("full", __name__)
    blueprint.add_url_rule("/full", "more", lambda: f"over {site.service.snapshot.version}")
    return [blueprint]

@click.command()
def hello():
    click.echo("hello")

def write(opened): return opened.names.base.encode()
def open_service(settings, names): return "service"
def federate(settings): return "federation"
def make_rewriter(directory): return "rewriter"
def explain(quads, names): return "conflicts"
"""


@pytest.fixture
def part_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose packages are parts too, for as long as the test runs."""
    folder = tmp_path / "parts"
    folder.mkdir()
    monkeypatch.setattr(digitech_kg.parts, "__path__", [*digitech_kg.parts.__path__, str(folder)])
    known_parts.cache_clear()
    importlib.invalidate_caches()
    before = set(sys.modules)
    yield folder
    known_parts.cache_clear()
    for name in set(sys.modules) - before:
        if name.startswith("digitech_kg.parts."):
            del sys.modules[name]


@pytest.fixture
def full(part_folder: Path) -> str:
    """The name of a part that fills every hook."""
    (part_folder / "full").mkdir()
    (part_folder / "full" / "__init__.py").write_text(FULL)
    (part_folder / "full" / "all.py").write_text(FULL_CODE)
    return "full"


def test_each_part_is_named_like_its_package_and_what_it_names_exists() -> None:
    for name, part in known_parts().items():
        assert part.name == name
        assert part.summary
        functions = [part.routes, part.query_service, part.federation, part.rewriter, part.conflicts]
        functions += part.commands.values()
        functions += [download.writer for download in part.downloads]
        assert all(load(reference) for reference in functions if reference)


def test_no_two_parts_add_the_same_command_or_download() -> None:
    commands = [name for part in known_parts().values() for name in part.commands]
    downloads = [d.name for part in known_parts().values() for d in part.downloads] + list(DOWNLOADS)
    assert len(set(commands)) == len(commands)
    assert len(set(downloads)) == len(downloads)


def test_every_hook_is_filled_when_the_part_is_on(full: str) -> None:
    assert full in [part.name for part in parts_on(NAMES)]
    assert part_commands()["hello"] == "digitech_kg.parts.full.all:hello"
    assert get_download("names", NAMES).title == "Names"
    assert find_file("kg-names.txt", NAMES) == downloads_of(NAMES)["names"]
    assert [link.text for link in links_on("thing", NAMES) if link.endpoint == "full.more"] == ["More"]
    for hook in ("query_service", "federation", "rewriter", "conflicts"):
        reference = next(found for part in parts_on(NAMES) if (found := getattr(part, hook)))
        assert load_hook(hook, NAMES) is load(reference)  # type: ignore[arg-type]


def test_nothing_of_a_part_is_there_when_it_is_off(full: str) -> None:
    names = replace(NAMES, parts_off=(full,))
    assert full not in [part.name for part in parts_on(names)]
    assert "hello" not in part_commands((full,))
    assert "names" not in downloads_of(names)
    assert "full.more" not in [link.endpoint for link in links_on("thing", names)]


@pytest.mark.parametrize("off", [False, True], ids=["on", "off"])
def test_the_pages_of_a_part_are_served_only_when_it_is_on(full: str, tmp_path: Path, off: bool) -> None:
    names = replace(NAMES, parts_off=(full,) if off else ())
    client = open_site(tmp_path, open_service(names=names)).test_client()
    assert client.get("/full").status_code == (404 if off else 200)
    assert ('href="/full"' in client.get("/data").text) is not off


@pytest.mark.parametrize("option", ["--project", "--project="])
def test_a_project_switches_commands_off(full: str, tmp_path: Path, option: str) -> None:
    assert CliRunner().invoke(group, ["hello"]).output == "hello\n"
    (tmp_path / "project.toml").write_text(f'[parts]\noff = ["{full}"]\n')
    named = [option + str(tmp_path)] if option.endswith("=") else [option, str(tmp_path)]
    refused = CliRunner().invoke(group, ["hello", *named])
    assert refused.exit_code == 2
    assert "hello belongs to the part full, which is switched off" in refused.output


@pytest.mark.usefixtures("full")
def test_commands_of_parts_are_listed_with_those_of_the_core() -> None:
    listed = CliRunner().invoke(group, ["--help"]).output
    assert "hello" in listed
    assert "serve" in listed


def test_a_download_of_a_part_is_written_by_its_function(full: str, workshop: object) -> None:
    snapshot = workshop.current()  # type: ignore[attr-defined]
    assert export_dataset(snapshot, "names") == snapshot.names.base.encode()
    assert full in known_parts()


def test_an_unknown_name_of_a_part_is_an_error_that_lists_the_parts(full: str, small_project: Path) -> None:
    with (small_project / "project.toml").open("a") as file:
        file.write('\n[parts]\noff = ["ful"]\n')
    with pytest.raises(SourceError) as caught:
        _ = find_project(small_project).names
    assert "'ful'" in str(caught.value.faults[0])
    assert full in str(caught.value.faults[0])


@pytest.mark.parametrize("text", ["parts = 3", "[parts]\noff = 3", "[parts]\nof = []"])
def test_a_faulty_table_of_parts_is_an_error(small_project: Path, text: str) -> None:
    file = small_project / "project.toml"
    file.write_text(
        file.read_text().replace("base =", f"{text}\nbase =") if text[0] == "p" else f"{file.read_text()}\n{text}\n"
    )
    with pytest.raises(SourceError):
        _ = find_project(small_project).names


@pytest.fixture(scope="module")
def stored() -> StoredService:
    """A service that tests only read."""
    opened = open_service()
    opened.written = opened.book()
    return opened


#: With one of them off, each second one is looked at every day.
_ONE_OFF = [
    pytest.param((name,), marks=[pytest.mark.thorough] if place % 2 else []) for place, name in enumerate(known_parts())
]


@pytest.mark.parametrize("off", [(), *_ONE_OFF, tuple(known_parts())], ids=str)
def test_the_site_stands_without_any_part(off: tuple[str, ...], tmp_path: Path, stored: StoredService) -> None:
    client = open_site(tmp_path, replace(stored, names=replace(NAMES, parts_off=off))).test_client()
    for path in (
        "/",
        "/sparql?query=ASK{}",
        "/page/id/acme",
        "/search?q=acme",
        "/about",
        "/data",
        "/download/",
        "/healthz",
    ):
        assert client.get(path).status_code == 200, path


def test_the_example_in_the_docs_runs(part_folder: Path, tmp_path: Path) -> None:
    found = re.findall(
        r"`src/digitech_kg/parts/(\S+)`:\n\n```\w+\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(found) == 3
    for name, text in found:
        (part_folder / name).parent.mkdir(exist_ok=True)
        (part_folder / name).write_text(text, encoding="utf-8")
    client = open_site(tmp_path).test_client()
    page = client.get("/mentions").text
    assert re.search(r'<li><a href="/page/id/acme">[^<]+</a>: \d+ claims</li>', page)
    assert "Most mentioned" in client.get("/data").text


def test_the_example_in_the_docs_is_translated() -> None:
    text = DOCS.read_text(encoding="utf-8")
    (catalogue,) = re.findall(r"```po\n(.*?)```", text, re.DOTALL)
    asked = re.findall(r"""_\("([^"]+)"\)|ngettext\("([^"]+)",""", text)
    assert asked
    assert [said for said in map("".join, asked) if f'msgid "{said}"' not in catalogue] == []


def test_the_core_builds_answers_and_serves_without_any_part(
    run: Callable[..., subprocess.CompletedProcess[str]], small_project: Path, tmp_path: Path
) -> None:
    with (small_project / "project.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[parts]\noff = {list(known_parts())}\n")
    place = ("--project", str(small_project), "--data-dir", str(tmp_path / "kg"))
    for arguments in (("validate", *place[:2]), ("build", *place), ("query", *place, "-e", "ASK { id:acme ?p ?o }")):
        done = run(*arguments)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert set(part_commands()).isdisjoint(
        re.findall(r"^  (\w+)", run("--help", cwd=small_project).stdout, re.MULTILINE)
    )
    server = start_server(tmp_path / "kg", *place[:2])
    try:
        assert server.sparql("ASK { id:acme a dk:Agent }").json()["boolean"] is True
        for path in ("/", "/page/id/acme", "/page/claim/note/acme-active-in-paint", "/document/note", "/search?q=acme"):
            assert server.get(path, headers={"Accept": "text/html"}).status_code == 200, path
        loaded = "import sys, digitech_kg.web.app, digitech_kg.cli.serving; print(*sys.modules)"
        modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
        assert not [name for name in modules.split() if name.startswith("digitech_kg.parts.")]
    finally:
        stop_server(server)


@pytest.mark.parametrize(
    ("option", "value"), [("--engine", "http://127.0.0.1:9/sparql"), ("--service-allow", "http://127.0.0.1:9/sparql")]
)
def test_an_option_whose_part_is_off_is_refused(
    run: Callable[..., subprocess.CompletedProcess[str]], small_project: Path, tmp_path: Path, option: str, value: str
) -> None:
    with (small_project / "project.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[parts]\noff = {list(known_parts())}\n")
    done = run(
        "serve", "--project", str(small_project), "--data-dir", str(tmp_path / "kg"), "--port", "0", option, value
    )
    assert done.returncode == 2
    assert f"{option} needs a part that is switched off" in done.stderr
