"""Solutions as Excel and Parquet files, written by a process of their own so that the server never waits for them."""

from __future__ import annotations

import importlib.util
import json
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace

from digitech_kg.engine.request import Answer, Limits
from digitech_kg.errors import Busy, DigitechError, EngineFailure, NotAcceptable, QueryTimeout
from digitech_kg.formats import TABLES, Format, Kind, of_kind

#: The library that writes a format; both come with the extra `tables`.
_LIBRARIES = {"xlsx": "xlsxwriter", "parquet": "arro3"}
#: Files written at the same time; each takes a processor.
_MOST = 2


def available_tables() -> tuple[Format, ...]:
    """Return the formats that can be written with what is installed."""
    return tuple(fmt for fmt in TABLES if importlib.util.find_spec(_LIBRARIES[fmt.name]) is not None)


def check_available(fmt: Format) -> None:
    """Raise `NotAcceptable`, naming the extra to install, if the library for a format is not installed."""
    if fmt not in available_tables():
        available = [f.media_type for f in (*of_kind(Kind.SOLUTIONS), *available_tables())]
        error = NotAcceptable(f"this server can't write {fmt.name} files", available=available)
        error.hint = "The operator can add them: pip install 'digitech-kg[tables]'"
        raise error


class TableWriter:
    """Turns results in SPARQL JSON into files, a few at a time. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._free = threading.BoundedSemaphore(_MOST)

    def write(
        self,
        answer: Answer,
        fmt: Format,
        *,
        query: str,
        created: str,
        source: str = "",
        timeout_s: float | None = None,
    ) -> Answer:
        """Return a result as a file, and close `answer`.

        `created` is the date of the data, ISO 8601, and `source` its address; "" if not known. Raises `NotAcceptable`
        for a yes or no, `QueryTimeout`, `LimitExceeded` for memory or for what a sheet cannot hold, `Busy` while too
        many are written.
        """
        allowed = min(self._limits.timeout_s, timeout_s or self._limits.timeout_s)
        deadline = time.monotonic() + allowed
        with answer:
            if not self._free.acquire(timeout=allowed):
                hint = "Ask again in a moment, or ask for CSV."
                raise Busy(
                    "too many other files are being written", limit="tables", value=_MOST, unit="files", hint=hint
                )
            try:
                about = {"query": query, "created": created, "source": source}
                return self._convert(answer, fmt, about, deadline, allowed)
            finally:
                self._free.release()

    def _convert(self, answer: Answer, fmt: Format, about: dict[str, str], deadline: float, allowed_s: float) -> Answer:
        options = {"format": fmt.name, "version": answer.version, "memory_bytes": self._limits.memory_bytes, **about}
        command = [sys.executable, "-m", "digitech_kg.engine.table_process"]
        out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it.
        try:
            with tempfile.TemporaryFile() as given:
                # The options come first, as a line, then the result.
                given.write(json.dumps(options).encode() + b"\n")
                given.writelines(answer.chunks())
                given.seek(0)
                left = max(deadline - time.monotonic(), 0)
                done = subprocess.run(command, stdin=given, stdout=out, timeout=left, check=False)
            if done.returncode != 0:
                out.seek(0)
                raise _fault(out.read())
        except subprocess.TimeoutExpired:
            out.close()
            text = f"writing the file was stopped after {allowed_s:g} seconds"
            hint = "Add a LIMIT, select fewer columns, or ask for CSV, which needs the least memory."
            raise QueryTimeout(text, limit="timeout_s", value=allowed_s, unit="seconds", hint=hint) from None
        except BaseException:
            out.close()
            raise
        return replace(answer, format=fmt, length=out.seek(0, 2), source=out)


def _fault(said: bytes) -> Exception:
    """Return the error of a process that wrote no file."""
    try:
        error = pickle.loads(said)  # noqa: S301 - from a process of ours
    except Exception:
        error = None
    return error if isinstance(error, DigitechError) else EngineFailure("the file can't be written")
