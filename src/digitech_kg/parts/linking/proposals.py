"""Propose mappings for things that are not linked yet, each with its score and the reason for it.

Candidates come from a table. Nothing is loaded until somebody has put the proposals into a file of `data/links/`.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from operator import itemgetter
from pathlib import Path

from pyoxigraph import NamedNode

from digitech_kg.book import Book
from digitech_kg.book.entities import EntityReader, read_term_id
from digitech_kg.errors import CallError
from digitech_kg.mappings.model import PREDICATES, Mapping
from digitech_kg.matching.ranking import Candidate, Entity, NameIndex
from digitech_kg.namespaces import SKOS, VOCABULARIES

#: Below this score a candidate is not worth a reviewer's time.
LEAST_SCORE = 80.0
_ID_COLUMNS, _NAME_COLUMNS = ("iri", "uri", "id"), ("name", "label", "title")


def things_of(book: Book, types: Iterable[str]) -> list[Entity]:
    """Return the things of some classes, or all, by IRI. Raises `CallError` if there are none."""
    wanted, root = {read_term_id(name, book.names) for name in types}, book.names.prefixes["id"]
    found = [e for e in EntityReader(book).entities() if not wanted or wanted & set(e.types)]
    if not found:
        hint = "Name a class of the ontology, such as Company or Person."
        raise CallError(f"there is no thing of class {', '.join(types)}", hint=hint)
    return [replace(entity, id=root + entity.id) for entity in found]


def new_links(proposals: Iterable[Mapping], book: Book) -> tuple[Mapping, ...]:
    """Return the proposals for things that are not linked to any of the proposed data sets already."""
    proposals = list(proposals)
    spaces = {_space(m.object_id) for m in proposals}
    linked = book.values((m.subject_id for m in proposals), *map(NamedNode, PREDICATES))
    others = ((thing, link.value) for thing, own in linked.items() for found in own.values() for link in found)
    done = {thing for thing, other in others if _space(other) in spaces}
    return tuple(m for m in proposals if m.subject_id not in done)


def _space(iri: str) -> str:
    return iri.rsplit("#", 1)[0] if "#" in iri else iri.rstrip("/").rsplit("/", 1)[0]


def read_table(path: Path) -> list[Entity]:
    """Read a CSV or TSV table with a column of IRIs (iri, uri or id) and one or more of names; `;` parts names.

    A column `type` names classes of ours that the entity belongs to; any other column is context: a property of ours
    by its name, such as headquartersCountry, with values. Raises `CallError` that says what is missing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows, header = list(reader), [column for column in reader.fieldnames or () if column]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CallError(f"cannot read {path}: {error}", hint="Give a CSV or TSV file in UTF-8.") from error
    columns = {c.strip().lower(): c for c in header}
    identifier = next((columns[c] for c in _ID_COLUMNS if c in columns), None)
    names = [original for c, original in columns.items() if c.startswith(_NAME_COLUMNS)]
    if identifier is None or not names or not rows:
        parts = (("rows below its first line", rows), ("column 'iri'", identifier), ("column 'name'", names))
        lacking = " and no ".join(part for part, there in parts if not there)
        hint = f"Its first line names the columns {', '.join(header)}: rename one, or add what is missing."
        raise CallError(f"{path} has no {lacking}", hint=hint if header else "The first line names the columns.")
    if faulty := [n for n, row in enumerate(rows, 2) if "://" not in (row[identifier] or "")]:
        raise CallError(f"{path}: line {faulty[0]} has no IRI in '{identifier}'", hint="Give whole IRIs.")
    context = [c for c in columns.values() if c not in (identifier, *names, columns.get("type"))]
    return [
        Entity(
            id=row[identifier].strip(),
            name=called[0] if (called := [part for n in names for part in _parts(row[n])]) else row[identifier],
            names=tuple(called[1:]),
            types=tuple(_parts(row[columns["type"]])) if "type" in columns else (),
            values={c.strip(): values for c in context if (values := tuple(_parts(row[c])))},
        )
        for row in rows
    ]


def _parts(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def propose(things: Iterable[Entity], elsewhere: Iterable[Entity], *, today: date) -> list[Mapping]:
    """Return for each thing the entity elsewhere that means it most likely, if one is worth a look."""
    index = NameIndex(things)
    best: dict[str, tuple[tuple[bool, float], Mapping]] = {}
    for entity in elsewhere:
        for name in (entity.name, *entity.names):
            ranked = index.rank(name, types=entity.types, properties=entity.values, limit=2)
            if ranked and ranked[0].score >= LEAST_SCORE:
                first, lead = ranked[0], ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0.0)
                found = (first.match, first.score), _mapping(first, entity, name, lead, today)
                best[first.entity.id] = max(best.get(first.entity.id, found), found, key=itemgetter(0))
    return sorted(mapping for _, mapping in best.values())


def _mapping(candidate: Candidate, other: Entity, name: str, lead: float, today: date) -> Mapping:
    same = candidate.score >= 99.0
    kind = "LexicalMatching" if same else "LexicalSimilarityThresholdMatching"
    how = "is a name of both" if same else f"is {candidate.score:.0f} of 100 like a name of it"
    sure = "No other candidate comes near." if candidate.match else f"The next candidate is {lead:.0f} points behind."
    return Mapping(
        subject_id=candidate.entity.id,
        predicate_id=(SKOS.exactMatch if candidate.match else SKOS.closeMatch).value,
        object_id=other.id,
        mapping_justification=VOCABULARIES["semapv"] + kind,
        confidence=round(candidate.score / 100 * (0.9 if candidate.match else 0.6), 2),
        subject_label=candidate.entity.name,
        object_label=other.name,
        comment=f"'{name}' {how}. {sure}",
        mapping_date=today,
    )
