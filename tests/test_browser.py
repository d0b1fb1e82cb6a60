"""What a person meets in a real browser: journeys, accessibility, a silent console, no request to elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import Server

PAGES = [
    "/",
    "/page/id/huawei",
    "/page/id/nupi-digi-tech",
    "/page/claim/nupi-digi-tech/huawei-not-state-owned",
    "/page/passage/nupi-digi-tech/p12.s03",
    "/page/dataset",
    "/document/nupi-digi-tech",
    "/search?q=huawai",
    "/matrix",
    "/timeline",
    "/coverage",
    "/about",
    "/shapes",
    "/sparql",
    "/page/query/companies_by_sector",
    "/page/query/is_huawei_state_owned?company=id:tencent",
    "/page/query/sectors_of_named_companies",
    "/results?query=CONSTRUCT+WHERE+%7B%3Fs+%3Chttp%3A%2F%2Fwww.w3.org%2F1999%2F02%2F22-rdf-syntax-ns%23type%3E+%3Fo%7D",
]
#: Width and height in pixels, colours.
SCREENS = {"phone-dark": (390, 844, "dark"), "desk-light": (1440, 900, "light")}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        only_here = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        running = playwright.chromium.launch(executable_path=found, args=[only_here])
        yield running
        running.close()


@pytest.fixture(params=SCREENS, ids=str)
def page(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Page]:
    """A page at the address of the server; an outside request, console error or exception fails the test."""
    width, height, colours = SCREENS[request.param]
    context = browser.new_context(
        base_url=server.url, viewport={"width": width, "height": height}, color_scheme=colours, locale="en-GB"
    )
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    faults: list[str] = []
    context.route(
        lambda url: not url.startswith(server.url), lambda route: (faults.append(route.request.url), route.abort())
    )
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert [fault for fault in faults if "status of 40" not in fault] == []


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_and_fits(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_find_a_company_and_see_the_passage_behind_a_fact(page: Page) -> None:
    page.goto("/")
    page.locator("main input[type=search]").fill("华为")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Huawei", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Huawei")
    row = page.locator(".row", has_text="is not owned by the state")
    expect(row).to_contain_text("Plain denial")
    row.get_by_role("link", name="p. 2, sentence 10").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("p. 2, sentence 10")


def test_follow_a_concern_in_the_matrix_to_its_claim(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Matrix").click()
    page.get_by_role("row", name="censorship of content").get_by_role("cell").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("Subject")


def test_ask_a_saved_question_and_download_it(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Which companies does the table list in which sector?").first.click()
    expect(page.get_by_role("table")).to_contain_text("Huawei")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert download.value


def test_switch_language_and_keep_it(page: Page) -> None:
    page.goto("/page/id/norway")
    page.get_by_role("link", name="Norsk bokmål").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Norge")
    page.locator(".brand").click()
    expect(page.get_by_role("heading", name="Anbefalinger")).to_be_visible()
    assert page.context.cookies() == []


def test_recover_from_a_mistyped_address(page: Page) -> None:
    page.goto("/id/huawai")
    page.get_by_role("main").get_by_role("link", name="Huawei", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Huawei")


def test_keyboard_alone_reaches_content_and_search(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("tencent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=tencent")
    expect(page.get_by_role("main")).to_contain_text("Tencent")


def test_read_the_document_from_a_claim(page: Page) -> None:
    page.goto("/page/claim/nupi-digi-tech/huawei-not-state-owned")
    page.get_by_role("link", name="p. 2, sentence 10,").click()
    page.get_by_role("link", name="Show it in the document").click()
    expect(page.locator("[id='p12.s03']")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/page/id/huawei", "claim:huawei-not-state-owned"),
        ("/page/claim/nupi-digi-tech/huawei-not-state-owned", "id:state-ownership"),
        ("/page/passage/nupi-digi-tech/p12.s03", "claim:huawei-not-state-owned"),
    ],
)
def test_query_this_opens_the_editor_with_what_is_on_the_page(page: Page, path: str, shown: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Query this").click()
    expect(page.get_by_role("table")).to_contain_text(shown)
    expect(page.get_by_role("textbox", name="Query")).to_contain_text("SELECT")


def test_print_leaves_out_the_frame(page: Page) -> None:
    page.goto("/page/id/huawei")
    page.emulate_media(media="print")
    expect(page.locator("header.site")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_copy_button_copies_the_snippet_and_says_so(page: Page, server: Server) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page.goto("/about")
    page.get_by_role("button", name="Copy: curl").click()
    expect(page.get_by_role("status")).to_have_text("Copied: curl")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#snippet-curl").text_content()
    assert f"{server.url}/sparql" in copied


def test_text_is_selected_where_scripts_may_not_copy(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false"
    )
    page.goto("/about")
    page.get_by_role("button", name="Copy: BibTeX").click()
    expect(page.get_by_role("status")).to_contain_text("Not copied")
    assert "@misc" in page.evaluate("getSelection().toString()")


def test_without_script_there_is_no_button_that_does_nothing(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/about")
    expect(page.locator("#snippet-curl")).to_be_visible()
    expect(page.locator("button.copy").first).to_be_hidden()
    context.close()


#: Bytes that a page of a thing may cost before anything is kept, without the editor.
MOST_BYTES = 100_000


@pytest.mark.parametrize(
    "path", ["/page/id/huawei", "/page/id/china", "/page/claim/nupi-digi-tech/huawei-not-state-owned"]
)
def test_page_of_a_thing_is_light_and_stands_still(page: Page, path: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) shift += e.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert 5_000 < sum(received) < MOST_BYTES
    assert page.evaluate("shift") == 0


@pytest.mark.parametrize("path", ["/", "/about", "/document/nupi-digi-tech", "/search?q=huawai"])
def test_other_pages_stand_still_while_they_load(page: Page, path: str) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) shift += e.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("shift") == 0


@pytest.fixture
def editor(page: Page) -> Page:
    """The editor's page once its script has taken over, with an empty query that has the focus."""
    page.goto("/sparql")
    page.locator("#editor[data-ready]").wait_for()
    write(page, "")
    return page


def write(page: Page, query: str) -> None:
    page.get_by_role("textbox", name="Query").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)


def test_editor_completes_from_the_graph_and_declares_the_prefix(editor: Page) -> None:
    editor.keyboard.type("ASK { ?x dk:hasOw")
    option = editor.get_by_role("option", name="dk:hasOwnershipKind")
    expect(option).to_contain_text("has ownership kind")
    option.click()
    expect(editor.get_by_role("textbox", name="Query")).to_contain_text(
        "PREFIX dk: <https://w3id.org/digitech-kg/ontology#>"
    )
    expect(editor.get_by_role("textbox", name="Query")).to_contain_text("dk:hasOwnershipKind")


def test_editor_runs_by_keyboard_sorts_and_filters(editor: Page) -> None:
    write(editor, "SELECT ?n { VALUES ?n { 10 9 200 } }")
    editor.keyboard.press("Control+Enter")
    cells = editor.locator("#result tbody td")
    expect(cells).to_contain_text(["10", "9", "200"])
    editor.get_by_role("button", name="n", exact=True).click()
    expect(cells).to_contain_text(["9", "10", "200"])
    editor.get_by_role("button", name="n", exact=True).click()
    expect(cells).to_contain_text(["200", "10", "9"])
    editor.get_by_role("searchbox", name="Filter the rows").fill("20")
    expect(cells).to_have_count(1)
    assert Axe().run(editor).violations_count == 0


def test_editor_pages_long_results(editor: Page) -> None:
    write(editor, "SELECT ?s { ?s ?p ?o } LIMIT 250")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#result tbody tr")).to_have_count(100)
    editor.get_by_role("button", name="Next").click()
    editor.get_by_role("button", name="Next").click()
    expect(editor.locator("#result tbody tr")).to_have_count(50)


def test_editor_shows_an_error_with_its_place(editor: Page) -> None:
    write(editor, "SELECT * {\n  ?s ?p }")
    with editor.expect_response("**/sparql"):
        editor.get_by_role("button", name="Run query").click()
    expect(editor.get_by_role("alert")).to_contain_text("line 2")
    expect(editor.locator("#editor .cm-lintRange-error")).to_be_visible()


def test_editor_keeps_tabs_and_shares_by_address(editor: Page) -> None:
    write(editor, "ASK {}")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#result")).to_contain_text("Yes")
    editor.get_by_role("button", name="New tab").click()
    write(editor, "# the second")
    editor.reload()
    expect(editor.get_by_role("textbox", name="Query")).to_contain_text("ASK {}")
    expect(editor.locator("#result")).to_contain_text("Yes")
    editor.get_by_role("button", name="Tab 2").click()
    expect(editor.get_by_role("textbox", name="Query")).to_contain_text("# the second")
    editor.get_by_role("button", name="Tab 1").click()


def test_saved_question_opens_in_a_tab_of_its_own(editor: Page) -> None:
    editor.get_by_label("Saved questions").select_option("companies_by_sector")
    expect(editor.locator("#result")).to_contain_text("Huawei")
    expect(editor.get_by_role("button", name="Tab 2")).to_have_attribute("aria-pressed", "true")


def test_hostile_values_in_a_result_stay_text(editor: Page) -> None:
    write(editor, "SELECT ('<img src=x onerror=alert(1)>' AS ?x) (IRI('javascript:alert(1)') AS ?y) {}")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#result tbody")).to_contain_text("<img src=x")
    expect(editor.locator("#result tbody a, #result tbody img")).to_have_count(0)


def test_tab_leaves_the_editor(editor: Page) -> None:
    editor.keyboard.press("Tab")
    expect(editor.get_by_role("button", name="Run query")).to_be_focused()
