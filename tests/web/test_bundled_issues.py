"""Every sentence and count on the pages of the bundled issues comes from their positions and claims."""

import re
from collections import Counter
from dataclasses import replace
from itertools import cycle

import pytest
from flask import Flask

from digitech_kg.api import Graph, Rows
from digitech_kg.book import Book
from digitech_kg.engine.request import QueryService
from digitech_kg.namespaces import DK
from digitech_kg.web.pages.issue_view import IssueView
from digitech_kg.web.pages.issues import Dispute, Matrix
from digitech_kg.web.reading.dataset import read_documents
from digitech_kg.web.reading.reader import GraphReader

NUMBERS = {
    "en": ("none", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    "nb": ("ingen", "ett", "to", "tre", "fire", "fem", "seks", "sju", "åtte"),
}


@pytest.fixture(scope="module")
def site(bundled_site: tuple[Flask, QueryService]) -> tuple[Flask, GraphReader]:
    return bundled_site[0], GraphReader(bundled_site[1], "en")


@pytest.fixture(scope="module")
def book(site: tuple[Flask, GraphReader]) -> Book:
    return site[1].book


@pytest.fixture(
    scope="module",
    params=[("en", "nb"), *(pytest.param((language,), marks=pytest.mark.thorough) for language in ("nb", "en"))],
    ids=" and ".join,
)
def views(site: tuple[Flask, GraphReader], request: pytest.FixtureRequest) -> list[IssueView]:
    """Each issue as its page shows it, in one of the languages in turn."""
    (app, reader), found = site, []
    for name, language in zip(reader.book.issues, cycle(request.param), strict=False):
        with app.test_request_context(f"/issues?lang={language}"):
            found.append(IssueView(replace(reader, language=language), name))
    return found


def test_each_document_stands_with_the_sentence_of_its_best_claim(views: list[IssueView], book: Book) -> None:
    assert len(views) > 20
    for view in views:
        stands = [*view.stands, *(stand for _answer, own in view.quiet for stand in own if not stand.said)]
        positions = book.issues[view.name].positions
        # Who says partly so and partly not stands with a sentence for each.
        mixed = [key for key, position in positions.items() if position.answer == "mixed"]
        assert sorted(stand.document.key for stand in stands) == sorted([*book.documents, *mixed])
        told = sorted((stand.document.key, stand.said.claim.iri) for stand in view.stands if stand.said)
        bests = ((key, iri) for key, own in positions.items() for iri in (own.best, own.other_half) if iri)
        assert told == sorted(bests)
        for claim in view.claims:
            sentences = {term.value for term in book.claims([claim.iri])[0].all(DK.sentence)}
            assert claim.sentence in sentences, claim.iri


def counts_in(finding: str) -> list[int]:
    """Return the numbers of documents that a finding gives in letters, but for that of all."""
    numbers = NUMBERS["en" if "document" in finding else "nb"]
    rest = re.sub(r"(of the|av de) \w+ do[ck]ument|\([^)]*\)|(on|på) \w+ (cond|vilk)", "", finding)
    return [numbers.index(word) for word in re.findall(r"\w+", rest.lower()) if word in numbers[1:]]


def test_the_finding_counts_each_document_once(views: list[IssueView], book: Book) -> None:
    for view in views:
        assert sum(counts_in(view.finding)) == len(book.documents), view.finding


@pytest.mark.parametrize("language", ["en", pytest.param("nb", marks=pytest.mark.thorough)])
def test_head_table_grid_and_cards_say_alike_where_a_document_stands(
    site: tuple[Flask, GraphReader], language: str
) -> None:
    app, reader = site[0], replace(site[1], language=language)
    with app.test_request_context(f"/issues?lang={language}"):
        grid = {line.name: {cell.document.key: cell for cell in line.cells} for line in Matrix(reader).lines}
        for name, issue in reader.book.issues.items():
            view, told = IssueView(reader, name), Counter[str]()
            heads = re.findall(r"([^()]+) \(([^()]+)\)", view.finding)
            for stand in {stand.document.key: stand for stand in view.stands}.values():
                answer, cell = stand.answer, grid[name][stand.document.key]
                assert cell.answer == answer
                assert answer.reserve in answer.words
                assert answer.reserve in cell.note
                (head,) = (said for said, names in heads if stand.document.text in names)
                pointing = bool(re.search(r"\b(point|peke)", head.lower()))
                assert pointing == answer.side.startswith("towards"), head
                if answer.side not in ("open", "mixed") and not pointing:
                    is_firm = issue.positions[stand.document.key].firmness == "asserted"
                    assert bool(answer.reserve) is not is_firm
                    assert (", " + answer.reserve in head) if answer.reserve else ("," not in head.lstrip(",")), head
                    assert answer.reserve not in ("with a reserve", "med forbehold"), f"name the reserve: {name}"
                told[answer.reserve] += 1
            counted = Counter[str]()
            for mark, count, words in Dispute(issue, read_documents(reader).values()).sides:
                counted[words.partition(", ")[2]] += count if mark != "none" else 0
            assert +counted == told


def test_who_is_less_firm_only_since_others_report_it_is_told_so(views: list[IssueView]) -> None:
    (view,) = [view for view in views if view.name == "protecting-data"]
    assert re.search("as others report it|slik andre gjengir det", view.finding)


def test_the_finding_names_who_takes_which_side(views: list[IssueView], book: Book) -> None:
    for view in views:
        for stand in view.stands:
            assert stand.document.text in view.finding, (view.name, stand.document.key)
        answers = {position.answer for position in book.issues[view.name].positions.values()}
        said = re.sub("partly yes, partly no|dels ja, dels nei|no side", "", view.finding)
        assert ("affirms" in answers) == bool(re.search(r"\b(yes|ja)\b", said)), view.finding
        assert ("denies" in answers) == bool(re.search(r"\b(no|nei)\b", said)), view.finding


def test_facts_from_outside_bear_on_the_question(views: list[IssueView]) -> None:
    facts = {view.name: {fact.subject.text for fact in view.facts} for view in views}
    assert "Huawei" in facts["huawei-state"]
    # One document makes its point by Huawei's sales: the lists that name Huawei do not answer whether technology helps.
    assert not facts["technology-benefits"]
    assert "Huawei" in facts["military-ties"]
    assert {"Huawei", "ZTE"} <= facts["supplier-risk"]


def test_words_read_only_in_the_press_are_marked_as_such_beside_their_limit(site: tuple[Flask, GraphReader]) -> None:
    app, reader = site
    with app.test_request_context("/issues"):
        view = IssueView(reader, "data-abroad")
    assert "one says no, within limits (Wang Yi’s speech)" in view.finding
    (speech,) = (stand for stand in view.stands if stand.document.key == "wang-yi-speech-2020")
    assert speech.said is not None
    assert (speech.said.is_second_hand, speech.said.marks[0].text) == (True, "Plainly, as others report it")


def test_facts_on_a_question_of_ownership_are_on_ownership_alone(views: list[IssueView]) -> None:
    """US lists on which a company stands say nothing of who owns it."""
    shown = {view.name: {fact.predicate.key for fact in view.facts} for view in views}
    owned = [name for name in shown if name.startswith("huawei-")]
    assert len(owned) == 5
    assert shown["huawei-state"] == {"hasOwner"}
    assert set().union(*(shown[name] for name in owned)) == {"hasOwner"}


def test_the_page_and_the_graph_agree_on_what_is_in_dispute(site: tuple[Flask, GraphReader], graph: Graph) -> None:
    app, reader = site
    with app.test_request_context("/issues"):
        shown = {line.name for line in Matrix(reader).disputed}
    rows = graph.query("SELECT DISTINCT ?issue { ?p dk:contradicts|dk:inTensionWith ?q ; dk:onIssue ?issue }")
    assert isinstance(rows, Rows)
    assert shown == {row["issue"].rpartition("/")[2] for row in rows}


def test_what_is_said_of_all_is_no_reserve(site: tuple[Flask, GraphReader]) -> None:
    app, reader = site
    with app.test_request_context("/issues?lang=en"):
        finding = IssueView(reader, "open-markets").finding
    assert "Wang Yi’s speech" in finding and "not of all" not in finding
