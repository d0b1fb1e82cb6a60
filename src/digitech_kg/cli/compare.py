"""The command `compare`: two documents or two things side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import click

from digitech_kg.book import open_book
from digitech_kg.cli.options import Place, form_option, in_dataset
from digitech_kg.cli.output import print_json, print_lines
from digitech_kg.comparison.reports import (
    ComparedClaim,
    Comparison,
    ComparisonReader,
    DocumentReport,
    Point,
    ThingReport,
    compare_things,
    compare_two_documents,
)

_HEADINGS: Final = {
    "contradicts": "Contradict each other",
    "differsFrom": "Differ, and can both be right",
    "firmerThan": "The first is firmer",
    "corroborates": "Agree",
}


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@in_dataset
@form_option("text", "json")
def compare(place: Place, first: str, second: str, form: str) -> None:
    """Compare what two documents say, or what documents say of two things.

    A and B are names of documents (see: digitech-kg document list), or things such as id:huawei.

    Examples: digitech-kg compare nupi-digi-tech memo;  digitech-kg compare id:huawei id:tencent --format json
    """
    report = compare_names(ComparisonReader(open_book(place.snapshot)), first, second)
    if form == "json":
        print_json(dataclasses.asdict(report))
    else:
        print_lines(describe(report))


def compare_names(reader: ComparisonReader, first: str, second: str) -> DocumentReport | ThingReport:
    """Return the report on two documents, or on two things if they are named like some."""
    is_thing = any(":" in name or "/" in name for name in (first, second))
    return compare_things(reader, first, second) if is_thing else compare_two_documents(reader, first, second)


def describe(report: DocumentReport | ThingReport) -> Iterator[str]:
    """Yield the lines of a report: what was found in a sentence, then each pair or point."""
    if isinstance(report, DocumentReport):
        yield _sentence_on_documents(report)
        yield from _describe_pairs(report.pairs)
        return
    yield _sentence_on_things(report)
    for point in report.points:
        yield from _describe_point(point, report)
    yield from _describe_pairs(report.pairs)


def _sentence_on_documents(report: DocumentReport) -> str:
    first, second, tally = f"“{report.first.text}”", f"“{report.second.text}”", report.tally
    others = [
        f"agree on {tally.corroborates:,}" if tally.corroborates else "",
        f"put {tally.firmer:,} with different firmness" if tally.firmer else "",
        f"differ on {tally.differs:,} where both can be right" if tally.differs else "",
    ]
    met = _join(filter(None, others))
    rest = f"They {met}." if met else "They meet on no other point."
    alone = f"{_count(report.only_first, 'claim')} of {first} and {report.only_second:,} of {second} meet no other."
    return f"{first} and {second} {_contradict(tally.contradicts)}. {rest} {alone}"


def _sentence_on_things(report: ThingReport) -> str:
    names, counts = [thing.text for thing in report.things], report.counts
    same, different = _count(counts.get("same", 0), "point"), counts.get("different", 0)
    (first, alone), *others = zip(names, report.alone, strict=True)
    rest = "".join(f", on {number} of {name} only" for name, number in others)
    return (
        f"{' and '.join(names)} share {same} and differ on {different}. On {_count(alone, 'point')} documents speak of "
        f"{first} only{rest}. Documents {_contradict(report.disputed)}."
    )


def _describe_pairs(pairs: Sequence[Comparison]) -> Iterator[str]:
    kind = ""
    for pair in pairs:
        if pair.kind != kind:
            kind = pair.kind
            yield f"\n{_HEADINGS.get(kind, kind)}"
        yield ""
        yield from (f"  {_line(said)}" for said in (pair.first, pair.second))
        yield f"  Why: {pair.reason}"


def _describe_point(point: Point, report: ThingReport) -> Iterator[str]:
    states = {"same": "the same", "different": "different", "alone": "one only"}
    disputed = ", documents contradict each other" if point.is_disputed else ""
    yield f"\n{point.predicate.text}: {states[point.state]}{disputed}"
    for thing, claims in zip(report.things, point.said, strict=True):
        yield f"  {thing.text}" + ("" if claims else ": nothing said")
        yield from (f"    {_line(said)}" for said in claims)


def _line(said: ComparedClaim) -> str:
    passages = "; ".join(passage.text for passage in said.passages)
    place = f"{said.document_label.text}, {passages}" if passages else said.document_label.text
    return f"{said.sentence.text} ({place})"


def _contradict(number: int) -> str:
    return f"contradict each other on {_count(number, 'point')}" if number else "do not contradict each other"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _join(parts: Iterable[str]) -> str:
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last
