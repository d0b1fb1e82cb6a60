"""Load shapes graphs the way data is loaded, so that values in both compare equal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat

from digitech_kg.errors import Fault, SourceError
from digitech_kg.namespaces import SHAPES
from digitech_kg.sources.project import SourceFile
from digitech_kg.sources.turtle import parse_turtle
from digitech_kg.triple_store import dump, store_of

_GRAPH: Final = NamedNode(SHAPES.removesuffix("#"))


def load_shapes(files: Iterable[Path]) -> bytes:
    """Return the shapes of these Turtle files as N-Triples.

    They pass through a store because it changes how literals are written (`4.0` → `4`), as it does with data.
    Raises `SourceError` with the syntax errors of all files, or if there is no shape at all: validating against
    nothing would find nothing.
    """
    quads, faults = [], []
    for path in files:
        parsed = parse_turtle(SourceFile(path, f"shapes/{path.name}", _GRAPH))
        quads += parsed.quads
        faults += parsed.faults
    if not quads and not faults:
        faults.append(Fault("shapes/", "holds no shapes", "Put the project's SHACL shapes there."))
    if faults:
        raise SourceError(faults)
    return dump(store_of(quads), RdfFormat.N_TRIPLES, _GRAPH)
