"""What each rule makes of a query, and what it leaves as it is."""

import pytest

from digitech_kg.parts.rewriting.rewriter import may_apply, rewrite
from digitech_kg.parts.rewriting.statistics import Statistics

EX = "http://e/"
PROLOGUE = f"PREFIX : <{EX}>\n"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SIZES = Statistics(
    2000,
    {f"{EX}few": 10, f"{EX}many": 1000, f"{EX}next": 990, TYPE: 30},
    {f"{EX}A": 20, f"{EX}B": 10},
    {"subject iri": 1900, "subject blank": 100, "object iri": 1160, "object literal": 840},
    {"": 300, f"{EX}few": 5},
    {"": 400, f"{EX}next": 200, f"{EX}many": 900, TYPE: 2},
)


def rewritten(body: str, statistics: Statistics | None = SIZES) -> str:
    text = rewrite(PROLOGUE + body, statistics=statistics, is_union=True).text
    assert text.startswith(PROLOGUE)
    return " ".join(text.removeprefix(PROLOGUE).split())


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("SELECT(COUNT(*)AS?n){?s ?p ?o}", "SELECT ?n WHERE { VALUES (?n) { (2000) } }"),
        ("SELECT (COUNT(#c\n DISTINCT *) AS ?n) {?s ?p ?o}", "SELECT (COUNT(#c DISTINCT *) AS ?n) {?s ?p ?o}"),
        ("#c\rSELECT (COUNT(*) AS ?n) {?s ?p ?o}", "#c SELECT (COUNT(*) AS ?n) {?s ?p ?o}"),
    ],
)
def test_spaces_and_comments_change_nothing(query: str, text: str) -> None:
    assert rewritten(query) == text


def test_a_comment_within_a_declaration_is_not_taken_for_its_address() -> None:
    query = "PREFIX : # mine\n<http://e/> SELECT (COUNT(*) AS ?n) { ?s :few ?o }"
    assert "10" in rewrite(query, statistics=SIZES, is_union=True).text
    assert "10" not in rewrite(query.replace("http://e/", "http://f/"), statistics=SIZES, is_union=True).text


def test_patterns_inside_exists_are_looked_up_one_after_the_other() -> None:
    query = "SELECT * { ?s :few ?o FILTER NOT EXISTS { ?y :many ?z . ?s :next ?y } }"
    assert rewritten(query, None) == (
        "SELECT * { ?s :few ?o FILTER NOT EXISTS { ?s :next ?y LATERAL { ?y :many ?z } } }"
    )


def test_a_path_inside_exists_is_walked_step_by_step() -> None:
    assert rewritten("ASK { ?s :few ?o FILTER EXISTS { ?s :many/^:next ?z } }", None) == (
        "ASK { ?s :few ?o FILTER EXISTS { ?s :many ?between_1 LATERAL { ?z :next ?between_1 } } }"
    )


def test_a_small_side_of_exists_comes_first() -> None:
    assert rewritten("SELECT ?s { ?s :many ?o FILTER EXISTS { ?s :few ?z } }") == (
        "SELECT ?s { { SELECT DISTINCT ?s WHERE { ?s :few ?z } } LATERAL { ?s :many ?o } FILTER(true) }"
    )


def test_sides_of_exists_that_are_nearly_as_large_are_both_read_once() -> None:
    sizes = Statistics(2000, {f"{EX}many": 1000, f"{EX}half": 500})
    assert rewritten("SELECT ?s { ?s :many ?o FILTER EXISTS { ?s :half ?z } }", sizes) == (
        "SELECT ?s { { SELECT DISTINCT ?s WHERE { ?s :half ?z } } { SELECT ?o ?s WHERE { ?s :many ?o } } FILTER(true) }"
    )


def test_a_small_side_of_optional_is_found_once() -> None:
    assert rewritten("SELECT * { ?s :many ?o . OPTIONAL { ?s :few ?z } FILTER(!BOUND(?z)) }") == (
        "SELECT * { ?s :many ?o . OPTIONAL { { SELECT ?s ?z WHERE { ?s :few ?z } } } FILTER(!BOUND(?z)) }"
    )


def test_not_exists_of_a_small_side_becomes_minus() -> None:
    assert rewritten("SELECT ?s { ?s :many ?o FILTER NOT EXISTS { ?s :few ?z } }") == (
        "SELECT ?s { ?s :many ?o FILTER(true) MINUS { ?s :few ?z } }"
    )


def test_minus_of_a_large_side_becomes_not_exists() -> None:
    assert rewritten("SELECT ?s { ?s :few ?o MINUS { ?s :many ?z } }") == (
        "SELECT ?s { ?s :few ?o FILTER NOT EXISTS { ?s :many ?z } }"
    )


def test_a_filter_by_iri_becomes_values() -> None:
    assert rewritten("SELECT ?s { ?s :many ?o FILTER(?o IN (:a, <http://e/a>) && ?s != :b) }") == (
        "SELECT ?s { ?s :many ?o VALUES ?o { <http://e/a> } FILTER(true && ?s != :b) }"
    )


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT ?n WHERE { VALUES (?n) { (2000) } }"),
        ("SELECT (COUNT(?s) AS ?n) { ?s :few ?o }", "SELECT ?n WHERE { VALUES (?n) { (10) } }"),
        ("SELECT (COUNT(*) AS ?n) { ?s a :A }", "SELECT ?n WHERE { VALUES (?n) { (20) } }"),
        ("SELECT (COUNT(*) AS ?n) { ?s :absent ?o }", "SELECT ?n WHERE { VALUES (?n) { (0) } }"),
        ("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }", "SELECT ?n WHERE { VALUES (?n) { (2) } }"),
        ("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }", "SELECT ?n WHERE { VALUES (?n) { (300) } }"),
        ("SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }", "SELECT ?n WHERE { VALUES (?n) { (400) } }"),
        ("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s :few ?o }", "SELECT ?n WHERE { VALUES (?n) { (5) } }"),
        ("SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s :absent ?o }", "SELECT ?n WHERE { VALUES (?n) { (0) } }"),
        ("SELECT (COUNT(?o) AS ?n) { ?s ?p ?o FILTER ISLITERAL(?o) }", "SELECT ?n WHERE { VALUES (?n) { (840) } }"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o . FILTER(isBlank(?s)) }", "SELECT ?n WHERE { VALUES (?n) { (100) } }"),
        (
            "SELECT (COUNT(*) AS ?n) ?c { ?s a ?c } GROUP BY ?c ORDER BY ?n",
            "SELECT ?n ?c WHERE { VALUES (?n ?c) { (20 <http://e/A>) (10 <http://e/B>) } } ORDER BY ?n",
        ),
        ("SELECT DISTINCT ?c { ?s a ?c }", "SELECT ?c WHERE { VALUES (?c) { (<http://e/A>) (<http://e/B>) } }"),
        ("SELECT (COUNT(*) AS ?n) { { ?s :few ?o } UNION { ?s a :B } }", "SELECT ?n WHERE { VALUES (?n) { (20) } }"),
    ],
)
def test_statistics_answer_counts(query: str, rows: str) -> None:
    assert rewritten(query) == rows


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s :many ?o OPTIONAL { ?s :next ?x } FILTER NOT EXISTS { ?s :few ?x } }",
        "SELECT * { ?s :few ?o MINUS { ?x :many ?y } }",
        "SELECT * { ?s :few ?o OPTIONAL { ?s :many ?z } }",
        "SELECT * { ?s :many ?o OPTIONAL { ?s :few ?z } FILTER(?o > 1) }",
        "SELECT * { ?s :many ?o OPTIONAL { ?s :few ?z FILTER(?z > 1) } }",
        "SELECT * { ?s :many ?o OPTIONAL { ?s :few ?z . ?z :few ?x } }",
        "SELECT * { :a :many ?o OPTIONAL { ?o :few ?z } }",
        "SELECT * { { ?s :many ?o OPTIONAL { ?s :few ?z } } }",
        "SELECT * { ?s :many ?o OPTIONAL { ?s :few ?z } } LIMIT 10",
        "SELECT * { ?s :many ?o OPTIONAL { ?s :few ?z } } VALUES ?s { :a }",
        "SELECT * { ?s :many ?o FILTER(?o > 1) OPTIONAL { ?s :few ?z } }",
        "SELECT * { ?s :many ?o FILTER NOT EXISTS { ?s :few ?z } } LIMIT 10",
        "ASK { ?s :many ?o FILTER EXISTS { ?s :few ?z } }",
        "SELECT * { ?s :few ?o FILTER EXISTS { ?s :next _:b . _:b :many ?z } }",
        "SELECT * { GRAPH ?g { ?s :few ?o FILTER EXISTS { ?s :next ?x . ?x :many ?z } } }",
        "SELECT * { ?s :few ?o FILTER EXISTS { ?s :next* ?x . ?x :many* ?z } }",
        "SELECT * { SERVICE <http://e/sparql> { ?s ?p ?o } ?s :many ?o FILTER NOT EXISTS { ?s :few ?z } }",
        "SELECT * { ?s :few ?o LATERAL { ?o :next ?x FILTER EXISTS { ?x :next ?y . ?y :many ?z } } }",
        "SELECT * { << ?s :few ?o >> :many ?x FILTER NOT EXISTS { ?x :few ?z } }",
        "SELECT * { ?s :many ?o FILTER(?o = 1) }",
        "SELECT * { ?s :many ?o . ?s :few ?f OPTIONAL { ?s :next ?x } FILTER(?x = :a) }",
        "SELECT * { :a :many ?o FILTER(?o = :b) }",
        "SELECT (COUNT(*) AS ?n) FROM :g { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { GRAPH :g { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?s }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER isIRI(?p) }",
        "SELECT (COUNT(*) AS ?n) { ?s :few ?o FILTER isLiteral(?o) }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER isNumeric(?o) }",
        "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o FILTER isLiteral(?o) }",
        "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a :A }",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 1)",
        "SELECT (COUNT(*) AS ?n) { ?s undeclared:p ?o }",
        r"SELECT (COUNT(*) AS ?n) { ?s :\u0066ew ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ",
    ],
)
def test_what_no_rule_understands_stays_byte_for_byte(query: str) -> None:
    assert rewrite(PROLOGUE + query, statistics=SIZES, is_union=True).text == PROLOGUE + query


def test_counts_are_not_answered_from_statistics_of_other_graphs() -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert rewrite(query, statistics=SIZES, is_union=False).text == query


def test_classes_without_names_are_not_listed_from_statistics() -> None:
    query, statistics = "SELECT DISTINCT ?c { ?s a ?c }", Statistics(3, {TYPE: 3}, {f"{EX}A": 2})
    assert rewrite(query, statistics=statistics, is_union=True).text == query


def test_a_look_up_is_not_even_parsed() -> None:
    assert not may_apply('SELECT ?l { :a :label ?l FILTER(LANG(?l) = "en") }')
    assert not may_apply("ASK { :a ?p ?o }")


def test_filter_may_end_where_its_group_ends() -> None:
    query = "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s ?q ?x . ?x a ?y }}"
    text = " ".join(rewrite(query, statistics=Statistics(), is_union=True).text.split())
    assert text == "SELECT * { ?s ?p ?o FILTER(true) MINUS { ?s ?q ?x LATERAL { ?x a ?y } } }"


def test_chain_of_thousands_of_conditions_passes_untouched() -> None:
    query = "SELECT * { ?s ?p ?o FILTER(" + "?o = <x:a> && " * 1900 + "true) }"
    assert rewrite(query, statistics=Statistics(), is_union=True).text == query
