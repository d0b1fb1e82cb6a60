"""What `/disagreements` and `/compare` show, read from the current snapshot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from digitech_kg.comparison.reading import ORDER, ComparisonReader, Label, Pair
from digitech_kg.comparison.reports import (
    DocumentReport,
    Tally,
    ThingReport,
    TopicReport,
    compare_things,
    compare_two_documents,
    list_pairs,
    report_thing,
)
from digitech_kg.errors import NotFound
from digitech_kg.messages import Message
from digitech_kg.web.reading.parts import part_wanted
from digitech_kg.web.reading.reader import GraphReader

_PAIRS_PER_PART: Final = 50


@dataclass(frozen=True)
class Disagreements:
    """One part of the pairs of a kind and a document; `tally` counts all kinds."""

    kind: str
    document: str
    documents: tuple[tuple[str, Label], ...]
    tally: Tally
    pairs: tuple[Pair, ...]
    part: int
    parts: int


@dataclass(frozen=True)
class SideBySide:
    """What was asked for, and one report on it: two documents, two things or one thing; none if nothing was."""

    a: str
    b: str
    documents: DocumentReport | None = None
    things: ThingReport | None = None
    topic: TopicReport | None = None


def read_disagreements(reader: GraphReader, args: Mapping[str, str], language: str) -> Disagreements:
    """Return the pairs that the parameters `kind` and `document` ask for. Raises `NotFound` for unknown ones."""
    source = _source(reader, language)
    kind, document, part = args.get("kind", ""), args.get("document", ""), part_wanted()
    found = list_pairs(source, kind=kind, document=document)
    parts = max(1, math.ceil(len(found) / _PAIRS_PER_PART))
    if part > parts:
        raise NotFound(Message("this page has no part {number}", number=part), hint="Parts are numbered from 1.")
    shown = found[(part - 1) * _PAIRS_PER_PART : part * _PAIRS_PER_PART]
    tally = Tally.of(one for each in ORDER for one in list_pairs(source, kind=each, document=document))
    labels = tuple((name, source.document_label(name)) for name in source.documents)
    return Disagreements(kind, document, labels, tally, source.read_pairs(shown), part, parts)


def read_side_by_side(reader: GraphReader, args: Mapping[str, str], language: str) -> SideBySide:
    """Return the report on what the parameters `a` and `b` name. Raises `NotFound` for unknown names."""
    a, b = (args.get(name, "").strip() for name in ("a", "b"))
    first, second = a or b, b if a else ""
    if not first:
        return SideBySide(a, b)
    source = _source(reader, language)
    if not second:
        return SideBySide(a, b, topic=report_thing(source, first))
    if {first, second} <= set(source.documents):
        return SideBySide(a, b, documents=compare_two_documents(source, first, second))
    return SideBySide(a, b, things=compare_things(source, first, second))


def _source(reader: GraphReader, language: str) -> ComparisonReader:
    """Return what reads comparisons. A dollar sign in an IRI is no name of a part of a query."""
    return ComparisonReader(lambda query: reader.rows(query.replace("$", "$$")), reader.names, language)
