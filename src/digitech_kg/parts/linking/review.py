"""Proposed mappings wait in `data/links/review/` until somebody accepts them; curated rows are never overwritten."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from digitech_kg.errors import CallError, SourceError
from digitech_kg.mappings import Mapping, MappingSet, target_of
from digitech_kg.mappings.sssom import read_mapping_set, write_mapping_set
from digitech_kg.namespaces import DCTERMS, VOCABULARIES, Namespaces, value_of
from digitech_kg.sources import Project
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.loading import parse_turtle


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows were written, how many were there already, and into which files."""

    written: int
    known: int
    files: tuple[Path, ...]


def read_or_fail(path: Path, names: Namespaces) -> MappingSet:
    """Return the mapping set of a file. Raises `SourceError` with all its faults, `CallError` if there is no file."""
    if not path.is_file():
        raise CallError(f"there is no file {path}", hint="Name a file of data/links/review/.")
    found, faults = read_mapping_set(path, str(path), names)
    if found is None:
        raise SourceError(faults)
    return found


def _read_curated(project: Project) -> dict[Path, MappingSet]:
    """Return the curated mapping sets. Raises `SourceError` for a faulty file."""
    return {path: read_or_fail(path, project.names) for path in project.link_files()}


def _pairs(found: Iterable[MappingSet]) -> set[tuple[str, str]]:
    return {(mapping.subject, mapping.object) for each in found for mapping in each.mappings}


def write_proposals(project: Project, name: str, proposals: Iterable[Mapping]) -> Outcome:
    """Add proposals to the review file `name`, leaving out pairs that are curated or proposed already."""
    path = project.root / "data/links/review" / f"{name}.sssom.tsv"
    is_there = path.exists()
    found = read_or_fail(path, project.names) if is_there else _new_set(f"review/{name}", "Pairings to review", project)
    known = _pairs([*_read_curated(project).values(), found])
    rows = list(proposals)
    new = [m for m in rows if (m.subject, m.object) not in known]
    if new:
        _write({path: dataclasses.replace(found, mappings=(*found.mappings, *new))}, project.names)
    return Outcome(len(new), len(rows) - len(new), (path,) if new else ())


def accept(project: Project, path: Path, *, subjects: Collection[str] = (), today: date) -> Outcome:
    """Move rows of a review file (all, or those of `subjects`) to the curated files of their data sets."""
    review = read_or_fail(path, project.names)
    chosen = [m for m in review.mappings if not subjects or m.subject in subjects]
    unknown = sorted(set(subjects) - {m.subject for m in review.mappings})
    if unknown:
        raise CallError(f"{path.name} has no row for {unknown[0]}", hint="Name a subject_id of the file.")
    curated = _read_curated(project)
    known = _pairs(curated.values())
    by_file: dict[Path, list[Mapping]] = defaultdict(list)
    for mapping in chosen:
        if (mapping.subject, mapping.object) not in known:
            by_file[_file_for(mapping, curated, project)].append(_accepted(mapping, today))
    changed = {}
    for file, rows in by_file.items():
        name = file.name.removesuffix(".sssom.tsv")
        found = curated.get(file) or _new_set(name, f"Links to {name}", project)
        changed[file] = dataclasses.replace(found, mappings=(*found.mappings, *rows))
    rest = tuple(m for m in review.mappings if m not in chosen)
    _write({**changed, path: dataclasses.replace(review, mappings=rest)}, project.names)
    written = sum(len(rows) for rows in by_file.values())
    return Outcome(written, len(chosen) - written, tuple(sorted(by_file)))


def _accepted(mapping: Mapping, today: date) -> Mapping:
    comment = f"{mapping.comment} Accepted on {today.isoformat()}.".strip()
    return dataclasses.replace(mapping, justification=VOCABULARIES["semapv"] + "MappingReview", comment=comment)


def _file_for(mapping: Mapping, curated: dict[Path, MappingSet], project: Project) -> Path:
    """Return the file that holds links to the same data set, or a new one named after it."""
    target = target_of(mapping.object)
    namespace = target.namespace if target else mapping.object.rsplit("/", 1)[0] + "/"
    for path, found in curated.items():
        if any(m.object.startswith(namespace) for m in found.mappings):
            return path
    host = namespace.split("/")[2].replace(".", "-") if "://" in namespace else "other"
    return project.root / "data/links" / f"{target.prefix if target else host}.sssom.tsv"


def _new_set(name: str, title: str, project: Project) -> MappingSet:
    iri = project.names.prefixes["mappings"] + name
    return MappingSet(iri=iri, title=title, description="", license=_licence(project), version="1.0.0")


def _licence(project: Project) -> str:
    """Return the licence of the dataset, which new files get as well. Raises `CallError` if it names none."""
    graph, dataset = project.names.graphs.catalog, project.names.dataset
    files = (source for source in project.source_files() if source.graph == graph)
    for quad in (quad for source in files for quad in parse_turtle(source).quads):
        if quad.subject == dataset and quad.predicate == DCTERMS.license:
            return value_of(quad.object)
    raise CallError(
        "the dataset has no licence, which a file of links needs", hint="Add dcterms:license to data/dataset.ttl."
    )


def _write(files: dict[Path, MappingSet], names: Namespaces) -> None:
    """Write all files or none; an empty review file is removed."""
    write_texts({path: write_mapping_set(found, names) if found.mappings else None for path, found in files.items()})
