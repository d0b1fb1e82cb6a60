"""Answers to saved questions: what the sentences say is what the claims behind the rows say, and pages show no code."""

import html
import io
import re
import zipfile
from datetime import datetime
from itertools import cycle, product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from flask import Flask
from pyoxigraph import Literal, NamedNode, Quad, Store
from selectolax.lexbor import LexborHTMLParser
from werkzeug.datastructures import MultiDict

from bundled import NAMES
from conftest import ROOT
from digitech_kg.book import open_book
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SH
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.saved_queries import read_header, read_presentation
from digitech_kg.web.pages.answers import Answer
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.questions import find_question
from digitech_kg.web.reading.reader import GraphReader
from stored_site import NAMES as OTHER_NAMES
from stored_site import StoredService, open_service, open_site

QUESTIONS = sorted(path.stem for path in (ROOT / "data/queries").glob("*.rq"))
#: What a reader has not asked for: IRIs, names with a prefix, variables, codes of passages.
CODE = re.compile(
    r"https?://|\b(?:dk|id|xsd|rdfs|skos|edtf|nupi|nupi-claim|passage|claim):\w|[?]\w+Label|\bp\d\d\.s\d\d\b"
)


@pytest.fixture(scope="module")
def site(in_memory: Store, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site over the bundled graph, without a server or another process."""
    service = StoredService(in_memory, NAMES, written=open_book(snapshot))
    service.fixed = service.snapshot
    made = open_site(tmp_path_factory.mktemp("site"), service)
    made.extensions["service"] = service
    return made


def answer_to(site: Flask, name: str, language: str = "en", **given: str) -> Answer:
    service = site.extensions["service"]
    with site.test_request_context(f"/page/query/{name}?lang={language}"):
        reader = GraphReader(service, language)
        return Answer(reader, find_question(reader, name), MultiDict(given))


def texts_of(store: Store, iri: str, prop: NamedNode, language: str) -> set[str]:
    found = store.quads_for_pattern(NamedNode(iri), prop, None, None)
    return {q.object.value for q in found if isinstance(q.object, Literal) and q.object.language == language}


def visible(page: str) -> str:
    """Return what a page says between its head and foot, without what is there to be copied."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<(script|pre)\b.*?</\1>|<p class=\"sr\".*?</p>", " ", main, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def in_turn(first: str, second: str, *, every: int) -> list[Any]:
    """Return the questions, each so many one, with a language in turn; the rest waits for `--thorough`."""
    turns = list(zip(QUESTIONS[::every], cycle((first, second)), strict=False))
    rest = [pair for pair in product(QUESTIONS, (first, second)) if pair not in turns]
    return turns + [pytest.param(*pair, marks=pytest.mark.thorough) for pair in rest]


@pytest.mark.parametrize(("name", "language"), in_turn("nb", "en", every=3))
def test_sentences_agree_with_the_claims_behind_the_rows(
    name: str, language: str, site: Flask, in_memory: Store
) -> None:
    answer = answer_to(site, name, language)
    behind = {iri for claims in answer.asked.claims for iri in claims}
    told = [claim for said in answer.said for claim in said.claims]
    assert answer.said or answer.lead
    assert {claim.iri for claim in told} <= behind
    assert answer.more or not told or {claim.iri for claim in told} == behind
    for said in answer.said:
        claims, text = said.claims, said.text
        if declared := read_presentation(read_header(answer.question.text)).text("row", [language]):
            cells = [cell for row in answer.table.texts() for key, cell in row.items() if f"{{{key}}}" in declared]
            assert any(cell in text for cell in cells)
        elif len({claim.sentence for claim in claims}) == 1:
            assert texts_of(in_memory, claims[0].iri, DK.sentence, language) <= {text}
        # What is told in the claim's own sentence has its reserves.
        for claim in (one for one in claims if len(claims) > 1 and one.sentence not in text):
            assert claim.claim.is_plain
            assert claim.negated == bool(re.search(r"\bnot\b|\bikke\b", text))
            for thing in (claim.subject, claim.object.name or claim.object):
                if isinstance(thing, Name) and texts_of(in_memory, thing.iri, DK.sentencePattern, language):
                    continue
                in_text = texts_of(in_memory, thing.iri, DK.labelInText, language) if isinstance(thing, Name) else ()
                # What is the subject's own is said without the subject's name.
                owner = rf"^{re.escape(claim.subject.text)}('s|s) "
                assert any(re.sub(owner, "", label).casefold() in text.casefold() for label in (*in_text, thing.text))
        assert {note.claim.iri for note in said.notes} == {c.iri for c in claims}


# The words of a page are the same for all, so fewer questions are shown here than are told above.
@pytest.mark.parametrize(("name", "language"), in_turn("en", "nb", every=6))
def test_page_shows_no_iri_or_code(name: str, language: str, site: Flask) -> None:
    page = site.test_client().get(f"/page/query/{name}?lang={language}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    shown = visible(page.text)
    if name == "identifiers_of_companies":
        # Addresses of other registers are what this one asks for.
        shown = re.sub(r"https?://(?!w3id[.]org)", "", shown)
    assert CODE.findall(shown) == []


def test_questions_name_the_same_columns_and_values_in_both_languages() -> None:
    for path in (ROOT / "data/queries").glob("*.rq"):
        shown = read_presentation(read_header(path.read_text(encoding="utf-8")))
        for kind in ("columns", "values"):
            assert shown.tables.get((kind, "en"), {}).keys() == shown.tables.get((kind, "nb"), {}).keys(), path.stem
        assert {kind for kind, tag in shown.texts if tag == "en"} == {kind for kind, tag in shown.texts if tag == "nb"}


def test_only_the_table_of_a_question_that_declares_a_view_is_drawn_otherwise(site: Flask) -> None:
    for name in ("companies_by_sector", "who_owns_huawei", "ownership_by_sector"):
        page = site.test_client().get(f"/page/query/{name}", headers={"Accept": "text/html"}).text
        assert ("data-rows" in page) == (name == "companies_by_sector"), name
        assert "<td" in page


def test_parameter_changes_heading_title_and_answer(site: Flask) -> None:
    page = (
        site.test_client()
        .get("/page/query/is_state_ownership_denied?company=id:tencent", headers={"Accept": "text/html"})
        .text
    )
    assert "<title>Does “NUPI brief” deny that Tencent is state-owned? · " in page
    assert answer_to(site, "is_state_ownership_denied", company="id:tencent").text.startswith("Yes. Tencent")


@pytest.mark.parametrize("name", ["tencent", "Tencent", "腾讯", "id:tencent"])
def test_a_parameter_takes_any_name_of_a_thing(site: Flask, name: str) -> None:
    assert answer_to(site, "is_state_ownership_denied", company=name).text.startswith("Yes. Tencent")


def test_an_address_chooses_the_rows_on_a_thing_for_page_and_files(site: Flask) -> None:
    client, path = site.test_client(), "/page/query/ownership_said_denied_or_unsaid"
    page, whole = (LexborHTMLParser(client.get(address).text) for address in (f"{path}?about=tencent", path))
    rows = [row.text() for row in page.css("#result tbody tr")]
    assert rows and all("Tencent" in row for row in rows)
    assert len(rows) < len(whole.css("#result tbody tr"))
    assert page.css("h1")[0].text().endswith(" · Tencent")
    link = page.css("p.note[role=note] a")[0]
    assert (link.text(strip=True), link.attributes["href"]) == ("Show the whole answer", path)
    excel = page.css("a[href*='answer.xlsx']")[0].attributes["href"]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(excel).data)).worksheets[0]
    assert sheet.max_row == len(rows) + 1


def test_an_answer_that_has_no_row_on_a_thing_says_so(site: Flask) -> None:
    response = site.test_client().get("/page/query/ownership_said_denied_or_unsaid?about=nobody")
    assert response.status_code == 400
    assert "no row of this answer is about nobody" in response.text


def test_silence_is_no_no(site: Flask) -> None:
    answer = answer_to(site, "is_state_ownership_denied", company="id:alibaba")
    assert answer.title == "Does “NUPI brief” deny that Alibaba is state-owned?"
    assert answer.lead == "The document does not say so of Alibaba."
    page = visible(site.test_client().get("/page/query/is_state_ownership_denied?company=alibaba").text)
    assert "Alibaba is state-owned?" in answer.title
    assert "This does not mean that it is not so." in page
    assert not re.search(r"\b(No|Yes)\.", page)


def test_a_page_that_is_one_of_two_is_told_in_the_language_of_the_site(site: Flask) -> None:
    page = site.test_client().get("/page/query/what_is_said_of_norway?lang=nb").text
    assert "s. 1 eller 2" in page and "1 or 2" not in page


def test_comparison_leads_with_what_it_found(site: Flask) -> None:
    answer = answer_to(site, "document_and_other_sources_on_companies")
    # What several sources say alike is one case.
    cases = {tuple(sorted((key, str(row[key])) for key in row if key != "sourceLabel")) for row in answer.asked.rows}
    verdicts = [dict(case)["verdict"].strip('"') for case in cases]
    counts = [verdicts.count(verdict) for verdict in ("agree", "differ", "something else", "others only")]
    # What there is none of isn't counted.
    assert [int(number) for number in re.findall(r"\d+", answer.lead)] == list(filter(None, counts))
    assert len(answer.said) + answer.more == sum(counts[:3])
    # The documents are told in their own sentences.
    (denied,) = [said for said in answer.said if said.text.startswith("Only people who work at Huawei can own shares")]
    assert "Huawei Investment & Holding (Washington Free Beacon" in denied.text
    assert denied.text.endswith("; whether they differ is open.")


def test_what_an_order_demands_of_somebody_is_marked_as_an_order(site: Flask) -> None:
    body = site.test_client().get("/page/query/deadlines/answer.xlsx").data
    rows = openpyxl.load_workbook(io.BytesIO(body))["Claims"].iter_rows(min_row=2, values_only=True)
    put = {(row[3], row[1].partition(" · said of")[0]) for row in rows}
    assert {how for source, how in put if source.startswith("Biden")} == {"Plainly · Order"}
    assert ("European Commission 2023b", "Plainly · Call or demand") in put
    page = site.test_client().get("/page/claim/executive-order-14034/commerce-reports-on-sensitive-data").text
    assert "call or demand" not in page


def test_dated_duties_name_all_whom_they_bind_and_days_after_a_decision_to_come(site: Flask) -> None:
    answer = answer_to(site, "deadlines")
    rows = answer.table.texts()
    assert {row["actorLabel"] for row in rows if row["documentLabel"] == "US order 14032"} == {"US persons"}
    assert [row["days"] for row in rows if "days" in row] == ["60", "365"]
    assert f"{len(answer.said)} sentences" in answer.lead
    assert {claim for own in answer.table.claims for claim in own} == {note.claim.iri for note in answer.notes}


def test_partly_state_owned_is_told_as_partly(site: Flask) -> None:
    rows = answer_to(site, "ownership_by_sector").table.texts()
    (said,) = [row for row in rows if row["companyLabel"] == "BOE Tech Group"]
    assert (said["extent"], said["ownerLabel"]) == ("partly", "state ownership")


def test_word_file_has_real_footnotes(site: Flask) -> None:
    body = site.test_client().get("/page/query/companies_not_state_owned/answer.docx").data
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    for text in parts.values():
        ElementTree.fromstring(text)  # noqa: S314  our own file
    assert "Xiaomi is not owned by the state." in parts["word/document.xml"]
    marks = re.findall(r'footnoteReference w:id="(\d+)"', parts["word/document.xml"])
    assert marks == re.findall(r'<w:footnote w:id="(\d+)"', parts["word/footnotes.xml"])
    assert "Gåsemyr" in parts["word/footnotes.xml"]
    assert "p. 2, sentence 10" in parts["word/footnotes.xml"]
    assert "https://www.nupi.no/en/publications/" in parts["word/footnotes.xml"]


def test_an_answer_is_copied_with_footnotes_and_with_all_that_it_tells(site: Flask) -> None:
    page = site.test_client().get("/page/query/predictions?lang=en", headers={"Accept": "text/html"}).text
    copied = html.unescape(page.partition('id="copied-text"')[2].partition("</pre>")[0])
    assert re.search(r"distinctive approach to digi-tech governance.*\[\d+\]\n", copied)
    assert re.search(
        r"\n\[8\] Hans Jørgen Gåsemyr, “.*”, .*, p\. \d, sentence \d+, https://www\.nupi\.no/\S+\. .*Prediction", copied
    )
    # A detail isn't copied beside its main claim.
    assert re.search(r"\d+ details are at this address\.", copied)
    told = answer_to(site, "who_owns_huawei")
    assert len(told.statements) > len(told.said)
    body = site.test_client().get("/page/query/who_owns_huawei/answer.docx?lang=en").data
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        prose = package.read("word/document.xml").decode()
    assert all(html.escape(said.text, quote=False) in prose for said in told.statements)


def test_documents_of_the_same_author_and_year_are_told_apart(site: Flask) -> None:
    answer = answer_to(site, "deadlines")
    sources = {note.claim.document_key: note.source for note in answer.all_notes.values()}
    assert sources["executive-order-14032"] == "Biden 2021a"
    assert sources["executive-order-14034"] == "Biden 2021b"
    first = next(note for note in answer.notes if note.source == "Biden 2021a")
    assert "3 June 2021 (2021a), paragraph 8" in first.citation
    assert answer_to(site, "predictions").notes[0].source == "Gåsemyr 2021"


@pytest.mark.parametrize(
    ("language", "told", "nothing"),
    [
        ("en", "A later document says: The European approach", "No later document says what came of"),
        ("nb", "Et nyere dokument sier: ", "Ingen nyere dokumenter sier hvordan det gikk"),
    ],
)
def test_each_prediction_says_what_came_of_it_or_that_nothing_was_found(
    site: Flask, language: str, told: str, nothing: str
) -> None:
    answer = answer_to(site, "predictions", language)
    outcomes = [row.get("outcome") for row in answer.table.values()]
    assert [(told in said.text) + (nothing in said.text) for said in answer.statements] == [1] * len(answer.statements)
    assert len(answer.statements) == outcomes.count("told") + outcomes.count("nothing") > outcomes.count("told") > 0
    assert f"{nothing} {'med ' if language == 'nb' else ''}{outcomes.count('nothing')} " in answer.lead


def test_predictions_of_which_nothing_is_told_are_counted_and_copied_with_that(site: Flask) -> None:
    page = site.test_client().get("/claims?kind=prediction&lang=en", headers={"Accept": "text/html"}).text
    assert "Later documents answer one of them: one bears it out in part." in page
    assert "No later document says what came of eight of them." in page
    told, _, copied = page.partition('id="copied-text"')
    silent = "No later document says what came of it"
    assert told.count(silent) == copied.partition("</pre>")[0].count(f"{silent}.") > 7


def test_forecast_and_what_came_of_it_are_told_apart(site: Flask) -> None:
    (said, *_more) = answer_to(site, "forecasts_borne_out").said
    assert re.match(r"Forecast of 2021: .*\. Said later, 15 June 2023: The European approach", said.text)
    assert "(our reading)" in said.text
    assert "bears out in part" in said.text


def test_workbook_has_names_pages_and_references(site: Flask) -> None:
    body = site.test_client().get("/page/query/predictions/answer.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(body))
    rows = [[str(cell.value or "") for cell in row] for row in book["Claims"].iter_rows()]
    assert rows[0] == ["Claim", "How it is put", "Whose view", "Source", "Page", "Place", "Reference"]
    assert any(row[1].startswith("As probable · Prediction") for row in rows)
    predicted = [row for row in rows if "Prediction" in row[1]]
    by_author = [row for row in predicted if row[3] == "Gåsemyr 2021"]
    assert all(row[4] and "Gåsemyr" in row[6] and "https://www.nupi.no/en/publications/" in row[6] for row in by_author)
    assert len(by_author) >= 8 and {row[3] for row in predicted} == {"Gåsemyr 2021", "Wang 2020, at second hand"}
    assert not CODE.search(" ".join(" ".join(row[:6]) for row in rows))


def test_rows_of_facts_from_outside_have_source_number_and_address_in_a_workbook(site: Flask) -> None:
    body = site.test_client().get("/page/query/us_lists_and_orders_on_companies/answer.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(body))
    head, *rows = book["Answer"].iter_rows(values_only=True)
    (entity,) = (row for row in rows if row[3:5] == ("Hikvision", "US Entity List"))
    reference = dict(zip(head, entity, strict=True))["Reference"]
    assert reference.startswith("“Notices of the US Federal Register”, https://www.federalregister.gov/, fetched on ")
    assert "84 FR 54002" in reference
    assert book["Claims"].max_row == book["Answer"].max_row
    assert head.count("Source") == 1
    # That another source says so is told once.
    assert entity.count("From another source") == 1


def test_a_workbook_has_no_empty_sheet(site: Flask) -> None:
    body = site.test_client().get("/page/query/authorities_behind_us_lists/answer.xlsx").data
    assert openpyxl.load_workbook(io.BytesIO(body)).sheetnames == ["Answer", "About"]


def test_what_is_counted_of_us_lists_is_in_the_rows_and_no_list_is_told_twice(site: Flask) -> None:
    answer = answer_to(site, "us_lists_and_orders_on_companies")
    rows = answer.table.texts()
    firms, companies = ({row[key] for row in rows} for key in ("namedLabel", "companyLabel"))
    told = (
        f"{len(rows)} entries on US lists and orders, for {len(companies)} companies ({len(firms)} firms named there)"
    )
    assert told in answer.lead
    assert "59 entries are in the annex to order 14032. The Treasury’s list" in answer.lead
    assert not any("military-industrial complex" in row["listLabel"] for row in rows)


@pytest.mark.parametrize(
    "path",
    [
        "/page/query/documents_in_order_of_time/answer.xlsx",
        "/issues.xlsx",
        pytest.param("/claims.xlsx", marks=pytest.mark.thorough),
    ],
)
def test_days_in_words_are_days_in_a_workbook(path: str, site: Flask) -> None:
    book = openpyxl.load_workbook(io.BytesIO(site.test_client().get(f"{path}?lang=nb").data))
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert datetime(2021, 6, 3) in cells and "3. juni 2021" not in cells


def test_question_that_declares_nothing_is_answered_from_the_claims_of_each_document(tmp_path: Path) -> None:
    service, question = open_service(), OTHER_NAMES.query("owned")
    text = (
        "SELECT ?claim ?subject ?negated { ?claim dk:predicate dk:hasOwnershipKind ; dk:subject ?subject . "
        "OPTIONAL { ?claim dk:negated ?negated } } ORDER BY ?claim"
    )
    facts = {
        RDF.type: DK.SavedQuestion,
        RDFS.label: Literal("Who owns whom?", language="en"),
        DCTERMS.description: Literal("One row per claim.", language="en"),
        SH.select: Literal(text),
    }
    service.store.extend(Quad(question, prop, value, OTHER_NAMES.graphs.catalog) for prop, value in facts.items())
    page = open_site(tmp_path, service).test_client().get("/page/query/owned", headers={"Accept": "text/html"}).text
    told = re.findall(r'<li id="s\d">(.*?)</li>', page)
    assert [re.sub(r"<sup>.*?</sup>|<[^>]+>", "", each) for each in told] == [
        "Acme is not owned by the state. (Ada Author 2023, p. 2)",
        "Most brick makers are possibly owned by the state. (Ada Author 2023, p. 2)",
        "Acme is owned by the state. (report on Acme, sentence 1)",
    ]
    assert "The documents disagree" in page
    assert re.search(r"<use href=\"#m-f1\"/></svg>\s*As possible<", page)
