"""Pages of things and of claims over two documents that disagree, with issues, lists, and facts from outside."""

import html
import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat

from digitech_kg.namespaces import DK, RDFS
from reading import HTML, main_of, words
from stored_site import DATA, StoredService, open_service, open_site


@pytest.fixture(scope="module")
def service() -> StoredService:
    service = open_service()
    for name in ("issues.trig", "standings.trig"):
        service.store.load(path=str(DATA.with_name(name)), format=RdfFormat.TRIG)
    return service


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, service: StoredService) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("site"), service).test_client()


def section(page: str, anchor: str) -> str:
    """Return what stands below a heading."""
    found = page[page.index(f'id="{anchor}"') :]
    return words("<h2 " + found[: found.index("</section>")]).strip()


def test_thing_opens_with_what_nobody_disputes_and_who_speaks_of_it(client: FlaskClient) -> None:
    said = words(main_of(client, "/page/id/acme"))
    assert "Acme Maker of bricks, with its kiln in Oslo. Both documents speak of it, in" in said
    assert "A maker of bricks." in said.partition("How it is described")[2]


def test_lists_stand_as_badges_with_their_dates(client: FlaskClient) -> None:
    page = main_of(client, "/page/id/acme")
    assert section(page, "lists-1") == "On lists old list 8 March 2016 – 29 March 2017 watch list since 16 May 2019"
    assert re.findall(r'class="(badge[^"]*)"', page) == ["badges", "badge past", "badge"]
    assert "/page/claim/register/acme-on-watch-list" in page


def test_thing_names_its_issues_with_both_sides(client: FlaskClient) -> None:
    said = section(main_of(client, "/page/id/acme"), "issues")
    assert "Is Acme owned by the state? 1 says so 1 says not" in said
    assert "Should Acme make bricks? 1 points to no" in said
    assert "Do states own brick makers?" not in said
    folded = section(main_of(client, "/page/id/brick-makers"), "issues")
    assert "One issue on which no two documents differ Do states own brick makers?" in folded


def test_each_document_says_its_main_claims_and_folds_the_rest(client: FlaskClient) -> None:
    page = main_of(client, "/page/id/brick-makers")
    memo = section(page, "says-memo")
    assert memo == (
        "memo on bricks 2023 Brick makers were in bricks in spring 2021. Acme is not owned by the state."
        " One smaller point Most brick makers are possibly owned by the state."
    )
    assert "Nothing in: report on Acme." in words(page)
    assert section(main_of(client, "/page/id/acme"), "says-memo").endswith(
        "Also named in one claim Acme holds that bricks involve Rain."
    )


def test_what_was_read_at_second_hand_says_so_at_the_document(client: FlaskClient) -> None:
    said = section(main_of(client, "/page/id/acme"), "says-report")
    assert said.startswith("report on Acme At second hand")
    assert said.count("At second hand") == 1
    assert "Disagrees with the board" in said


@pytest.mark.parametrize("thing", ["acme", "brick-makers", "bricks", "rain"])
def test_each_sentence_and_count_is_that_of_claims_and_positions(
    client: FlaskClient, service: StoredService, thing: str
) -> None:
    page = main_of(client, f"/page/id/{thing}")
    book, base = service.book(), service.names.base
    for path, sentence in re.findall(r'class="said-link" href="/page/(claim/[^"]+)"[^>]*>([^<]+)</a>', page):
        (claim,) = book.claims([base + path])
        assert html.unescape(sentence) in {text.value for p in (DK.sentence, RDFS.label) for text in claim.all(p)}
    for name, counted in re.findall(r'href="/issue/(\w+)">.*?class="tally">(.*?)</div>', page):
        answers = [position.answer for position in book.issues[name].positions.values()]
        told = dict(re.findall(r'c-(\w+)">.*?<b class="num">(\d+)</b>', counted))
        assert int(told.get("no", 0)) == answers.count("denies"), name
        assert sum(map(int, told.values())) == len(book.documents)


def test_facts_from_outside_stand_apart_and_codes_under_data(client: FlaskClient) -> None:
    page = main_of(client, "/page/id/acme")
    outside = section(page, "outside")
    assert "Rain owned all of Acme in 2022. 2022 the register" in outside
    assert "59.9" not in outside
    assert "ACM." not in outside
    codes = section(page, "codes")
    assert "Acme lies 59.9 degrees north." in codes
    assert "The ticker symbol of Acme is ACM." in codes


def test_thing_is_in_norwegian(client: FlaskClient) -> None:
    said = words(main_of(client, "/page/id/acme?lang=nb"))
    assert "Teglverk med ovn i Oslo. Begge dokumentene omtaler det, i" in said
    assert "På lister old list" in said
    assert "Hva hvert dokument sier" in said


def test_thing_of_which_nothing_is_said_says_so(client: FlaskClient) -> None:
    said = words(main_of(client, "/page/id/watch-list"))
    assert "No document here says anything on it." in said
    assert "Acme" in said.partition("Facts from outside")[2]


def test_claim_tells_who_says_otherwise_by_its_issue(client: FlaskClient) -> None:
    page = main_of(client, "/page/claim/memo/acme-not-state-owned")
    said = section(page, "otherwise")
    assert "Says that it is so report on Acme, sentence 1 At second hand Acme is owned by the state." in said
    assert said.endswith("On these issues: Do states own brick makers? · Is Acme owned by the state?")


def test_claim_tells_who_says_otherwise_by_a_pair(client: FlaskClient) -> None:
    said = section(main_of(client, "/page/claim/memo/acme-in-bricks"), "otherwise")
    assert "Says otherwise report on Acme, sentence 1 At second hand The board holds that Acme is in bricks." in said


def test_claim_without_a_contrary_has_no_such_section(client: FlaskClient) -> None:
    assert 'id="otherwise"' not in main_of(client, "/page/claim/memo/makers-in-bricks")
    said = section(main_of(client, "/page/claim/memo/rain-maybe-in-bricks"), "otherwise")
    assert said == "Who says otherwise No claim here. The whole issue: Does Rain make bricks?"


def test_main_claim_and_part_lead_to_each_other(client: FlaskClient) -> None:
    main = main_of(client, "/page/claim/memo/acme-not-state-owned")
    assert section(main, "parts") == "One detail Most brick makers are possibly owned by the state."
    part = words(main_of(client, "/page/claim/memo/makers-maybe-state-owned"))
    assert "A point of: Acme is not owned by the state." in part


def test_footnote_of_what_was_read_at_second_hand_says_so(client: FlaskClient) -> None:
    page = main_of(client, "/page/claim/report/acme-state-owned")
    assert "Read only as others quote it." in words(page[page.index('id="citation"') : page.index('id="copied"')])
    assert "Only those who quote the text were read here" in words(page)


def test_claim_leads_to_what_it_is_about_and_to_the_rest_of_its_passage(client: FlaskClient) -> None:
    page = main_of(client, "/page/claim/memo/acme-in-bricks")
    assert section(page, "about") == "About Acme bricks"
    assert "Acme holds that bricks involve Rain." in section(page, "neighbours")


@pytest.mark.parametrize("path", ["/page/id/acme", "/page/claim/memo/acme-not-state-owned"])
@pytest.mark.parametrize("language", ["en", "nb"])
def test_no_page_speaks_in_words_of_the_model(client: FlaskClient, path: str, language: str) -> None:
    said = words(main_of(client, f"{path}?lang={language}")).partition("Data ")[0].lower()
    for word in ("plain denial", "negative prediction", "has ownership kind", "stated", "benektes"):
        assert word not in said, word


@pytest.mark.parametrize("path", ["/page/id/acm", "/page/claim/memo/acme"])
def test_what_there_is_not_is_not_found_and_says_what_to_do(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 404
    assert "Search" in answer.text
