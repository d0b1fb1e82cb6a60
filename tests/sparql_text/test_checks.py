"""What is refused before a query reaches the engine, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitech_kg.errors import Forbidden, LimitExceeded
from digitech_kg.sparql_text.checks import check_query
from digitech_kg.sparql_text.tokens import deepest_nesting, find_keyword, iter_tokens

MOST_CHARS = 200_000


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE <http://x/> {} } } }",
        "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE<http://x/>{} } }",
        "SELECT * { ?s ?p 'a' . SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p <http://x/#y> . SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p ?o # a comment\nSERVICE <http://x/> {} }",
        "SELECT * { \\u0053ERVICE <http://x/> {} }",
        "SELECT (1 AS ?x) { } HAVING EXISTS { SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p 1.SERVICE <http://x/> {} }",
        'SELECT * { ?s ?p \'a\' , "\\u0022" . SERVICE <http://x/> {} . ?s ?p "" }',
        "LOAD <http://x/>",
        "INSERT DATA { } ; LOAD SILENT <http://x/> INTO GRAPH <http://g/>",
    ],
)
def test_way_out_is_forbidden(text: str) -> None:
    with pytest.raises(Forbidden):
        check_query(text, MOST_CHARS)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?service ?p ?o }",
        "SELECT * { ?s <http://x/SERVICE> ?o }",
        "SELECT * { ?s ?p 'SERVICE <http://x/>' }",
        'SELECT * { ?s ?p """a "quoted" SERVICE""" }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/>",
        "PREFIX SERVICE: <http://x/> SELECT * { ?s SERVICE:load ?o }",
        "PREFIX x: <http://x/> SELECT * { ?s x:SERVICE ?o }",
        "SELECT * { ?s ?p 'it\\'s a SERVICE' }",
        "SELECT * { ?s ?p 'x'@service }",
    ],
)
def test_word_in_a_name_string_or_comment_is_allowed(text: str) -> None:
    check_query(text, MOST_CHARS)


def test_long_query_is_refused_with_the_limit() -> None:
    with pytest.raises(LimitExceeded) as caught:
        check_query("ASK { }" + " " * 200_001, MOST_CHARS)
    assert (caught.value.limit, caught.value.status) == ("query_chars", 413)


@pytest.mark.parametrize("piece", ["a.", "-", ".", "\u00e9-"])
def test_longest_text_of_anything_but_names_is_split(piece: str) -> None:
    text = piece * (MOST_CHARS // len(piece))
    assert "".join(token.text for token in iter_tokens(text)) == text


def test_deep_nesting_is_refused_with_the_limit() -> None:
    with pytest.raises(LimitExceeded) as caught:
        check_query("ASK " + "{" * 201 + "}" * 201, MOST_CHARS)
    assert (caught.value.limit, caught.value.status) == ("nesting", 400)


def test_brackets_in_strings_do_not_nest() -> None:
    assert deepest_nesting("ASK { ?s ?p '((((' }") == 1


@given(st.text(max_size=300))
def test_any_text_splits_into_tokens_that_cover_what_is_not_space_or_comment(text: str) -> None:
    tokens = list(iter_tokens(text))
    assert all(token.text for token in tokens)
    assert [t.start for t in tokens] == sorted({t.start for t in tokens})


PIECES = st.sampled_from(
    [
        "?s ",
        "<http://a/b#c> ",
        "'x' ",
        '"y" ',
        "'''a'b''' ",
        "# comment\n",
        "x:y ",
        "1.5 ",
        "{ ",
        "} ",
        "'\\'' ",
        "@en ",
        "_:b ",
    ]
)


@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=12))
def test_service_is_found_between_any_pieces(before: list[str], after: list[str]) -> None:
    text = "".join([*before, " SERVICE ", *after])
    assert find_keyword(text, "SERVICE") is not None


@given(st.lists(PIECES, max_size=20))
def test_service_is_not_found_where_there_is_none(pieces: list[str]) -> None:
    assert find_keyword("".join(pieces), "SERVICE") is None
