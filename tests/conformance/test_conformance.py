"""This service against the W3C's SPARQL 1.1 tests, except those that `exceptions.toml` gives reasons for."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.manifests import unpack
from conformance.running import Exceptions, Outcome, load_all, run_together
from conformance.targets import this_service
from conformance.terms import Table, same
from conftest import SHARED

ARCHIVE = SHARED / "w3c" / "rdf-tests-sparql.tar.xz"


@pytest.fixture
def outcomes(tmp_path: Path) -> list[Outcome]:
    if not ARCHIVE.is_file():
        pytest.skip(f"the W3C's tests are not at {ARCHIVE}")
    root = unpack(ARCHIVE, tmp_path / "w3c")
    exceptions = Exceptions.load()
    tests = [test for test in load_all(root) if not exceptions.why_excluded(test)]
    with this_service(tmp_path / "data") as target:
        return run_together(target, root, tests)


def test_what_fails_is_what_the_table_of_exceptions_explains(outcomes: list[Outcome]) -> None:
    explained = Exceptions.load().why_failing("digitech-kg")
    failing = {outcome.test.iri: outcome.problem for outcome in outcomes if outcome.problem}
    assert {iri: problem for iri, problem in failing.items() if iri not in explained} == {}
    assert explained.keys() <= failing.keys()
    assert len(outcomes) > 800


ROW = (("iri", "x:a"), ("bnode", "p"))
OTHER = (("iri", "x:a"), ("bnode", "q"))


@pytest.mark.parametrize(
    ("expected", "found", "equal"),
    [
        (Table(("a", "b"), (ROW, OTHER)), Table(("b", "a"), (ROW[::-1], OTHER[::-1])), True),
        (Table(("a", "b"), (ROW, OTHER)), Table(("a", "b"), (ROW, ROW)), False),
        (Table(("a", "b"), (ROW, ROW)), Table(("a", "b"), (OTHER, OTHER)), True),
        (Table(("a", "b"), (ROW, ROW)), Table(("a", "b"), (OTHER,)), False),
        (Table(("a",), ((ROW[0],), (None,)), ordered=True), Table(("a",), ((None,), (ROW[0],))), False),
        (Table(("a",), ((ROW[0],), (None,))), Table(("a",), ((None,), (ROW[0],))), True),
        (Table(("a",), ((ROW[0],), (ROW[0],)), lax=True), Table(("a",), ((ROW[0],),)), True),
        (Table(boolean=True), Table(boolean=False), False),
    ],
)
def test_results_are_the_same_up_to_blank_nodes_and_order(expected: Table, found: Table, equal: bool) -> None:
    assert same(expected, found) is equal
