"""Calls in processes of their own: results, errors, deadlines and memory."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from digitech_kg.errors import NotFound
from digitech_kg.processes import Died, Failed, Last, Overdue, Process, limit_memory, run


@pytest.fixture(autouse=True)
def functions_of_this_file_can_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))


def _double(number: int) -> int:
    return 2 * number


def _fail(error: Exception) -> None:
    raise error


def _take(size: int) -> int:
    return len(bytearray(size))


def _counter(start: int) -> Callable[[int], object]:
    total = [start]

    def add(number: int) -> object:
        total[0] += number
        return Last((os.getpid(), total[0])) if number > 100 else (os.getpid(), total[0])

    return add


def _bounded_counter() -> Callable[[int], int]:
    def take(size: int) -> int:
        limit_memory(100_000_000, for_good=False)
        return _take(size)

    return take


def test_result_comes_back() -> None:
    assert run(_double, 21, timeout_s=30) == 42


def test_error_of_the_project_comes_back_with_its_hint() -> None:
    with pytest.raises(NotFound, match="no such thing") as caught:
        run(_fail, NotFound("no such thing", hint="look"), timeout_s=30)
    assert caught.value.hint == "look"


def test_other_error_is_a_failure_with_its_text() -> None:
    with pytest.raises(Failed, match="ValueError: x"):
        run(_fail, ValueError("x"), timeout_s=30)


def test_call_ends_at_its_deadline() -> None:
    started = time.monotonic()
    with pytest.raises(Overdue):
        run(time.sleep, 60, timeout_s=1)
    assert time.monotonic() - started < 20


def test_call_that_ends_its_process_died() -> None:
    with pytest.raises(Died):
        run(os._exit, 0, timeout_s=30)


def test_process_stays_until_its_last_result() -> None:
    with Process(_counter, 10) as process:
        first, total = process.call(1, timeout_s=30)
        assert total == 11
        assert process.call(101, timeout_s=30) == (first, 112)
        second, total = process.call(1, timeout_s=30)
        assert (second == first, total) == (False, 11)


def test_process_starts_anew_after_it_died() -> None:
    with Process(_bounded_counter) as process:
        with pytest.raises(Died):
            process.call(300_000_000, timeout_s=30)
        assert process.call(1_000_000, timeout_s=30) == 1_000_000


_SLEEPER = f"""
import signal, threading
from digitech_kg.processes import notice_signals

stopped = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopped.set())
notice_signals()

def send():
    # One that another thread receives doesn't wake the main thread, once that waits.
    while not stopped._cond._waiters:
        pass
    signal.pthread_kill(threading.get_ident(), {signal.SIGTERM:d})

threading.Thread(target=send).start()
stopped.wait()
"""


def test_a_signal_that_does_not_wake_the_main_thread_is_noticed() -> None:
    assert subprocess.run([sys.executable, "-c", _SLEEPER], timeout=60).returncode == 0
