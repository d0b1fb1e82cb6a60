"""Rewritten queries have the engine's own answers, on random small datasets."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from parts.rewriting.comparing import random_pair


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_random_queries_have_the_answers_of_the_engine(seed: int) -> None:
    pair = random_pair(Random(seed))  # noqa: S311 - chance has to be repeatable.
    assert not pair.fault, str(pair)


def test_random_queries_make_every_rule_apply() -> None:
    pairs = [random_pair(Random(seed)) for seed in range(150)]  # noqa: S311
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
