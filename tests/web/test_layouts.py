"""Pages of things of several kinds: what documents say of each, once, with marks; and facts from outside."""

import html
import re
from itertools import cycle

import pytest

from conftest import Server

#: The longest pages of their kinds that are only read.
TEXT_PAGES = (
    "/",
    "/about",
    "/claims",
    "/document/nupi-digi-tech",
    "/issue/supplier-risk",
    "/issues",
    "/page/id/china",
    "/page/query/ownership_by_sector",
    "/page/query/who_owns_huawei",
    "/search?q=huawei",
    "/things",
    "/topic/us-sanctions",
    "/topics",
)


def markup_of(page: str, anchor: str) -> str:
    """Return the markup from a heading to the end of its section."""
    found = page[page.index(f'id="{anchor}"') :]
    return found[: found.index("</section>")]


def said_by(page: str, document: str) -> str:
    """Return the text of what a document says of the thing of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup_of(page, f"says-{document}")))


def test_recommendation_tells_what_it_advises_responds_to_and_how_firmly(server: Server) -> None:
    said = said_by(server.get("/page/id/recommendation-2").text, "nupi-digi-tech")
    main, _, rest = said.partition("smaller points")
    assert "recommendation is to promote Norwegian and shared European digi-tech interests" in main
    assert "Recommendation" in main
    assert "responds to the China-US rivalry" in rest


def test_event_tells_whether_it_happened_and_whose_view_its_causes_are(server: Server) -> None:
    said = said_by(server.get("/page/id/alibaba-intervention").text, "nupi-digi-tech")
    assert "took place in late 2020" in said
    cause = said[said.index("Many linked the intervention against Alibaba to") :]
    assert cause.index("the author takes no side") < cause.index("Jack Ma's outspokenness")


def test_document_leads_to_its_reading_view_and_recommendations(server: Server) -> None:
    page = server.get("/page/id/nupi-digi-tech").text
    assert 'href="/document/nupi-digi-tech"' in page
    said = markup_of(page, "says-nupi-digi-tech")
    advised = set(re.findall(r"/page/claim/nupi-digi-tech/recommendation-(\d)-advises", said))
    assert advised == {"1", "2", "3", "4", "5"}


def test_concern_tells_what_raises_it_by_document(server: Server) -> None:
    page = server.get("/page/id/digital-security-concern").text
    assert "Contracting Huawei to build 5G networks raises concern" in said_by(page, "nupi-digi-tech")
    assert "ZTE raises concerns about digital security" in said_by(page, "commission-5g-toolbox-2023")


@pytest.mark.parametrize("thing", ["alibaba-intervention", "digital-security-concern", "huawei"])
def test_no_claim_is_told_twice_and_no_list_is_empty(server: Server, thing: str) -> None:
    page = server.get(f"/page/id/{thing}").text
    told = re.findall(r'class="said-link" href="([^"]+)"', page)
    assert told
    assert len(told) == len(set(told))
    assert not re.search(r"<ul[^>]*>\s*</ul>", page)


def test_fact_from_outside_names_its_source_and_when_it_was_fetched(server: Server) -> None:
    outside = markup_of(server.get("/page/id/huawei").text, "outside")
    fetched = r"rank 61 on the Fortune Global 500 in 2019.*?as tables</a>, fetched on <[^>]+>\d+ November 2026<"
    assert re.search(fetched, outside)


def test_norwegian_page_of_a_document_names_its_sections_and_pages_in_norwegian(server: Server) -> None:
    assert (
        "Paragraf 1: ny paragraf 2 i presidentordre 13959" in server.get("/document/executive-order-14032?lang=nb").text
    )
    brief = re.sub(r"\s+", " ", server.get("/document/nupi-digi-tech?lang=nb").text)
    assert "Side 1 eller 2 (anslått)" in brief
    assert "s. 1 eller 2, setning 1" in brief


def test_what_an_order_allows_is_not_marked_as_a_denial(server: Server) -> None:
    page = server.get("/document/executive-order-14032").text
    allowed = page[page.index("lets US persons buy or sell the securities") :].partition("</details>")[0]
    assert "Order" in allowed
    assert "Says that it is not" not in allowed


def test_author_is_cited_by_family_name_where_this_comes_first(server: Server) -> None:
    assert (
        "; Wang 2020, at second hand)"
        in server.get("/page/query/where_documents_disagree", headers={"Accept": "text/html"}).text
    )
    claim = "/page/claim/wang-yi-speech-2020/china-proposes-initiative/cite.bib"
    assert "author = {Wang, Yi}" in server.get(claim).text


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        (
            "commission-5g-toolbox-2023/breton-that-is-too-slow",
            "Thierry Breton, statement at a press conference, 15 June 2023. Read only as others quote it. Read at https://",
        ),
        (
            "commission-5g-toolbox-2023/huawei-risk-to-eu-security",
            "report by Member States”, press release, 15 June 2023 (2023b), paragraph 3, sentence 1; paragraph 3,",
        ),
        (
            "chinese-reply-on-5g-2023/huawei-has-done-no-harm",
            "16 June 2023, paragraph 3, sentence 1, https://news.cgtn.com/news/2023-06-16/",
        ),
        (
            "executive-order-14032/biden-widens-emergency-in-fact-sheet",
            "People's Republic of China”, fact sheet, White House, 3 June 2021 (2021a), paragraph 1, sentence 2",
        ),
    ],
)
def test_a_claim_is_cited_by_who_speaks_in_which_text_and_when(server: Server, claim: str, cited: str) -> None:
    page = server.get(f"/page/claim/{claim}?lang=en").text
    footnote = html.unescape(re.sub("<[^>]+>", "", markup_of(page, "citation")))
    assert cited in re.sub(r"\s+", " ", footnote)
    # Copies lead to what a reader can open.
    assert "w3id.org" not in footnote


def test_a_text_without_a_date_is_cited_so(server: Server) -> None:
    claim = "/page/claim/huawei-ownership-page/huawei-is-independent"
    assert "Huawei, “Who owns Huawei?”, undated, around 2019, paragraph" in server.get(f"{claim}?lang=en").text
    assert "year = {n.d.}" in server.get(f"{claim}/cite.bib?lang=en").text


def test_what_was_read_only_as_others_quote_it_says_so_in_bibtex(server: Server) -> None:
    told = server.get("/page/claim/balding-clarke-2019/employees-do-not-control-huawei/cite.bib").text
    assert told.count("Read only as others quote it.") == 2


def test_latest_fact_from_outside_comes_first_in_each_language(server: Server) -> None:
    for language in ("en", "nb"):
        outside = markup_of(server.get(f"/issue/supplier-risk?lang={language}").text, "outside")
        assert re.search(r"\b(20\d\d)\b", outside)[1] == "2025"  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "language"),
    [
        *zip(TEXT_PAGES, cycle(("en", "nb")), strict=False),
        *(
            pytest.param(*each, marks=pytest.mark.thorough)
            for each in zip(TEXT_PAGES, cycle(("nb", "en")), strict=False)
        ),
    ],
)
def test_text_page_takes_few_requests_and_sixty_kilobytes_as_sent(server: Server, path: str, language: str) -> None:
    asked = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": language, "Accept": "text/html"}
    text = server.get(path, headers={**asked, "Accept-Encoding": "gzip"}).text
    addresses = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]* (?:href|src)="([^"]+)"', text)
    sent = [server.get(address, headers=asked) for address in (path, *addresses)]
    # The page, the style sheet with its fonts, the icon, and one script at most.
    assert 3 <= len(sent) <= 4
    assert sum(int(part.headers["Content-Length"]) for part in sent) < 60_000
