"""`/history` for people and programs: who made which version and why, and what it changed, by thing and claim."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from bundled import GRAPHS, NAMES, PREFIXES
from conftest import Server, Workshop, start_server, stop_server
from digitech_kg.commit.building import create_empty
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit, SparqlUpdate
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.web.pages import history
from screens import on_a_phone, open_page

NOTE = GRAPHS["note"]
ACME, MANY = (NamedNode(f"{PREFIXES['id']}{name}") for name in ("acme", "many"))
CLAIM = NamedNode(PREFIXES["claim"] + "note/acme-active-in-paint")
HTML = {"Accept": "text/html"}


def text(subject: NamedNode, predicate: NamedNode, value: str, language: str = "en", graph: NamedNode = NOTE) -> Quad:
    return Quad(subject, predicate, Literal(value, language=language), graph)


NEW = (
    text(ACME, SKOS.definition, "A maker of red paint.", graph=GRAPHS["things"]),
    text(CLAIM, RDFS.comment, "Acme sells <b>paint</b>."),
)
OLD = (
    text(ACME, SKOS.definition, "A maker of paint.", graph=GRAPHS["things"]),
    text(CLAIM, RDFS.comment, "Acme works in the paint trade."),
)


@dataclass(frozen=True)
class Site:
    """A server, and the names of the versions that it has."""

    server: Server
    first: str
    edited: str
    made: str
    gone: str


@pytest.fixture(scope="module")
def site(built_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("history")
    found = Workshop(directory / "project", directory / "kg")
    shutil.copytree(built_workshop.root, found.root)
    shutil.copytree(built_workshop.data_dir, found.data_dir)
    edited = found.edit(*NEW, removed=OLD, message="Red & <blue>\nfrom now on\x07")
    passage = NamedNode(PREFIXES["passage"] + "note/s01")
    made = [
        Quad(MANY, RDF.type, DK.Field, NOTE),
        *(text(MANY, RDFS.label, label, tag) for label, tag in (("Many", "en"), ("Mange", "nb"), ("多", "zh-hans"))),
        text(MANY, SKOS.definition, "One with many names."),
        Quad(MANY, DK.describedIn, passage, NOTE),
        *(text(MANY, SKOS.altLabel, f"Name {number}") for number in range(400)),
    ]
    second = found.edit(*made, message="Many names", author="ben")
    third = found.edit(removed=made)
    server = start_server(found.data_dir, "--project", str(found.root))
    yield Site(server, found.repository.history()[0].version, edited, second, third)
    stop_server(server)


def lines_of(page: str) -> list[str]:
    """Give the lines of the difference as they are read out."""
    found = re.findall(r'<li class="(?:came|went)">(.*?)</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in found]


def test_list_tells_who_made_which_version_and_why(site: Site) -> None:
    page = site.server.get("/history", headers=HTML).text
    for version in (site.first, site.edited, site.made, site.gone):
        assert f'href="/history/{version}"' in page
    assert "Red &amp; &lt;blue&gt;" in page
    assert page.index(site.gone) < page.index(site.edited) < page.index(site.first)
    assert "4 versions; the data of 4 is kept, by the rule: the newest 100." in page
    assert site.server.get("/history", headers={"Accept": "text/turtle"}).status_code == 406


def test_list_is_linked_from_the_pages_on_the_data(site: Site) -> None:
    assert 'href="/history"' in site.server.get("/data", headers=HTML).text
    assert 'href="/history"' in site.server.get("/about", headers=HTML).text
    assert f'href="/history/{site.gone}"' in site.server.get("/about", headers=HTML).text


def test_page_shows_what_changed_by_thing_and_claim(site: Site) -> None:
    page = site.server.get(f"/history/{site.edited}", headers=HTML).text
    assert lines_of(page) == [
        "−removed: definition A maker of paint. en",
        "+added: definition A maker of red paint. en",
        "−removed: in our words Acme works in the paint trade. en",
        "+added: in our words Acme sells &lt;b&gt;paint&lt;/b&gt;. en",
    ]
    main = page[page.index("<h1>") :]
    assert main.index('href="/page/id/acme"') < main.index('href="/page/claim/note/acme-active-in-paint"')
    assert f'href="/history/{site.first}"' in main
    assert f'href="/history/{site.made}"' in main


def test_page_of_a_version_is_norwegian_too(site: Site) -> None:
    page = site.server.get(f"/history/{site.edited}", headers={**HTML, "Accept-Language": "nb"}).text
    assert lines_of(page)[:2] == [
        "−fjernet: definisjon A maker of paint. en",
        "+lagt til: definisjon A maker of red paint. en",
    ]
    for words in ("Versjon 2", "Hva som ble endret", "SPARQL-oppdatering", "se grafen slik den var"):
        assert words in page


def test_first_version_has_no_difference(site: Site) -> None:
    page = site.server.get(f"/history/{site.first}", headers=HTML).text
    assert "everything in it is new" in page
    assert lines_of(page) == []


def test_long_lists_are_cut_and_say_so(site: Site) -> None:
    page = site.server.get(f"/history/{site.made}", headers=HTML).text
    assert len(lines_of(page)) == 40
    assert "and 366 more lines" in page


def test_a_change_that_is_too_long_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = SnapshotRepository(tmp_path)
    create_empty(repository, NAMES)
    names = " ".join(f'<{ACME.value}> rdfs:label "Name {number}" .' for number in range(1000, 1040))
    update = f"PREFIX rdfs: <{PREFIXES['rdfs']}> INSERT DATA {{ {names} }}"
    Committer(repository).commit(SparqlUpdate(update), Commit())
    monkeypatch.setattr(history, "_MOST_QUADS", 30)
    edits, derived = history.find_difference(repository, repository.history()[-1].version)
    assert edits is None
    assert derived == {}


def test_thing_that_is_gone_is_named_by_its_iri_and_leads_nowhere(site: Site) -> None:
    page = site.server.get(f"/history/{site.gone}?lang=nb", headers=HTML).text
    assert "<span>id:many</span>" in page
    assert "/page/id/many" not in page
    assert "Det" not in lines_of(page)[0]
    assert lines_of(page)[0].startswith("−fjernet:")


@pytest.mark.parametrize("name", ["2", "000002"])
def test_number_leads_to_the_version(site: Site, name: str) -> None:
    answer = site.server.get(f"/history/{name}", headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/history/{site.edited}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/history/99", 404),
        ("/history/000001-000000000000", 404),
        ("/history/..%2f..%2fetc%2fpasswd", 404),
        ("/history/2001-01-01", 404),
        ("/history/" + "9" * 400, 404),
        ("/history?part=2", 404),
        ("/history?part=0", 400),
    ],
)
def test_what_is_not_there_is_told(site: Site, path: str, status: int) -> None:
    for accept in ("text/html", "*/*"):
        assert site.server.get(path, headers={"Accept": accept}).status_code == status


def test_answers_are_tagged_and_not_sent_twice(site: Site) -> None:
    for path in ("/history", f"/history/{site.edited}"):
        tags = set()
        for kind in ("html", "json"):
            first = site.server.get(f"{path}?format={kind}")
            tags.add(first.headers["ETag"])
            again = site.server.get(f"{path}?format={kind}", headers={"If-None-Match": first.headers["ETag"]})
            assert (again.status_code, again.content) == (304, b"")
        assert len(tags) == 2


def test_json_tells_versions_and_differences(site: Site) -> None:
    listed = site.server.get("/history?format=json").json()
    assert [row["version"] for row in listed["versions"]] == [site.gone, site.made, site.edited, site.first]
    assert listed["versions"][1]["author"] == "ben"
    one = site.server.get(f"/history/{site.edited}?format=json").json()
    assert [change["resource"] for change in one["changes"]] == [ACME.value, CLAIM.value]
    (added,) = parse("\n".join(one["changes"][1]["added"]), RdfFormat.N_QUADS)
    assert added.object == Literal("Acme sells <b>paint</b>.", language="en")
    assert (one["message"], one["data_kept"], one["previous"]) == ("Red & <blue>\nfrom now on\x07", True, site.first)


@pytest.mark.thorough
@on_a_phone
def test_reader_goes_from_the_start_to_a_change_and_its_thing(site: Site, browser: Browser, screen: str) -> None:
    with open_page(browser, site.server.url, screen) as page:
        page.goto("/data")
        page.get_by_role("link", name="Versions").click()
        for path in (None, f"/history/{site.edited}"):
            if path:
                page.goto(path)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto("/history")
        page.get_by_role("link", name="2", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Version 2")
        page.get_by_role("link", name="Acme", exact=True).click()
        expect(page.get_by_role("main")).to_contain_text("A maker of red paint.")


def test_version_that_others_make_shows_at_once(site: Site, tmp_path: Path) -> None:
    before = site.server.get("/history", headers=HTML)
    repository = Workshop(tmp_path, site.server.data_dir)
    version = repository.edit(text(ACME, SKOS.scopeNote, "Seen."))
    after = site.server.get("/history", headers={**HTML, "If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert version in after.text


def test_remote_store_has_no_history_here() -> None:
    from digitech_kg.errors import NotFound

    with pytest.raises(NotFound, match="remote store has no history"):
        history.repository_of(object())  # type: ignore[arg-type]
