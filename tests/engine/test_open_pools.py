"""A pool that is no longer wanted goes on until its last query has ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

from digitech_kg.engine import SnapshotService, WorkerPool
from digitech_kg.engine.open_pools import OpenPools
from digitech_kg.engine.versions import as_of
from digitech_kg.errors import EngineFailure


class StandIn:
    """Knows only whether it was closed."""

    closed = False

    def close(self) -> None:
        assert not self.closed
        self.closed = True


@pytest.fixture
def pools() -> OpenPools:
    return OpenPools()


def kept(pools: OpenPools) -> tuple[StandIn, WorkerPool]:
    pool = StandIn()
    return pool, pools.add(cast(WorkerPool, pool))


def test_retired_pool_is_closed_when_its_last_query_has_ended(pools: OpenPools) -> None:
    stand_in, pool = kept(pools)
    assert pools.acquire(pool)
    assert pools.acquire(pool)
    pools.retire(pool)
    assert not pools.acquire(pool)
    pools.release(pool)
    assert not stand_in.closed
    pools.release(pool)
    assert stand_in.closed


def test_pool_without_queries_is_closed_at_once(pools: OpenPools) -> None:
    stand_in, pool = kept(pools)
    assert pools.acquire(pool)
    pools.release(pool)
    assert not stand_in.closed
    pools.retire(pool)
    assert stand_in.closed


def test_close_closes_every_pool_once(pools: OpenPools) -> None:
    all_pools = [kept(pools) for _ in range(3)]
    pools.retire(all_pools[0][1])
    pools.close()
    assert all(stand_in.closed for stand_in, _ in all_pools)


def test_nothing_is_to_be_had_after_closing(pools: OpenPools) -> None:
    _, pool = kept(pools)
    pools.close()
    with pytest.raises(EngineFailure, match="shutting down"):
        pools.acquire(pool)


class Moving(SnapshotService):
    """Has another current pool whenever it is looked at."""

    def __init__(self, pools: Iterator[Any]) -> None:
        self._turns = pools

    @property
    def _pool(self) -> Any:  # type: ignore[override]
        return next(self._turns)


def test_version_asked_for_is_answered_from_its_own_pool_while_the_next_is_published() -> None:
    pools = [type("Pool", (), {"snapshot": type("Snapshot", (), {"version": version})}) for version in ("1", "2")]
    with as_of("1"):
        assert Moving(iter(pools))._find_pool() is pools[0]
