"""The graph explorer without a browser: what it chooses to show, its addresses, its data."""

import re
from typing import Any

import pytest

from conftest import Server
from digitech_kg.api import Graph


def drawn(server: Server, query: str) -> dict[str, Any]:
    answer = server.get(f"/explore/graph.json?{query}")
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


def names(graph: dict[str, Any]) -> set[str]:
    return {node["id"] for node in graph["nodes"]}


def test_first_look_is_around_what_most_documents_speak_of(server: Server) -> None:
    graph = drawn(server, "")
    assert [node["label"] for node in graph["nodes"] if node["opened"]] == ["China"]
    assert len(graph["nodes"]) < 40


def test_denied_claim_is_drawn_as_denied_and_opens(server: Server) -> None:
    graph = drawn(server, "thing=huawei")
    (edge,) = [edge for edge in graph["edges"] if edge["id"].endswith("/nupi-digi-tech/huawei-not-state-owned")]
    assert edge["manner"] == "denied"
    assert edge["negated"] is True
    assert server.get(edge["href"]).status_code == 200


def test_only_what_is_a_plain_statement_is_drawn_as_a_fact(server: Server, graph: Graph) -> None:
    shown = drawn(server, "thing=huawei&thing=china&thing=digi-tech&thing=alibaba-intervention")
    rows = graph.query("SELECT ?claim { ?axiom dk:evidence ?claim ; owl:annotatedTarget ?v }")
    assert not isinstance(rows, bool | str)
    plain = {str(row["claim"]) for row in rows}
    drawn_plain = {edge["id"]: edge["manner"] == "plain" for edge in shown["edges"]}
    assert drawn_plain == {claim: claim in plain for claim in drawn_plain}
    assert {"plain", "held"} <= {edge["manner"] for edge in shown["edges"]}


def test_cut_neighbours_are_counted(server: Server) -> None:
    node = next(node for node in drawn(server, "thing=china")["nodes"] if node["id"] == "china")
    assert node["hidden"] > 5
    assert "There is more than can be drawn" in server.get("/explore?thing=china").text


def test_kind_has_the_same_colour_in_every_drawing(server: Server) -> None:
    shades = [
        {node["kind"]: node["shade"] for node in drawn(server, query)["nodes"]}
        for query in ("thing=huawei", "thing=networks", "thing=china")
    ]
    assert all(one["Company"] == shades[0]["Company"] for one in shades if "Company" in one)


def test_what_is_typed_becomes_an_address_that_can_be_shared(server: Server) -> None:
    answer = server.get("/explore?thing=china&add=华为&passage=")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/explore?thing=china&thing=huawei"


def test_unknown_name_is_told_and_escaped(server: Server) -> None:
    answer = server.get("/explore", params={"add": "<b>zzzzqqqq</b>"})
    page = server.get(answer.headers["Location"]).text
    assert "Nothing is called" in page
    assert "&lt;b&gt;zzzzqqqq" in page


@pytest.mark.parametrize("query", ["limit=x", "passage=%3C", "&".join(f"unknown={n}&x={n}" for n in range(99))])
def test_odd_addresses_are_harmless(server: Server, query: str) -> None:
    assert server.get(f"/explore?{query}").status_code == 200


@pytest.mark.parametrize("name", ["nopenope", "..%2F..%2Fzzzz", "%3E+zzzz"])
def test_thing_that_is_not_there_is_told_and_not_drawn(server: Server, name: str) -> None:
    answer = server.get(f"/explore?thing={name}&thing=huawei")
    assert answer.status_code == 303
    assert "Nothing is called" in server.get(answer.headers["Location"]).text
    assert drawn(server, f"thing={name}&thing=huawei") == drawn(server, "thing=huawei")


def test_thing_may_be_spelt_as_in_queries_or_by_another_name(server: Server) -> None:
    for name in ("id:huawei", "华为"):
        assert server.get(f"/explore?thing={name}").headers["Location"].endswith("/explore?thing=huawei")


def test_table_holds_the_same_as_the_drawing(server: Server) -> None:
    page = server.get("/explore?thing=huawei").text
    table = page[page.index('data-part="table"') :]
    for edge in drawn(server, "thing=huawei")["edges"]:
        assert f'href="{edge["href"]}"' in table


def test_table_says_of_a_denial_what_is_denied(server: Server) -> None:
    table = server.get("/explore?thing=lenovo").text.partition('data-part="table"')[2]
    assert re.search(r"<strong>not:</strong>\s+has ownership kind</td>", table)
    assert 'data-i="How the claim is made:"' in table


def test_data_is_kept_and_validated_by_tag(server: Server) -> None:
    first = server.get("/explore/graph.json?thing=huawei")
    again = server.get("/explore/graph.json?thing=huawei", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert server.get("/explore/graph.json?thing=huawei").headers["Content-Type"] == "application/json"
    assert drawn(server, "thing=norway&lang=nb") != drawn(server, "thing=norway&lang=en")


def test_things_open_and_close_by_addresses(server: Server) -> None:
    nodes = {node["id"]: node for node in drawn(server, "thing=huawei&thing=zte")["nodes"]}
    assert nodes["huawei"]["close"] == "/explore?thing=zte"
    assert nodes["huawei"]["focus"] == "/explore?thing=huawei"
    other = next(key for key in nodes if key not in ("huawei", "zte"))
    assert nodes[other]["open"] == f"/explore?thing=huawei&thing=zte&thing={other}"
