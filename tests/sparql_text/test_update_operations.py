"""Which graphs an update names."""

from __future__ import annotations

import pytest

from digitech_kg.sparql_text.tokens import DEFAULT, split_operations


@pytest.mark.parametrize(
    ("update", "graphs"),
    [
        ("INSERT DATA { <a> <b> <c> GRAPH <g> { <a> <b> <c> } }", {DEFAULT, "<g>"}),
        ("DELETE WHERE { GRAPH x:g { ?s ?p ?o } }", {DEFAULT, "x:g"}),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", None),
        (
            "WITH <g> DELETE { ?s ?p ?o } INSERT { GRAPH <h> { ?s ?p 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
            {"<g>", "<h>"},
        ),
        ("INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { }", None),
        ("INSERT { ?s ?p 'GRAPH <x> {' } USING <u> WHERE { ?s ?p ?o }", {DEFAULT}),
        ("DROP SILENT GRAPH <g>", {"<g>"}),
        ("CLEAR DEFAULT", {DEFAULT}),
        ("CLEAR ALL", None),
        ("DROP NAMED", None),
        ("COPY <a> TO <b>", {"<a>", "<b>"}),
        ("MOVE DEFAULT TO GRAPH <b>", {DEFAULT, "<b>"}),
        ("INSERT DATA { GR\\u0041PH <g> { <a> <b> <c> } }", None),
    ],
)
def test_operation_tells_which_graphs_it_may_change(update: str, graphs: set[str] | None) -> None:
    (operation,) = split_operations(update)
    assert operation.graphs == graphs


def test_operations_have_the_declarations_before_them() -> None:
    first, second = split_operations("PREFIX a: <x:> CLEAR ALL ; PREFIX b: <y:> DROP ALL ;")
    assert (first.prologue, second.prologue) == ("PREFIX a: <x:>", "PREFIX a: <x:> PREFIX b: <y:>")
    assert second.text == "DROP ALL"
