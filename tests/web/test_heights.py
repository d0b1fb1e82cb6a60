"""How long pages are: four screens of a phone for the start and an issue, six for a thing, seven for any list."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from conftest import Server
from screens import SCREENS, arrive, open_page

#: The longest of each kind, with how many screens they may take.
PAGES = {
    "/": 4,
    "/issue/exclude-suppliers": 4,
    "/issue/open-markets": 4,
    "/issue/supplier-risk": 4,
    "/issue/technology-benefits": 4,
    "/page/id/huawei": 6,
    "/page/id/china": 6,
    "/claims": 7.1,
    "/claims?kind=prediction": 7.1,
    "/claims?kind=recommendation": 7.1,
    "/data": 7.1,
    "/document/executive-order-14032": 7.1,
    "/document/nupi-digi-tech": 7.1,
    "/explore": 7.1,
    "/issues": 7.1,
    "/page/query/ownership_by_sector": 7.1,
    "/page/query/sectors_of_named_companies": 7.1,
    "/page/query/where_documents_disagree": 7.1,
    "/page/query/who_owns_huawei": 7.1,
    "/topics": 7.1,
}


#: Others of these are about as long, and made of the same parts.
_ALIKE = {
    "/claims?kind=recommendation",
    "/document/executive-order-14032",
    "/issue/supplier-risk",
    "/issue/technology-benefits",
    "/page/id/china",
    "/page/query/ownership_by_sector",
    "/page/query/sectors_of_named_companies",
    "/topics",
}


@pytest.fixture(scope="module")
def phone(browser: Browser, server: Server) -> Iterator[Page]:
    with open_page(browser, server.url, "phone-light") as page:
        yield page


@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=[pytest.mark.thorough] if path in _ALIKE else []) for path in PAGES]
)
def test_page_is_no_longer_than_people_read(phone: Page, path: str) -> None:
    arrive(phone, path)
    assert phone.evaluate("document.documentElement.scrollHeight") <= PAGES[path] * SCREENS["phone-light"][1]


def test_page_of_a_company_fits_on_four_screens_of_a_desk(phone: Page) -> None:
    phone.set_viewport_size({"width": 1440, "height": 900})
    arrive(phone, "/page/id/huawei")
    assert phone.evaluate("document.documentElement.scrollHeight") <= 3500


def test_heading_of_a_folded_section_is_printed_in_a_line(phone: Page) -> None:
    phone.set_viewport_size({"width": 690, "height": 1000})
    phone.emulate_media(media="print")
    arrive(phone, "/document/nupi-digi-tech")
    heights = phone.locator(".part h2").evaluate_all("(all) => all.map((one) => one.clientHeight)")
    assert heights
    assert max(heights) < 60


@pytest.mark.parametrize("width", [690, 1017])
def test_paper_has_all_columns_of_a_wide_table_and_what_is_folded(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 1000})
    phone.emulate_media(media="print")
    for path in ("/page/query/state_owners_up_the_chain", "/claims?columns=date&columns=topics&columns=reference"):
        arrive(phone, path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= width, path
        assert phone.locator(".scroll, .claimlist").evaluate_all(
            "(all) => all.every((a) => a.scrollWidth <= innerWidth)"
        )
    arrive(phone, "/page/query/who_denies_what")
    note = phone.locator(".footnotes:not([open]) .notes li").last
    assert note.evaluate("(one) => one.checkVisibility({contentVisibilityAuto: true})")
