"""Two things, or two documents, side by side: what is said of both by topic, then what is said of one only."""

import html
import io
import re
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from conftest import Server
from digitech_kg.namespaces import DK, RDF
from reading import main_of, words
from stored_site import DATA, NAMES, open_service, open_site


def read(server: Server, first: str, second: str, language: str = "en", status: int = 200) -> str:
    """Return the main part of the page."""
    names = {"a": first, "b": second, "lang": language}
    answer = server.get("/compare", params=names, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return html.unescape(answer.text.partition("<main")[2].partition("</main>")[0])


def rows(main: str) -> list[tuple[str, int]]:
    """Return the points of the table, each with how many cells stand beside it."""
    table = main.partition('<table class="vs">')[2].partition("</table>")[0]
    found = []
    for row in table.split("<tr")[1:]:
        if 'scope="row"' in row:
            point = re.sub(r"<[^>]+>", "", row.partition('scope="row">')[2].partition("</th>")[0]).strip()
            found.append((point, row.count("<td")))
    return found


def test_two_things_meet_on_topics_and_what_holds_of_both_is_told_once(server: Server) -> None:
    main = read(server, "Huawei", "Tencent")
    assert ("Ownership and control", 1) in rows(main)
    shared = main.partition("Ownership and control")[2].partition("</tr>")[0]
    assert "Of both" in shared
    assert "/claim/nupi-digi-tech/leading-brands-not-state-owned" in shared
    assert main.index('class="grp"') < main.index("Said of Huawei only")
    alone = words(main.partition("Said of Tencent only")[2].partition("</section>")[0])
    assert alone.strip() == "All that is said of Tencent stands above."
    assert "Nothing said" not in main


def test_as_many_points_are_counted_as_rows_have_something_of_both(server: Server) -> None:
    main = read(server, "Huawei", "Tencent")
    table = main.partition('<table class="vs">')[2].partition(">Facts from outside<")[0]
    told = [row for row in table.split("<tr>")[1:] if "stands above" not in row and 'scope="row"' in row]
    points = {re.sub("<[^>]*>|:.*", "", row.partition('scope="row">')[2].partition("</th>")[0]) for row in told}
    assert f"Documents speak of both on {len(points)} points." in main


def test_a_sentence_on_both_stands_once_in_a_file(server: Server) -> None:
    answer = server.get("/compare.docx", params={"a": "Huawei", "b": "Tencent"})
    text = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    assert text.count("None of the internationally leading brands") == 1
    assert "Of both" in text


def test_two_documents_meet_first_on_issues_then_on_topics(server: Server) -> None:
    main = read(server, "NUPI brief", "EU Commission on 5G")
    assert "They have" in main
    assert rows(main)[0][1] == 2
    assert "Said in NUPI brief only" in main


def test_issues_on_which_both_take_a_side_stand_first_with_how_they_relate(server: Server) -> None:
    main = read(server, "EU Commission on 5G", "China’s reply on 5G")
    assert re.search(r"Both take a side on \d+ issues, on opposite sides in \w+\.", main)
    both = main.partition("Issues on which both take a side")[2].partition("</table>")[0]
    first = words(both.partition("</tr>")[2].partition("</tr>")[0])
    assert (
        "Should high-risk suppliers be restricted or shut out? On different sides, at least one with a reserve" in first
    )
    assert first.index("Says yes") < first.index("Points to no")
    rest = both.partition('<tr class="rest">')[2].partition("</tr>")[0]
    assert "more issues, on which one or both take no side" in rest
    assert "China’s reply on 5G: Takes no side" in words(rest)
    meeting = main.partition("Claims on the same point")[2]
    assert 'href="/page/comparison/' in meeting
    assert main.index("Claims on the same point") < main.index("Networks and 5G") < main.index('id="only-b"')


def test_no_fold_and_no_column_is_empty(server: Server) -> None:
    for first, second in (
        ("EU Commission on 5G", "China’s reply on 5G"),
        ("NUPI brief", "US order 14032"),
        ("Huawei", "ZTE"),
    ):
        main = read(server, first, second)
        assert "Nothing" not in words(main)
        assert not re.search(r"<details[^>]*><summary>[^<]*</summary>\s*</details>", main)
        assert not re.search(r"<td[^>]*>\s*</td>", main.partition("</thead>")[2])
    assert "All that is said of ZTE stands above." in main


@pytest.mark.parametrize(("first", "second"), [("NUPI brief", "US order 14032"), ("Huawei", "Tencent")])
def test_what_is_said_of_one_alone_is_told_by_topic(first: str, second: str, server: Server) -> None:
    alone = read(server, first, second).partition('id="only-a"')[2].partition("</section>")[0]
    topics = re.findall(r'<details class="topic"><summary>([^<]+) <span class="soft">(\d+)</span>', alone)
    listed = re.findall(r'<li><a class="said-link" href="/page/claim/[^"]+"', alone)
    assert len(topics) > 5
    assert sum(int(count) for _topic, count in topics) == len(listed) == len(set(listed))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A memo and a report that differ on an issue; the memo gives a number of workers of each of two companies."""
    service, memo = open_service(), NAMES.graphs.document("memo")
    service.store.load(path=str(DATA.with_name("issues.trig")), format=RdfFormat.TRIG)
    for company, workers in (("acme", 40), ("rain", 30)):
        claim = NAMES.claim("memo", f"workers-of-{company}")
        told = {
            RDF.type: DK.Claim,
            DK.subject: NAMES.thing(company),
            DK.predicate: NamedNode("https://example.org/terms#workers"),
        }
        told |= {DK.value: Literal(workers), DK.sentence: Literal(f"{company} has {workers} workers.", language="en")}
        service.store.extend(Quad(claim, prop, value, memo) for prop, value in told.items())
    # The report gives another number of one of them.
    report, one, other = (
        NAMES.graphs.document("report"),
        NAMES.claim("memo", "workers-of-acme"),
        NAMES.claim("report", "w"),
    )
    told = {
        RDF.type: DK.Claim,
        DK.subject: NAMES.thing("acme"),
        DK.predicate: NamedNode("https://example.org/terms#workers"),
    }
    told |= {DK.value: Literal(50), DK.sentence: Literal("acme has 50 workers.", language="en")}
    service.store.extend(Quad(other, prop, value, report) for prop, value in told.items())
    meeting = NamedNode(f"{NAMES.base}comparison/w")
    told = {RDF.type: DK.Comparison, DK.firstClaim: one, DK.secondClaim: other, DK.comparisonKind: DK.contradicts}
    service.store.extend(Quad(meeting, prop, value, NAMES.graphs.comparison) for prop, value in told.items())
    folder: Path = tmp_path_factory.mktemp("site")
    return open_site(folder, service).test_client()


def test_a_document_and_a_thing_give_what_it_says_of_the_thing_in_either_order(small: FlaskClient) -> None:
    pages = [small.get("/compare", query_string={"a": a, "b": b}).text for a, b in (("acme", "memo"), ("memo", "acme"))]
    leads = {page.partition('<p class="lead">')[2].partition("</p>")[0].strip() for page in pages}
    (lead,) = leads
    assert lead.endswith(" on Acme.")


def test_two_values_are_no_yes_and_no(small: FlaskClient) -> None:
    main = main_of(small, "/compare?a=memo&b=report").partition('id="use"')[0]
    assert "Only one of the two can be right" in main
    assert "One says so" not in main.partition("Claims on the same point")[2]


def test_what_both_documents_take_a_side_on_is_not_said_in_one_only(small: FlaskClient) -> None:
    main = main_of(small, "/compare?a=memo&b=report").partition('id="use"')[0]
    table, _, alone = main.partition('id="only-a"')
    assert "Acme is not owned by the state." in table
    assert "Acme is not owned by the state." not in alone
    assert "It is doubtful that Rain is in bricks." in alone


def test_values_of_two_things_stand_side_by_side_without_a_topic(small: FlaskClient) -> None:
    main = main_of(small, "/compare?a=acme&b=rain").partition('id="use"')[0]
    row = words(main.partition(">What documents say<")[2].partition("</table>")[0])
    assert row.index("acme has 40 workers.") < row.index("rain has 30 workers.")
    assert main.count("acme has 40 workers.") == 1


def test_claims_alike_meet_without_a_topic(server: Server) -> None:
    main = read(server, "ZTE", "Hikvision")
    assert "Documents speak of both on one point." in main
    row = words(main.partition(">What documents say<")[2].partition("Facts from outside")[0])
    assert row.index("belongs to the networks sector") < row.index("belongs to the devices sector")


def test_who_owns_two_companies_is_told_by_documents_of_one_and_other_sources_of_the_other(server: Server) -> None:
    main = read(server, "Huawei", "ZTE").partition('id="use"')[0]
    said, outside = (main.partition(f">{title}<")[2] for title in ("What documents say", "Facts from outside"))
    first, second = (words(cell) for cell in said.partition("Belongs to")[2].partition("</tr>")[0].split("<td>")[1:])
    assert "Huawei is independent and privately owned." in first
    # The document with most claims comes first.
    assert first.strip().startswith("None of the internationally leading brands in the brief's table, such as Huawei")
    assert second.strip() == "No such claim here."
    assert "ZTE was partly state-owned in 2022." in words(outside)
    alone = main.partition('id="only-a"')[2]
    assert "Ownership and control" in alone and "Huawei is independent and privately owned." not in alone


def test_a_comparison_is_copied_where_the_two_meet_with_footnotes(server: Server) -> None:
    page = read(server, "Huawei", "Tencent")
    copied = html.unescape(page.partition('id="copied-text"')[2].partition(">")[2].partition("</pre>")[0])
    assert "Companies and the state: Ownership and control\nHuawei and Tencent: None of the internationally" in copied
    number = re.search(r"Tencent: Prosus held 28\.9% of Tencent on 8 April 2021\. \[(\d+)\]", copied)
    assert number and re.search(rf"^\[{number[1]}\] “The Strategist, 9 April 2021”, https://", copied, re.MULTILINE)
    assert re.search(r"\d+ more rows are at this address\.", copied)
    assert "data-copies" in page


def test_documents_of_two_who_wrote_them_are_offered(server: Server) -> None:
    main = read(server, "wang yi", "nupi")
    assert 'href="/compare?a=wang-yi-speech-2020&b=nupi-digi-tech&lang=en"' in main
    assert "not what they say" not in read(server, "ZTE", "Hikvision")


def test_lists_of_two_companies_stand_side_by_side(server: Server) -> None:
    lists = words(read(server, "Huawei", "ZTE").partition(">On US lists<")[2].partition("</table>")[0])
    assert "Huawei has been named on the US Entity List since 16 May 2019." in lists
    assert "The US denial order against ZTE was in force" in lists


@pytest.mark.parametrize("first", ["NUPI-notatet", "nupi-digi-tech", "the brief", "id:nupi-digi-tech"])
def test_a_document_is_known_by_any_of_its_names(server: Server, first: str) -> None:
    assert "<h1>NUPI brief and EU Commission on 5G</h1>" in read(server, first, "the Commission")


@pytest.mark.parametrize("first", ["华为", "Huawei Technologies Co., Ltd.", "id:huawei", "id/huawei"])
def test_a_thing_is_known_by_any_of_its_names(server: Server, first: str) -> None:
    assert "<h1>Huawei and Tencent</h1>" in read(server, first, "腾讯")


@pytest.mark.parametrize("first", ["AI", "kunstig intelligens", "人工智能"])
def test_a_name_that_others_begin_with_means_what_is_called_so(server: Server, first: str) -> None:
    assert "<h1>artificial intelligence and Tencent</h1>" in read(server, first, "Tencent")


def test_a_name_of_nothing_is_told_in_the_form_with_what_may_be_meant(server: Server) -> None:
    main = read(server, "Huwai", "Tencent", status=404)
    error = main.partition('id="a-error"')[2].partition("</p>")[0]
    assert "Nothing here is called “Huwai”." in error
    assert 'a=id:huawei&b=Tencent&lang=en">Huawei</a>' in error
    assert 'value="Tencent"' in main


def test_the_page_is_norwegian_for_norwegians(server: Server) -> None:
    main = read(server, "Huawei", "Tencent", "nb")
    assert "Sagt bare om Huawei" in main
    assert "Om begge" in main
