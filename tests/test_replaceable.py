"""A pool that is replaced goes on until its last query has ended."""

from __future__ import annotations

from typing import cast

from digitech_kg.engine import WorkerPool
from digitech_kg.engine.replaceable import ReplaceablePool


class StandIn:
    """Knows only whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def stand_in() -> tuple[StandIn, WorkerPool]:
    pool = StandIn()
    return pool, cast(WorkerPool, pool)


def test_replaced_pool_is_closed_when_its_last_query_has_ended() -> None:
    (first, first_pool), (second, second_pool) = stand_in(), stand_in()
    holder = ReplaceablePool(first_pool)
    with holder.use() as used, holder.use():
        holder.replace(second_pool)
        with holder.use() as current:
            assert current is second_pool
        assert used is first_pool
        assert not first.closed
    assert first.closed
    assert not second.closed


def test_replaced_pool_without_queries_is_closed_at_once() -> None:
    (first, first_pool), (_, second_pool) = stand_in(), stand_in()
    holder = ReplaceablePool(first_pool)
    with holder.use():
        pass
    assert not first.closed
    holder.replace(second_pool)
    assert first.closed


def test_pool_replaced_twice_while_in_use_is_closed_once_it_is_free() -> None:
    pools = [stand_in() for _ in range(3)]
    holder = ReplaceablePool(pools[0][1])
    with holder.use():
        holder.replace(pools[1][1])
        holder.replace(pools[2][1])
        assert [pool.closed for pool, _ in pools] == [False, True, False]
    assert [pool.closed for pool, _ in pools] == [True, True, False]
    holder.close()
    assert pools[2][0].closed
