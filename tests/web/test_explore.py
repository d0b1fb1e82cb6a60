"""Matrix, timeline and coverage."""

from __future__ import annotations

import re

import pytest

from conftest import Server
from digitech_kg.api import Graph
from digitech_kg.web.reading.times import Span, parse_time, say_time


def test_matrix_cell_opens_its_claim(server: Server) -> None:
    page = server.get("/matrix").text
    row = page[page.index("censorship of content") :]
    row = row[: row.index("</tr>")]
    (claim,) = re.findall(r'href="(/page/claim/[\w/-]+)"', row)
    assert "censorship" in server.get(claim).text


def test_ownership_matrix_shows_what_is_denied(server: Server) -> None:
    assert 'Huawei: <span class="mk certain statement denied"' in server.get("/matrix?of=ownership").text


def test_unknown_matrix_names_those_there_are(server: Server) -> None:
    response = server.get("/matrix?of=moods")
    assert response.status_code == 404
    assert "technologies" in response.json()["hint"]


def test_season_is_drawn_as_vague_and_said_in_words(server: Server) -> None:
    page = server.get("/timeline").text
    assert '<rect class="vague"' in page
    assert "spring 2021" in page
    assert "2021-21" not in page


def test_timeline_has_what_others_say_only_on_request(server: Server) -> None:
    own, all_of_it = server.get("/timeline").text, server.get("/timeline?outside=1").text
    assert "outside" not in re.findall(r'<rect class="([\w ]*)"', own)
    assert '<rect class="sure outside"' in all_of_it
    assert "chip outside" not in own


def test_claims_on_the_same_thing_and_time_share_a_bar(server: Server) -> None:
    page = server.get("/timeline").text
    drawing, table = page.split('id="times"')
    assert drawing.count(">regulators&#39; intervention against Alibaba and Jack Ma</text>") == 1
    assert table.count("/page/claim/nupi-digi-tech/intervention-") == 2


def test_coverage_counts_what_the_graph_holds(server: Server, graph: Graph) -> None:
    rows = graph.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c dk:statedIn nupi:p12.s03 }")
    assert not isinstance(rows, bool | str)
    page = server.get("/coverage").text
    line = page[page.index('/page/passage/nupi-digi-tech/p12.s03"') :]
    assert re.search(r"</svg> (\d+)", line)[1] == str(rows[0]["n"])  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1959", Span(1959.0, 1960.0, False)),
        ("2020-12", Span(2020.9167, 2021.0, False)),
        ("2019~", Span(2019.0, 2020.0, True)),
        ("2020-10/2020-12", Span(2020.75, 2021.0, False)),
        ("2021-24", Span(2021.9167, 2022.0, True)),
        ("2020-13", None),
        ("2021-02-30", None),
        ("0000", None),
        ("", None),
        ("2019/2020/2021", None),
    ],
)
def test_times_become_spans(text: str, span: Span | None) -> None:
    assert parse_time(text) == span


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("1959", "en", "1959"),
        ("2020-12", "en", "December 2020"),
        ("2020-12-05", "en", "5 December 2020"),
        ("2020-12-05", "nb", "5. desember 2020"),
        ("2019~", "nb", "rundt 2019"),
        ("2019?/2020-22", "en", "perhaps 2019 – summer 2020"),
        ("2019%", "zh", "perhaps 2019"),
        ("/2022-06-03", "en", "until 3 June 2022"),
        ("../2030", "en", "until 2030"),
        ("2019/..", "nb", "siden 2019"),
        ("soon", "en", "soon"),
    ],
)
def test_times_are_said_in_words(text: str, language: str, said: str) -> None:
    assert say_time(text, language) == said
