"""The start page and the pages that lead on from it: documents, things, and data."""

import html
import re

import pytest
from flask.testing import FlaskClient

from conftest import ROOT, Server
from digitech_kg.sources.project import Project
from stored_site import open_site

#: How many documents there are.
DOCUMENTS = len(list((ROOT / "data/documents").iterdir()))

HTML = {"Accept": "text/html"}


def main_of(server: Server, path: str) -> str:
    page = server.get(path, headers=HTML).text
    return page[page.index("<main") : page.index("</main>")]


def words(page: str) -> str:
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
    return re.sub(r" ([,.;:)])", r"\1", text)


def section(page: str, key: str) -> str:
    return page[page.index(f'id="{key}"') :].partition("</section>")[0]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("empty")).test_client()


def test_start_says_what_it_is_for_whom_and_who_made_it(server: Server) -> None:
    said = words(main_of(server, "/"))
    assert "What policy documents say about Chinese digital technology" in said
    assert "For analysts who must know who says what" in said
    assert f"Made by digitech-kg contributors from {DOCUMENTS} documents." in said
    assert "Laget av bidragsyterne til digitech-kg" in words(main_of(server, "/?lang=nb"))


def test_start_shows_an_answer_with_a_sentence_of_each_side(server: Server) -> None:
    answer = section(main_of(server, "/"), "answer")
    assert 'href="/issue/huawei-state"' in answer
    assert "say no" in words(answer)
    sides = answer.split("<li>")[1:]
    assert [re.findall(r'class="pos (\w+)"', side) for side in sides] == [["no"], ["if"]]
    assert all('class="said"' in side and "/page/passage/" in side for side in sides)


def test_start_tells_how_many_documents_stand_on_each_side(server: Server) -> None:
    heading, *issues = section(main_of(server, "/"), "issues").split("<li>")
    assert 4 <= len(issues) <= 8
    assert "In dispute 8 of 12 " in words(heading)
    (sway,) = (issue for issue in issues if "/issue/home-state-sway" in issue)
    assert re.match(r"1 says so, as possible 2 point to no 4 take no side \d+ say nothing ", words(sway).split("? ")[1])
    for issue in issues:
        assert sum(int(count) for count in re.findall(r'<b class="num">(\d+)</b>', issue)) == DOCUMENTS


@pytest.mark.parametrize(
    ("language", "names"), [("en", ("NUPI brief", "Balding and Clarke")), ("nb", ("NUPI-notatet", "Balding og Clarke"))]
)
@pytest.mark.parametrize("path", ["/", "/documents"])
def test_documents_have_their_short_names_the_longest_first(
    server: Server, path: str, language: str, names: tuple[str, str]
) -> None:
    page = main_of(server, f"{path}?lang={language}")
    page = section(page, "documents") if path == "/" else page
    listed = re.findall(r'<a href="/document/[^"]+">([^<]+)</a>', page)
    assert tuple(listed[:2]) == names
    assert len(listed) == DOCUMENTS


def test_documents_tell_what_was_read_of_each(server: Server) -> None:
    rows = main_of(server, "/documents").split("<tr>")[2:]
    (row,) = (row for row in rows if "balding-clarke" in row)
    said = words(row)
    assert "April 2019 Christopher Balding, Donald Clarke, Who Owns Huawei?" in said
    assert "Read: the abstract and the first page" in said
    assert "read only as others pass it on" in said
    assert "At second hand" not in said
    assert all(re.findall(r'class="count" data-i="[^"]+">([1-9]\d*)<', row) for row in rows)


def test_things_stand_under_their_kinds(server: Server) -> None:
    page = main_of(server, "/things")
    (row,) = (row for row in page.split("<tr>") if 'href="/things?kind=Company"' in row)
    assert '<a href="/page/id/huawei">Huawei</a>' in row
    assert re.search(r"and \d+ more", row)
    assert re.search(r'href="/page/id/huawei">Huawei\s*<small>[3-8]</small>', section(page, "shared"))
    kind = main_of(server, "/things?kind=Company")
    assert kind.count("<li>") == int(re.search(r"([\d,]+) that documents speak of", words(kind))[1])  # type: ignore[index]


def test_a_kind_with_one_thing_is_listed_too(empty: FlaskClient) -> None:
    page = empty.get("/things", headers=HTML).text
    (row,) = (row for row in page.split("<tr>") if 'href="/things?kind=CompanyGroup"' in row)
    assert "brick makers" in row


def test_what_was_read_has_a_column_only_if_something_tells_it(empty: FlaskClient) -> None:
    page = words(empty.get("/documents", headers=HTML).text)
    assert "What was not read" not in page
    assert "Who and what Passages" in page


@pytest.mark.parametrize("kind", ["Nothing", "company", "%3Cscript%3E"])
def test_an_unknown_kind_is_not_found_and_says_where_all_are(server: Server, kind: str) -> None:
    answer = server.get(f"/things?kind={kind}", headers=HTML)
    assert answer.status_code == 404
    assert "/things lists the kinds." in words(answer.text)
    assert "<script>" not in answer.text


def test_data_offers_readers_at_most_thirty_questions_in_groups(server: Server, project: Project) -> None:
    page = main_of(server, "/data")
    readers, programs = page.split('id="more"')
    offered = re.findall(r'href="/page/query/([\w-]+)"', readers)
    others = re.findall(r'href="/page/query/([\w-]+)"', programs)
    assert len(offered) <= 30
    assert re.findall(r"<h3>([^<]+)</h3>", readers)[0] == "Advice and predictions"
    assert {*offered, *others} == {path.stem for path in project.query_files()}
    assert not {*offered} & {*others}


@pytest.mark.parametrize("address", ["/sparql", "/download/", "/ontology", "/shapes", "/history", "/page/dataset"])
def test_data_leads_to_what_programs_and_curious_readers_need(server: Server, address: str) -> None:
    assert f'href="{address}"' in main_of(server, "/data")
    assert 'href="/explore"' in main_of(server, "/data")


@pytest.mark.parametrize("path", ["/", "/documents", "/things", "/data", "/about", "/issues"])
def test_every_page_leads_to_the_five_places_and_says_which_it_is(server: Server, path: str) -> None:
    page = server.get(path, headers=HTML).text
    head = page[page.index("<header") : page.index("</header>")]
    assert re.findall(r'<li><a href="([^"]+)"', head) == ["/issues", "/documents", "/things", "/data", "/about"]
    assert re.findall(r'href="([^"]+)" aria-current="page"', head) == ([] if path == "/" else [path])


def test_questions_without_a_group_are_all_offered(empty: FlaskClient) -> None:
    page = empty.get("/data", headers=HTML).text
    assert 'id="more"' not in page
    assert empty.get("/documents", headers=HTML).status_code == 200


def test_a_dataset_without_issues_has_a_start_page(empty: FlaskClient) -> None:
    page = empty.get("/", headers=HTML).text
    assert 'id="issues"' not in page
    assert 'id="documents"' in page
