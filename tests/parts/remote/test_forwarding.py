"""Only queries are passed on to a remote store, and none that calls the store's own functions."""

import pytest

from conftest import ROOT
from digitech_kg.errors import Forbidden, QuerySyntaxError
from digitech_kg.formats import Kind
from digitech_kg.parts.remote.client import check_forwardable

BIF = "http://www.openlinksw.com/schemas/bif#"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * {}", Kind.SOLUTIONS),
        ("ask {}", Kind.SOLUTIONS),
        ("BASE <http://a/> PREFIX construct: <b> # SELECT\nCONSTRUCT WHERE { ?s construct:x 'ASK' }", Kind.GRAPH),
        ("PREFIX : <http://a/> DESCRIBE :x", Kind.GRAPH),
    ],
)
def test_form_decides_what_a_query_yields(text: str, kind: Kind) -> None:
    assert check_forwardable(text) is kind


def test_saved_questions_are_passed_on() -> None:
    kinds = {check_forwardable(path.read_text(encoding="utf-8")) for path in (ROOT / "data/queries").glob("*.rq")}
    assert kinds == {Kind.SOLUTIONS, Kind.GRAPH}


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "PREFIX a: <http://a/> DELETE WHERE { ?s a:b ?o }",
        "SELECT * {} ; CLEAR ALL",
        "SELECT * {} # nothing\n drop GRAPH <http://a>",
        'SELECT ("\\u0022 AS ?x) {} ; CLEAR ALL # " AS ?x) {}',
    ],
)
def test_update_is_refused(text: str) -> None:
    with pytest.raises(Forbidden, match="is an update"):
        check_forwardable(text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT (<bif:http_get>("http://127.0.0.1/") AS ?x) {}',
        "PREFIX b: <BIF:> SELECT (b:now() AS ?x) {}",
        f"PREFIX b: <{BIF}> SELECT (b:now() AS ?x) {{}}",
        f"SELECT (<{BIF}now>() AS ?x) {{}}",
        "PREFIX b: <http://www.openlinksw.com/schemas/> SELECT (b:bif\\#now() AS ?x) {}",
        "BASE <http://www.openlinksw.com/schemas/x> SELECT (<bif#now>() AS ?x) {}",
        "BASE <http://www.openlinksw.com/x/> PREFIX b: <../schemas/bif#> SELECT (b:now() AS ?x) {}",
        'SELECT ("a\\u0022" AS ?x) (<bif:now>() AS ?y) { # " AS ?x) {',
        "SELECT (<\\u0062if:now>() AS ?x) {}",
        "SELECT (<java:java.lang.Runtime>() AS ?x) {}",
        "SELECT (<sql:rnd>(5) AS ?x) {}",
    ],
)
def test_function_of_the_store_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(Forbidden, match="function of the remote store"):
        check_forwardable(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("# nothing\n", 2, 1),
        ("define input:inference 'x' SELECT * {}", 1, 1),
        ("PREFIX SELECT * {}", 1, 1),
        ("SELECT *\nWHERE { ?s dk:x ?o }", 2, 12),
    ],
)
def test_what_is_no_query_is_a_syntax_error_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        check_forwardable(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_words_inside_strings_names_and_comments_are_no_updates() -> None:
    check_forwardable('PREFIX d: <http://d/> SELECT ?drop { ?drop d:insert "CLEAR ALL" } # bif:now <bif:x>')
