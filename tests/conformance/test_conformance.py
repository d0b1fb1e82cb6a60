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


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    if not ARCHIVE.is_file():
        pytest.skip(f"the W3C's tests are not at {ARCHIVE}")
    root = unpack(ARCHIVE, tmp_path_factory.mktemp("w3c"))
    exceptions = Exceptions.load()
    tests = [test for test in load_all(root) if not exceptions.why_excluded(test)]
    data: Path = tmp_path_factory.mktemp("data")
    with this_service(data) as target:
        return run_together(target, root, tests)


def test_nothing_fails_but_what_the_table_explains(outcomes: list[Outcome]) -> None:
    explained = Exceptions.load().why_failing("digitech-kg")
    failed = [f"{o.test.iri}: {o.problem}" for o in outcomes if o.problem and o.test.iri not in explained]
    assert not failed, "\n".join(failed)
    assert len(outcomes) > 800


def test_what_the_table_says_fails_does_fail(outcomes: list[Outcome]) -> None:
    failing = {outcome.test.iri for outcome in outcomes if outcome.problem}
    assert Exceptions.load().why_failing("digitech-kg").keys() <= failing


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
