"""Rewritten queries have the engine's own answers, on random small datasets."""

from random import Random

import pytest

from parts.rewriting.comparing import Pair, random_pair


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Queries to each of which a rule applies; `make soak` compares ten thousand."""
    return [random_pair(Random(seed)) for seed in range(200)]  # noqa: S311 - chance has to be repeatable.


def test_random_queries_have_the_answers_of_the_engine(pairs: list[Pair]) -> None:
    assert "\n\n".join(str(pair) for pair in pairs if pair.fault) == ""


def test_random_queries_make_every_rule_apply(pairs: list[Pair]) -> None:
    rules = {rule for pair in pairs for rule in pair.rewriting.rules}
    assert rules == {
        "Counts from statistics",
        "EXISTS of a small side: its solutions first",
        "EXISTS: one pattern after the other",
        "FILTER by IRI: VALUES",
        "MINUS of a large side: NOT EXISTS",
        "NOT EXISTS of a small side: MINUS",
        "OPTIONAL of a small side: found once",
    }
