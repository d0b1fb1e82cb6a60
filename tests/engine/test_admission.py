"""Who may start a query, who waits, and who is next."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from digitech_kg.engine.admission import Admission, Ticket
from digitech_kg.errors import Busy, EngineFailure


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as executor:
        yield executor


def enter(admission: Admission) -> Ticket:
    return admission.enter(time.monotonic() + 30)


def queue_up(threads: ThreadPoolExecutor, admission: Admission) -> Future[Ticket]:
    """Have a query wait in a thread; return when it does."""
    before = admission.waiting
    future = threads.submit(enter, admission)
    while admission.waiting == before:
        assert not future.done()
    return future


def test_next_unproven_query_waits_until_one_ends(threads: ThreadPoolExecutor) -> None:
    admission = Admission(running=10, unproven=2, waiting=5)
    first, _ = enter(admission), enter(admission)
    third = queue_up(threads, admission)
    assert (admission.waiting, third.done()) == (1, False)
    admission.leave(first)
    assert third.result(30).unproven


def test_query_that_takes_long_makes_room_once(threads: ThreadPoolExecutor) -> None:
    admission = Admission(running=10, unproven=1, waiting=5)
    long = enter(admission)
    second, third = queue_up(threads, admission), queue_up(threads, admission)
    admission.mark_long(long)
    admission.mark_long(long)
    second.result(30)
    assert admission.waiting == 1
    admission.leave(long)
    assert not third.done()
    admission.leave(second.result())
    third.result(30)


def test_no_more_queries_run_than_may_however_long_they_take(threads: ThreadPoolExecutor) -> None:
    admission = Admission(running=2, unproven=2, waiting=5)
    long = [enter(admission), enter(admission)]
    for ticket in long:
        admission.mark_long(ticket)
    third = queue_up(threads, admission)
    assert (admission.waiting, third.done()) == (1, False)
    admission.leave(long[0])
    assert third.result(30).unproven
    assert admission.waiting == 0


def test_query_that_waits_longest_is_next(threads: ThreadPoolExecutor) -> None:
    admission = Admission(running=10, unproven=1, waiting=5)
    running = enter(admission)
    first, second = queue_up(threads, admission), queue_up(threads, admission)
    admission.leave(running)
    first.result(30)
    assert not second.done()
    admission.leave(first.result())
    second.result(30)


def test_queue_takes_as_many_as_may_run_and_wait_together(threads: ThreadPoolExecutor) -> None:
    admission = Admission(running=2, unproven=1, waiting=1)
    running = enter(admission)
    waiting = [queue_up(threads, admission), queue_up(threads, admission)]
    with pytest.raises(Busy) as caught:
        enter(admission)
    assert (caught.value.limit, caught.value.value) == ("queue_length", 1)
    admission.leave(running)
    for future in waiting:
        admission.leave(future.result(30))


def test_who_waits_until_the_deadline_is_told_that_it_is_busy() -> None:
    admission = Admission(running=1, unproven=1, waiting=1)
    running = enter(admission)
    with pytest.raises(Busy) as caught:
        admission.enter(time.monotonic() + 0.01)
    assert caught.value.limit == "workers"
    assert admission.waiting == 0
    admission.leave(running)
    assert enter(admission)


def test_nobody_is_left_waiting_when_it_closes(threads: ThreadPoolExecutor) -> None:
    admission = Admission(running=1, unproven=1, waiting=1)
    enter(admission)
    waiting = queue_up(threads, admission)
    admission.close()
    with pytest.raises(EngineFailure, match="shutting down"):
        waiting.result(30)
    with pytest.raises(EngineFailure, match="shutting down"):
        enter(admission)
