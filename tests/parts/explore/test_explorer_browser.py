"""The graph explorer in a browser: by pointer, by keyboard, without script, on a phone and in the dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import Server
from screens import on_a_phone, open_page

#: Pairs of nodes whose boxes, labels included, overlap, and the zoom.
_OVERLAPS = """() => {
  const cy = document.querySelector('#graph')._cyreg.cy;
  const boxes = cy.nodes().map((node) => node.boundingBox({ includeEdges: false, includeOverlays: false }));
  let overlaps = 0;
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    if (Math.min(a.x2, b.x2) > Math.max(a.x1, b.x1) && Math.min(a.y2, b.y2) > Math.max(a.y1, b.y1)) overlaps += 1;
  }));
  return { nodes: boxes.length, overlaps, zoom: cy.zoom() };
}"""
_PLACES = "() => document.querySelector('#graph')._cyreg.cy.nodes().map((node) => [node.id(), node.position()])"


@pytest.fixture
def page(screen: str, browser: Browser, server: Server) -> Iterator[Page]:
    with open_page(browser, server.url, screen) as opened:
        yield opened


@pytest.fixture
def desk(browser: Browser, server: Server) -> Iterator[Page]:
    with open_page(browser, server.url, "desk-dark") as opened:
        yield opened


def explore(page: Page, query: str = "") -> None:
    page.goto(f"/explore{query}")
    page.locator("#graph[data-ready]").wait_for()


def click(page: Page, at: dict[str, float]) -> None:
    """Click on the canvas, once it has come to rest under the pointer."""
    canvas = page.locator("#graph")
    canvas.hover(position=at)  # type: ignore[arg-type]
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    canvas.click(position=at)  # type: ignore[arg-type]


def spot(page: Page, thing: str) -> dict[str, float]:
    """Give where on the canvas a thing is drawn."""
    return page.evaluate(  # type: ignore[no-any-return]
        "(id) => document.querySelector('#graph')._cyreg.cy.getElementById(id).renderedPosition()", thing
    )


@pytest.mark.parametrize(
    "query", ["?thing=china", *(pytest.param(query, marks=pytest.mark.thorough) for query in ("", "?thing=digi-tech"))]
)
def test_labels_are_readable_at_first_sight(page: Page, query: str) -> None:
    explore(page, query)
    found: dict[str, Any] = page.evaluate(_OVERLAPS)
    assert found["nodes"] >= 4
    assert found["overlaps"] == 0
    assert found["zoom"] >= 0.79


def test_same_address_gives_the_same_picture(desk: Page) -> None:
    explore(desk, "?thing=huawei")
    first = desk.evaluate(_PLACES)
    explore(desk, "?thing=huawei")
    assert desk.evaluate(_PLACES) == first


def test_click_tells_of_a_thing_and_expands_it_in_the_address(desk: Page) -> None:
    explore(desk, "?thing=xiaomi")
    click(desk, spot(desk, "mobile-phones"))
    details = desk.locator("#details")
    expect(details).to_contain_text("mobile phones")
    details.get_by_role("link", name="Show its neighbours").click()
    desk.wait_for_url("**/explore?thing=xiaomi&thing=mobile-phones")
    huawei = desk.locator("[data-part=table]").get_by_role("link", name="Huawei", exact=True)
    expect(huawei.first).to_be_visible()
    desk.go_back()
    expect(huawei).to_have_count(0)


def test_line_opens_its_claim_and_shows_the_denial(desk: Page) -> None:
    explore(desk, "?thing=lenovo")
    a, b = spot(desk, "lenovo"), spot(desk, "state-ownership")
    click(desk, {"x": (a["x"] + b["x"]) / 2, "y": (a["y"] + b["y"]) / 2})
    expect(desk.locator("#details .chip.denied")).to_be_visible()
    desk.locator("#details").get_by_role("link", name="Open the claim").click()
    desk.wait_for_url("**/page/claim/nupi-digi-tech/lenovo-not-state-owned")


def test_keyboard_walks_reads_and_expands(desk: Page) -> None:
    explore(desk, "?thing=huawei")
    desk.locator("#graph").focus()
    desk.keyboard.press("Home")
    expect(desk.get_by_role("status").filter(has_text="Huawei")).to_be_visible()
    desk.keyboard.press("l")
    expect(desk.locator("#details")).to_contain_text("Open the claim")
    desk.keyboard.press("Home")
    desk.keyboard.press("ArrowLeft")
    expect(desk.locator("#details h2")).not_to_have_text("Huawei")
    chosen = desk.locator("#details h2").inner_text()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("list", name="Shown around")).to_contain_text(chosen)
    desk.keyboard.press("o")


@on_a_phone
def test_typed_name_is_suggested_and_added(page: Page) -> None:
    explore(page, "?thing=huawei")
    page.get_by_label("Add a thing").press_sequentially("tence")
    expect(page.locator("#found option[value=Tencent]")).to_have_count(1)
    page.get_by_label("Add a thing").fill("Tencent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore?thing=huawei&thing=tencent")
    expect(page.get_by_role("list", name="Shown around")).to_contain_text("Tencent")


def test_everything_is_there_without_script(browser: Browser, server: Server) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/explore?thing=huawei")
    expect(page.locator("#graph")).to_be_hidden()
    expect(page.get_by_role("table")).to_contain_text("state ownership")
    page.locator("summary", has_text="Things shown").click()
    page.get_by_role("link", name="Show neighbours of state ownership").first.click()
    expect(page.get_by_role("list", name="Shown around")).to_contain_text("state ownership")
    page.get_by_label("Add a thing").fill("华为")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("list", name="Shown around")).to_contain_text("Huawei")
    context.close()
