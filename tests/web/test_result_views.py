"""The views of a result in a real browser: which are offered, what they show, and that they can be shared and read."""

import re
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from test_browser import editor, page, write

from bundled import thing
from conftest import ROOT, Server
from digitech_kg.sources.saved_queries import without_header
from screens import on_a_desk, on_a_phone, screens_in_turn, show_as

__all__ = ["editor", "page"]  # Fixtures: pytest finds them by name.

PREFIXES = "PREFIX dk: <https://w3id.org/digitech-kg/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
SECTORS = """SELECT ?sectorLabel (COUNT(DISTINCT ?company) AS ?companies) {
  ?claim dk:subject ?company ; dk:predicate dk:isInSector ; dk:object/rdfs:label ?sectorLabel
  FILTER(LANG(?sectorLabel) = "en") } GROUP BY ?sectorLabel ORDER BY DESC(?companies) ?sectorLabel"""
PLACES = """SELECT ?place ?lat ?long { VALUES (?place ?lat ?long) {
  ("Oslo" 59.91 10.75) ("Beijing" 39.9 116.4) ("nowhere" 200 10) } }"""
POINTS = """SELECT ?place ?at { VALUES (?place ?at) {
  ("Oslo" "POINT(10.75 59.91)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>) } }"""
TIMES = (
    """SELECT ?what ?when { VALUES (?what ?when) { ("sure" "2020-03") ("vague" "2021-21") ("undated" "2021-99") } }"""
)
DATES = """SELECT ?what ?when { VALUES (?what ?when) { ("sure" "2020-03") ("vague" "2021-21") } }"""
YEARS = """SELECT ?year ?size { VALUES (?year ?size) { ("2018" 4) ("2019" 9) ("2021" -2.5) } }"""
SHARES = """SELECT ?firm ?source ?share { VALUES (?firm ?source ?share) {
  ("Acme" "register" 40) ("Acme" "report" 60) } }"""
CONSTRUCT = """CONSTRUCT { ?claim dk:subject ?s ; rdfs:comment ?text } {
  ?claim dk:subject ?s ; dk:object <https://w3id.org/digitech-kg/id/state-ownership> ; rdfs:comment ?text }"""
HOSTILE = """SELECT ?a ?b ?n ?when { VALUES (?a ?b ?n ?when) {
  (<javascript:alert(1)> <urn:x:b> 1 "2020") ("<img src=x onerror=alert(1)>" <urn:x:b> 2 "2021")
  (<javascript:alert(1)> <urn:x:c> 3 "2021") } }"""


def saved(name: str) -> str:
    return (ROOT / f"data/queries/{name}.rq").read_text(encoding="utf-8")


def open_result(page: Page, query: str, view: str = "") -> None:
    page.goto(f"/results?{urlencode({'query': PREFIXES + query, 'view': view})}")
    page.locator("#result[data-ready]").wait_for()


def offered(page: Page) -> list[str]:
    return page.get_by_role("group", name="Views of the result").get_by_role("button").all_inner_texts()


@on_a_desk
@pytest.mark.parametrize(
    ("query", "views"),
    [
        ("SELECT ?x { VALUES ?x { 'a' 'b' } }", ["Table", "Raw"]),
        (SECTORS, ["Table", "Chart", "Raw"]),
        (DATES, ["Table", "Timeline", "Raw"]),
        (TIMES, ["Table", "Raw"]),
        (POINTS, ["Table", "Map", "Raw"]),
        (PLACES, ["Table", "Chart", "Map", "Raw"]),
        ("SELECT ?s ?p ?o { VALUES (?s ?p ?o) { (<urn:a> <urn:p> <urn:b>) } }", ["Table", "Graph", "Raw"]),
        (CONSTRUCT, ["Raw", "Graph", "Table"]),
    ],
    ids=["text", "numbers", "times", "faulty times", "points", "degrees", "resources", "RDF"],
)
def test_views_are_offered_only_where_the_columns_fit(page: Page, query: str, views: list[str]) -> None:
    open_result(page, query)
    assert offered(page) == views


#: By name: a query, and the view in which its result is looked at.
VIEWS = {
    "bars": (SECTORS, "chart"),
    "line": (YEARS, "chart:line:year:size"),
    "timeline": (DATES, "timeline"),
    "map": (PLACES, "map"),
    "graph": (saved("what_raises_which_concern"), "graph"),
    "matrix": (saved("what_raises_which_concern"), "matrix"),
    "RDF as graph": (CONSTRUCT, "graph"),
    "raw": (SECTORS, "raw"),
    "table": (saved("companies_by_sector"), ""),
    "empty": ("SELECT ?x { ?x <urn:none> ?y }", ""),
}


#: Others are drawn by the same code.
_DRAWN_ALIKE = {"RDF as graph", "empty", "line", "map", "raw", "table", "timeline"}


@on_a_phone
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] if name in _DRAWN_ALIKE else []) for name in VIEWS]
)
def test_each_view_is_accessible_and_fits(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    query, view = VIEWS[name]
    for screen in screens_in_turn(list(VIEWS).index(name), every=request.config.getoption("all_screens")):
        show_as(page, screen)
        open_result(page, query, view)
        if view:
            expect(page.locator(".view svg, .view table, .view pre").first).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, f"{screen}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen


@pytest.mark.thorough
@on_a_phone
def test_long_query_in_the_editor_leaves_room_for_its_result(editor: Page) -> None:
    write(editor, "\n".join(f"# line {number}" for number in range(100)) + "\nSELECT ?s { VALUES ?s { 1 } }")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#result tbody")).to_contain_text("1")
    assert editor.evaluate("document.querySelector('#editor').offsetHeight < 0.7 * innerHeight")
    found = Axe().run(editor)
    assert found.violations_count == 0, found.response["violations"]


@on_a_desk
def test_chart_has_a_bar_for_each_label_and_can_be_shared(editor: Page) -> None:
    write(editor, PREFIXES + SECTORS)
    editor.keyboard.press("Control+Enter")
    editor.get_by_role("button", name="Chart").click()
    drawing = editor.get_by_role("img", name="companies · sectorLabel")
    assert drawing.locator("rect title").all_text_contents() == [
        "Devices: 6",
        "Networks: 6",
        "Platforms - apps: 6",
        "Critical components: 4",
    ]
    editor.get_by_role("link", name="Open as a page").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Query result")
    expect(editor.get_by_role("img", name="companies · sectorLabel")).to_be_visible()
    assert "view=chart" in editor.url
    expect(editor.get_by_label("Query", exact=True)).to_have_value(PREFIXES + SECTORS)


@on_a_desk
def test_figures_that_share_a_label_are_never_added_up(page: Page) -> None:
    open_result(page, SHARES, "chart")
    bars = page.locator(".view rect title").all_text_contents()
    assert bars == ["Acme · register: 40", "Acme · report: 60"]


@on_a_desk
def test_line_joins_points_in_the_order_of_time(page: Page) -> None:
    open_result(page, YEARS, "chart:line:year:size")
    assert page.locator(".view circle title").all_text_contents() == ["2018: 4", "2019: 9", "2021: -2.5"]
    page.get_by_label("Kind").select_option("bar")
    expect(page.locator(".view rect")).to_have_count(3)
    assert "view=chart%3Abar" in page.url


@on_a_desk
def test_timeline_draws_what_is_vague_as_vague(page: Page) -> None:
    open_result(page, DATES, "timeline")
    expect(page.locator(".view rect.sure title")).to_have_text("sure (2020-03)")
    expect(page.locator(".view rect.vague title")).to_have_text("vague (2021-21)")
    expect(page.locator("figcaption")).to_contain_text("dashed")


@on_a_desk
def test_map_has_the_places_that_there_are_and_tells_of_others(page: Page) -> None:
    open_result(page, PLACES, "map")
    assert page.locator(".view circle title").all_text_contents() == ["Oslo 59.91°, 10.75°", "Beijing 39.9°, 116.4°"]
    expect(page.locator("figcaption")).to_contain_text("1 rows without a place")


@on_a_phone
def test_graph_is_a_set_of_links_that_the_keyboard_reaches(page: Page) -> None:
    open_result(page, CONSTRUCT, "graph")
    network = page.get_by_role("group", name="Graph")
    huawei = network.get_by_role("link", name="id:huawei", exact=True)
    huawei.focus()
    # What it is connected with stays clear, the rest fades.
    expect(network.get_by_role("link", name="hwpage-claim:huawei-not-state-owned", exact=True)).to_have_class("near")
    expect(network.get_by_role("link", name="id:leading-table-brands", exact=True)).not_to_have_class("near")
    expect(page.locator("figcaption")).to_contain_text("literal values are not drawn")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Huawei")


@on_a_desk
def test_a_number_in_the_matrix_opens_its_rows(page: Page) -> None:
    open_result(page, saved("companies_by_sector"), "matrix:companyLabel:sectorLabel")
    page.get_by_role("button", name="Huawei, Networks: 1").click()
    expect(page.locator(".view table").last.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".view table").last).to_contain_text("nupi-claim:huawei-in-networks-sector")


@on_a_desk
@pytest.mark.parametrize(
    "view",
    # One for each way to draw: rows, marks with a title, links.
    [
        "table",
        "chart",
        "graph:a:b:",
        *(pytest.param(view, marks=pytest.mark.thorough) for view in ("timeline", "matrix", "raw")),
    ],
)
def test_hostile_values_stay_text_in_every_view(page: Page, view: str) -> None:
    open_result(page, HOSTILE, view)
    expect(page.locator(".view svg, .view table, .view pre").first).to_contain_text("x")
    expect(page.locator(".view img, .view a[href^='javascript']")).to_have_count(0)


@on_a_desk
def test_picture_is_saved_as_a_file_that_stands_alone(page: Page) -> None:
    open_result(page, SECTORS, "chart")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the picture").click()
    picture = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename.endswith(".svg")
    assert 'fill="rgb(' in picture
    assert "Critical components" in picture


@on_a_desk
def test_full_screen_holds_the_result_alone(page: Page) -> None:
    open_result(page, SECTORS, "chart")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("document.fullscreenElement?.id === 'result'")
    page.get_by_role("button", name="Leave full screen").click()
    page.wait_for_function("document.fullscreenElement === null")


@on_a_phone
def test_parameter_of_a_query_is_a_pick_list_in_the_editor(editor: Page) -> None:
    editor.get_by_label("Saved questions").select_option("is_state_ownership_denied")
    expect(editor.locator("#result .verdict")).to_have_text("Yes")
    pick = editor.get_by_label("The company asked about.")
    expect(pick).to_have_value("<https://w3id.org/digitech-kg/id/huawei>")
    pick.focus()
    pick.select_option(label="ZTE")
    expect(editor.locator("#result .verdict")).to_have_text("No")
    expect(editor.get_by_role("textbox", name="Query")).to_contain_text("<https://w3id.org/digitech-kg/id/zte>")
    expect(editor.get_by_label("The company asked about.")).to_be_focused()


@on_a_desk
def test_several_values_of_a_parameter_are_boxes_to_tick(editor: Page) -> None:
    editor.get_by_label("Saved questions").select_option("sectors_of_named_companies")
    expect(editor.locator("#result tbody tr")).to_have_count(6)
    editor.get_by_role("checkbox", name="JD.com").uncheck()
    expect(editor.locator("#result tbody tr")).to_have_count(4)
    expect(editor.get_by_role("checkbox", name="JD.com")).to_be_focused()


@on_a_desk
def test_question_with_another_value_is_told_from_the_question_as_written(page: Page) -> None:
    page.goto("/page/query/is_state_ownership_denied")
    page.get_by_label("company").select_option(label="ZTE")
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_title(re.compile("deny that ZTE is state-owned"))
    expect(page.locator(".say")).to_have_text("The document does not say so of ZTE.")
    page.get_by_role("link", name="See the query behind this answer").click()
    expect(page.locator("#result .verdict")).to_have_text("No")


@on_a_desk
def test_format_lays_a_query_out_and_changes_nothing_else(editor: Page) -> None:
    write(editor, "select ?s{ ?s a dk:Company;dk:isInSector id:networks # kept\nfilter(?s!=id:zte) }order by ?s")
    editor.keyboard.press("Shift+Alt+f")
    lines = editor.locator("#editor .cm-line").all_inner_texts()
    assert [line.rstrip() for line in lines if line.strip()] == [
        "SELECT ?s {",
        "  ?s a dk:Company ;",
        "    dk:isInSector id:networks # kept",
        "  FILTER(?s != id:zte)",
        "}",
        "ORDER BY ?s",
    ]


@on_a_desk
def test_running_query_is_stopped_by_escape(editor: Page) -> None:
    write(editor, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    editor.keyboard.press("Control+Enter")
    expect(editor.get_by_role("button", name="Stop")).to_be_enabled()
    editor.keyboard.press("Escape")
    expect(editor.locator("#status")).to_have_text("Stopped.")
    expect(editor.get_by_role("button", name="Stop")).to_be_disabled()


def test_pages_of_questions_work_without_script(browser: Browser, server: Server) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/page/query/is_state_ownership_denied")
    plain.get_by_label("company").select_option(label="ZTE")
    plain.get_by_role("button", name="Ask").click()
    expect(plain.locator(".say")).to_have_text("The document does not say so of ZTE.")
    plain.get_by_role("link", name="See the query behind this answer").click()
    expect(plain.get_by_label("Query", exact=True)).to_have_value(saved_with("zte"))
    context.close()


def saved_with(company: str) -> str:
    body = without_header(saved("is_state_ownership_denied"))
    for name, chosen in (("huawei", company), ("nupi-digi-tech", "nupi-digi-tech")):
        body = body.replace(f"{{ id:{name} }}", f"{{ {thing(chosen)} }}")
    return body.strip()
