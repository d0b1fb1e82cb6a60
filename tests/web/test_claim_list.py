"""The list of main claims as pages and files, over two documents of which one denies what the other says."""

import csv
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

MEMO, REPORT = "memo on bricks", "report on Acme"
#: The report was read only as others quote it.
HEARD = f"{REPORT}, at second hand"


def site_of(service: StoredService, folder: Path) -> FlaskClient:
    return open_site(folder, service).test_client()


def service_of(*quads: Quad) -> StoredService:
    """Two documents; one claim of the memo elaborates another, and there is a prediction, advice and a rule."""
    service = open_service()
    service.store.load(path=str(DATA.with_name("issues.trig")), format=RdfFormat.TRIG)
    service.store.load(path=str(DATA.with_name("main_claims.trig")), format=RdfFormat.TRIG)
    service.store.extend(quads)
    return service


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return site_of(service_of(), tmp_path_factory.mktemp("site"))


def word_text(client: FlaskClient, query: str) -> str:
    file = zipfile.ZipFile(io.BytesIO(client.get(f"/claims.docx?{query}").data))
    return words(file.read("word/document.xml").decode())


def listed(client: FlaskClient, query: str) -> list[str]:
    """Return the sentences of a list."""
    page = main_of(client, f"/claims?{query}")
    return [words(found).strip() for found in re.findall(r'<td><p class="said">(.*?)</p>', page, re.DOTALL)]


def rows_of(client: FlaskClient, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/claims.csv?{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_parts_are_folded_below_their_main_claim(client: FlaskClient) -> None:
    page = main_of(client, "/claims")
    assert "Brick makers were in bricks in spring 2021." not in listed(client, "")
    assert re.search(r"and one detail\s*</summary>\s*<ul><li>.*Brick makers were in bricks", page, re.DOTALL)


def test_list_opens_with_how_many_there_are_and_how_they_are_put(client: FlaskClient) -> None:
    page = words(main_of(client, "/claims"))
    assert f"{len(listed(client, ''))} main claims, 2 as probable or possible, 2 as somebody else’s view." in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=denial", {"Acme is not owned by the state."}),
        ("kind=norm", {"States must own brick makers."}),
        (
            "voice=other",
            {"The board holds that Acme is in bricks.", "Brick makers call on states to use bricks."},
        ),
        (
            "document=report&kind=statement&voice=own",
            {"Acme is owned by the state.", "Brick makers are privately owned."},
        ),
        ("voice=The+Board", {"The board holds that Acme is in bricks."}),
        # The memo tells what brick makers hold; its own words are its author's.
        ("voice=brick-makers&kind=denial", set()),
        ("voice=brick-makers&words=call", {"Brick makers call on states to use bricks."}),
        ("topic=owners&certainty=certain&kind=denial", {"Acme is not owned by the state."}),
        ("words=doubtful", {"It is doubtful that Rain is in bricks."}),
    ],
)
def test_filters_of_the_address_narrow_the_list(query: str, expected: set[str], client: FlaskClient) -> None:
    assert set(listed(client, query)) == expected
    assert {row["Main claim"] for row in rows_of(client, query)} == expected


def test_a_thing_is_found_by_its_name_and_by_what_parts_say_of_it(client: FlaskClient) -> None:
    assert listed(client, "thing=brick-makers") == listed(client, "thing=Brick+makers")
    assert "Acme is in bricks." in listed(client, "thing=brick-makers")


def test_documents_come_in_their_order_or_what_matters_most_comes_first(client: FlaskClient) -> None:
    assert list(dict.fromkeys(row["Document"] for row in rows_of(client, ""))) == [MEMO, REPORT]
    assert rows_of(client, "sort=weight")[0]["Main claim"] == "States must own brick makers."


def test_files_have_a_row_for_each_main_claim_with_words_for_people(client: FlaskClient) -> None:
    rows = {row["Main claim"]: row for row in rows_of(client, "")}
    assert len(rows) == len(listed(client, ""))
    row = rows["Acme is not owned by the state."]
    assert (row["Kind"], row["Says that it is not"], row["How firmly"]) == ("Says that it is not", "Yes", "Plainly")
    assert (
        row["Reference"]
        == "Ada Author, “Bricks: a memo”, Example Society, 2023, p. 2, sentence 1, https://example.org/memo.pdf."
    )
    assert row["Link"].endswith("/page/claim/memo/acme-not-state-owned")
    assert rows["The board holds that Acme is in bricks."]["Whose view"] == "Disagrees with the board"


def test_a_view_of_whom_a_document_speaks_for_is_theirs_and_not_the_author_s(client: FlaskClient) -> None:
    call = "Brick makers call on states to use bricks."
    assert call in listed(client, "voice=other") and call not in listed(client, "voice=own")
    (whose,) = (row["Whose view"] for row in rows_of(client, "") if row["Main claim"] == call)
    assert whose == "According to brick makers"


def test_the_view_of_a_public_body_is_that_of_its_state_and_of_nobody_else(tmp_path: Path) -> None:
    graph = NAMES.graphs.document("report")
    board, land, club = (NAMES.thing(name) for name in ("board", "land", "club"))
    quads = [
        Quad(board, RDF.type, DK.PublicBody, graph),
        Quad(board, DK.isPartOf, land, graph),
        Quad(land, DK.isPartOf, club, graph),
        # What a graph of no project says of a claim counts nowhere.
        Quad(NAMES.claim("memo", "acme-in-bricks"), DK.heldBy, club, NamedNode("https://example.org/other")),
        *(Quad(thing, RDFS.label, Literal(thing.value[-4:], language="en"), graph) for thing in (land, club)),
    ]
    with_state = site_of(service_of(*quads), tmp_path)
    assert listed(with_state, "voice=land") == ["The board holds that Acme is in bricks."]
    assert listed(with_state, "voice=id:club") == []
    assert re.findall(r'<option value="id:(land|club)"', main_of(with_state, "/claims")) == ["land"]


def test_the_words_of_a_spokesperson_are_what_their_body_holds_in_that_document(tmp_path: Path) -> None:
    graph = NAMES.graphs.document("memo")
    board, clerk = (NAMES.thing(name) for name in ("board", "clerk"))
    quads = [
        Quad(board, RDF.type, DK.PublicBody, graph),
        Quad(clerk, RDFS.label, Literal("Clerk", language="en"), graph),
        Quad(clerk, DK.isAffiliatedWith, board, graph),
        Quad(NAMES.thing("report"), DK.speaksFor, clerk, graph),
    ]
    with_clerk = site_of(service_of(*quads), tmp_path)
    assert listed(with_clerk, "voice=clerk") == ["The board holds that Acme is in bricks."]
    assert listed(with_clerk, "voice=clerk&document=memo") == []


def test_page_of_a_thing_leads_to_all_claims_on_it_and_to_its_own_views(client: FlaskClient) -> None:
    links = {
        name: re.findall(r'href="/claims\?([^"]+)"', main_of(client, f"/page/id/{name}")) for name in ("board", "acme")
    }
    assert links == {"board": ["thing=id:board", "voice=id:board"], "acme": ["thing=id:acme"]}


def test_files_of_a_page_hold_the_whole_list(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitech_kg.web.pages.claim_list.SIZE", 2)
    assert len(listed(client, "part=2")) == 2
    assert "Part 2 of" in words(main_of(client, "/claims?part=2"))
    assert len(rows_of(client, "part=2")) > 2


def test_columns_of_the_address_are_those_of_page_and_files(client: FlaskClient) -> None:
    head = re.findall(r'<th scope="col">(.*?)</th>', main_of(client, "/claims?kind=denial&columns=topics,place"))
    assert [words(text) for text in head] == ["Main claim, in our words", "Topics", "Place"]
    (row,) = rows_of(client, "kind=denial&columns=topics&columns=details")
    assert list(row) == ["Main claim", "Topics", "Details"]
    assert row["Topics"] == "Owners"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/claims.xlsx?kind=prediction&lang=nb", "prediction.xlsx"),
        ("/claims.csv?kind=norm&topic=owners", "norm-owners.csv"),
        ("/claims.docx?document=memo", "main-claims-memo.docx"),
    ],
)
def test_names_of_files_tell_what_they_hold(path: str, name: str, client: FlaskClient) -> None:
    assert client.get(path).headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_workbook_has_the_list_and_where_it_comes_from(client: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(client.get("/claims.xlsx?kind=prediction&lang=nb").data))
    sheet = book["Prognoser"]
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:3] == ("Hovedpåstand", "Type", "Sier at det ikke er slik")
    assert [row[0] for row in rows] == ["Brick makers will probably be owned by the state."]
    assert rows[0][head.index("Hva senere dokumenter sier")].startswith("Et senere dokument sier noe annet: ")
    about = str(list(book.worksheets[-1].iter_rows(values_only=True)))
    assert "/claims?kind=prediction" in about and "Én prognose" in about
    promises = rows_of(client, "kind=promise")
    assert {row["What later documents say"] for row in promises} == {"No later document says what came of it"}


def test_word_document_has_the_columns_of_the_page(client: FlaskClient) -> None:
    file = zipfile.ZipFile(io.BytesIO(client.get("/claims.docx?kind=denial").data))
    text = words(file.read("word/document.xml").decode())
    assert "Main claim Kind How firmly Whose view Document Place Acme is not owned by the state." in text
    heard = client.get("/claims.csv?document=report").text
    assert "sentence 1, at second hand" in heard


def test_files_of_an_answer_have_all_that_its_page_tells(client: FlaskClient) -> None:
    texts = {kind: word_text(client, f"kind={kind}") for kind in ("prediction", "recommendation")}
    assert f"A later document says otherwise: Brick makers are privately owned. ({HEARD})" in texts["prediction"]
    assert "Promises and decisions Acme promises to keep to bricks." in texts["prediction"]
    assert f"What else should be done States: States must own brick makers. ({HEARD})" in texts["recommendation"]
    book = load_workbook(io.BytesIO(client.get("/claims.xlsx?kind=recommendation").data))
    rows = [[str(cell.value or "") for cell in row] for row in book["What else should be done"].iter_rows()]
    assert rows[1][rows[0].index("Whom it addresses")] == "states"


def test_a_csv_file_has_the_rows_of_all_lists_of_its_page(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/claims.csv?kind=prediction").text)))
    assert {row["Kind"] for row in rows} == {"Prediction", "Promise"}
    assert "Acme promises to keep to bricks." in {row["Main claim"] for row in rows}


def test_files_say_what_the_list_is_narrowed_to(client: FlaskClient) -> None:
    assert "“bricks”: 7 main claims, one as probable" in word_text(client, "words=bricks")


def test_predictions_are_told_with_what_came_of_them(client: FlaskClient) -> None:
    page = words(main_of(client, "/claims?kind=prediction"))
    assert f"One prediction ({MEMO}), one of them as probable or possible." in page
    assert "Later documents answer one of them: one sentence says otherwise." in page
    assert "A later document says otherwise Brick makers are privately owned." in page
    assert "Each once, by sentence: one main claim in all." in page
    assert "Promises and decisions What somebody says they will do is no prediction" in page


def test_a_promise_told_again_is_not_borne_out(client: FlaskClient) -> None:
    page = words(main_of(client, "/claims?kind=prediction"))
    assert "Acme promises to keep to bricks." in page and "Acme has announced that it keeps to bricks." in page
    assert "Borne out" not in page


def test_recommendations_name_whom_they_address(client: FlaskClient) -> None:
    page = words(main_of(client, "/claims?kind=recommendation"))
    assert f"{MEMO}: one recommendation, addressee not named." in page
    assert f"Calls and demands say what others should do: {REPORT} (states); {MEMO} (states)." in page
    assert "Addressee not named · p. 2, sentence 1" in page
    assert f"Calls and demands, by who is to act Who What States States must own brick makers. {REPORT}" in page


def test_what_stands_beside_a_recommendation_names_its_document_in_files(tmp_path: Path) -> None:
    advice, topic = NAMES.claim("memo", "memo-advises-bricks"), NamedNode(NAMES.prefixes["topic"] + "owners")
    service = service_of(Quad(advice, DK.hasTopic, topic, NAMES.graphs.evidence("memo")))
    text = word_text(site_of(service, tmp_path), "kind=recommendation&document=memo")
    own = f"Addressee not named: Bricks should be made. ({MEMO})"
    assert f"The pairing is ours. {own} – States: States must own brick makers. ({HEARD})" in text


def test_what_else_should_be_done_keeps_to_the_filter(client: FlaskClient) -> None:
    page = words(main_of(client, "/claims?kind=recommendation&certainty=possible"))
    assert "States must own brick makers" not in page
    assert "Calls and demands say what others should do" not in page


def test_of_two_predictions_in_a_sentence_only_that_is_marked_that_a_later_document_answers(tmp_path: Path) -> None:
    claim, graph = NAMES.claim("memo", "acme-not-state-owned"), NAMES.graphs.document("memo")
    service = service_of(Quad(claim, DK.mood, DK.prediction, graph))
    page = words(main_of(site_of(service, tmp_path), "/claims?kind=prediction"))
    assert "Later documents answer one of them" in page and "says what came of one of them." in page
    first, _mark, second = page.partition("A later document says otherwise Brick makers are privately owned.")
    assert "Brick makers will probably be owned by the state." in first
    assert "Acme is not owned by the state." in second.partition("No later document says")[0]


def test_who_calls_for_something_is_told_with_whom_it_asks(client: FlaskClient) -> None:
    page = words(main_of(client, "/claims?kind=recommendation"))
    assert "Brick makers call on states to use bricks." in page.partition("Who What States ")[2]


def test_an_answer_is_copied_whole_with_its_footnotes(client: FlaskClient) -> None:
    page = main_of(client, "/claims?kind=prediction")
    copied = html.unescape(page.partition('id="copied-text"')[2].partition(">")[2].partition("</pre>")[0])
    assert "Brick makers will probably be owned by the state. [1]" in copied
    assert (
        "[1] Ada Author, “Bricks: a memo”, Example Society, 2023, p. 2, sentence 1, https://example.org/memo.pdf."
        in copied
    )


def test_address_to_copy_says_only_what_is_asked_for(client: FlaskClient) -> None:
    page = main_of(client, "/claims?kind=denial&document=&thing=&sort=weight")
    address = html.unescape(re.search(r'id="list-address"[^>]*>([^<]*)<', page)[1])  # type: ignore[index]
    assert address.partition("/claims")[2] == "?kind=denial&sort=weight"


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("kind=mood", "There are: statement, denial, prediction"),
        ("certainty=sure", "certain, probable"),
        ("document=nope", "memo, report"),
        ("topic=nope", "firms, owners"),
        ("sort=size", "text, weight"),
        ("columns=kind,size", "sentence, kind"),
        ("thing=Acmme", "Acme"),
        ("part=9", "Parts are numbered from 1."),
    ],
)
def test_what_there_is_not_is_not_found_and_says_what_there_is(query: str, hint: str, client: FlaskClient) -> None:
    answer = client.get(f"/claims?{query}", headers=HTML)
    assert answer.status_code == 404
    assert hint in words(answer.text)


def test_a_thing_that_is_not_found_can_be_searched_for(client: FlaskClient) -> None:
    answer = client.get("/claims?kind=denial&thing=foreign+views", headers=HTML)
    assert answer.status_code == 404
    assert 'value="foreign views"' in answer.text


def test_what_an_encoder_read_out_is_marked_beside_how_firmly_it_is_put(tmp_path: Path) -> None:
    claim, graph = NAMES.claim("memo", "acme-not-state-owned"), NAMES.graphs.document("memo")
    service = service_of(Quad(claim, DK.basis, DK.encoderReading, graph))
    page = words(main_of(site_of(service, tmp_path), "/claims?kind=denial"))
    assert "Plainly · Our reading" in page


def test_too_many_words_are_refused(client: FlaskClient) -> None:
    assert client.get(f"/claims?words={'a' * 201}", headers=HTML).status_code == 400


def test_an_empty_list_says_so_and_leads_on(client: FlaskClient) -> None:
    page = main_of(client, "/claims?words=nowhere")
    assert "No main claim here is like that. This does not mean that it is not so." in words(page)
    assert 'href="/claims"' in page


def test_an_empty_list_of_a_thing_names_things_called_alike_that_have_claims(client: FlaskClient) -> None:
    page = main_of(client, "/claims?thing=brick&certainty=probable")
    (meant,) = re.findall("Did you mean (.*)", page)
    assert meant == '<a href="/claims?certainty=probable&amp;thing=id:brick-makers">brick makers</a>?</p></div>'
    assert "Did you mean" not in main_of(client, "/claims?thing=brick")


@pytest.mark.parametrize("kind", ["prediction", "recommendation"])
def test_answers_without_any_say_so(kind: str, tmp_path: Path) -> None:
    page = words(main_of(site_of(open_service(), tmp_path), f"/claims?kind={kind}"))
    assert f"No {kind} was found here." in page


def test_list_speaks_norwegian(client: FlaskClient) -> None:
    page = words(main_of(client, "/claims?kind=denial&lang=nb"))
    assert "Det som ikke er slik Én hovedpåstand." in page
    assert "Sier at det ikke er slik" in page


def test_several_places_have_lines_of_their_own_on_a_phone(tmp_path: Path) -> None:
    service = open_service()
    claim, further = NAMES.claim("report", "acme-state-owned"), NAMES.passage("report", "p1.s2")
    service.store.add(Quad(claim, DK.statedIn, further, NAMES.graphs.document("report")))
    page = main_of(site_of(service, tmp_path), "/claims?document=report")
    assert re.findall(r'class="([\w ]*)"\s+data-i="Place:"', page) == [" place", "nb place"]


def test_a_level_without_words_has_a_list_of_its_own(tmp_path: Path) -> None:
    service = open_service()
    claim = NAMES.claim("report", "acme-state-owned")
    service.store.add(Quad(claim, DK.certainty, DK.unheardOf, NAMES.graphs.document("report")))
    client = site_of(service, tmp_path)
    assert listed(client, "certainty=other") == ["Acme is owned by the state."]
