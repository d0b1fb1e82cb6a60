"""The benchmarks' data and queries; what they measure is looked at by people."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from conftest import ROOT

BENCHMARKS = ROOT / "benchmarks"
QUERIES = sorted((BENCHMARKS / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def lines() -> Iterator[list[str]]:
    sys.path.insert(0, str(BENCHMARKS))
    from generate import iter_lines

    yield list(iter_lines(93_000))
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def store(lines: list[str]) -> Store:
    loaded = Store()
    loaded.bulk_load("".join(lines).encode(), RdfFormat.N_TRIPLES)
    return loaded


def test_data_is_the_same_every_time_and_about_as_large_as_asked(lines: list[str]) -> None:
    from generate import iter_lines

    assert list(islice(iter_lines(93_000), 5000)) == lines[:5000]
    assert list(islice(iter_lines(93_000, seed=2), 5000)) != lines[:5000]
    assert len(lines) == pytest.approx(93_000, rel=0.01)


def test_there_are_twenty_queries() -> None:
    assert len(QUERIES) == 20


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_every_query_finds_something(store: Store, query: Path) -> None:
    results = store.query(query.read_text(encoding="utf-8"))
    if isinstance(results, QueryBoolean):
        assert results
    else:
        first = next(iter(results))
        assert any(value is not None and getattr(value, "value", "") != "0" for value in first)
