"""Commands in processes of their own, forked from one that has loaded the program: loading takes most of their time."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

#: A command that takes longer is ended by a signal.
_SECONDS = 120


class CommandServer:
    """A process that forks for each command; use it from one thread."""

    def __init__(self) -> None:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, *arguments: str, cwd: object = None, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run `python -m digitech_kg` with `arguments`; give its exit status and what it printed."""
        with tempfile.TemporaryDirectory() as directory:
            streams = [str(Path(directory) / name) for name in ("out", "err")]
            asked = {"arguments": arguments, "cwd": str(cwd or Path.cwd()), "env": env, "streams": streams}
            requests, replies = self._process.stdin, self._process.stdout
            assert requests is not None
            assert replies is not None
            print(json.dumps(asked), file=requests, flush=True)
            status = int(replies.readline())
            out, err = (Path(stream).read_text(encoding="utf-8") for stream in streams)
        return subprocess.CompletedProcess(list(arguments), status, out, err)

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait(timeout=60)


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
    for number, (path, mode) in enumerate([(os.devnull, "rb"), *((stream, "wb") for stream in asked["streams"])]):
        with Path(path).open(mode) as stream:
            os.dup2(stream.fileno(), number)
    signal.alarm(_SECONDS)
    sys.argv = ["digitech_kg", *asked["arguments"]]
    runpy.run_module("digitech_kg", run_name="__main__", alter_sys=True)


def _serve(requests: IO[str]) -> None:
    for line in requests:
        if (child := os.fork()) == 0:
            return _become(json.loads(line))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()
    return None


if __name__ == "__main__":
    _load_everything()
    _serve(sys.stdin)
