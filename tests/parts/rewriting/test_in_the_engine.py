"""Rewriting in front of the engine: errors are those of the query as written."""

from __future__ import annotations

from typing import Any

from pyoxigraph import NamedNode, Quad

from digitech_kg.engine.request import QueryRewriter
from digitech_kg.engine.worker import answer
from digitech_kg.formats import by_name
from digitech_kg.parts.rewriting.rewriter import rewrite
from digitech_kg.triple_store import store_of

EX = "http://e/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def ask(text: str, *, rewriter: QueryRewriter | None, **request: Any) -> Any:
    node = NamedNode(f"{EX}a")
    store = store_of([Quad(node, node, node), Quad(node, node, node, node)])
    message = {
        "text": text,
        "solutions_format": by_name("csv").name,
        "graph_format": None,
        "default_graphs": [],
        "named_graphs": [],
        "base_iri": None,
        "prefixes": [],
        "ceiling": 10_000,
        **request,
    }
    header, body = answer(store, message, union_default_graph=True, rewriter=rewriter)
    assert isinstance(body, bytes)
    return body.decode().split() if header["status"] == "ok" else header


def wrongly(text: str) -> str:
    """Return another query on purpose, so that an answer shows where it is from."""
    return text.replace("COUNT(*)", "77")


def test_the_engine_gets_the_rewritten_query() -> None:
    assert ask(COUNT, rewriter=wrongly) == ["n", "77", "77"]
    assert ask(COUNT, rewriter=None) == ["n", "2"]


def test_a_rewriting_that_the_engine_does_not_take_is_not_used() -> None:
    assert ask(COUNT, rewriter=lambda _: "no query") == ["n", "2"]


def test_an_error_keeps_its_line_and_column() -> None:
    text = "SELECT ?s ?s2\n{ ?s ?p ?o\n FILTER NOT EXISTS { ?s ?p ?x . ?x ?q ?y }\n BIND(1 AS ?s) }"
    plain, rewritten = ask(text, rewriter=None), ask(text, rewriter=rewrite)
    assert plain["status"] == "syntax"
    assert rewritten == plain
