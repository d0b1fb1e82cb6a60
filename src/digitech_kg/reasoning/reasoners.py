"""The reasoners by name, which one a dataset gets, and the cache of what they found."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Quad, RdfFormat, Triple, parse

from digitech_kg.namespaces import GRAPH
from digitech_kg.reasoning import hermit, pellet, rl
from digitech_kg.reasoning.entailments import Entailments, complete
from digitech_kg.reasoning.findings import Findings
from digitech_kg.reasoning.premises import digest, ntriples

#: Above this many premises the rules reason by default: HermiT then takes minutes and gigabytes.
LARGEST_FOR_HERMIT: Final = 50_000
#: Results kept per data directory.
_KEPT: Final = 8


class _Reasoner(NamedTuple):
    version: Callable[[], str]
    reason: Callable[[Sequence[Triple]], Findings]


REASONERS: Final[dict[str, _Reasoner]] = {
    "hermit": _Reasoner(hermit.version, hermit.reason),
    "pellet": _Reasoner(pellet.version, pellet.reason),
    "rl": _Reasoner(rl.version, rl.reason),
}


def choose_reasoner(premises: Sequence[Triple]) -> str:
    """Give the name of the reasoner for a dataset of this size."""
    return "hermit" if len(premises) <= LARGEST_FOR_HERMIT else "rl"


def infer(premises: Sequence[Triple], reasoner: str, *, cache: Path | None = None) -> Entailments:
    """Give what follows from the premises, from the `cache` directory if the same was asked there before.

    An inconsistent input is no error here: the result says so and has no triples. Raises `ReasonerFailure` if the
    reasoner cannot be run.
    """
    path = cache / f"{_key(premises, reasoner)}.json" if cache is not None else None
    if path is not None and (kept := _read(path)) is not None:
        return kept
    entailments = complete(REASONERS[reasoner].reason(premises), premises)
    if path is not None:
        _write(path, entailments)
    return entailments


def inferred_quads(entailments: Entailments, quads: Iterable[Quad]) -> list[Quad]:
    """Give the quads of `graph:inferred`: the entailments that stand in no graph of `quads`, in their order."""
    stated = {q.triple for q in quads}
    return [Quad(t.subject, t.predicate, t.object, GRAPH.inferred) for t in entailments.triples if t not in stated]


def _key(premises: Sequence[Triple], reasoner: str) -> str:
    """The same input, reasoner and code of ours give the same result."""
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        code.update(path.read_bytes())
    parts = (digest(premises), reasoner, REASONERS[reasoner].version(), code.hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _read(path: Path) -> Entailments | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        quads = parse(kept["triples"], format=RdfFormat.N_TRIPLES)
        triples = tuple(q.triple for q in quads)
        return Entailments(triples, tuple(kept["unsatisfiable"]), kept["consistent"])
    except (OSError, ValueError, KeyError, TypeError, SyntaxError):
        return None


def _write(path: Path, entailments: Entailments) -> None:
    """Keep a result; a full or unwritable disk costs only the time to reason again."""
    kept = {
        "triples": ntriples(entailments.triples).decode(),
        "unsatisfiable": entailments.unsatisfiable,
        "consistent": entailments.consistent,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pending = path.with_suffix(f".{os.getpid()}")
        pending.write_text(json.dumps(kept), encoding="utf-8")
        pending.replace(path)
        for old in sorted(path.parent.glob("*.json"), key=lambda p: p.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return
