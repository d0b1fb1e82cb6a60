"""Propose mappings for things that are not linked yet, each with its score and the reason for it.

Candidates come from a table. Proposals wait in `data/links/review/` until somebody accepts them; curated rows are never
overwritten.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from digitech_kg.errors import CallError, SourceError
from digitech_kg.mappings.model import Mapping, MappingSet, target_of
from digitech_kg.mappings.sssom import read_mapping_set, write_mapping_set
from digitech_kg.matching.ranking import Candidate, Entity, NameIndex
from digitech_kg.namespaces import DCTERMS, SKOS, VOCABULARIES, Namespaces, value_of
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.loading import parse_turtle
from digitech_kg.sources.project import Project

#: Below this score a candidate is not worth a reviewer's time.
LEAST_SCORE = 80.0
_ID_COLUMNS, _NAME_COLUMNS = ("iri", "uri", "id"), ("name", "label", "title")


def read_table(path: Path) -> list[Entity]:
    """Read a CSV or TSV table with a column of IRIs (iri, uri or id) and one or more of names; `;` parts names.

    A column `type` names classes of ours that the entity belongs to; any other column is context: a property of ours
    by its name, such as headquartersCountry, with values. Raises `CallError` that says what is missing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CallError(f"cannot read {path}: {error}", hint="Give a CSV or TSV file in UTF-8.") from error
    columns = {c.strip().lower(): c for c in (rows[0] if rows else {}) if c}
    identifier = next((columns[c] for c in _ID_COLUMNS if c in columns), None)
    names = [original for c, original in columns.items() if c.startswith(_NAME_COLUMNS)]
    if identifier is None or not names:
        hint = "Give a header line with a column 'iri' and a column 'name'."
        raise CallError(f"{path} has no rows, or no columns of IRIs and names", hint=hint)
    if faulty := [n for n, row in enumerate(rows, 2) if "://" not in (row[identifier] or "")]:
        raise CallError(f"{path}: line {faulty[0]} has no IRI in '{identifier}'", hint="Give whole IRIs.")
    context = [c for c in columns.values() if c not in (identifier, *names, columns.get("type"))]
    return [
        replace(
            _entity(row[identifier].strip(), [row[n] or "" for n in names]),
            types=tuple(_parts(row[columns["type"]])) if "type" in columns else (),
            values={c.strip(): tuple(_parts(row[c])) for c in context if _parts(row[c])},
        )
        for row in rows
    ]


def _parts(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def _entity(iri: str, cells: Iterable[str]) -> Entity:
    names = [part for cell in cells for part in _parts(cell)] or [iri]
    return Entity(id=iri, name=names[0], names=tuple(names[1:]))


def propose(things: Iterable[Entity], elsewhere: Iterable[Entity], *, today: date) -> list[Mapping]:
    """Return the best mapping of each thing to an entity elsewhere, if one is worth a look."""
    index = NameIndex(elsewhere)
    best = [(thing, *found) for thing in things if (found := _best(index, thing)) is not None]
    taken: dict[str, float] = {}
    for _, candidate, _, _ in best:
        taken[candidate.entity.id] = max(taken.get(candidate.entity.id, 0.0), candidate.score)
    return sorted(
        _mapping(thing, candidate, name, lead, today)
        for thing, candidate, name, lead in best
        if candidate.score == taken[candidate.entity.id]
    )


def _best(index: NameIndex, thing: Entity) -> tuple[Candidate, str, float] | None:
    """The candidate with the highest score under any name of the thing, that name, and how far it is ahead."""
    found = None
    context = {prop for entity in index.entities.values() for prop in entity.values}
    for name in dict.fromkeys((thing.name, *thing.names)):
        wanted = {prop: values for prop, values in thing.values.items() if prop in context}
        ranked = [c for c in index.rank(name, properties=wanted, limit=5) if _same_kind(thing, c.entity)][:2]
        if not ranked or ranked[0].score < LEAST_SCORE:
            continue
        lead = ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0.0)
        if found is None or (ranked[0].match, ranked[0].score) > (found[0].match, found[0].score):
            found = (ranked[0], name, lead)
    return found


def _same_kind(thing: Entity, other: Entity) -> bool:
    """Whether the two may be of one class; where a class is missing, they may."""
    return not other.types or not thing.types or bool(set(other.types) & set(thing.types))


def _mapping(thing: Entity, candidate: Candidate, name: str, lead: float, today: date) -> Mapping:
    same = candidate.score >= 99.0
    kind = "LexicalMatching" if same else "LexicalSimilarityThresholdMatching"
    how = "is a name of both" if same else f"is {candidate.score:.0f} of 100 like a name of it"
    sure = "No other candidate comes near." if candidate.match else f"The next candidate is {lead:.0f} points behind."
    return Mapping(
        subject=thing.id,
        predicate=(SKOS.exactMatch if candidate.match else SKOS.closeMatch).value,
        object=candidate.entity.id,
        justification=VOCABULARIES["semapv"] + kind,
        confidence=round(candidate.score / 100 * (0.9 if candidate.match else 0.6), 2),
        subject_label=thing.name,
        object_label=candidate.entity.name,
        comment=f"'{name}' {how}. {sure}",
        mapping_date=today,
    )


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


def write_proposals(project: Project, proposals: Iterable[Mapping]) -> Outcome:
    """Add proposals to the review file, leaving out pairs that are curated or proposed already."""
    path = project.root / "data/links/review/proposed.sssom.tsv"
    is_there = path.exists()
    found = (
        read_or_fail(path, project.names) if is_there else _new_set("review/proposed", "Pairings to review", project)
    )
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
