"""What becomes of a query with EXISTS, and what stays as it is."""

from __future__ import annotations

import pytest

from digitech_kg.parts.rewriting.rewriter import rewrite

PROLOGUE = "PREFIX : <http://e/>\n"


def rewritten(body: str) -> str:
    text = rewrite(PROLOGUE + body)
    assert text.startswith(PROLOGUE)
    return " ".join(text.removeprefix(PROLOGUE).split())


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (
            "ASK{?s :p ?o FILTER EXISTS{?x :q ?y.?s :r ?x}}",
            "ASK{?s :p ?o FILTER EXISTS{?s :r ?x LATERAL { ?x :q ?y } }}",
        ),
        (
            "ASK#c\n {?s :p ?o FILTER EXISTS{?x :q ?y.?s :r ?x}}",
            "ASK {?s :p ?o FILTER EXISTS{?s :r ?x LATERAL { ?x :q ?y } }}",
        ),
        ("#c\rASK {?s :p ?o FILTER EXISTS{?x :q ?y.?s :r ?x}}",) * 2,
    ],
)
def test_spaces_and_comments_change_nothing(query: str, text: str) -> None:
    assert rewritten(query) == text.replace("\r", " ")


def test_patterns_inside_exists_are_looked_up_one_after_the_other() -> None:
    query = "SELECT * { ?s :few ?o FILTER NOT EXISTS { ?y :many ?z . ?s :next ?y } }"
    assert rewritten(query) == "SELECT * { ?s :few ?o FILTER NOT EXISTS { ?s :next ?y LATERAL { ?y :many ?z } } }"


def test_a_path_inside_exists_is_walked_step_by_step() -> None:
    assert rewritten("ASK { ?s :few ?o FILTER EXISTS { ?s :many/^:next ?z } }") == (
        "ASK { ?s :few ?o FILTER EXISTS { ?s :many ?between_1 LATERAL { ?z :next ?between_1 } } }"
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s :few ?o MINUS { ?s :many ?y } }",
        "SELECT * { ?s :few ?o FILTER EXISTS { ?s :next _:b . _:b :many ?z } }",
        "SELECT * { GRAPH ?g { ?s :few ?o FILTER EXISTS { ?s :next ?x . ?x :many ?z } } }",
        "SELECT * { ?s :few ?o FILTER EXISTS { ?s :next* ?x . ?x :many* ?z } }",
        "SELECT * { SERVICE <http://e/sparql> { ?s ?p ?o } ?s :few ?o FILTER EXISTS { ?s :next ?x . ?x :many ?z } }",
        "SELECT * { ?s :few ?o LATERAL { ?o :next ?x FILTER EXISTS { ?x :next ?y . ?y :many ?z } } }",
        r"SELECT * { ?s :\u0066ew ?o FILTER EXISTS { ?s :next ?x . ?x :many ?z } }",
        "SELECT * { ?s :few ?o FILTER EXISTS { ?s :next ?x . ?x :many ?z } ",
        "SELECT * { ?s :few ?o FILTER(?o = :a) }",
    ],
)
def test_what_no_rule_understands_stays_byte_for_byte(query: str) -> None:
    assert rewrite(PROLOGUE + query) == PROLOGUE + query


def test_filter_may_end_where_its_group_ends() -> None:
    text = rewritten("SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s ?q ?x . ?x a ?y }}")
    assert text == "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s ?q ?x LATERAL { ?x a ?y } }}"


def test_chain_of_thousands_of_conditions_passes_untouched() -> None:
    query = "SELECT * { ?s ?p ?o FILTER(" + "?o = <x:a> && " * 1900 + "EXISTS { ?o ?q ?x }) }"
    assert rewrite(query) == query
