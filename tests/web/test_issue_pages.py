"""Issues and topics as pages, files and data, over two documents of which one denies what the other says."""

import html
import io
import re
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from digitech_kg.namespaces import DK, RDF, RDFS
from reading import HTML, main_of, words
from stored_site import DATA, NAMES, StoredService, open_service, open_site


def issue_service() -> StoredService:
    service = open_service()
    service.store.load(path=str(DATA.with_name("issues.trig")), format=RdfFormat.TRIG)
    return service


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("site"), issue_service()).test_client()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("empty")).test_client()


def row_of(page: str, document: str) -> str:
    found = page[page.index(f'id="{document}"') :]
    return words("<tr " + found[: found.index("</tr>")])


def test_an_issue_opens_with_who_says_what(client: FlaskClient) -> None:
    page = words(main_of(client, "/issue/state"))
    assert "One of the two documents says yes (report on Acme), and one says no (memo on bricks)." in page


def test_an_issue_shows_each_document_once_with_its_best_sentence(client: FlaskClient) -> None:
    page = main_of(client, "/issue/state")
    said = row_of(page, "memo")
    assert "memo on bricks 2023 Acme is not owned by the state. It does not name an owner." in said
    assert "Plainly p. 2, sentence 1" in said
    assert "says that it is not so" in words(main_of(client, "/issue/state")).lower()
    assert page.count('class="said"') == 2


def test_what_was_read_only_at_second_hand_says_so(client: FlaskClient) -> None:
    page = main_of(client, "/issue/state")
    assert "At second hand Read only as others quote it." in row_of(page, "report")
    assert "At second hand" not in row_of(page, "memo")


def test_an_answer_that_nobody_gives_is_said(client: FlaskClient) -> None:
    page = words(main_of(client, "/issue/makers"))
    assert "Says without reserve that it is so: no document" in page
    assert "One of the two documents says yes, as possible (memo on bricks)." in page
    assert "Says so, as possible" in page


def test_silence_is_told_from_what_was_not_found(client: FlaskClient) -> None:
    assert "Silent memo on bricks looked for: ought" in words(main_of(client, "/issue/bricks"))
    assert "Not found in what was read report on Acme" in words(main_of(client, "/issue/makers"))


def test_an_answer_that_a_person_made_more_careful_is_one_that_the_document_points_to(client: FlaskClient) -> None:
    page = words(main_of(client, "/issue/bricks"))
    assert "One of the two documents points to no (report on Acme). One is silent." in page
    assert "Says no without reserve: no document" in page
    assert "It speaks of one maker alone." in page
    assert "Disagrees with the board" in page


def test_who_only_touches_the_matter_takes_no_side(client: FlaskClient) -> None:
    page = words(main_of(client, "/issue/rain"))
    assert "None of the two documents answers. One takes no side (memo on bricks), and one says nothing" in page
    assert "Takes no side memo on bricks It is doubtful that Rain is in bricks. p. 1, sentence 1" in page


def test_an_issue_promises_no_words_of_documents(client: FlaskClient) -> None:
    assert "the text itself is with its publisher" in words(main_of(client, "/issue/state"))


def test_an_issue_tells_what_would_settle_it(client: FlaskClient) -> None:
    page = words(main_of(client, "/issue/state"))
    assert "What would settle it A register of owners." in page


def test_facts_from_outside_have_date_and_source(client: FlaskClient) -> None:
    page = words(main_of(client, "/issue/state"))
    assert "Not claims of the documents here" in page
    assert "Rain owned all of Acme in 2022. 2022 the register" in page


def test_facts_from_outside_on_other_topics_are_left_out(client: FlaskClient) -> None:
    assert "stock exchange" not in main_of(client, "/issue/state")


def test_facts_that_answer_the_question_come_first(tmp_path: Path) -> None:
    """A fact with the predicate of claims that take a side stands before later ones on the same topic."""
    service, answer = issue_service(), NamedNode(f"{NAMES.base}claim/register/acme-in-state-hands")
    graph = NamedNode(f"{NAMES.base}graph/external/register")
    quads = [
        (RDF.type, DK.ExternalClaim),
        (RDFS.label, Literal("Acme was in the hands of the state in 1950.", language="en")),
        (DK.subject, NAMES.thing("acme")),
        (DK.predicate, DK.hasOwnershipKind),
        (DK.object, NAMES.thing("state-ownership")),
        (DK.time, Literal("1950")),
    ]
    service.store.extend(Quad(answer, *quad, graph) for quad in quads)
    page = words(main_of(open_site(tmp_path, service).test_client(), "/issue/state"))
    assert page.index("in the hands of the state in 1950") < page.index("Rain owned all of Acme in 2022")


def test_what_is_read_out_of_a_text_is_not_said_plainly(tmp_path: Path) -> None:
    service, graph = issue_service(), NAMES.graphs.document("memo")
    claim = NAMES.claim("memo", "makers-maybe-state-owned")
    position = NamedNode(f"{NAMES.base}position/makers/memo")
    for quad in list(service.store.quads_for_pattern(claim, DK.certainty, None, None)):
        service.store.remove(quad)
    for subject in (claim, position):
        service.store.add(Quad(subject, DK.basis, DK.encoderReading, graph))
    row = row_of(main_of(open_site(tmp_path, service).test_client(), "/issue/makers"), "memo")
    assert "Says so, by our reading" in row and "Our reading" in row
    assert "Plainly" not in row and "with a reserve" not in row


def test_a_denial_of_a_time_names_it_as_the_reserve(tmp_path: Path) -> None:
    service, claim = issue_service(), NAMES.claim("memo", "acme-not-state-owned")
    position = NAMES.position("state", "memo")
    service.store.remove(Quad(position, DK.firmness, DK.asserted, NAMES.graphs.positions))
    service.store.add(Quad(position, DK.firmness, DK.withReserve, NAMES.graphs.positions))
    service.store.add(Quad(claim, DK.time, Literal("2021"), NAMES.graphs.document("memo")))
    site = open_site(tmp_path, service).test_client()
    page = main_of(site, "/issue/state")
    assert "one says no, for a stated time (memo on bricks)" in words(page)
    assert "Says not, for a stated time" in row_of(page, "memo")
    table = words(main_of(site, "/explore?thing=acme"))
    assert "state ownership with a reserve When: 2021" in table


def test_who_takes_no_side_stands_once_in_files_with_its_sentence(client: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(client.get("/issue/rain/answer.xlsx").data))
    documents = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert documents == ["memo on bricks", "report on Acme"]
    page = main_of(client, "/issue/rain")
    copied = html.unescape(page[page.index('id="copied-text"') : page.index("</pre>")])
    assert copied.count("Takes no side: memo on bricks.") == 1


def test_what_is_copied_has_every_position_with_its_footnote(client: FlaskClient) -> None:
    page = main_of(client, "/issue/state")
    copied = html.unescape(page[page.index('id="copied-text"') : page.index("</pre>")])
    assert "Says that it is not so: memo on bricks. Acme is not owned by the state. [2]" in copied
    assert (
        "[2] Ada Author, “Bricks: a memo”, Example Society, 2023, p. 2, sentence 1, https://example.org/memo.pdf."
        in copied
    )
    assert re.search(r"\[1\] “report on Acme”.*Read only as others quote it\.", copied)


def test_footnotes_keep_the_reserves_and_paper_has_the_references(client: FlaskClient) -> None:
    page = main_of(client, "/issue/makers")
    copied = html.unescape(page[page.index('id="copied-text"') : page.index("</pre>")])
    assert re.search(r"\[1\] Ada Author.*, p\. 2, sentence 1, https://\S+\. As possible", copied)
    copied = html.unescape(main_of(client, "/issue/state"))
    assert "sentence 1, https://example.org/memo.pdf. Plainly. It does not name an owner." in copied
    assert "At this address\nOne fact from outside." in copied
    paper = words(client.get("/issue/state").text.partition('class="onpaper"')[2])
    assert "Ada Author, “Bricks: a memo”, Example Society, 2023. " in paper


def test_an_issue_is_in_norwegian(client: FlaskClient) -> None:
    markup = main_of(client, "/issue/state?lang=nb")
    assert re.search(r'id="copied-link"[^>]*>http://localhost/issue/state\?lang=nb<', markup)
    page = words(markup)
    assert "Eier staten Acme?" in page
    assert "I ett av 4 spørsmål tar disse dokumentene ulike standpunkter." in words(main_of(client, "/issues?lang=nb"))
    assert "Ett av de to dokumentene sier ja (report on Acme), og ett sier nei (memo on bricks)." in page
    assert "Annenhåndskilde" in page


@pytest.mark.parametrize(("kind", "member"), [("xlsx", "xl/worksheets/sheet1.xml"), ("docx", "word/document.xml")])
def test_an_issue_is_downloaded_with_its_references(client: FlaskClient, kind: str, member: str) -> None:
    response = client.get(f"/issue/state/answer.{kind}")
    assert f'filename="state.{kind}"' in response.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.data)) as package:
        text = package.read(member).decode()
        cited = text if kind == "xlsx" else package.read("word/footnotes.xml").decode()
    assert "Acme is not owned by the state." in text
    assert "“Bricks: a memo”" in cited


def test_the_matrix_has_a_cell_for_each_document_and_issue(client: FlaskClient) -> None:
    page = main_of(client, "/issues")
    assert "On one of 4 questions these documents take different sides." in words(page)
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', page, re.DOTALL)
    assert [words(row).strip() for row in rows][:2] == [
        "Is Acme owned by the state? Says not memo on bricks Says so report on Acme at second hand",
        "Should Acme make bricks? Silent Points to no report on Acme at second hand One document says nothing of it",
    ]


def test_issues_without_dispute_fold_by_topic(client: FlaskClient) -> None:
    page = main_of(client, "/issues")
    assert page.index("Is Acme owned by the state?") < page.index("<details>")
    assert "Documents take different sides" in page[: page.index("<details>")]
    summaries = re.findall(r"<summary>(.*?)</summary>", page, re.DOTALL)
    assert [words(summary).strip() for summary in summaries] == ["Firms one issue", "Other issues 2 issues"]
    folded = re.findall(r"<details>.*?</details>", page, re.DOTALL)
    assert "Issue memo on bricks" in words(folded[0])
    assert "Should Acme make bricks?" in folded[0]


def test_the_matrix_is_a_workbook(client: FlaskClient) -> None:
    with zipfile.ZipFile(io.BytesIO(client.get("/issues.xlsx").data)) as package:
        matrix, positions = (package.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    assert "Says that it is so, at second hand" in matrix
    assert "Says so, as possible Not found" in words(matrix)
    assert "sentence 1, at second hand" in positions
    assert positions.count("Is Acme owned by the state?") == 2
    assert "Acme is not owned by the state." in positions
    assert "p. 2, sentence 1" in positions


def test_a_topic_has_its_main_claims_by_document_with_parts_folded(client: FlaskClient) -> None:
    page = main_of(client, "/topic/owners")
    said = words(page)
    assert "Both documents speak of it, in 2 main claims. Who owns what." in said
    assert "Acme is not owned by the state. p. 2, sentence 1 and one detail Most brick makers are possibly" in said
    assert "report on Acme At second hand" in said
    assert 'href="/issue/state"' in page
    things = page[page.rindex("<details>") :]
    assert "<summary>2 things</summary>" in things
    assert "state ownership" in words(things)


def test_topics_are_counted_by_document(client: FlaskClient) -> None:
    page = main_of(client, "/topics")
    assert words(page).count("Owners 1 memo on bricks 1 report on Acme") == 1
    assert 'href="/topic/owners#memo"' in page


def test_a_topic_with_none_above_or_below_it_is_named_once(tmp_path: Path) -> None:
    service = open_service()
    issues = DATA.with_name("issues.trig").read_text(encoding="utf-8")
    service.store.load(issues.replace("skos:broader topic:firms ;", "").encode(), format=RdfFormat.TRIG)
    client = open_site(tmp_path, service).test_client()
    for path in ("/topics", "/compare?a=id:memo&b=id:report"):
        assert re.findall(r">(Owners|Firms)<", main_of(client, path)) == ["Owners"], path


@pytest.mark.parametrize("path", ["/issue/state", "/topic/owners", "/position/state/memo"])
def test_programs_are_led_to_data(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.location) == (303, f"/data{path}.ttl")
    assert "Accept" in answer.vary
    data = client.get(answer.location)
    assert (data.status_code, data.mimetype) == (200, "text/turtle")
    assert path.rsplit("/", 2)[1] in data.text


def test_a_position_leads_browsers_to_its_row(client: FlaskClient) -> None:
    answer = client.get("/position/state/memo", headers=HTML)
    assert (answer.status_code, answer.location) == (303, "/issue/state#memo")
    assert client.get("/page/issue/state", headers=HTML).location == "/issue/state"


@pytest.mark.parametrize(
    "path", ["/issue/stat", "/topic/owner", "/position/state/memos", "/position/stat/memo", "/issue/stat/answer.xlsx"]
)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_what_there_is_not_is_not_found(client: FlaskClient, path: str, accept: str) -> None:
    assert client.get(path, headers={"Accept": accept}).status_code == 404


@pytest.mark.parametrize(
    ("path", "meant"),
    [("/issue/stat", "/issue/state"), ("/topic/owner", "/topic/owners"), ("/document/memos", "/page/id/memo")],
)
def test_an_unknown_address_of_a_kind_means_none_of_another_kind(client: FlaskClient, path: str, meant: str) -> None:
    page = client.get(path, headers=HTML).text
    assert re.findall(r'<li><a href="([^"]+)"', page.partition('class="hits"')[2].partition("</ul>")[0]) == [meant]


def test_without_issues_and_topics_pages_say_so(empty: FlaskClient) -> None:
    assert "This data set has no issues yet." in words(main_of(empty, "/issues"))
    assert "This data set has no topics yet." in words(main_of(empty, "/topics"))


@pytest.mark.parametrize(
    ("firmness", "finding"),
    [
        (DK.asserted, "Both documents say yes (memo on bricks and report on Acme)."),
        (DK.withReserve, "and one says yes, with a reserve (memo on bricks)."),
    ],
)
def test_the_doubt_of_a_view_that_a_document_rejects_is_not_its_own(
    tmp_path: Path, firmness: NamedNode, finding: str
) -> None:
    service, claim, position = (
        issue_service(),
        NAMES.claim("memo", "acme-not-state-owned"),
        NAMES.position("state", "memo"),
    )
    for prop in (DK.answer, DK.firmness):
        for quad in list(service.store.quads_for_pattern(position, prop, None, None)):
            service.store.remove(quad)
    said = [(position, DK.answer, DK.affirms), (position, DK.firmness, firmness)]
    put = ((DK.certainty, DK.probable), (DK.stance, DK.disputed), (DK.heldBy, NAMES.thing("rain")))
    service.store.extend(Quad(*quad, NAMES.graphs.positions) for quad in said)
    service.store.extend(Quad(claim, *each, NAMES.graphs.document("memo")) for each in put)
    page = words(main_of(open_site(tmp_path, service).test_client(), "/issue/state"))
    assert finding in page
    assert "It does not name an owner. Disagrees with Rain p. 2" in page
