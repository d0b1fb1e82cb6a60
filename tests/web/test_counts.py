"""The same number of documents and main claims stands wherever it is told who speaks of a thing or of a topic."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from bundled import NAMES
from digitech_kg.book import Book, ClaimFilter
from digitech_kg.engine.request import QueryService
from reading import HTML, words

THINGS = {"china": "China", "huawei": "Huawei", "zte": "ZTE", "norway": "Norway", "joe-biden": "Joe Biden"}
Read = Callable[[str], str]


@pytest.fixture(scope="module")
def site(bundled_site: tuple[Flask, QueryService]) -> tuple[Flask, Book]:
    return bundled_site[0], bundled_site[1].book()


@pytest.fixture(scope="module")
def book(site: tuple[Flask, Book]) -> Book:
    return site[1]


@pytest.fixture(scope="module")
def read(site: tuple[Flask, Book]) -> Read:
    client = site[0].test_client()
    return lambda address: words(html.unescape(client.get(address, headers=HTML).text))


def told(text: str) -> str:
    """Return how many main claims documents have on something, as a page says it, without its first letter."""
    found = re.search(r"[^.:]*? (has main claims on (it|this person): [^.]*|have [\w ]+ on (it|this person))\.", text)
    assert found, text[:400]
    return found[0].strip()[1:].replace("this person", "it")


@pytest.mark.parametrize("key", THINGS)
def test_thing_search_comparison_and_list_count_the_same(read: Read, book: Book, key: str) -> None:
    counts = book.count_by_document(ClaimFilter(about=f"{NAMES.prefixes['id']}{key}"))
    page = told(read(f"/page/id/{key}"))
    assert told(read(f"/search?q={THINGS[key]}")) == page
    assert told(read(f"/compare?a={THINGS[key]}")) == page
    assert f"have {sum(counts.values())} main claims" in page or len(counts) == 1
    assert f"{sum(counts.values())} main claims" in read(f"/claims?thing=id:{key}").replace("One main", "1 main")
    documents, mains, _as_subject = book.spoken_of()[f"{NAMES.prefixes['id']}{key}"]
    assert (documents, mains) == (len(counts), sum(counts.values()))


@pytest.mark.parametrize("name", ["us-sanctions", "security"], ids=["alone", "with those below it"])
def test_topic_and_list_count_the_same(name: str, read: Read, book: Book) -> None:
    topic = book.topics[name]
    counts = book.count_by_document(ClaimFilter(topic=topic.iri, part="0"))
    assert topic.claims == counts
    mains = f"{sum(counts.values())} main claims"
    assert mains in told(read(f"/topic/{name}"))
    assert mains in read(f"/claims?topic={name}")


@pytest.mark.parametrize("key", ["zte", "huawei"])
def test_thing_has_the_issues_that_name_it_in_a_question_or_on_a_side(read: Read, key: str) -> None:
    page = read(f"/page/id/{key}")
    assert "Should high-risk suppliers be restricted or shut out?" in page
    assert "Does treating Huawei and ZTE as high-risk suppliers breach the law and free trade?" in page


def test_finding_on_one_company_names_no_source_that_its_rows_do_not_cite(read: Read) -> None:
    page = read("/search?q=ZTE sanctions")
    assert re.search(r"have \d+ entries on US lists and orders, for ZTE\.", page)
    assert "14032" not in page.partition("Open the full answer")[0]


def test_each_document_that_a_thing_counts_has_a_block_on_its_page(read: Read, book: Book) -> None:
    counts = book.count_by_document(ClaimFilter(about=f"{NAMES.prefixes['id']}china"))
    silent = read("/page/id/china").partition("Nothing in:")[2].partition(".")[0].split(",")
    assert len(counts) == len(book.documents) - len(silent)


def test_documents_count_main_claims(read: Read, book: Book) -> None:
    mains = sum(group.count for group in book.claim_groups if group.document == "nupi-digi-tech" and not group.is_part)
    documents = read("/documents").partition("Main claims")[2]
    assert f" {mains} " in documents


def test_a_group_leads_to_what_is_said_of_its_firms(read: Read) -> None:
    page = read("/page/id/huawei")
    assert "US order 14032 speaks only of its firms." in page
    firms = page.partition("What is said of firms it owns or has shares in")[2].partition("Facts from outside")[0]
    assert (
        "Huawei Technologies Part of Huawei Executive Order 14032 lists Huawei Technologies in its annex. US order"
        in firms
    )
    assert "Huawei Investment & Holding Part of Huawei US list of firms" in firms
    assert "US order 14032" not in page.partition("Nothing in:")[2].partition(".")[0]


def test_a_firm_in_which_another_has_shares_comes_with_what_tells_of_them(read: Read) -> None:
    firms = read("/page/id/tencent").partition("What is said of firms it owns or has shares in")[2]
    assert firms.strip().startswith("JD.com Tencent held 18.1% of JD.com")
    assert "Ant Group Alibaba held about 33% of Ant Group" in read("/page/id/alibaba")
    assert "What is said of firms it owns or has shares in" not in read("/page/id/xiaomi")


def test_a_group_leads_norwegians_to_its_firms(read: Read) -> None:
    page = read("/page/id/huawei?lang=nb")
    assert "Presidentordre 14032 omtaler bare selskaper som hører til." in page
    assert "Hva som sies om selskaper det eier eller har andeler i" in page


def test_a_document_that_only_names_a_thing_in_passing_shows_what_it_says(read: Read) -> None:
    said = read("/page/id/tiktok").partition("Main claims only")[2].partition("One smaller point")[0]
    assert "three orders meant to ban transactions with TikTok" in said


def test_a_recommendation_that_is_only_passed_on_is_told_with_whose_it_is(read: Read) -> None:
    said = read("/claims?kind=recommendation")
    assert "EU Commission on 5G: one recommendation (according to the NIS Cooperation Group, the author" in said
    assert re.search(r"NUPI brief: \w+ recommendations, addressee", said)


@pytest.mark.parametrize(
    ("document", "first", "then"),
    [
        ("nupi-digi-tech", "China has several shortcomings", "China is investing heavily"),
        ("nupi-digi-tech", "US trade sanctions are harming Chinese", "US trade sanctions are energising"),
        ("nupi-digi-tech", "are already leading brands internationally", "are known for considerable innovation"),
        ("nupi-digi-tech", "the US put several Chinese companies on a blacklist", "are alleged to have strong ties"),
        (
            "commission-5g-toolbox-2023",
            "justified and in line with the 5G toolbox",
            "pose substantially higher risks to the EU",
        ),
    ],
)
def test_main_claims_of_a_document_stand_as_its_text_has_them(read: Read, document: str, first: str, then: str) -> None:
    page = read(f"/document/{document}?whole=1&text=no")
    assert 0 < page.index(first) < page.index(then)


def test_what_others_report_is_not_marked_as_said_plainly_here(read: Read) -> None:
    assert "Plainly, as others report it" in read("/issue/huawei-holding")


@pytest.mark.parametrize("address", ["/search?q=Thierry+Breton", "/page/id/thierry-breton"])
def test_a_person_is_called_one(read: Read, address: str) -> None:
    assert "nly one of the eleven documents has main claims on this person: EU Commission on 5G, with" in read(address)
