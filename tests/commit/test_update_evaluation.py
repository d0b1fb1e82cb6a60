"""Updates are carried out as the engine carries them out, and exactly what changed is known."""

import re

import pytest
from pyoxigraph import Store

from bundled import BASE, NAMES
from digitech_kg.commit.attempt import TrackedStore
from digitech_kg.commit.request import SparqlUpdate
from digitech_kg.commit.update import evaluate_update
from digitech_kg.errors import CallError, LimitExceeded, QuerySyntaxError
from digitech_kg.namespaces import Namespaces
from digitech_kg.parts.rewriting.rewriter import make_rewriter

DATA = """INSERT DATA {
  <a:d> <a:p> 1 . _:b <a:p> _:c .
  GRAPH <a:g> { <a:x> <a:p> 2, "x;}{"@en ; <a:q> _:b }
  GRAPH <a:h> { <a:y> <a:p> 3 . <a:y> <a:says> <<( <a:s> <a:p> "o" )>> }
}"""
#: Its pattern is evaluated in other words.
REWRITTEN = "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER NOT EXISTS { ?s <a:q> ?b . ?b <a:p> ?c } }"
UPDATES = [
    "PREFIX p: <a:> INSERT DATA { p:d p:p 4 ; a p:T . GRAPH p:new { p:x p:y [] } } ; DELETE DATA { <a:d> <a:p> 1 }",
    "DELETE { ?s ?p ?o } INSERT { GRAPH <a:z> { ?s ?p ?o . _:n <a:of> ?s } } WHERE { ?s ?p ?o }",
    "WITH <a:g> DELETE { ?s <a:p> ?o } INSERT { ?s <a:r> ?o } WHERE { ?s <a:p> ?o }",
    "DELETE { GRAPH ?g { ?s ?p ?o } } USING NAMED <a:g> WHERE { GRAPH ?g { ?s ?p ?o } }",
    "DELETE { ?s ?p ?o } INSERT { <a:n> ?p ?o } USING <a:g> WHERE { ?s ?p ?o }",
    "DELETE WHERE { GRAPH ?g { ?s <a:p> ?o } }",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR GRAPH <a:g>",
    "DROP GRAPH <a:g>",
    "DROP ALL",
    "CLEAR NAMED",
    "drop default",
    "DROP SILENT GRAPH <a:none>",
    "CREATE GRAPH <a:e>",
    "CREATE SILENT GRAPH <a:g>",
    "COPY <a:g> TO <a:h>",
    "COPY GRAPH <a:g> TO DEFAULT",
    "MOVE DEFAULT TO <a:h>",
    "ADD <a:g> TO GRAPH <a:k>",
    "MOVE <a:g> TO <a:g>",
    "INSERT { <a:c> <a:c> 1 } WHERE { }",
    "INSERT { [] <a:c> ?o } WHERE { ?s ?p ?o }",
    "INSERT { ?o <a:c> 1 } WHERE { ?s ?p ?o }",
    "INSERT { GRAPH ?o { ?s <a:c> 1 } } WHERE { ?s ?p ?o FILTER(!isBlank(?o)) }",
    "INSERT { <a:t> <a:c> ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }",
    "INSERT { <rel> <a:c> ?z } WHERE { ?s ?p ?o OPTIONAL { ?s <a:none> ?z } }",
    "INSERT { GRAPH <a:w> { ?s <a:copied> ?o } } WHERE { GRAPH <a:h> { ?s <a:says> ?o } }",
    "INSERT { <a:first> <a:all> ?o } WHERE { ?s ?p ?o } ; DELETE { <a:first> ?p ?o } WHERE { <a:first> ?p ?o }",
    "BASE <a:base/> INSERT DATA { GRAPH <g> { <s> <p> 007, 1.50 } } ; CLEAR GRAPH <g>",
    "# only a comment; { \nINSERT DATA { <a:k> <a:k> \"a;}{\", '''b\"}''' } ;",
    "DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER NOT EXISTS { ?s <a:q> ?b . ?b <a:p> ?c } }",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { ?s <a:q> ?b . ?b <a:p> ?c } }",
    "INSERT { ?s <a:near> ?o } WHERE { ?s ?p ?o FILTER EXISTS { GRAPH <a:g> { ?s <a:q> ?b . ?b ?r ?c } } }",
    "INSERT { ?s <a:near> ?o } WHERE { ?s <a:p> ?o FILTER(?s IN (<a:d>, <a:none>)) }",
    "PREFIX x: <a:>",
    ";",
    "",
]


def filled() -> Store:
    store = Store()
    store.update(DATA)
    return store


def lines(store: Store) -> list[str]:
    return sorted(re.sub(r"_:\w+", "_:x", str(quad)) for quad in store)


def evaluate(text: str, store: Store, *, union: bool = False, **using: tuple[str, ...]) -> TrackedStore:
    target = TrackedStore(store)
    evaluate_update(SparqlUpdate(text, **using), target, NAMES, union_default_graph=union)
    return target


@pytest.mark.parametrize("text", UPDATES)
def test_gives_what_the_engine_gives(text: str) -> None:
    expected, found = filled(), filled()
    expected.update(text, base_iri=BASE)
    evaluate(text, found)
    assert lines(found) == lines(expected)
    assert set(map(str, found.named_graphs())) == set(map(str, expected.named_graphs()))


@pytest.mark.parametrize("text", UPDATES)
def test_knows_the_net_change(text: str) -> None:
    store = filled()
    before = set(store)
    change = evaluate(text, store).change
    assert change.added == set(store) - before
    assert change.removed == before - set(store)


def test_the_pattern_sees_the_union_of_all_graphs_if_queries_do() -> None:
    store = filled()
    evaluate("INSERT { GRAPH <a:z> { ?s <a:seen> ?o } } WHERE { ?s <a:p> ?o }", store, union=True)
    seen = {str(quad.object)[1:2] for quad in store if str(quad.predicate) == "<a:seen>"}
    assert {"1", "2", "3"} <= seen


def test_graphs_named_by_the_request_are_the_dataset_of_the_pattern() -> None:
    store = filled()
    evaluate("INSERT { GRAPH <a:z> { ?s <a:seen> ?o } } WHERE { ?s <a:p> ?o }", store, using=("a:h",))
    assert [str(q.subject) for q in store if str(q.predicate) == "<a:seen>"] == ["<a:y>"]


def test_graphs_named_twice_are_refused() -> None:
    with pytest.raises(CallError, match="WITH or USING"):
        evaluate("WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", filled(), using=("a:h",))


def test_blank_nodes_of_the_store_keep_their_identity() -> None:
    store = filled()
    evaluate("INSERT { ?b <a:marked> true } WHERE { GRAPH <a:g> { ?x <a:q> ?b } }", store)
    (marked,) = {quad.subject for quad in store if str(quad.predicate) == "<a:marked>"}
    assert marked in {quad.object for quad in store if str(quad.predicate) == "<a:q>"}


def test_a_blank_node_names_no_graph() -> None:
    store = filled()
    evaluate("INSERT { GRAPH ?b { ?b <a:c> 1 } GRAPH <a:z> { ?b <a:c> 2 } } WHERE { BIND(BNODE() AS ?b) }", store)
    assert [str(quad.object)[1:2] for quad in store if str(quad.predicate) == "<a:c>"] == ["2"]


def test_more_solutions_than_go_into_one_batch_are_all_taken() -> None:
    store = Store()
    store.update("INSERT DATA { " + " ".join(f"<a:{n}> <a:p> {n} ." for n in range(4500)) + " }")
    target = evaluate("DELETE { ?s <a:p> ?o } INSERT { ?s <a:q> ?o } WHERE { ?s <a:p> ?o }", store)
    assert (len(target.change.added), len(target.change.removed)) == (4500, 4500)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "INSERT DATA { <a:b> }",
        "INSERT DATA { ?s ?p 1 }",
        "DELETE DATA { _:a <a:b> 1 }",
        "oops",
    ],
)
def test_what_is_no_update_is_a_syntax_error_with_its_place(text: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(text, filled())
    assert caught.value.line == 1
    assert caught.value.column
    assert 0 < caught.value.column <= len(text) + 1
    assert f"column {caught.value.column}:" in str(caught.value.message)


def test_a_bracket_that_is_not_closed_is_called_that() -> None:
    text = "INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 1 }"
    with pytest.raises(QuerySyntaxError, match="a } is missing here") as caught:
        evaluate(text, filled())
    assert caught.value.column == len(text) + 1


@pytest.mark.parametrize(
    "text",
    ["INSERT DATA { p:s p:q 1 }", "INSERT { ?s p:q 1 } WHERE { ?s p:p 1 }", "PREFIX p: <b:> INSERT DATA { p:s p:q 1 }"],
)
def test_given_prefixes_need_no_declaration_and_one_that_is_declared_wins(text: str) -> None:
    target = TrackedStore(filled())
    names = Namespaces(BASE, (("p", "a:"), ("q", "unused:")))
    evaluate_update(SparqlUpdate(text), target, names, union_default_graph=False)
    (added,) = target.change.added
    assert str(added.predicate) == ("<b:q>" if "PREFIX" in text else "<a:q>")


@pytest.mark.parametrize("text", ["COPY graph:g TO <a:h>", "ADD <a:g> TO graph:h", "MOVE graph:g TO GRAPH graph:h"])
def test_a_prefix_that_is_called_like_a_keyword_names_graphs(text: str) -> None:
    expected, found, names = filled(), filled(), Namespaces(BASE, (("graph", "a:"),))
    expected.update(re.sub(r"graph:(\w)", r"<a:\1>", text))
    evaluate_update(SparqlUpdate(text), TrackedStore(found), names, union_default_graph=False)
    assert lines(found) == lines(expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DROP GRAPH <a:none>", "is not there"),
        ("CREATE GRAPH <a:g>", "is already there"),
        ("COPY <a:none> TO <a:h>", "is not there"),
    ],
)
def test_what_cannot_be_carried_out_says_why(text: str, words: str) -> None:
    with pytest.raises(CallError, match=words):
        evaluate(text, filled())


def test_a_pattern_that_leads_to_too_many_quads_is_refused() -> None:
    grows = SparqlUpdate("INSERT { ?a ?b ?c } WHERE { ?a <a:p> ?x . ?b <a:p> ?y . ?c <a:p> ?z }")
    with pytest.raises(LimitExceeded, match="more than 5 quads"):
        evaluate_update(grows, TrackedStore(filled()), NAMES, union_default_graph=True, memory_bytes=5000)


@pytest.mark.parametrize("name", ["urn:digitech-kg:blank-node:b", "urn:digitech-kg:blank-node:no/label", "urn:uuid:1"])
def test_no_iri_of_a_request_becomes_a_blank_node(name: str) -> None:
    store = Store()
    evaluate(f"INSERT DATA {{ <{name}> <a:p> <{name}> }} ; INSERT {{ ?s <a:q> ?o }} WHERE {{ ?s <a:p> ?o }}", store)
    assert {str(term) for quad in store for term in (quad.subject, quad.object)} == {f"<{name}>"}


def evaluate_rewritten(text: str, store: Store) -> list[str]:
    """Carry out an update with rewriting; return the queries that the engine got in place of the patterns."""
    rewriter, asked = make_rewriter(None), list[str]()

    def rewrite(query: str) -> str:
        asked.append(rewriter.rewrite(query, is_union=False))
        return asked[-1]

    evaluate_update(SparqlUpdate(text), TrackedStore(store), NAMES, union_default_graph=False, rewrite=rewrite)
    return asked


@pytest.mark.parametrize("text", [*UPDATES, REWRITTEN])
def test_patterns_in_faster_words_give_the_same(text: str) -> None:
    plain, rewritten = filled(), filled()
    evaluate(text, plain)
    evaluate_rewritten(text, rewritten)
    assert lines(rewritten) == lines(plain)


def test_a_pattern_that_the_engine_is_slow_at_is_put_in_faster_words() -> None:
    assert "LATERAL" in " ".join(evaluate_rewritten(REWRITTEN, filled()))
