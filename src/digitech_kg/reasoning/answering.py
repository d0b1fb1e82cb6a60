"""Explain a triple of a published snapshot in a process of its own, which is ended at its deadline."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Triple

from digitech_kg.errors import DigitechError, EngineFailure, QueryTimeout
from digitech_kg.namespaces import Namespaces
from digitech_kg.processes import Died, Failed, Overdue, run
from digitech_kg.reasoning.explanation import Why, explain
from digitech_kg.triple_store import open_read_only

#: Part of the time that is left for starting the process and writing the answer.
_SEARCH_SHARE: Final = 0.6
_HINT: Final = "Ask for fewer justifications with limit=, or on the command line: digitech-kg reason --why."


def answer_in_process(
    store: Path, triple: Triple, names: Namespaces, *, limit: int, timeout_s: float
) -> dict[str, Any]:
    """Return the members of a `Why` for a triple of a store.

    Raises `QueryTimeout` at the deadline and `EngineFailure` if the process ends badly.
    """
    try:
        why = run(_explain, store, triple, names, limit, timeout_s * _SEARCH_SHARE, timeout_s=timeout_s)
    except (Overdue, DigitechError):
        message = f"the explanation was stopped after {timeout_s:g} seconds"
        raise QueryTimeout(message, limit="why_timeout", value=timeout_s, unit="seconds", hint=_HINT) from None
    except (Died, Failed):
        raise EngineFailure("the explanation can't be computed", hint=_HINT) from None
    return dataclasses.asdict(why)


def _explain(store: Path, triple: Triple, names: Namespaces, limit: int, search_s: float) -> Why:
    return explain(open_read_only(store), triple, names, limit=limit, deadline=time.monotonic() + search_s)
