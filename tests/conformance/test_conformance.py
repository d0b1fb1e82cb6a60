"""This service against the W3C's SPARQL 1.1 tests, except those that `exceptions.toml` gives reasons for."""

from pathlib import Path

import pytest

from conformance import shacl
from conformance.manifests import unpack
from conformance.running import Exceptions, Outcome, load_all, run_each, run_together
from conformance.targets import oxigraph_server, this_service
from conformance.terms import Table, same
from conformance.updates import writes
from conftest import SHARED

SHACL_ARCHIVE = SHARED / "w3c" / "shacl-tests.tar.xz"
ARCHIVE = SHARED / "w3c" / "rdf-tests-sparql.tar.xz"


def outcomes(tmp_path: Path, every: int) -> list[Outcome]:
    """Return what comes of each so many one of the tests."""
    if not ARCHIVE.is_file():
        pytest.skip(f"the W3C's tests are not at {ARCHIVE}")
    root = unpack(ARCHIVE, tmp_path / "w3c")
    exceptions = Exceptions.load()
    tests = [test for test in load_all(root) if not exceptions.why_excluded(test)]
    with this_service(tmp_path / "data") as target:
        return run_together(target, root, tests[::every])


# `make conformance` runs all.
@pytest.mark.parametrize("every", [20, pytest.param(1, marks=pytest.mark.thorough)])
def test_what_fails_is_what_the_table_of_exceptions_explains(tmp_path: Path, every: int) -> None:
    found = outcomes(tmp_path, every)
    explained = Exceptions.load().why_failing("digitech-kg")
    failing = {outcome.test.iri: outcome.problem for outcome in found if outcome.problem}
    assert {iri: problem for iri, problem in failing.items() if iri not in explained} == {}
    assert explained.keys() & {outcome.test.iri for outcome in found} <= failing.keys()
    assert len(found) > 800 // every


# `make conformance` runs both too. The reference changes only with its package.
@pytest.mark.parametrize("validator", ["shifty", pytest.param("reference (pySHACL)", marks=pytest.mark.thorough)])
def test_shacl_tests_pass_but_for_those_explained(tmp_path: Path, validator: str) -> None:
    if not SHACL_ARCHIVE.is_file():
        pytest.skip(f"the W3C's tests of SHACL are not at {SHACL_ARCHIVE}")
    outcomes = shacl.run_all(shacl.unpack(SHACL_ARCHIVE, tmp_path), [validator])
    assert shacl.unexplained(outcomes, Exceptions.load().shacl) == []
    assert {len(results) for results in outcomes.values()} == {120}


@pytest.mark.thorough
def test_updates_pass_in_another_server_but_for_those_explained(tmp_path: Path) -> None:
    """Shows that what fails here is not the fault of the tests' runner."""
    if not ARCHIVE.is_file():
        pytest.skip(f"the W3C's tests are not at {ARCHIVE}")
    root = unpack(ARCHIVE, tmp_path / "w3c")
    exceptions = Exceptions.load()
    tests = [test for test in load_all(root) if writes(test) and not exceptions.why_excluded(test)]
    (tmp_path / "data").mkdir()
    with oxigraph_server(tmp_path / "data") as target:
        failing = {outcome.test.iri for outcome in run_each(target, root, tests) if outcome.problem}
    assert failing == exceptions.failing["oxigraph"].keys()
    assert len(tests) > 180


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
