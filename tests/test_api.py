"""The graph from Python."""

import pandas as pd
import pytest

from conftest import Workshop
from digitech_kg import Rows, open_graph
from digitech_kg.api import Graph
from digitech_kg.errors import QuerySyntaxError
from digitech_kg.settings import Settings


def test_select_gives_rows_with_python_values(graph: Graph) -> None:
    rows = graph.query("SELECT ?n ?name ?none { BIND(2 AS ?n) BIND('x'@en AS ?name) }")
    assert isinstance(rows, Rows)
    assert rows.columns == ("n", "name", "none")
    assert list(rows) == [{"n": 2, "name": "x", "none": None}]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('"5"^^xsd:int', 5),
        ('"1.5"^^xsd:float', 1.5),
        ("1.5", 1.5),
        ('"1"^^xsd:boolean', True),
        ('"many"^^xsd:integer', "many"),
        ('"2026-01-01"^^xsd:date', "2026-01-01"),
        ("id:huawei", "https://w3id.org/digitech-kg/id/huawei"),
    ],
)
def test_values_become_python_s_where_they_are_what_they_say(graph: Graph, literal: str, value: object) -> None:
    (row,) = graph.query(f"SELECT ?value {{ VALUES ?value {{ {literal} }} }}")  # type: ignore[misc]
    assert (row["value"], type(row["value"])) == (value, type(value))  # type: ignore[index]


def test_ask_gives_a_bool(graph: Graph) -> None:
    assert graph.query("ASK { id:huawei a dk:Company }") is True


def test_construct_gives_turtle(graph: Graph) -> None:
    assert "urn:b" in str(graph.query("CONSTRUCT { <urn:a> <urn:b> 1 } {}"))


def test_rows_become_a_dataframe(graph: Graph) -> None:
    rows = graph.query("SELECT ?company { ?company dk:isInSector id:networks ; a dk:Company } ORDER BY ?company")
    assert isinstance(rows, Rows)
    frame = pd.DataFrame(rows)
    assert list(frame.columns) == ["company"]
    assert len(frame) == 6


def test_rdflib_dataset_has_the_named_graphs(workshop: Workshop) -> None:
    dataset = Graph(workshop.project, workshop.current(), Settings()).rdflib()
    names = {str(g.identifier) for g in dataset.graphs()}
    assert "https://w3id.org/digitech-kg/graph/note/statements" in names
    assert len(dataset) > 1000


def test_syntax_error_is_raised_with_its_place(graph: Graph) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        graph.query("SELECT")
    assert caught.value.line == 1


def test_open_graph_builds_what_is_not_built(small_project: object, tmp_path: object) -> None:
    with open_graph(str(small_project), data_dir=f"{tmp_path}/kg") as opened:
        assert opened.query("ASK { id:acme a dk:Company }") is True
