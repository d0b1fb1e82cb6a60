"""Explain a triple of a published snapshot in a process of its own, which is ended at its deadline.

Run as `python -m digitech_kg.reasoning.answering` with a JSON request on stdin; no Java, only rules.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Triple

from digitech_kg.errors import DigitechError, EngineFailure, QueryTimeout
from digitech_kg.messages import Message
from digitech_kg.namespaces import Namespaces
from digitech_kg.reasoning.explanation import explain, messages_of
from digitech_kg.reasoning.proofs import deadline_in
from digitech_kg.reasoning.triple_text import parse_triple
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
    ends = [f"<{triple.subject.value}>", f"<{triple.predicate.value}>", str(triple.object)]  # type: ignore[union-attr]
    request = {
        "store": str(store),
        "triple": ends,
        "names": dataclasses.asdict(names),
        "limit": limit,
        "search_s": timeout_s * _SEARCH_SHARE,
    }
    command = [sys.executable, "-m", "digitech_kg.reasoning.answering"]
    try:
        done = subprocess.run(
            command, input=json.dumps(request).encode(), capture_output=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(timeout_s) from error
    if done.returncode == _TOO_SLOW:
        raise _too_slow(timeout_s)
    if done.returncode != 0:
        raise EngineFailure("the explanation can't be computed", hint=_HINT)
    return messages_of(json.loads(done.stdout))


_TOO_SLOW: Final = 3


def _too_slow(timeout_s: float) -> QueryTimeout:
    message = Message("the explanation was stopped after {seconds:g} seconds", seconds=timeout_s)
    return QueryTimeout(message, limit="why_timeout", value=timeout_s, unit="seconds", hint=_HINT)


def main() -> None:
    """Answer the request on stdin."""
    request = json.load(sys.stdin)
    try:
        quads = list(open_read_only(Path(request["store"])))
        names = _read_names(request["names"])
        subject, predicate, value = request["triple"]
        triple = parse_triple(subject, predicate, value, names)
        why = explain(quads, triple, names, limit=request["limit"], deadline=deadline_in(request["search_s"]))
    except DigitechError:
        sys.exit(_TOO_SLOW)
    json.dump(dataclasses.asdict(why), sys.stdout, ensure_ascii=True)


def _read_names(members: dict[str, Any]) -> Namespaces:
    return Namespaces(
        members["base"],
        tuple((prefix, iri) for prefix, iri in members["own_prefixes"]),
        tuple(members["required_languages"]),
        tuple(members["optional_languages"]),
    )


if __name__ == "__main__":
    main()
