"""Read, check and write mapping files (https://mapping-commons.github.io/sssom/spec-formats-tsv/)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml
from pyoxigraph import Quad

from digitech_kg.errors import Fault, SourceError
from digitech_kg.mappings.model import PREDICATES, Mapping, MappingSet, mapping_quads
from digitech_kg.namespaces import VOCABULARIES, Namespaces, value_of
from digitech_kg.sources.files import read_text
from digitech_kg.sources.project import Project

#: The columns that are kept; any other would be lost on the way through the graph.
_COLUMNS: Final = tuple(field.name for field in fields(Mapping))
_IRIS: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
#: Keys of the header that a file may have, and those that every file must have.
_HEADER: Final = tuple(field.name for field in fields(MappingSet) if field.name != "mappings")
_NEEDED: Final = _HEADER[:-1]
_VERSION: Final = "1.1"
_MEND_HEADER: Final = (
    "Give mapping_set_id, mapping_set_title, mapping_set_version, license and curie_map, each after a #. In a new "
    "project data/links/README.md has a file to copy."
)
_MEND_ROW: Final = "Correct the row; nothing was taken from the file."


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
    for name, found in sets.items():
        unknown = sorted({m.subject_id for m in found.mappings} - described)
        faults += [Fault(name, f"{shorten(s)} isn't described in any file", "Correct the name.") for s in unknown]
    if faults:
        raise SourceError(faults)
    return [quad for found in sets.values() for quad in mapping_quads(found, project.names.graphs.links)]


def _read(project: Project) -> tuple[dict[str, MappingSet], list[Fault]]:
    files = {f"data/links/{path.name}": path for path in project.link_files()}
    read = {name: read_mapping_set(path, name, project.names) for name, path in files.items()}
    sets = {name: found for name, (found, _) in read.items() if found}
    return sets, [fault for _, wrong in read.values() for fault in wrong]


def read_mapping_set(path: Path, name: str, names: Namespaces) -> tuple[MappingSet | None, list[Fault]]:
    """Read a file, called `name` in faults; each faulty row becomes a fault, and then there is no set."""
    try:
        lines = read_text(path, name).splitlines(keepends=True)
    except SourceError as error:
        return None, list(error.faults)
    start = next((n for n, line in enumerate(lines) if line.startswith("subject_id\t")), None)
    if start is None:
        return None, [Fault(name, "has no line of column names", f"Begin the table with: {' '.join(_COLUMNS)}.")]
    try:
        header = yaml.load("".join(line.lstrip("#") for line in lines[:start]), yaml.BaseLoader) or {}  # type: ignore[no-untyped-call]  # noqa: S506
        prefixes = {**VOCABULARIES, **header.get("curie_map", {})}
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        return None, [Fault(name, f"its header is faulty: {error}", _MEND_HEADER, 1)]
    faults = [Fault(name, f"header has no {key}", _MEND_HEADER, 1) for key in _NEEDED if not header.get(key)]
    found = MappingSet(**{key: header.get(key, "") for key in _HEADER})
    if found.mapping_set_id and not found.mapping_set_id.startswith(names.prefixes["mappings"]):
        mend = f"Begin it with {names.prefixes['mappings']}."
        faults.append(Fault(name, f"mapping_set_id is {found.mapping_set_id}", mend, 1))
    rows = csv.DictReader(lines[start:], delimiter="\t")
    for column in set(rows.fieldnames or ()) - {*_COLUMNS}:
        mend = f"Use only: {', '.join(_COLUMNS)}."
        faults.append(Fault(name, f"column '{column}' isn't supported", mend, start + 1))
    mappings: list[Mapping] = []
    seen: dict[tuple[str, str], int] = {}
    # A value that all rows share may stand in the header.
    shared = {column: header[column] for column in _COLUMNS if column in header}
    for row in rows:
        line = start + rows.line_num
        try:
            mapping = _mapping({**shared, **{column: cell for column, cell in row.items() if cell}}, prefixes)
        except ValueError as error:
            faults.append(Fault(name, str(error), _MEND_ROW, line))
            continue
        faults += (Fault(name, what, mend, line) for what, mend in _row_faults(mapping, names, seen))
        seen.setdefault((mapping.subject_id, mapping.object_id), line)
        mappings.append(mapping)
    return (None if faults else replace(found, mappings=tuple(mappings))), faults


def _mapping(row: dict[str, str], prefixes: dict[str, str]) -> Mapping:
    """Return what a row says. Raises `ValueError` with what is wrong in it."""
    if None in row:
        raise ValueError("row has more cells than the table has columns")
    if lacking := [column for column in (*_IRIS, "confidence") if column not in row]:
        raise ValueError(f"row has no {', '.join(lacking)}")
    values: dict[str, Any] = {column: row.get(column, "") for column in _COLUMNS}
    for column in _IRIS:
        prefix, _, local = row[column].partition(":")
        if prefix not in prefixes:
            raise ValueError(f"prefix '{prefix}' is not declared in curie_map")
        values[column] = prefixes[prefix] + local
    values["mapping_date"] = date.fromisoformat(values["mapping_date"]) if values["mapping_date"] else None
    values["confidence"] = float(values["confidence"])
    if not 0 <= values["confidence"] <= 1:
        raise ValueError(f"confidence {row['confidence']} is not from 0 to 1")
    return Mapping(**values)


def _row_faults(mapping: Mapping, names: Namespaces, seen: dict[tuple[str, str], int]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a mapping, and what to do; `seen` has the lines of the pairs above it."""
    shorten = names.shorten
    if mapping.predicate_id not in PREDICATES:
        choice = ", ".join(map(shorten, PREDICATES))
        yield f"predicate {shorten(mapping.predicate_id)} is not one of SSSOM's that can be used here", f"Use {choice}."
    if not mapping.mapping_justification.startswith(VOCABULARIES["semapv"]):
        what = f"justification {shorten(mapping.mapping_justification)} is not in the vocabulary"
        yield what, "Use a term of https://w3id.org/semapv/vocab/."
    if not mapping.subject_id.startswith(names.prefixes["id"]):
        yield f"subject {shorten(mapping.subject_id)} is not a thing of this project", "Begin it with id:."
    if (line := seen.get((mapping.subject_id, mapping.object_id))) is not None:
        what = f"{shorten(mapping.subject_id)} and {shorten(mapping.object_id)} are paired already"
        yield what, f"Keep this row or the one on line {line}."


def write_mapping_set(found: MappingSet, names: Namespaces) -> str:
    """Return the text of a file with sorted rows. A data set that we have no prefix for gets `ns1`, `ns2` …"""
    used = {getattr(mapping, column) for mapping in found.mappings for column in _IRIS}
    foreign = sorted({re.sub(r"[^/#]*$", "", iri) for iri in used if names.shorten(iri).startswith("<")})
    known = replace(names, own_prefixes=(*names.own_prefixes, *((f"ns{n}", iri) for n, iri in enumerate(foreign, 1))))
    prefixes = {name.partition(":")[0] for name in map(known.shorten, used)}
    header = {
        "curie_map": {prefix: known.prefixes[prefix] for prefix in sorted(prefixes)},
        **{key: value for key in _HEADER if (value := getattr(found, key))},
        "sssom_version": _VERSION,
    }
    out = io.StringIO()
    text: str = yaml.safe_dump(header, sort_keys=False, allow_unicode=True)  # type: ignore[no-untyped-call]
    for line in text.splitlines():
        out.write(f"#{line}\n")
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(_COLUMNS)
    for mapping in sorted(found.mappings):
        cells = {**asdict(mapping), **{column: known.shorten(getattr(mapping, column)) for column in _IRIS}}
        table.writerow(cells.values())
    return out.getvalue()
