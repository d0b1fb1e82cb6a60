"""From an empty folder to a site, with commands alone; and nothing in it is of the bundled project."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from click.testing import CliRunner

from conftest import Server, start_server, stop_server
from digitech_kg.cli.main import group

from .test_worked_example import blocks

#: What would be left over from the bundled project.
LEFTOVERS = ("nupi", "Chinese", "CC BY 4.0", "https://w3id.org/digitech-kg/")
#: Terms and shapes of the package are used by every project.
SHARED = re.compile(r"https://w3id\.org/digitech-kg/(?:ontology|shapes)\b")
MOST_PAGES = 35


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the project of the example in data/README.md, made by the commands that stand there."""
    folder = tmp_path_factory.mktemp("journey")
    root = folder / "phones"
    note = folder / "acme.txt"
    turtle = [block for _, block in blocks() if block.startswith("@prefix")]
    note.write_text(next(block for before, block in blocks() if before.startswith("The note is")))
    run("init", root, "--base", "https://example.org/phones/")
    run("document", "add", note, "--id", "acme-note", "--title", "Note on Acme", "--project", root)
    for place, text in zip(("things/things.ttl", "documents/acme-note/claims.ttl"), turtle, strict=True):
        (root / "data" / place).write_text(text)
    run("validate", "--project", root, "--text", f"acme-note={note}")
    run("build", "--project", root, "--data-dir", folder / "kg")
    server = start_server(folder / "kg", "--project", str(root), "--text", f"acme-note={note}")
    yield server
    stop_server(server)


def run(*arguments: str | Path) -> None:
    result = CliRunner().invoke(group, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output


def crawl(site: Server) -> dict[str, tuple[int, str]]:
    """Return status and text of pages that links lead to from the first one."""
    found: dict[str, tuple[int, str]] = {}
    waiting = ["/"]
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        if path in found:
            continue
        response = site.get(path, headers={"Accept": "text/html, */*;q=0.5"})
        found[path] = (response.status_code, response.text)
        if "html" in response.headers.get("Content-Type", ""):
            links = (
                urljoin(site.url + path, link.replace("&amp;", "&"))
                for link in re.findall(r'href="([^"#]+)', response.text)
            )
            waiting += [link.removeprefix(site.url) for link in links if link.startswith(f"{site.url}/")]
    return found


def test_all_pages_answer_and_none_is_of_the_bundled_project(site: Server) -> None:
    pages = crawl(site)
    assert len(pages) == MOST_PAGES
    assert {path: status for path, (status, _) in pages.items() if status >= 400} == {}
    left = {path: word for path, (_, text) in pages.items() for word in LEFTOVERS if word in SHARED.sub("", text)}
    assert left == {}


@pytest.mark.parametrize("form", ["turtle", "rdf+xml", "ld+json", "n-triples"])
def test_data_are_of_the_own_project_in_every_format(site: Server, form: str) -> None:
    mime = {"turtle": "text/turtle", "n-triples": "application/n-triples"}.get(form, f"application/{form}")
    response = site.get(
        "/sparql", params={"query": "DESCRIBE <https://example.org/phones/id/acme>"}, headers={"Accept": mime}
    )
    assert response.status_code == 200
    assert not [word for word in LEFTOVERS if word in SHARED.sub("", response.text)]


def test_the_plain_denial_and_the_sentences_are_there(site: Server) -> None:
    query = "SELECT ?s { ?c <https://w3id.org/digitech-kg/ontology#sentence> ?s } ORDER BY ?s"
    rows = site.sparql(query, headers={"Accept": "text/csv"}).text.splitlines()
    assert rows[1:] == [
        "Acme Telecom is not under state ownership.",
        "Acme Telecom will probably provide phones in Norway in 2022.",
    ]


def test_the_document_is_shown_with_its_text(site: Server) -> None:
    text = re.sub("<[^>]*>", "", site.get("/document/acme-note").text)
    assert "It will probably sell phones in Norway next year." in text
