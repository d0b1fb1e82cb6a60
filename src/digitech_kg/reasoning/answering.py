"""Explain a triple of a published snapshot in a process of its own, which is ended at its deadline.

Run as `python -m digitech_kg.reasoning.answering`; the request and the answer are pickled. No Java, only rules.
"""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Triple

from digitech_kg.errors import DigitechError, EngineFailure, QueryTimeout
from digitech_kg.namespaces import Namespaces
from digitech_kg.reasoning.explanation import explain
from digitech_kg.triple_store import open_read_only

#: Part of the time that is left for starting the process and writing the answer.
_SEARCH_SHARE: Final = 0.6
_TOO_SLOW: Final = 3
_HINT: Final = "Ask for fewer justifications with limit=, or on the command line: digitech-kg reason --why."


def answer_in_process(
    store: Path, triple: Triple, names: Namespaces, *, limit: int, timeout_s: float
) -> dict[str, Any]:
    """Return the members of a `Why` for a triple of a store.

    Raises `QueryTimeout` at the deadline and `EngineFailure` if the process ends badly.
    """
    request = pickle.dumps((store, triple, names, limit, timeout_s * _SEARCH_SHARE))
    command = [sys.executable, "-m", "digitech_kg.reasoning.answering"]
    try:
        done = subprocess.run(command, input=request, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise _too_slow(timeout_s) from error
    if done.returncode == _TOO_SLOW:
        raise _too_slow(timeout_s)
    if done.returncode != 0:
        raise EngineFailure("the explanation can't be computed", hint=_HINT)
    return dataclasses.asdict(pickle.loads(done.stdout))  # noqa: S301 - from a process of ours


def _too_slow(timeout_s: float) -> QueryTimeout:
    message = f"the explanation was stopped after {timeout_s:g} seconds"
    return QueryTimeout(message, limit="why_timeout", value=timeout_s, unit="seconds", hint=_HINT)


def main() -> None:
    """Answer the request on stdin."""
    store, triple, names, limit, search_s = pickle.load(sys.stdin.buffer)  # noqa: S301 - from a process of ours
    try:
        why = explain(open_read_only(store), triple, names, limit=limit, deadline=time.monotonic() + search_s)
    except DigitechError:
        sys.exit(_TOO_SLOW)
    sys.stdout.buffer.write(pickle.dumps(why))


if __name__ == "__main__":
    main()
