"""Read, check and write mapping files: the one module that knows the SSSOM library, which takes long to load.

The library leaves bad rows out unless it is asked for errors, and looks for no duplicates, licences or columns that it
does not know; those checks are made here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import curies
import sssom_pydantic
from curies.vocabulary import matching_processes
from pydantic import ValidationError
from pyoxigraph import Quad

from digitech_kg.errors import Fault, SourceError
from digitech_kg.mappings.model import PREDICATES, Mapping, MappingSet, mapping_quads
from digitech_kg.namespaces import VOCABULARIES, Namespaces, value_of
from digitech_kg.sources.files import read_text
from digitech_kg.sources.project import Project

#: The columns that are kept; any other would be lost on the way through the graph.
COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "comment",
    "mapping_date",
)
_VERSION = "1.1"
#: The reasons that a mapping may rest on (the Semantic Mapping Vocabulary, https://w3id.org/semapv/vocab/).
_JUSTIFICATIONS: Final = frozenset(VOCABULARIES["semapv"] + process.identifier for process in matching_processes)


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
        faults += [Fault(name, f"{shorten(s)} isn't described in any file", "Correct the name.") for s in unknown]
    if faults:
        raise SourceError(faults)
    return [quad for found, _ in sets for quad in mapping_quads(found, project.names.graphs.links)]


def _read(project: Project) -> tuple[list[tuple[MappingSet, str]], list[Fault]]:
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


def read_mapping_set(path: Path, name: str, names: Namespaces) -> tuple[MappingSet | None, list[Fault]]:
    """Read a file, called `name` in faults; each faulty row becomes a fault, and then there is no set."""
    try:
        text = read_text(path, name)
    except SourceError as error:
        return None, list(error.faults)
    header = next((n for n, line in enumerate(text.splitlines(), 1) if line.startswith("subject_id\t")), None)
    if header is None:
        return None, [Fault(name, "has no line of column names", f"Begin the table with: {' '.join(COLUMNS)}.")]
    faults = list(_column_faults(text.splitlines()[header - 1], name, header))
    try:
        rows, converter, described, errors = sssom_pydantic.read(path, return_errors=True)
    except Exception as error:  # The library lets through what its parsers raise, which has no common base.
        return None, [*faults, Fault(name, f"its header is faulty: {_reason(error)}", _MEND_HEADER, 1)]
    # The library counts lines from 0.
    faults += [Fault(name, _reason(e.exception), _MEND_ROW, e.line_number + 1) for e in errors]
    found = MappingSet(
        iri=str(described.id),
        title=described.title or "",
        description=described.description or "",
        license=str(described.license or ""),
        version=described.version or "",
        mappings=tuple(_mapping(row, converter) for row in rows),
    )
    faults += _set_faults(found, name, names)
    if not errors:
        faults += _row_faults(found, name, header + 1, names)
    return (None if faults else found), faults


_MEND_HEADER = "Give mapping_set_id, mapping_set_title, mapping_set_version, license and curie_map; see data/README.md."
_MEND_ROW = "Correct the row; nothing was taken from the file."


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors())
    prefix = f"prefix {error.args[0]!r} is not declared in curie_map" if "Prefix" in type(error).__name__ else ""
    return prefix or f"{type(error).__name__}: {error}"


def _mapping(row: Any, converter: curies.Converter) -> Mapping:
    def iri(reference: curies.Reference) -> str:
        return converter.expand_reference(reference, strict=True)

    return Mapping(
        subject=iri(row.subject),
        predicate=iri(row.predicate),
        object=iri(row.object),
        justification=iri(row.justification),
        confidence=row.confidence if row.confidence is not None else -1.0,
        subject_label=getattr(row.subject, "name", None) or "",
        object_label=getattr(row.object, "name", None) or "",
        comment=row.comment or "",
        mapping_date=row.mapping_date,
    )


def _column_faults(line: str, name: str, number: int) -> Iterator[Fault]:
    for column in line.split("\t"):
        if column not in COLUMNS:
            yield Fault(name, f"column '{column}' is not kept", f"Use only: {', '.join(COLUMNS)}.", number)


def _set_faults(found: MappingSet, name: str, names: Namespaces) -> Iterator[Fault]:
    if not found.iri.startswith(names.prefixes["mappings"]):
        yield Fault(name, f"mapping_set_id is {found.iri}", f"Begin it with {names.prefixes['mappings']}.", 1)
    for key in ("title", "license", "version"):
        if not getattr(found, key):
            yield Fault(name, f"header has no {key}", _MEND_HEADER, 1)


def _row_faults(found: MappingSet, name: str, first_line: int, names: Namespaces) -> Iterator[Fault]:
    shorten = names.shorten
    seen: dict[tuple[str, str], int] = {}
    for number, mapping in enumerate(found.mappings, first_line):
        if mapping.predicate not in PREDICATES:
            choice = ", ".join(shorten(p) for p in PREDICATES)
            yield Fault(
                name,
                f"predicate {shorten(mapping.predicate)} is not one of SSSOM's that can be used here",
                f"Use {choice}.",
                number,
            )
        if mapping.justification not in _JUSTIFICATIONS:
            what = f"justification {shorten(mapping.justification)} is not in the vocabulary"
            yield Fault(name, what, "Use a term of https://w3id.org/semapv/vocab/.", number)
        if mapping.confidence < 0:
            yield Fault(name, "row has no confidence", "Give a number from 0 to 1.", number)
        if not mapping.subject.startswith(names.prefixes["id"]):
            yield Fault(
                name, f"subject {shorten(mapping.subject)} is not a thing of this project", "Begin it with id:.", number
            )
        pair = (mapping.subject, mapping.object)
        if pair in seen:
            what = f"{shorten(pair[0])} and {shorten(pair[1])} are paired already"
            yield Fault(name, what, f"Keep this row or the one on line {seen[pair]}.", number)
        seen.setdefault(pair, number)


def write_mapping_set(found: MappingSet, names: Namespaces) -> str:
    """Return the file's text: rows sorted, a value common to all rows in the header."""
    used = [iri for m in found.mappings for iri in (m.subject, m.predicate, m.object, m.justification)]
    prefixes = _prefixes(used, names)
    converter = curies.Converter.from_prefix_map(prefixes)

    def reference(iri: str, label: str = "") -> curies.NamableReference:
        prefix, local = converter.parse_uri(iri, strict=True)
        return curies.NamableReference.model_validate({"prefix": prefix, "identifier": local, "name": label or None})

    rows = [
        sssom_pydantic.SemanticMapping(
            subject=reference(m.subject, m.subject_label),
            predicate=reference(m.predicate),
            object=reference(m.object, m.object_label),
            justification=reference(m.justification),
            confidence=m.confidence,
            comment=m.comment or None,
            mapping_date=m.mapping_date,
        )
        for m in sorted(found.mappings)
    ]
    described = sssom_pydantic.MappingSet.model_validate(
        {
            "id": found.iri,
            "title": found.title,
            "description": found.description or None,
            "license": found.license,
            "version": found.version,
            "sssom_version": _VERSION,
        }
    )
    out = io.StringIO()
    sssom_pydantic.write(rows, out, metadata=described, converter=converter)
    # The library ends lines as CSV does.
    return out.getvalue().replace("\r\n", "\n")


def _prefixes(iris: Iterable[str], names: Namespaces) -> dict[str, str]:
    """Return a namespace by prefix for all of these; a data set that we have no prefix for gets `ns1`, `ns2` …"""
    found, foreign = {}, set()
    for iri in iris:
        name = names.shorten(iri)
        if name.startswith("<"):
            foreign.add(re.sub(r"[^/#]*$", "", iri))
        else:
            found[name.partition(":")[0]] = names.prefixes[name.partition(":")[0]]
    found |= {f"ns{n}": namespace for n, namespace in enumerate(sorted(foreign), 1)}
    return dict(sorted(found.items()))
