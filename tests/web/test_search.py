"""Search: names as people type them, misspelt, shortened, run together, and words of claims."""

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyoxigraph import Literal, Store

from conftest import Server
from digitech_kg.namespaces import RDFS, SKOS
from digitech_kg.snapshot.repository import Snapshot

_LINES = (Path(__file__).parents[1] / "data/searches.tsv").read_text(encoding="utf-8").splitlines()
SEARCHES = list(csv.DictReader(_LINES, delimiter="\t"))
#: Addresses that other sites have, of which none names a thing of ours.
ELSEWHERE = [
    "/login",
    "/contact",
    "/news",
    "/home",
    "/settings",
    "/statistics",
    "/wp-login.php",
    "/api/v1/users",
    "/feed",
]


def things_on_the_page(server: Server, text: str, path: str = "/search") -> list[str]:
    """Give the local names of the things of a page, in its order."""
    page = server.get(path, params={"q": text, "lang": "en"}, headers={"Accept": "text/html"}).text
    links = re.findall(r'<(?:li|p class="eyebrow")><a href="([^"]+)"', page.partition("<main")[2])
    paths = (urlsplit(link).path for link in links)
    return [path.removeprefix("/page/id/") for path in paths if path.startswith("/page/id/")]


@pytest.mark.parametrize(
    "searches",
    [SEARCHES[1::8], pytest.param(SEARCHES, marks=pytest.mark.thorough)],
    ids=["every eighth one", "all"],
)
def test_at_least_95_percent_of_the_searches_show_the_thing_first(
    server: Server, searches: list[dict[str, str]]
) -> None:
    assert len(searches) >= 15
    found = {row["query"]: things_on_the_page(server, row["query"])[:1] for row in searches}
    wrong = [(row["query"], found[row["query"]]) for row in searches if found[row["query"]] != [row["id"]]]
    assert len(wrong) <= 0.05 * len(searches), wrong


def test_the_searches_are_no_names_of_the_data(snapshot: Snapshot) -> None:
    store = Store.read_only(str(snapshot.directory / "store"))
    names = {
        quad.object.value
        for name in (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel)
        for quad in store.quads_for_pattern(None, name, None)
        if isinstance(quad.object, Literal)
    }
    assert names
    assert [row["query"] for row in SEARCHES if row["query"] in names] == []


@pytest.mark.parametrize(
    ("word", "thing"),
    [
        ("governence", "global-governance"),
        ("華爲", "huawei"),
        ("人臉識別", "facial-recognition"),
        ("sanktions", "us-sanctions"),
        ("navigatoin satellit", "satellite-navigation"),
        ("silkevein", "belt-and-road-initiative"),
    ],
)
def test_a_misspelt_word_finds_longer_names_that_have_it(server: Server, word: str, thing: str) -> None:
    assert thing in things_on_the_page(server, word)[:2]


def test_a_name_with_its_date_is_not_shown_in_another_language_too(server: Server) -> None:
    assert "23. februar" not in server.get("/search?q=alibaba&lang=en").text


def test_a_name_without_its_spaces_is_no_misspelling(server: Server) -> None:
    assert "Nothing here is called" not in server.get("/search?q=ChinaMobile&lang=en").text
    assert "Nothing here is called" in server.get("/search?q=ChnaMobil&lang=en").text


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_of_another_site_suggests_no_thing(server: Server, address: str) -> None:
    answer = server.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "/page/" not in answer.text.partition("<main")[2].partition("</main>")[0]
