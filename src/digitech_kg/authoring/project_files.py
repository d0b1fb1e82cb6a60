"""Read what can be read of a project's files: a faulty draft must not stop an author from looking things up."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from digitech_kg.errors import Fault
from digitech_kg.namespaces import RDFS
from digitech_kg.sources import Project
from digitech_kg.sources.turtle import parse_turtle


@dataclass(frozen=True, slots=True)
class Readable:
    """The quads of the files without faults, and the faults of the others."""

    quads: tuple[Quad, ...]
    faults: tuple[Fault, ...]


def read_files(project: Project) -> Readable:
    """Read the ontology, the shared things and the documents of a project; files with faults are left out."""
    parsed = [parse_turtle(source) for source in project.source_files() if "/external/" not in source.graph.value]
    quads = tuple(quad for file in parsed if not file.faults for quad in file.quads)
    return Readable(quads, tuple(fault for file in parsed for fault in file.faults))


def classes_below(quads: tuple[Quad, ...], top: NamedNode) -> set[NamedNode]:
    """Return a class and all classes below it."""
    below: dict[object, list[NamedNode]] = {}
    for quad in quads:
        if quad.predicate == RDFS.subClassOf and isinstance(quad.subject, NamedNode):
            below.setdefault(quad.object, []).append(quad.subject)
    found, pending = {top}, [top]
    while pending:
        more = set(below.get(pending.pop(), ())) - found
        found |= more
        pending += more
    return found
