"""axe-core finds nothing on any kind of page, narrow and wide, light and dark; and no page is wider than its screen."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from conftest import Server
from screens import arrive, open_page, screens_in_turn, show_as

_DK = "https%3A%2F%2Fw3id.org%2Fdigitech-kg%2F"
PAGES = {
    "start": "/",
    "company": "/page/id/zte",
    "company of whom most is said": "/page/id/huawei",
    "document": "/page/id/nupi-digi-tech",
    "recommendation": "/page/id/recommendation-3",
    "event": "/page/id/alibaba-intervention",
    "concern": "/page/id/digital-security-concern",
    "dataset": "/page/dataset",
    "graph": "/page/graph/nupi-digi-tech/statements",
    "claim": "/page/claim/nupi-digi-tech/huawei-not-state-owned",
    "claim from outside": "/page/claim/iso-3166/norway-iso3166-1-numeric",
    "passage": "/page/passage/nupi-digi-tech/p12.s03",
    "table row": "/page/passage/nupi-digi-tech/p14.c1.r1",
    "reading view": "/document/commission-5g-toolbox-2023",
    "search": "/search?q=huawei",
    "guessed search": "/search?q=huawai",
    "empty search": "/search?q=zzzzqqqq",
    "explorer": "/explore",
    "explorer of two things": "/explore?thing=huawei&thing=china",
    "ontology": "/ontology",
    "why": f"/why?subject={_DK}id%2Fhuawei&predicate=rdf%3Atype&object={_DK}ontology%23Agent",
    "editor": "/sparql",
    "question": "/page/query/companies_by_sector",
    "question of yes or no": "/page/query/is_state_ownership_denied",
    "result as RDF": "/results?query=CONSTRUCT+WHERE+%7B%3Fs+a+%3Fo%7D+LIMIT+50",
    "faulty query": "/results?query=SELECT+%2A+%7B%3Fs+%3Fp%7D",
    "downloads": "/download/",
    "history": "/history",
    "first version": "/history/1",
    "not found": "/id/huawai",
    "bad request": "/claims?part=0",
    "norwegian": "/page/id/huawei?lang=nb",
    "about": "/about",
    "documents": "/documents",
    "things": "/things",
    "kind of things": "/things?kind=Company",
    "data": "/data",
    "claims": "/claims",
    "predictions": "/claims?kind=prediction",
    "recommendations": "/claims?kind=recommendation",
    "comparison of things": "/compare?a=huawei&b=tencent",
    "one thing across documents": "/compare?a=huawei",
    "issues": "/issues",
    "issue": "/issue/exclude-suppliers",
    "topics": "/topics",
    "topic": "/topic/ownership-and-control",
    "long document": "/document/nupi-digi-tech",
    "question with a long list": "/page/query/who_owns_huawei",
}


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with open_page(browser, server.url, "phone-light", expected=("status of 40",)) as opened:
        yield opened


#: Terms of the ontology beyond the first few of each kind; axe takes ten seconds for all of them.
_MORE_TERMS = ".terms > details" + " + details" * 3


#: Other pages of these have the same parts: the daily tests look at one of each kind. The editor and the result as RDF
#: are looked at by the tests of result views.
_SAME_PARTS = {
    "bad request",
    "claim from outside",
    "company of whom most is said",
    "concern",
    "dataset",
    "document",
    "downloads",
    "editor",
    "empty search",
    "event",
    "explorer of two things",
    "first version",
    "graph",
    "guessed search",
    "kind of things",
    "long document",
    "norwegian",
    "one thing across documents",
    "predictions",
    "question of yes or no",
    "question with a long list",
    "recommendation",
    "recommendations",
    "result as RDF",
    "table row",
    "things",
    "topic",
    "topics",
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] if name in _SAME_PARTS else []) for name in PAGES]
)
def test_page_is_accessible_and_fits(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    arrive(page, PAGES[name])
    every = request.config.getoption("all_screens")
    if name == "ontology" and not every:
        page.locator(_MORE_TERMS).evaluate_all("(terms) => terms.forEach((term) => term.remove())")
        assert page.locator(".term").count() > 10
        page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true })")
    for screen in screens_in_turn(list(PAGES).index(name), every=every):
        show_as(page, screen)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{screen}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen


def test_the_check_finds_what_it_is_there_for(page: Page) -> None:
    page.goto("/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/icon.svg\">')")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == ["image-alt"]
