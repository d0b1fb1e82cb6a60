"""A pool that is no longer wanted goes on until its last query has ended."""

from __future__ import annotations

from typing import cast

import pytest

from digitech_kg.engine import WorkerPool
from digitech_kg.engine.pools import PoolShelf


class StandIn:
    """Knows only whether it was closed."""

    closed = False

    def close(self) -> None:
        assert not self.closed
        self.closed = True


@pytest.fixture
def shelf() -> PoolShelf:
    return PoolShelf()


def kept(shelf: PoolShelf) -> tuple[StandIn, WorkerPool]:
    pool = StandIn()
    return pool, shelf.keep(cast(WorkerPool, pool))


def test_pool_let_go_of_is_closed_when_its_last_query_has_ended(shelf: PoolShelf) -> None:
    stand_in, pool = kept(shelf)
    assert shelf.take(pool)
    assert shelf.take(pool)
    shelf.let_go(pool)
    assert not shelf.take(pool)
    shelf.give_back(pool)
    assert not stand_in.closed
    shelf.give_back(pool)
    assert stand_in.closed


def test_pool_without_queries_is_closed_at_once(shelf: PoolShelf) -> None:
    stand_in, pool = kept(shelf)
    assert shelf.take(pool)
    shelf.give_back(pool)
    assert not stand_in.closed
    shelf.let_go(pool)
    assert stand_in.closed


def test_closing_the_shelf_closes_every_pool_once(shelf: PoolShelf) -> None:
    pools = [kept(shelf) for _ in range(3)]
    shelf.let_go(pools[0][1])
    shelf.close()
    assert all(stand_in.closed for stand_in, _ in pools)
