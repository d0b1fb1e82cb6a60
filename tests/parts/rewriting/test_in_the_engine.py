"""Rewriting in front of the engine: versions bring their statistics, and errors are those of the query as written."""

from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Store

from conftest import Workshop
from digitech_kg.engine.request import DatasetClause, QueryRequest
from digitech_kg.engine.worker import answer
from digitech_kg.errors import QuerySyntaxError
from digitech_kg.formats import by_name
from digitech_kg.parts.rewriting.rewriter import Rewriter
from digitech_kg.parts.rewriting.statistics import Statistics, read_statistics, statistics_of
from digitech_kg.triple_store import load_in_memory, store_of

EX = "http://e/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def ask(text: str, *, rewriter: Rewriter | None, union: bool = True, **options: Any) -> Any:
    node = NamedNode(f"{EX}a")
    store = store_of([Quad(node, node, node), Quad(node, node, node, node)])
    request = QueryRequest(text, by_name("csv"), None, **options)
    *_, body = answer(store, request, None, 10_000, union_default_graph=union, rewriter=rewriter)
    assert isinstance(body, bytes)
    return body.decode().split()


#: Wrong on purpose, so that an answer shows where it is from.
OTHER = Rewriter(Statistics(77))


def test_counts_come_from_statistics() -> None:
    assert ask(COUNT, rewriter=OTHER) == ["n", "77"]


def test_without_a_rewriter_the_engine_counts() -> None:
    assert ask(COUNT, rewriter=None) == ["n", "2"]


def test_the_default_graph_alone_is_counted_by_the_engine() -> None:
    assert ask(COUNT, rewriter=OTHER, union=False) == ["n", "1"]


def test_graphs_that_a_request_names_are_counted_by_the_engine() -> None:
    assert ask(COUNT, rewriter=OTHER, dataset=DatasetClause((f"{EX}a",))) == ["n", "1"]


def test_prefixes_of_the_request_are_known() -> None:
    rewriter = Rewriter(Statistics(77, {f"{EX}a": 55}))
    found = ask("SELECT (COUNT(*) AS ?n) { ?s ex:a ?o }", rewriter=rewriter, prefixes=(("ex", EX),))
    assert found == ["n", "55"]


def test_an_error_keeps_its_line_and_column() -> None:
    text = "SELECT ?s ?s2\n{ ?s ?p ?o\n FILTER NOT EXISTS { ?s ?p ?x . ?x ?q ?y }\n BIND(1 AS ?s) }"
    errors = []
    for rewriter in (None, OTHER):
        with pytest.raises(QuerySyntaxError) as caught:
            ask(text, rewriter=rewriter)
        errors.append(vars(caught.value))
    assert errors[0] == errors[1]


def test_every_version_has_its_exact_statistics(workshop: Workshop) -> None:
    snapshot = workshop.current()
    store: Store = load_in_memory(snapshot.store)
    assert read_statistics(snapshot.directory) == statistics_of(store)


def test_a_write_brings_statistics_up_to_date(workshop: Workshop) -> None:
    added = Quad(NamedNode(f"{EX}a"), NamedNode(f"{EX}p"), NamedNode(f"{EX}b"), NamedNode(f"{EX}g"))
    workshop.edit(added)
    snapshot = workshop.current()
    statistics = read_statistics(snapshot.directory)
    assert statistics is not None and statistics.properties[f"{EX}p"] == 1
    assert statistics == statistics_of(load_in_memory(snapshot.store))
