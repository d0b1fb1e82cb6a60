"""Commands and servers in processes of their own, forked from one that has loaded the program.

Loading takes most of the time of a command, and half of what a server takes to start.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

#: The environment variable that names the folder where tests keep what is computed.
SHARED_RESULTS = "DIGITECH_KG_TESTS_RESULTS"
#: A command that takes longer is ended by a signal.
_SECONDS = 240
#: The projects whose shared graphs, with what follows from them, are kept in memory.
_BASES = 4


class Forked:
    """A process that the command server has started. Its methods are those of `subprocess.Popen`."""

    def __init__(self, pid: int, ask: Callable[[dict[str, Any]], Any]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ask = ask

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._ask({"ended": self.pid, "within": 0})
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        if self.returncode is None:
            self.returncode = self._ask({"ended": self.pid, "within": timeout})
        if self.returncode is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class CommandServer:
    """A process that forks for each command and server. Thread-safe; one is asked after the other."""

    def __init__(self) -> None:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lock = threading.Lock()

    def run(self, *arguments: str, cwd: object = None, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run `python -m digitech_kg` with `arguments`; give its exit status and what it printed."""
        with tempfile.TemporaryDirectory() as directory:
            streams = [str(Path(directory) / name) for name in ("out", "err")]
            status = self._ask({"arguments": arguments, "cwd": str(cwd or Path.cwd()), "env": env, "streams": streams})
            out, err = (Path(stream).read_text(encoding="utf-8") for stream in streams)
        return subprocess.CompletedProcess(list(arguments), status, out, err)

    def start(
        self, *arguments: str, cwd: object = None, env: dict[str, str], start_new_session: bool = False
    ) -> tuple[Forked, IO[str]]:
        """Start `python -m digitech_kg` with `arguments`; give the process, and what it writes to stderr."""
        with tempfile.TemporaryDirectory() as directory:
            os.mkfifo(pipe := str(Path(directory) / "err"))
            asked = {"arguments": arguments, "cwd": str(cwd or Path.cwd()), "env": env, "streams": [os.devnull, pipe]}
            pid = self._ask({**asked, "stays": True, "leads": start_new_session})
            # The other end is opened at the same time; each waits for the other.
            return Forked(pid, self._ask), Path(pipe).open(encoding="utf-8")

    def _ask(self, asked: dict[str, Any]) -> Any:
        requests, replies = self._process.stdin, self._process.stdout
        assert requests is not None
        assert replies is not None
        with self._lock:
            print(json.dumps(asked), file=requests, flush=True)
            return json.loads(replies.readline())

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait(timeout=60)


@cache
def command_server() -> CommandServer:
    """Return the one of this process, which ends with it."""
    server = CommandServer()
    atexit.register(server.close)
    return server


def share_results() -> None:
    """Have all data directories keep what is computed in one folder: most small projects have the same ontology."""
    if folder := os.environ.get(SHARED_RESULTS):
        store = importlib.import_module("digitech_kg.commit.results").ResultStore
        store.beside = lambda _data_dir: store(Path(folder))
        derived = importlib.import_module("digitech_kg.commit.derived_graphs").DerivedGraphs
        derived._base = property(_once_for_each(derived._base.func))


def _once_for_each(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a way to derive what follows from shared graphs once in a process, as a server does for many writes."""
    kept = dict[str, Any]()

    def base(derived: Any) -> Any:
        if derived.digest not in kept:
            found = read(derived)
            if len(kept) == _BASES:
                del kept[next(iter(kept))]
            kept[derived.digest] = found
        return kept[derived.digest]

    return base


def _load_everything() -> None:
    package = importlib.import_module("digitech_kg")
    for module in pkgutil.walk_packages(package.__path__, "digitech_kg."):
        # Some need what is not installed everywhere.
        if not module.name.endswith("__main__"):
            with suppress(ImportError):
                importlib.import_module(module.name)


def _become(asked: dict[str, Any]) -> None:
    """Take the place, the environment and the streams of a command, and be it."""
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    tempfile.tempdir = None  # Where that is depends on the environment.
    for number, (path, mode) in enumerate([(os.devnull, "rb"), *((stream, "wb") for stream in asked["streams"])]):
        with Path(path).open(mode) as stream:
            os.dup2(stream.fileno(), number)
    if asked.get("leads"):
        os.setsid()
    if not asked.get("stays"):
        signal.alarm(_SECONDS)
    sys.argv = ["digitech_kg", *asked["arguments"]]
    runpy.run_module("digitech_kg", run_name="__main__", alter_sys=True)


def _serve(requests: IO[str]) -> None:
    for line in requests:
        asked = json.loads(line)
        pid = asked.get("ended") or os.fork()
        if pid == 0:
            return _become(asked)
        reply = pid if asked.get("stays") else _status(pid, asked.get("within"))
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    return None


def _status(pid: int, within: float | None) -> int | None:
    """Return the exit status of a process once it has ended, or nothing if it hasn't after so many seconds."""
    descriptor, poller = os.pidfd_open(pid), select.poll()
    poller.register(descriptor, select.POLLIN)
    has_ended = poller.poll(None if within is None else within * 1000)
    os.close(descriptor)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if has_ended else None


if __name__ == "__main__":
    _load_everything()
    share_results()
    # None of it is garbage: to look at it when a command ends would take longer than most commands.
    gc.freeze()
    _serve(sys.stdin)
