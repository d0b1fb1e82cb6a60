"""Documents told in our words, passage by passage, with and without their text; and passages by themselves."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat

from digitech_kg.web.pages.documents import mark_words, number_of
from reading import HTML, main_of, words
from stored_site import DATA, NAMES, open_service, open_site

_PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMES.prefixes.items())
#: A detail, a topic, a promise that two sentences make, a table, an empty section, and what was read.
MEMO = """
id:memo dk:extentRead dk:whole ; dk:extentModelled dk:selected ; dk:shortName "Brick memo"@en ;
  skos:editorialNote "Left out: the tables of prices."@en .
memo-claim:makers-in-bricks dk:elaborates memo-claim:acme-in-bricks .
memo-claim:acme-in-bricks dk:hasTopic topic:trade .
topic:trade a skos:Concept ; skos:prefLabel "Trade"@en , "Handel"@nb .
memo:s2 a dk:Section ; rdfs:label "Prices"@en ; dk:isPartOf id:memo ; dk:orderInDocument 20 ;
  dk:startOffset 90 ; dk:endOffset 99 .
memo-claim:promise a dk:Claim ; dk:subject id:acme ; dk:predicate dk:isInSector ; dk:object id:bricks ;
  dk:mood dk:prediction ; dk:sentence "Acme will stay in bricks."@en ; dk:statedIn memo:p1.s1 , memo:p1.s2 .
memo:t1 a dk:Table ; rdfs:label "p. 2, table 1"@en ; dk:isPartOf memo:s1 ; dk:orderInDocument 10 ;
  dk:startOffset 40 ; dk:endOffset 60 ; dk:pageLabel "2" .
memo:t1.h a dk:HeaderCell ; dk:isPartOf memo:t1 ; dk:rowNumber 0 ; dk:columnNumber 1 ; dk:orderInDocument 11 ;
  dk:startOffset 40 ; dk:endOffset 46 ; dk:pageLabel "2" .
memo:t1.c a dk:TableCell ; dk:isPartOf memo:t1 ; dk:rowNumber 1 ; dk:columnNumber 1 ; dk:orderInDocument 12 ;
  dk:startOffset 47 ; dk:endOffset 51 ; dk:pageLabel "2" .
memo-claim:rain-sells a dk:Claim ; dk:subject id:rain ; dk:predicate dk:isInSector ; dk:object id:bricks ;
  dk:sentence "Rain is listed under bricks."@en ; dk:statedIn memo:t1.h , memo:t1.c .
"""


def site(folder: Path, *, text: tuple[str, ...] = (), told: str = MEMO) -> FlaskClient:
    service = open_service()
    graph = NamedNode("https://example.org/kg/graph/memo")
    service.store.load(input=(_PREFIXES + told).encode(), format=RdfFormat.TURTLE, to_graph=graph)
    return open_site(folder, service, text=text).test_client()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return site(tmp_path_factory.mktemp("site"))


def row_of(page: str, anchor: str) -> str:
    found = page[page.index(f'id="{anchor}"') :]
    return found[: found.find('<div class="ps', 5)]


def test_first_line_says_what_was_read_and_what_was_left_out(client: FlaskClient) -> None:
    said = words(main_of(client, "/document/memo"))
    assert "called “Brick memo” here" in said
    assert "Covered in part. Left out: the tables of prices." in said
    assert "Prices Nothing of this section is told here." in said


def test_of_a_section_that_is_only_a_heading_nothing_is_missing(tmp_path: Path) -> None:
    for end, has_gap in ((99, False), (96, True)):
        heading = f"memo:h2 a dk:Heading ; dk:isPartOf memo:s2 ; dk:startOffset 90 ; dk:endOffset {end} ."
        page = words(main_of(site(tmp_path / str(end), told=f"{MEMO} {heading}"), "/document/memo"))
        assert "Prices" in page
        assert ("Nothing of this section is told here." in page) is has_gap


def test_what_was_read_is_said_where_no_note_says_it(tmp_path: Path) -> None:
    told = "id:memo dk:extentRead dk:whole ; dk:extentModelled dk:selected ."
    assert "Covered in part. Read whole." in words(main_of(site(tmp_path, told=told), "/document/memo"))
    quoted = "id:memo dk:extentRead dk:excerpts ; dk:extentModelled dk:excerpts ."
    said = words(main_of(site(tmp_path, told=quoted), "/document/memo"))
    assert "Read only as others quote it." in said
    assert "At second hand" in said


def test_how_it_was_read_and_checked_follows_the_notes(tmp_path: Path) -> None:
    told = 'id:memo dk:readingNote "Read in May 2026, and checked by a second reader."@en .'
    said = words(main_of(site(tmp_path, told=told), "/document/memo"))
    assert "Read in May 2026, and checked by a second reader." in said


def test_sentence_stands_with_its_number_marks_and_details(client: FlaskClient) -> None:
    row = row_of(main_of(client, "/document/memo"), "p1.s1")
    assert re.search(r'href="#p1.s1" aria-label="p. 1, sentence 1">1</a>', row)
    assert "Acme is in bricks. and one detail Brick makers were in bricks in spring 2021." in words(row)
    assert "Acme will stay in bricks. With p. 2, sentence 1 Prediction" in words(row)
    # What is said plainly has no mark.
    assert "Stated" not in words(row)


def test_claim_is_told_once_where_it_first_stands(client: FlaskClient) -> None:
    page = main_of(client, "/document/memo")
    assert page.count("Acme will stay in bricks.") == 1
    denied = words(row_of(page, "p1.s2"))
    assert "Acme is not owned by the state. Says that it is not" in denied
    assert "Most brick makers are possibly owned by the state. As possible" in denied


def test_table_is_drawn_with_the_things_that_its_claims_are_about(client: FlaskClient) -> None:
    page = main_of(client, "/document/memo")
    table = page[page.index("<table") : page.index("</table>")]
    assert words(table).split() == ["bricks", "Rain"]
    assert 'href="/page/claim/memo/rain-sells">Rain</a>' in table
    assert "and one sentence Rain is listed under bricks." in words(page)


def test_a_table_of_numbers_is_drawn_as_its_claims_have_them(tmp_path: Path) -> None:
    """A name cell and a number cell state a claim together: each is drawn with its own part of it."""
    cells = "".join(
        f"memo:t2.c{column}.r{row} a dk:{'TableCell' if row else 'HeaderCell'} ; dk:isPartOf memo:t2 ; "
        f"dk:rowNumber {row} ; dk:columnNumber {column} ; dk:orderInDocument {30 + row * 3 + column} ; "
        f"dk:startOffset {100 + row * 30 + column * 5} ; dk:endOffset {104 + row * 30 + column * 5} .\n"
        for row in (0, 1)
        for column in (1, 2, 3)
    )
    table = f"memo:t2 a dk:Table ; dk:isPartOf memo:s1 ; dk:startOffset 100 ; dk:endOffset 190 .\n{cells}"
    claims = "".join(
        f"memo-claim:rain-{name} a dk:Claim ; dk:subject id:rain ; dk:predicate dk:{name} ; dk:value {value} ; "
        f"{more} dk:passagesStateIt dk:together ; dk:statedIn memo:t2.c1.r1 , memo:t2.c{column}.r1 .\n"
        for name, value, more, column in (
            ("latitude", 75000, "", 2),
            ("longitude", 12, "dk:precision dk:approximate ;", 3),
        )
    )
    page = main_of(site(tmp_path, told=MEMO + table + claims), "/document/memo?text=no")
    drawn = page[page.index('id="t2.c1.r0"') :].partition("</table>")[0]
    found = [words(cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", f"<th {drawn}", re.DOTALL)]
    assert found == ["", "latitude", "longitude", "Rain", "75,000", "about 12"]


def test_topics_lead_to_the_list_of_its_claims_on_them(client: FlaskClient) -> None:
    assert 'href="/claims?document=memo&amp;topic=trade"' in main_of(client, "/document/memo")
    assert client.get("/document/memo?text=all", headers=HTML).status_code == 404


def test_lists_of_predictions_are_offered_where_there_are_some(client: FlaskClient) -> None:
    page = main_of(client, "/document/memo")
    assert re.search(r'href="/claims\?document=memo&amp;kind=prediction">Predictions</a>', page)
    assert "kind=recommendation" not in page


def test_page_is_told_in_norwegian(client: FlaskClient) -> None:
    said = words(main_of(client, "/document/memo?lang=nb"))
    assert "Gjengitt i utdrag." in said
    assert "Acme er i murstein. og én detalj" in said
    assert "Prognoser" in said


def test_document_without_sections_or_topics_is_told_all_the_same(client: FlaskClient) -> None:
    page = main_of(client, "/document/report")
    assert "Acme is owned by the state." in words(page) or "state ownership" in words(page)
    assert ">Topics<" not in page


def test_where_the_document_stands_on_issues_leads_there(tmp_path: Path) -> None:
    service = open_service()
    service.store.load(path=str(DATA.with_name("issues.trig")), format=RdfFormat.TRIG)
    page = main_of(open_site(tmp_path, service).test_client(), "/document/memo")
    stands = page[page.index('id="stands"') :]
    assert re.search(r'href="/issue/[\w-]+#memo"', stands)


def test_text_stands_beside_our_words_from_the_copy_of_its_own_document(tmp_path: Path) -> None:
    for name, text in (("memo", "Acme makes bricks.\nNot state."), ("report", "State firm")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    texts = (f"memo={tmp_path / 'memo'}", f"report={tmp_path / 'report'}")
    told = MEMO + 'memo-claim:acme-in-bricks dk:cue "makes"@en .'
    client = site(tmp_path, text=texts, told=told)
    page = main_of(client, "/document/memo")
    assert '<a class="txt" href="/page/passage/memo/p1.s1">Acme <mark>makes</mark> bricks.</a>' in page
    assert "Your copy differs here." in row_of(page, "p1.s2")
    assert "Acme makes bricks." not in words(main_of(client, "/document/memo?text=no"))
    assert "no passage matches its hash" in main_of(client, "/document/report")
    assert "so it is not quoted" in main_of(client, "/page/passage/report/p1.s1")
    assert "Acme <mark>makes</mark> bricks.</blockquote>" in main_of(client, "/page/passage/memo/p1.s1")


def test_copy_that_has_more_before_a_passage_is_quoted_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "memo").write_text("A head.\n\nAcme makes bricks. And more.", encoding="utf-8")
    page = main_of(site(tmp_path, text=(f"memo={tmp_path / 'memo'}",)), "/document/memo")
    assert ">Acme makes bricks.</a>" in page


def test_file_is_asked_for_only_by_those_who_want_to_read_beside_it(client: FlaskClient) -> None:
    assert "<input" not in main_of(client, "/document/memo")
    assert "<script" not in client.get("/document/memo", headers=HTML).text
    page = main_of(client, "/document/memo?text=own")
    assert '<input type="file" id="own"' in page
    assert 'data-from="0" data-to="18"' in row_of(page, "p1.s1")


def test_passage_tells_main_claims_and_those_of_which_it_states_a_detail(client: FlaskClient) -> None:
    said = words(main_of(client, "/page/passage/memo/p1.s2"))
    assert "Acme is not owned by the state. Says that it is not" in said
    assert "Acme will stay in bricks. With p. 1, sentence 1" in said
    assert "Show it in the document" in said
    assert "The text is not stored here." in said


def test_number_in_the_margin_is_that_of_the_name() -> None:
    assert number_of("p. 2, sentence 4", has_page=True) == "4"
    assert number_of("paragraph 12, sentence 3", has_page=False) == "12.3"
    assert number_of("paragraph 13, sentence 4, as reported by C114", has_page=False) == "13.4"
    assert number_of("Opening", has_page=False) == "·"


def test_words_are_marked_whole_and_the_longest_first() -> None:
    assert mark_words("It may well, maybe.", ["may", "may well"]) == ("It ", "may well", ", maybe.")
    assert mark_words("It is so.", []) == ("It is so.",)
