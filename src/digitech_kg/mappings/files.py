"""The curated mapping files of a project, checked and loaded."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad

from digitech_kg.errors import Fault, SourceError
from digitech_kg.mappings.model import MappingSet, mapping_quads
from digitech_kg.namespaces import value_of
from digitech_kg.sources import Project


def check_links(project: Project) -> list[Fault]:
    """Return every fault of every mapping file."""
    return _read(project)[1]


def load_links(project: Project, quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads of all mapping files; `quads` describe the things that may be mapped.

    Raises `SourceError` with all faults: of the files, and subjects that nothing describes.
    """
    sets, faults = _read(project)
    described = {value_of(quad.subject) for quad in quads}
    shorten = project.names.shorten
    for found, name in sets:
        unknown = sorted({m.subject for m in found.mappings} - described)
        faults += [Fault(name, f"{shorten(s)} is nothing that any file describes", "Mend the name.") for s in unknown]
    if faults:
        raise SourceError(faults)
    return [quad for found, _ in sets for quad in mapping_quads(found, project.names.graphs.links)]


def _read(project: Project) -> tuple[list[tuple[MappingSet, str]], list[Fault]]:
    # The library behind it takes long to load, and most commands read no files.
    from digitech_kg.mappings.sssom import read_mapping_set

    sets: list[tuple[MappingSet, str]] = []
    faults: list[Fault] = []
    first: dict[str, str] = {}
    for path in project.link_files():
        name = f"data/links/{path.name}"
        found, wrong = read_mapping_set(path, name, project.names)
        faults += wrong
        if found is None:
            continue
        if found.iri in first:
            faults.append(Fault(name, f"{found.iri} is {first[found.iri]} already", "Give it an IRI of its own.", 1))
        first.setdefault(found.iri, name)
        sets.append((found, name))
    return sets, faults
