"""What people are told of a query that is not SPARQL."""

import pytest
from pyoxigraph import Store

from digitech_kg.errors import QuerySyntaxError
from digitech_kg.sparql_text.mistakes import mend, syntax_error
from stored_site import NAMES


def mended(text: str) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as caught:
        Store().query(text, prefixes=dict(NAMES.prefixes))
    return mend(syntax_error(caught.value), text, NAMES.prefixes)


@pytest.mark.parametrize(
    ("query", "line", "column", "says", "hint"),
    [
        ("SELECT * {\n ?s ?p ?o .\n FILTR(?o > 1) }", 3, 2, "FILTR is not a word of SPARQL", "Did you mean FILTER?"),
        ("SELCT * { ?s ?p ?o }", 1, 1, "SELCT is not a word of SPARQL", "Did you mean SELECT?"),
        ("SELECT * { ?s ?p ?o } ODER BY ?s", 1, 23, "ODER is not a word of SPARQL", "Did you mean ORDER?"),
        ("SELECT * { ?s dkk:hasOwner ?o }", 1, 15, "declares the prefix dkk:", "Did you mean dk:hasOwner?"),
        ("SELECT * { ?s zzzzz:x ?o }", 1, 15, "declares the prefix zzzzz:", "Add a line at the top"),
        ("SELECT * { ?s ?p }", 1, 17, "a part of the pattern is missing", "subject, predicate and object"),
        ("SELECT * { ?s ?p ?o", 1, 20, "a } is missing here", "has to be closed"),
        ("SELECT * { ?s ?p ?o ?x }", 1, 21, "?x does not belong here", "a full stop"),
        ("PREFIX x: <a:>\ninsert DATA { }", 2, 1, "INSERT begins an update", "as an update"),
    ],
)
def test_syntax_error_names_what_was_meant(query: str, line: int, column: int, says: str, hint: str) -> None:
    error = mended(query)
    assert (error.line, error.column) == (line, column)
    assert says in error.message
    assert hint in str(error.hint)


def test_query_that_came_as_an_update_is_called_that() -> None:
    text = "PREFIX x: <a:>\nselect * { ?s ?p ?o }"
    with pytest.raises(SyntaxError) as caught:
        Store().update(text)
    error = mend(syntax_error(caught.value), text, NAMES.prefixes, is_update=True)
    assert (error.line, error.column, error.what) == (2, 1, "SELECT begins a query, not an update")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT ?s ?s { ?s ?p ?o }", "a variable stands twice after SELECT"),
        ("SELECT ?s (1 AS ?p) { ?s ?p ?o }", "the name after AS is a variable already"),
    ],
)
def test_variable_that_is_named_twice_is_called_that(query: str, says: str) -> None:
    assert mended(query).message == says


def test_variable_that_is_not_grouped_is_called_that() -> None:
    for shown in ("?o", "(UCASE(?o) AS ?x)"):
        assert "neither in GROUP BY" in mended(f"SELECT ?s {shown} {{ ?s ?p ?o }} GROUP BY ?s").message
