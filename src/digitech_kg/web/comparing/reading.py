"""What `/disagreements` and `/compare` show, read from the current snapshot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from digitech_kg.comparison.reading import ORDER, ComparedClaim, Comparison, ComparisonReader, Label
from digitech_kg.comparison.reports import (
    DocumentReport,
    Point,
    Tally,
    ThingReport,
    TopicReport,
    compare_things,
    compare_two_documents,
    list_pairs,
    report_thing,
)
from digitech_kg.web.reading.addresses import check_part, nothing_about, part_wanted
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.reader import GraphReader

_PAIRS_PER_PART: Final = 50
#: The parameters that name what is compared.
COLUMNS: Final = ("a", "b", "c", "d")


@dataclass(frozen=True)
class Disagreements:
    """One part of the pairs of a kind and a document; `tally` counts all kinds."""

    kind: str
    document: str
    documents: tuple[tuple[str, Label], ...]
    tally: Tally
    pairs: tuple[Comparison, ...]
    part: int
    parts: int


@dataclass(frozen=True)
class SideBySide:
    """What was asked for, and one report on it: two documents, several things or one thing; none if nothing was."""

    names: tuple[str, ...]
    #: What the fields of the form hold: the names that readers know, where they lead back here.
    fields: tuple[str, ...] = ()
    #: What every document is called, to be chosen in the form.
    choices: tuple[str, ...] = ()
    documents: DocumentReport | None = None
    things: ThingReport | None = None
    topic: TopicReport | None = None

    @property
    def pairs(self) -> tuple[Comparison, ...]:
        """The pairs of claims on the page."""
        report = self.documents or self.things or self.topic
        return report.pairs if report else ()

    @property
    def points(self) -> tuple[Point, ...]:
        """The rows of its table."""
        table = self.things or self.topic
        return table.points if table else ()

    @property
    def columns(self) -> tuple[Label, ...]:
        """The columns of its table: things, or documents."""
        return self.things.things if self.things else self.topic.documents if self.topic else ()


def read_disagreements(reader: GraphReader, args: Mapping[str, str], language: str) -> Disagreements:
    """Return the pairs that the parameters `kind` and `document` ask for. Raises `NotFound` for unknown ones."""
    source = ComparisonReader(reader.book, language)
    kind, document, part = args.get("kind", ""), args.get("document", ""), part_wanted()
    found = list_pairs(source, kind=kind, document=document)
    parts = max(1, math.ceil(len(found) / _PAIRS_PER_PART))
    check_part(part, parts)
    shown = found[(part - 1) * _PAIRS_PER_PART : part * _PAIRS_PER_PART]
    tally = Tally.of(one for each in ORDER for one in list_pairs(source, kind=each, document=document))
    labels = tuple((name, source.document_label(name)) for name in source.documents)
    return Disagreements(kind, document, labels, tally, source.read_pairs(shown), part, parts)


def read_pair(reader: GraphReader, iri: str, language: str) -> Comparison:
    """Return the pair of claims with an IRI. Raises `NotFound`."""
    source = ComparisonReader(reader.book, language)
    found = [one for one in source.comparisons if one.iri == iri]
    if not found:
        raise nothing_about(iri.removeprefix(reader.names.base))
    return source.read_pairs(found)[0]


def read_side_by_side(reader: GraphReader, args: Mapping[str, str], language: str) -> SideBySide:
    """Return the report on what the parameters `a` to `d` name. Raises `NotFound` for unknown names."""
    given = tuple(name for column in COLUMNS if (name := args.get(column, "").strip()))
    source = ComparisonReader(reader.book, language)
    called = {source.document_label(name).text: name for name in source.documents}
    names, choices = tuple(called.get(name, name) for name in given), tuple(called)
    if not names:
        return SideBySide(names, choices=choices)
    if len(names) == 2 and set(names) <= set(source.documents):
        documents = compare_two_documents(source, *names)
        return SideBySide(names, (documents.first.text, documents.second.text), choices, documents=documents)
    if len(names) == 1:
        topic = report_thing(source, names[0])
        return SideBySide(names, _fields(source, names, [topic.thing]), choices, topic=topic)
    things = compare_things(source, *names)
    return SideBySide(names, _fields(source, names, things.things), choices, things=things)


def _fields(source: ComparisonReader, names: Sequence[str], things: Sequence[Label]) -> tuple[str, ...]:
    """Return the labels of things, or the names that were given where a label leads to something else."""
    by_label = {label.casefold(): iri for iri, label in reversed(source.named_things())}
    return tuple(
        thing.text if by_label.get(thing.text.casefold()) == thing.iri else name
        for name, thing in zip(names, things, strict=True)
    )


def read_claims(
    reader: GraphReader, pairs: Iterable[Comparison], language: str, points: Iterable[Point] = ()
) -> dict[str, ClaimView]:
    """Return the claims of pairs and points, by IRI."""
    told: list[ComparedClaim] = [said for pair in pairs for said in (pair.first, pair.second)]
    told += [said for point in points for column in point.said for said in column]
    return {claim.iri: claim for claim in load_claims_of(reader, sorted({said.claim for said in told}), language)}
