"""Accept headers and `?format=` over the format table."""

import pytest

from digitech_kg.errors import CallError, NotAcceptable
from digitech_kg.web.http.negotiation import choose_results

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "solutions", "graph"),
    [
        ("", "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("application/sparql-results+xml", "xml", None),
        ("text/csv", "csv", None),
        ("text/tab-separated-values;q=0.9, text/csv;q=0.1", "tsv", None),
        ("application/rdf+xml", None, "rdfxml"),
        ("text/turtle;q=0.5, application/n-triples", None, "ntriples"),
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdfxml"),
        ("application/sparql-results+json, text/turtle", "json", "turtle"),
        ("application/n-quads", None, "nquads"),
        ("text/*", "csv", "turtle"),
        ("application/sparql-results+json;q=0, */*", "xml", "turtle"),
        ("text/turtle; charset=utf-8", None, "turtle"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened";q=0.4, text/csv;q=0.5', "csv", "jsonld"),
    ],
)
def test_accept_header_chooses_a_format_per_form(accept: str, solutions: str | None, graph: str | None) -> None:
    choice = choose_results(accept)
    names = tuple(fmt and fmt.name for fmt in (choice.solutions, choice.graph))
    assert names == (solutions, graph)


@pytest.mark.parametrize("accept", ["image/png", "application/pdf;q=0.5", "*/*;q=0"])
def test_header_that_fits_nothing_is_not_acceptable_with_the_list(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        choose_results(accept)
    assert "text/turtle" in caught.value.available


def test_browser_gets_a_page() -> None:
    assert choose_results(BROWSER).html


def test_client_that_also_takes_html_gets_what_it_prefers() -> None:
    assert not choose_results("text/turtle, text/html;q=0.5").html


@pytest.mark.parametrize(
    ("name", "solutions", "graph"),
    [
        ("json", "json", "jsonld"),
        ("xml", "xml", "rdfxml"),
        ("csv", "csv", None),
        ("ttl", None, "turtle"),
        ("text/turtle", None, "turtle"),
        ("rdf+xml", "xml", "rdfxml"),
        ("json-ld", "json", "jsonld"),
    ],
)
def test_format_parameter_wins_over_the_header(name: str, solutions: str | None, graph: str | None) -> None:
    choice = choose_results("image/png", name)
    assert tuple(fmt and fmt.name for fmt in (choice.solutions, choice.graph)) == (solutions, graph)


def test_unknown_format_parameter_lists_the_known_ones() -> None:
    with pytest.raises(CallError) as caught:
        choose_results("", "yaml")
    assert "turtle" in str(caught.value.hint)
