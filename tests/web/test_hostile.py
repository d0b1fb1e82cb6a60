"""Markup, unsafe addresses, other directions of writing, endless names and crowds of facts: shown safely and whole."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from bundled import GRAPHS, PREFIXES
from conftest import ROOT, Server, start_server, stop_server
from digitech_kg.namespaces import DK, RDF, RDFS
from digitech_kg.snapshot.repository import SnapshotRepository
from publishing import publish_quads
from screens import open_page

PAGES = [
    "/",
    "/page/id/markup",
    "/page/id/arabic",
    "/page/id/long",
    "/page/id/crowd",
    "/page/id/note",
    "/page/claim/markup-one",
    "/page/claim/markup-three",
    "/page/passage/note/s01",
    "/document/note",
    "/explore",
    "/explore?thing=markup&thing=crowd&add=%3Cscript%3Ealert(1)%3C/script%3E",
    "/search?q=script",
    "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/results?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+200",
    "/page/id/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
]
#: What a browser or a template engine would act on; `&gt;49` is what a template in a value would give.
FORBIDDEN = (
    "<script>",
    "<img",
    "<big>",
    "<i>",
    "<u>",
    "<svg onload",
    "<marquee",
    "<blink",
    "&gt;49",
    ' onmouseover="a',
)


@pytest.fixture(scope="module", params=[3500, pytest.param(10_000, marks=pytest.mark.thorough)])
def crowd(request: pytest.FixtureRequest) -> int:
    """How many claims there are about one thing: more than the explorer reads."""
    return int(request.param)


def claims(crowd: int) -> Iterator[Quad]:
    """Give so many claims about one thing."""
    for number in range(crowd):
        claim = NamedNode(f"{PREFIXES['claim']}crowd-{number:05}")
        other = NamedNode(f"{PREFIXES['id']}member-{number:05}")
        for prop, value in (
            (RDF.type, DK.Claim),
            (RDFS.comment, Literal(f"Member {number} belongs to the crowd.", language="en")),
            (DK.certainty, DK.asserted),
            (DK.predicate, DK.involves),
            (DK.subject, NamedNode(PREFIXES["id"] + "crowd")),
            (DK.object, other),
        ):
            yield Quad(claim, prop, value, GRAPHS["note"])


@pytest.fixture(scope="module")
def hostile(crowd: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("hostile")
    bad = parse(path=Path(__file__).parents[1] / "data" / "hostile.ttl", format=RdfFormat.TURTLE, lenient=True)
    terms = [quad for file in (ROOT / "ontology").glob("*.ttl") for quad in parse(path=file, format=RdfFormat.TURTLE)]
    quads = [Quad(q.subject, q.predicate, q.object, GRAPHS["note"]) for q in bad]
    quads += [Quad(q.subject, q.predicate, q.object, GRAPHS.ontology) for q in terms]
    publish_quads([*quads, *claims(crowd)], SnapshotRepository(data))
    running = start_server(data, "--empty")
    yield running
    stop_server(running)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_the_data_becomes_markup_or_an_unsafe_link(hostile: Server, path: str) -> None:
    answer = hostile.get(path, headers={"Accept": "text/html"})
    if answer.status_code == 303:
        answer = hostile.get(answer.headers["Location"])
    assert answer.status_code in (200, 404)
    for forbidden in FORBIDDEN:
        assert forbidden not in answer.text, forbidden
    addresses = [html.unescape(found) for found in re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)]
    assert [a for a in addresses if re.match(r"\s*(javascript|data|vbscript):", a, re.I)] == []


def test_a_page_of_thousands_of_facts_says_that_there_are_more(hostile: Server, crowd: int) -> None:
    page = hostile.get("/page/id/crowd")
    assert "More is known than this page shows." in page.text
    assert "Get all of it with a query" in page.text
    assert len(page.content) < 1_000_000
    assert 0 < len(set(re.findall(r'/page/claim/(crowd-\d+)"', page.text))) < crowd


@pytest.mark.parametrize("part", ["0", "-1", "x", "٣", "1" * 40])
def test_part_that_is_no_number_is_a_bad_request(hostile: Server, part: str) -> None:
    assert hostile.get("/claims", params={"part": part}).status_code == 400


def test_explorer_shows_some_of_a_crowd_and_says_so(hostile: Server) -> None:
    graph = hostile.get("/explore/graph.json?thing=crowd").json()
    assert len(graph["nodes"]) < 50
    assert next(node for node in graph["nodes"] if node["id"] == "crowd")["hidden"] > 900
    assert "There is more than can be drawn" in hostile.get("/explore?thing=crowd").text


#: Texts with a sign that turns the direction, and that turn what stands beside them in the same line.
TURNING = """() => [...document.body.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const turns = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.includes("\\u202E"));
  const isText = !/^(title|desc|script)$/i.test(element.tagName) && style.display === "inline";
  return turns && isText && style.unicodeBidi !== "isolate";
}).map((element) => element.outerHTML)"""


def test_browser_runs_nothing_of_the_data_and_nothing_sticks_out(browser: Browser, hostile: Server) -> None:
    with open_page(browser, hostile.url, "phone-light") as page:
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        for path in PAGES:
            page.goto(path)
            if path.startswith("/explore"):
                page.locator("#graph[data-ready]").wait_for()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert page.evaluate(TURNING) == [], path
        page.goto("/explore?thing=markup")
        page.locator("#graph[data-ready]").wait_for()
        page.locator("#graph").focus()
        page.keyboard.press("Home")
        assert "<script>alert(1)</script>" in page.locator("#details").inner_text()
        assert page.locator("#details script, #details img").count() == 0
        assert asked == []
