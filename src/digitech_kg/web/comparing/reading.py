"""What `/disagreements` and `/compare` show, read from the current snapshot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from digitech_kg.comparison.reading import ORDER, ComparisonReader, Label, Pair, Said
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
from digitech_kg.errors import NotFound
from digitech_kg.messages import Message
from digitech_kg.tables import Table, make_table
from digitech_kg.web.http.languages import translate
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.parts import part_wanted
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
    pairs: tuple[Pair, ...]
    part: int
    parts: int


@dataclass(frozen=True)
class SideBySide:
    """What was asked for, and one report on it: two documents, several things or one thing; none if nothing was."""

    names: tuple[str, ...]
    documents: DocumentReport | None = None
    things: ThingReport | None = None
    topic: TopicReport | None = None

    @property
    def pairs(self) -> tuple[Pair, ...]:
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
    """Return the report on what the parameters `a` to `d` name. Raises `NotFound` for unknown names."""
    names = tuple(name for column in COLUMNS if (name := args.get(column, "").strip()))
    if not names:
        return SideBySide(names)
    source = _source(reader, language)
    if len(names) == 1:
        return SideBySide(names, topic=report_thing(source, names[0]))
    if len(names) == 2 and set(names) <= set(source.documents):
        return SideBySide(names, documents=compare_two_documents(source, *names))
    return SideBySide(names, things=compare_things(source, *names))


def read_claims(reader: GraphReader, view: Disagreements | SideBySide, language: str) -> dict[str, ClaimView]:
    """Return the claims of a page, by IRI."""
    told: list[Said] = [said for pair in view.pairs for said in (pair.first, pair.second)]
    if isinstance(view, SideBySide):
        told += [said for point in view.points for column in point.said for said in column]
    return {claim.iri: claim for claim in load_claims_of(reader, sorted({said.claim for said in told}), language)}


def _source(reader: GraphReader, language: str) -> ComparisonReader:
    """Return what reads comparisons. A dollar sign in an IRI is no name of a part of a query."""
    return ComparisonReader(lambda query: reader.rows(query.replace("$", "$$")), reader.names, language)


_KINDS: Final = {
    "contradicts": "Contradict each other",
    "differsFrom": "Differ, and can both be right",
    "firmerThan": "The first is firmer",
    "corroborates": "Agree",
}
_STATES: Final = {"same": "Same", "different": "Different", "alone": "One only"}


def comparison_table(view: SideBySide, claims: Mapping[str, ClaimView]) -> Table:
    """Return a row for each point of a comparison, or for each pair of claims of two documents."""
    if view.documents:
        header = [translate("Comparison"), view.documents.first.text, view.documents.second.text, translate("Why")]
        pairs = view.documents.pairs
        rows = [
            [translate(_KINDS[p.kind]), _cell((p.first,), claims), _cell((p.second,), claims), p.reason] for p in pairs
        ]
    else:
        header = [translate("Point"), translate("State"), *(column.text for column in view.columns)]
        rows = [
            [
                point.predicate.text,
                translate("documents disagree" if point.is_disputed else _STATES[point.state]),
                *(_cell(said, claims) for said in point.said),
            ]
            for point in view.points
        ]
    return make_table("comparison", header, rows)


def _cell(said: tuple[Said, ...], claims: Mapping[str, ClaimView]) -> str:
    """Return claims as sentences, each with its certainty if there is any doubt, its document and its passages."""
    lines = []
    for one in said:
        claim = claims.get(one.claim)
        doubt = f"{claim.firm.certainty}, " if claim and claim.firm.certainty != "certain" else ""
        place = ", ".join([one.document_label.text, *(passage.text for passage in one.passages)])
        lines.append(f"{one.sentence.text} ({doubt}{place})")
    return "\n".join(lines) or translate("is silent")
