"""Sixteen things that analysts come for, each done to its last step, half of them on a phone and half at a desk.

`make screens` takes each on all screens; those marked `thorough` are made of steps of others, or of smaller tests. What
is asserted are the words of pages and files, not how many of them the data happens to have. While a journey lasts,
nothing is asked of another origin and the console is silent
(`screens.open_page`).
"""

import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Locator, Page, expect

from conftest import Server
from screens import on_a_desk, on_a_phone, open_page

#: Letters that somebody skims in a minute.
SKIMMED_A_MINUTE = 5000


def look_up(page: Page, text: str) -> None:
    page.locator("main input[type=search]").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")


def go(page: Page, place: str) -> None:
    """Open one of the five places."""
    page.get_by_role("navigation", name="Site").get_by_role("link", name=place, exact=True).click()


def main_of(page: Page) -> Locator:
    return page.get_by_role("main")


def saved(page: Page, name: str) -> Path:
    with page.expect_download() as file:
        main_of(page).get_by_role("link", name=name, exact=True).click()
    return kept(file.value)


def kept(file: Download) -> Path:
    path = Path(file.path())
    assert path.stat().st_size > 0
    return path


def rows_of(file: Path, sheet: int = 0) -> list[dict[str, str]]:
    head, *rows = load_workbook(io.BytesIO(file.read_bytes())).worksheets[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, head), (str(cell or "") for cell in row), strict=True)) for row in rows]


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


@on_a_desk
def test_1_all_on_huawei(reader: Page) -> None:
    look_up(reader, "Huawei")
    main_of(reader).get_by_role("link", name="Huawei", exact=True).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Huawei")
    expect(reader.get_by_role("region", name="Issues", exact=True)).to_contain_text("Is Huawei owned by the")
    for document in ("NUPI brief", "EU Commission on 5G", "China’s reply on 5G", "Huawei’s own page"):
        told = reader.get_by_role("region", name=document)
        expect(told.locator(".said-link").first).to_be_visible()
    brief = reader.get_by_role("region", name="NUPI brief")
    brief.locator("summary", has_text="smaller point").click()
    expect(brief.locator("details[open] .said-link").first).to_be_visible()
    outside = reader.get_by_role("region", name="Facts from outside")
    expect(outside).to_contain_text("fetched on")


@on_a_phone
def test_2_cite_a_denial(reader: Page) -> None:
    look_up(reader, "Is Huawei state-owned?")
    denial = reader.locator(".answer li", has_text="Says that it is not so").first
    sentence = denial.locator(".said").inner_text()
    denial.locator(".said-link").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(sentence)
    reader.get_by_role("button", name="Copy as footnote").click()
    expect(reader.get_by_role("status")).to_contain_text("Copied")
    assert sentence in clipboard(reader)
    assert re.search(r"sentence \d+", clipboard(reader))
    with reader.expect_download() as file:
        reader.get_by_role("link", name="BibTeX").click()
    assert "@techreport" in kept(file.value).read_text(encoding="utf-8")
    place = main_of(reader).get_by_role("link", name=re.compile("^Read in place")).first
    anchor = str(place.get_attribute("href")).partition("#")[2]
    place.click()
    expect(reader.locator(f"[id='{anchor}']")).to_be_in_viewport()


@on_a_desk
def test_3_compare_huawei_and_tencent(reader: Page) -> None:
    reader.goto("/compare")
    reader.get_by_role("combobox", name="First").fill("Huawei")
    reader.get_by_role("combobox", name="Second").fill("腾讯")
    reader.keyboard.press("Escape")
    reader.get_by_role("button", name="Compare").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Huawei and Tencent")
    expect(reader.locator(".vs td[colspan]").first).to_contain_text("Of both")
    expect(main_of(reader)).to_contain_text("Said of Huawei only")
    rows = rows_of(saved(reader, "Excel"))
    assert rows[0].keys() == {"Subject", "Point", "Of both", "Huawei", "Tencent"}
    assert any(row["Of both"] for row in rows)
    assert not any(row["Huawei"] and row["Huawei"] == row["Tencent"] for row in rows)
    with zipfile.ZipFile(saved(reader, "Word")) as package:
        assert "Tencent" in package.read("word/document.xml").decode()


@on_a_desk
def test_4_what_the_commission_says_that_the_brief_does_not(reader: Page) -> None:
    reader.goto("/compare")
    reader.get_by_role("combobox", name="First").fill("NUPI brief")
    reader.get_by_role("combobox", name="Second").fill("EU Commission on 5G")
    reader.keyboard.press("Escape")
    reader.get_by_role("button", name="Compare").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("NUPI brief and EU Commission on 5G")
    expect(reader.get_by_role("region", name="Said in EU Commission on 5G only")).to_be_visible()
    # On each topic its own sentences stand beside those of the brief.
    last = reader.locator(".vs tr td:last-child .said-link:visible").last
    sentence = last.inner_text()
    last.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(sentence)
    expect(reader.locator(".crumb")).to_contain_text("EU Commission on 5G")


@on_a_phone
def test_5_where_documents_contradict_each_other(reader: Page) -> None:
    go(reader, "Issues")
    expect(reader.get_by_role("rowheader", name="Documents take different sides")).to_be_visible()
    reader.get_by_role("rowheader", name=re.compile("risk to the security of networks")).get_by_role("link").click()
    ladder = reader.locator(".ladder")
    expect(ladder).to_contain_text("Says that it is so")
    expect(ladder).to_contain_text(re.compile("Says (that it is )?not"))
    reader.get_by_role("button", name="Copy with footnotes").click()
    expect(reader.locator("#copied")).to_contain_text("Copied")
    assert re.search(r"\[1\].*\n(.*\n)+\[1\] ", clipboard(reader))


@on_a_desk
def test_6_predictions_as_excel(reader: Page) -> None:
    reader.goto("/document/nupi-digi-tech")
    main_of(reader).get_by_role("link", name="Predictions", exact=True).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Predictions, and what came of them")
    rows = rows_of(saved(reader, "Excel"))
    assert rows
    assert {row["Document"] for row in rows} == {"NUPI brief"}
    assert all(row["Main claim"] and row["Place"] and row["Reference"] and row["Link"] for row in rows)
    assert any(row["What later documents say"] for row in rows)


@pytest.mark.thorough
@on_a_phone
def test_7_who_must_do_what(reader: Page) -> None:
    reader.goto("/document/nupi-digi-tech")
    main_of(reader).get_by_role("link", name=re.compile(r"^\d+ recommendations?$")).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Recommendations and demands")
    brief = reader.get_by_role("region", name="NUPI brief")
    expect(brief.locator(".recs > li").first).to_contain_text("recommendation is to")
    expect(brief.locator(".recs > li").first).to_contain_text(re.compile("Addressee not named|[A-Z]"))
    rows = rows_of(saved(reader, "Excel"))
    assert "Whom it addresses" in rows[0]


@pytest.mark.thorough
@on_a_desk
def test_8_ownership_by_sector(reader: Page) -> None:
    go(reader, "Data")
    main_of(reader).get_by_role("link", name=re.compile("which sector")).first.click()
    reader.locator("#result[data-ready]").wait_for()
    table = reader.locator("#result table")
    expect(table).to_contain_text("Huawei")
    assert not re.search(r"\bid:", table.inner_text())
    rows = rows_of(saved(reader, "Excel"))
    assert any("Huawei" in row.values() or "Huawei" in " ".join(row.values()) for row in rows)


@on_a_phone
def test_9_a_view_shared_with_a_fresh_browser(reader: Page, browser: Browser, server: Server) -> None:
    reader.goto("/claims")
    main_of(reader).get_by_role("combobox", name="Kind").select_option(label="Says that it is not")
    main_of(reader).get_by_role("combobox", name="Document").select_option(label="NUPI brief")
    main_of(reader).get_by_role("button", name="Show").click()
    first = reader.locator(".claimlist .said-link").first.inner_text()
    reader.get_by_role("button", name="Copy link").click()
    expect(reader.locator("#copied")).to_contain_text("Copied")
    address = clipboard(reader)
    with open_page(browser, server.url, "desk-dark") as friend:
        friend.goto(address)
        expect(friend.locator(".claimlist .said-link").first).to_have_text(first)
        expect(main_of(friend).get_by_role("combobox", name="Kind")).to_have_value("denial")


@on_a_desk
def test_10_an_issue_on_paper(reader: Page) -> None:
    reader.goto("/issue/exclude-suppliers")
    reader.emulate_media(media="print")
    for gone in ("header.top", "footer", ".use", "nav"):
        expect(reader.locator(gone).first).to_be_hidden()
    expect(reader.locator(".ladder .said").first).to_be_visible()
    expect(reader.locator(".ladder svg").first).to_be_visible()
    expect(reader.locator(".onpaper")).to_contain_text("version")
    for issue in ("huawei-state", "supplier-risk"):
        reader.goto(f"/issue/{issue}")
        assert len(re.findall(rb"/Type\s*/Page\b", reader.pdf(prefer_css_page_size=True))) == 1, issue
    expect(reader.locator("summary", has_text="more facts")).to_be_visible()
    reader.goto("/document/nupi-digi-tech")
    expect(reader.locator(".part .said").last).to_be_visible()
    expect(reader.locator(".onpaper").first).to_contain_text("/document/nupi-digi-tech")
    # What folds out on a screen is on paper.
    for address, part in (("/page/id/zte", "Facts from outside"), ("/compare?a=Huawei&b=ZTE", "Said of Huawei only")):
        reader.goto(address)
        last = reader.get_by_role("region", name=part).locator("details .said-link").last
        assert last.evaluate("(one) => one.checkVisibility()"), address


@pytest.mark.thorough
@on_a_phone
def test_11_in_norwegian(reader: Page) -> None:
    reader.get_by_role("link", name="Norsk bokmål").click()
    expect(reader.locator("html")).to_have_attribute("lang", "nb")
    look_up(reader, "Huawei")
    main_of(reader).get_by_role("link", name="Huawei", exact=True).first.click()
    expect(reader.get_by_role("heading", name="Hva hvert dokument sier")).to_be_visible()
    told = reader.get_by_role("region", name="NUPI-notatet").locator(".said-link").first
    told.click()
    expect(reader.locator("html")).to_have_attribute("lang", "nb")
    reader.get_by_role("button", name="Kopier som fotnote").click()
    assert "s. " in clipboard(reader)
    assert reader.context.cookies() == []


@pytest.mark.thorough
@on_a_desk
def test_12_by_keyboard_alone(reader: Page) -> None:
    reader.keyboard.press("Tab")
    expect(reader.get_by_role("link", name="Skip to content")).to_be_focused()
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    reader.keyboard.type("tencent")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/search?q=tencent")
    follow(reader, main_of(reader).get_by_role("link", name="Tencent", exact=True).first)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Tencent")
    brief = reader.get_by_role("region", name="NUPI brief")
    follow(reader, brief.locator("summary").first)
    expect(brief.locator("details[open] .said-link").first).to_be_visible()
    follow(reader, brief.locator("details[open] .said-link").first)
    follow(reader, reader.get_by_role("button", name="Copy as footnote"))
    expect(reader.get_by_role("status")).to_contain_text("Copied")


@on_a_phone
def test_13_what_would_settle_an_issue(reader: Page) -> None:
    main_of(reader).get_by_role("region", name="In dispute").get_by_role("link").nth(1).click()
    settled = reader.get_by_role("region", name="What would settle it").inner_text().partition("\n")[2].strip()
    assert settled
    with zipfile.ZipFile(saved(reader, "Word")) as package:
        text = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
    assert settled[:40].replace("’", "") in text.replace("’", "")


@pytest.mark.thorough
@on_a_phone
def test_14_what_is_not_in_the_documents(reader: Page) -> None:
    look_up(reader, "Xinjiang")
    expect(main_of(reader)).to_contain_text("No document here says anything")
    expect(main_of(reader)).to_contain_text("does not mean that it denies anything")
    near = reader.get_by_role("region", name="The nearest that is said")
    near.locator(".said-link").first.click()
    expect(reader.get_by_role("heading", level=1)).not_to_have_text("")
    expect(reader.get_by_role("button", name="Copy as footnote")).to_be_visible()


@pytest.mark.thorough
@on_a_desk
def test_15_us_lists_of_a_company_since_when(reader: Page) -> None:
    look_up(reader, "Huawei US lists")
    main_of(reader).get_by_role("link", name="Huawei", exact=True).first.click()
    lists = reader.get_by_role("region", name="On US lists")
    entity = lists.get_by_role("link", name=re.compile("Entity List"))
    expect(entity).to_contain_text(re.compile(r"since .*\b20\d\d"))
    entity.click()
    expect(main_of(reader)).to_contain_text("Another source says so. It is not a claim of a document here.")
    expect(reader.get_by_role("region", name="Source")).to_contain_text("fetched on")


@on_a_phone
def test_16_the_brief_read_through_in_five_minutes(reader: Page) -> None:
    go(reader, "Documents")
    main_of(reader).get_by_role("link", name="NUPI brief", exact=True).first.click()
    expect(main_of(reader)).to_contain_text("These are our words, sentence by sentence")
    main_of(reader).get_by_role("link", name="Open all sections").click()
    sentences = reader.locator(".one .said-link")
    expect(sentences.last).to_be_visible()
    # What tables state folds out below them.
    told = [" ".join(text.split()) for text in sentences.all_inner_texts() if text]
    assert len(set(told)) == len(told) > 50
    assert all(text.endswith((".", "?", "!", "”")) for text in told)
    assert sum(map(len, told)) < 5 * SKIMMED_A_MINUTE
    assert not any(re.match(r"(sentence|paragraph) \d", text) for text in told)


def follow(page: Page, aim: Locator) -> None:
    """Press Tab until something has the focus, then Enter."""
    aim.wait_for()
    for _ in range(200):
        page.keyboard.press("Tab")
        if aim.evaluate("(one) => one === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError("Tab never gets there")
