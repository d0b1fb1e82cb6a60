"""What a person meets in a real browser: journeys, accessibility, a silent console, no request to elsewhere."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from conftest import Server
from screens import on_a_desk, on_a_phone, open_page


@pytest.fixture
def page(screen: str, browser: Browser, server: Server) -> Iterator[Page]:
    """A page at the address of the server; an outside request, console error or exception fails the test."""
    with open_page(browser, server.url, screen, expected=("status of 40",)) as opened:
        yield opened


@on_a_desk
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/page/id/huawei", "claim:employees-do-not-control-huawei"),
        ("/page/claim/nupi-digi-tech/huawei-not-state-owned", "id:state-ownership"),
        pytest.param(
            "/page/passage/nupi-digi-tech/p12.s03", "claim:huawei-not-state-owned", marks=pytest.mark.thorough
        ),
    ],
)
def test_query_this_opens_the_editor_with_what_is_on_the_page(page: Page, path: str, shown: str) -> None:
    page.goto(path)
    if "/id/" in path:
        page.locator("summary", has_text="Data").click()
    page.get_by_role("link", name="Query this").click()
    expect(page.get_by_role("table")).to_contain_text(shown)
    expect(page.get_by_role("textbox", name="Query")).to_contain_text("SELECT")


@on_a_phone
def test_copy_button_copies_the_address_and_says_so(page: Page, server: Server) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page.goto("/about")
    page.get_by_role("button", name="Copy: OpenRefine").click()
    expect(page.get_by_role("status")).to_have_text("Copied: OpenRefine")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#snippet-openrefine").text_content()
    assert f"{server.url}/reconcile" in copied


@on_a_phone
@pytest.mark.parametrize(
    ("path", "words"),
    [("/about", "Copied"), pytest.param("/about?lang=nb", "Kopiert", marks=pytest.mark.thorough)],
    ids=["en", "nb"],
)
def test_button_shows_for_a_moment_that_it_copied_and_keeps_its_size(
    page: Page, server: Server, path: str, words: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page.goto(path)
    button = page.locator("[data-copies=snippet-openrefine]")
    size = "button => [button.offsetWidth, button.offsetHeight, button.offsetTop]"
    before, shown = button.evaluate(size), "button => getComputedStyle(button, '::after').content"
    button.click()
    expect(button).to_have_class(re.compile("done"))
    assert button.evaluate(shown).startswith(f'"{words}"')
    assert button.evaluate(size) == before
    expect(button).not_to_have_class(re.compile("done"))
    assert button.evaluate(shown) == "none"


@on_a_desk
def test_way_back_from_a_footnote_stands_in_one_line(page: Page) -> None:
    page.goto("/page/query/recommendations_in_order")
    assert page.locator(".notes a[href='#s1']").evaluate("link => link.getClientRects().length") == 1


@on_a_desk
def test_columns_stand_in_line_with_the_other_choices(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})  # on a phone they stand below each other
    page.goto("/claims")
    ends = [page.locator(f".choose {one}").bounding_box() for one in ("summary", "#f-sort")]
    assert len({round(box["y"] + box["height"]) for box in ends if box}) == 1


@on_a_phone
def test_text_is_selected_where_scripts_may_not_copy(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false"
    )
    page.goto("/about")
    page.get_by_role("button", name="Copy: BibTeX").click()
    expect(page.get_by_role("status")).to_contain_text("Not copied")
    assert "@misc" in page.evaluate("getSelection().toString()")
    page.close()


def test_without_script_there_is_no_button_that_does_nothing(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/about")
    expect(page.locator("#snippet-openrefine")).to_be_visible()
    expect(page.locator("button.copy").first).to_be_hidden()
    context.close()


#: Bytes that a page may cost before anything is kept, without the editor.
MOST_BYTES = 100_000
#: A layout shift that nobody notices, as when the font arrives after the first lines; 0.1 counts as good.
MOST_SHIFT = 0.04


def _note_request(event: dict[str, Any], asked: set[str]) -> None:
    if not event["request"]["url"].startswith("data:"):
        asked.add(event["requestId"])


@on_a_phone
@pytest.mark.parametrize(
    "path",
    [
        "/",
        *(
            pytest.param(path, marks=pytest.mark.thorough)
            for path in (
                "/page/id/huawei",
                "/page/claim/nupi-digi-tech/huawei-not-state-owned",
                "/about",
                "/search?q=huawai",
            )
        ),
        "/document/nupi-digi-tech",
    ],
)
def test_page_is_light_and_stands_still_while_it_loads(page: Page, path: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    received, asked = list[float](), set[str]()
    # A font inside the style sheet is loaded, too, but not sent again.
    session.on("Network.requestWillBeSent", lambda event: _note_request(event, asked))
    session.on(
        "Network.loadingFinished",
        lambda event: received.append(event["encodedDataLength"] if event["requestId"] in asked else 0),
    )
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) shift += e.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert 5_000 < sum(received) < MOST_BYTES
    assert page.evaluate("shift") < MOST_SHIFT
    page.close()


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


@on_a_desk
def test_editor_completes_from_the_graph_and_declares_the_prefix(editor: Page) -> None:
    editor.keyboard.type("ASK { ?x ")
    # At once, so that no newer names are on their way when one is chosen.
    editor.keyboard.insert_text("dk:hasOw")
    option = editor.get_by_role("option", name="dk:hasOwnershipKind")
    expect(option).to_contain_text("has ownership kind")
    option.click()
    expect(editor.get_by_role("textbox", name="Query")).to_contain_text(
        "PREFIX dk: <https://w3id.org/digitech-kg/ontology#>"
    )
    expect(editor.get_by_role("textbox", name="Query")).to_contain_text("dk:hasOwnershipKind")


@on_a_desk
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


@on_a_phone
def test_editor_pages_long_results(editor: Page) -> None:
    write(editor, "SELECT ?s { ?s ?p ?o } LIMIT 250")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#result tbody tr")).to_have_count(100)
    editor.get_by_role("button", name="Next").click()
    editor.get_by_role("button", name="Next").click()
    expect(editor.locator("#result tbody tr")).to_have_count(50)


@on_a_phone
def test_editor_shows_an_error_with_its_place(editor: Page) -> None:
    write(editor, "SELECT * {\n  ?s ?p }")
    with editor.expect_response(lambda response: "/sparql" in response.url):
        editor.get_by_role("button", name="Run query").click()
    expect(editor.get_by_role("alert")).to_contain_text("line 2, column 8")
    expect(editor.locator("#editor .cm-lintRange-error")).to_be_visible()


@on_a_phone
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


@on_a_desk
def test_saved_question_opens_in_a_tab_of_its_own(editor: Page) -> None:
    editor.get_by_label("Saved questions").select_option("companies_by_sector")
    expect(editor.locator("#result")).to_contain_text("Huawei")
    expect(editor.get_by_role("button", name="Tab 2")).to_have_attribute("aria-pressed", "true")


@on_a_desk
def test_hostile_values_in_a_result_stay_text(editor: Page) -> None:
    write(editor, "SELECT ('<img src=x onerror=alert(1)>' AS ?x) (IRI('javascript:alert(1)') AS ?y) {}")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#result tbody")).to_contain_text("<img src=x")
    expect(editor.locator("#result tbody a, #result tbody img")).to_have_count(0)


@on_a_desk
def test_tab_leaves_the_editor(editor: Page) -> None:
    editor.keyboard.press("Tab")
    expect(editor.get_by_role("button", name="Run query")).to_be_focused()


@on_a_desk
def test_fonts_draw_every_sign_of_both_languages(page: Page) -> None:
    page.goto("/about")
    blank = page.evaluate(
        """async signs => {
          const pen = new OffscreenCanvas(60, 60).getContext("2d", { willReadFrequently: true })
          const found = []
          for (const font of ["400 40px 'Site Serif'", "400 40px 'Site Sans'", "600 40px 'Site Sans'"]) {
            await document.fonts.load(font, signs)
            for (const sign of signs) {
              pen.clearRect(0, 0, 60, 60)
              pen.font = font
              pen.fillText(sign, 10, 45)
              if (!pen.getImageData(0, 0, 60, 60).data.some(Boolean)) found.push(font + sign)
            }
          }
          return found
        }""",
        "".join(map(chr, range(0x21, 0x7F))) + "æøåÆØÅéü«»“”‘’–—…·§×→←",
    )
    assert blank == []
