"""Journeys from the start page, on a phone or at a desk in turn; `make screens` takes each on all screens.

Each one ends with what the reader came for. While it lasts the console is silent, nothing is asked of another origin
and no content security policy is violated: `screens.open_page` holds every journey against that.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import Server
from screens import on_a_desk, on_a_phone, open_page


def search(page: Page, text: str) -> None:
    page.locator("main input[type=search]").fill(text)
    page.keyboard.press("Enter")


@pytest.mark.thorough
@on_a_phone
def test_find_a_company_by_its_chinese_name(reader: Page) -> None:
    search(reader, "华为")
    reader.get_by_role("main").get_by_role("link", name="Huawei", exact=True).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Huawei")
    brief = reader.get_by_role("region", name="NUPI brief")
    expect(brief).to_contain_text("is owned by the state")


@pytest.mark.thorough
@on_a_desk
def test_see_why_a_fact_is_inferred(reader: Page) -> None:
    search(reader, "Huawei")
    reader.get_by_role("main").get_by_role("link", name="Huawei", exact=True).first.click()
    reader.locator("summary", has_text=re.compile("^Data$")).click()
    inferred = reader.get_by_role("region", name="What follows from the ontology")
    inferred.locator("li", has_text="company that is not state-owned").get_by_role("link", name="why?").first.click()
    expect(reader.get_by_role("main")).to_contain_text("Huawei is not owned by the state.")
    expect(reader.get_by_role("main").get_by_role("link", name="p. 2, sentence 10").first).to_be_visible()


@pytest.mark.thorough
@on_a_phone
def test_open_the_passage_behind_a_fact_in_the_document(reader: Page) -> None:
    reader.goto("/page/id/huawei")
    reader.get_by_role("region", name="NUPI brief").get_by_role("link", name="is owned by the state").click()
    reader.get_by_role("main").get_by_role("link", name="p. 2, sentence 10").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("p. 2, sentence 10")
    reader.get_by_role("link", name="Show it in the document").click()
    expect(reader.locator("[id='p12.s03']")).to_be_in_viewport()


# Done in test_result_views.py, too.
@pytest.mark.thorough
@on_a_desk
def test_ask_a_saved_question_with_a_parameter(reader: Page) -> None:
    reader.get_by_role("navigation").get_by_role("link", name="Data").click()
    reader.get_by_text(re.compile(r"^\d+ questions on details of the graph$")).click()
    reader.get_by_role("link", name="Which plain statements follow from what is said of Huawei").first.click()
    reader.get_by_label("company").select_option(label="Tencent")
    reader.get_by_role("button", name="Ask", exact=True).click()
    expect(reader).to_have_title(re.compile("stated without reserve about Tencent"))
    expect(reader.get_by_role("region", name="Answer", exact=True)).to_contain_text("Tencent")
    expect(reader.get_by_role("region", name="Answer", exact=True)).not_to_contain_text("id:")


# Done in test_result_views.py, too.
@pytest.mark.thorough
@on_a_phone
def test_share_the_chart_of_a_question(reader: Page, browser: Browser, server: Server) -> None:
    reader.get_by_role("navigation").get_by_role("link", name="Data").click()
    reader.get_by_role("link", name="Which companies does the NUPI brief’s table list in which sector?").first.click()
    reader.locator("#result[data-ready]").wait_for()
    reader.get_by_role("button", name="Matrix").click()
    expect(reader.locator("#result table")).to_be_visible()
    assert "view=matrix" in reader.url
    with open_page(browser, server.url, "desk-light") as friend:
        friend.goto(reader.url)
        friend.locator("#result[data-ready]").wait_for()
        expect(friend.get_by_role("button", name="Matrix")).to_have_attribute("aria-pressed", "true")
        expect(friend.locator("#result table")).to_be_visible()


@on_a_phone
def test_read_a_document_with_a_copy_that_never_leaves_the_device(reader: Page, tmp_path: Path) -> None:
    reader.get_by_role("main").get_by_role("link", name="NUPI brief").first.click()
    reader.get_by_role("link", name="Read beside your own copy").click()
    # Its script shows it.
    expect(reader.get_by_label("Read it here with a copy of your own")).to_be_visible()
    sent: list[str] = []
    reader.on("request", lambda request: sent.append(request.url))
    (tmp_path / "other.txt").write_text("This is another text.", encoding="utf-8")
    reader.get_by_label("Read it here with a copy of your own").set_input_files(tmp_path / "other.txt")
    expect(reader.locator("#own-result")).to_contain_text("No sentence matches.")
    assert [address for address in sent if not address.endswith(".svg")] == []


@on_a_phone
def test_recover_from_a_mistyped_address(reader: Page) -> None:
    reader.goto("/id/huawai")
    expect(reader.get_by_role("heading", name="Did you mean")).to_be_visible()
    reader.get_by_role("main").get_by_role("link", name="Huawei", exact=True).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Huawei")


@pytest.mark.thorough
@on_a_desk
def test_get_from_start_to_a_claim_and_through_the_graph_by_keyboard_alone(reader: Page) -> None:
    reader.keyboard.press("Tab")
    expect(reader.get_by_role("link", name="Skip to content")).to_be_focused()
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    reader.keyboard.type("tencent")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/search?q=tencent")
    follow(reader, "Tencent")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Tencent")
    follow(reader, "Explore from here")
    reader.locator("#graph[data-ready]").wait_for()
    reader.locator("#graph").focus()
    reader.keyboard.press("Home")
    expect(reader.locator("#details h2")).to_have_text("Tencent")
    reader.keyboard.press("l")
    expect(reader.locator("#details")).to_contain_text("Open the claim")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/page/claim/**")


def follow(page: Page, name: str) -> None:
    """Press Tab until the link has the focus, then Enter."""
    link = page.get_by_role("main").get_by_role("link", name=name, exact=True).first
    link.wait_for()
    for _ in range(200):
        page.keyboard.press("Tab")
        if link.evaluate("(one) => one === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never reaches '{name}'")
