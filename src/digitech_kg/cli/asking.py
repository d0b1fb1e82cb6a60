"""The commands `query` and `compare`: questions to the current snapshot."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from digitech_kg.api import open_graph
from digitech_kg.book import open_book
from digitech_kg.cli.options import Place, form_option, in_dataset, setting_options
from digitech_kg.cli.output import counted, print_json, print_lines, print_table
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
from digitech_kg.errors import CallError, NotFound
from digitech_kg.formats import FORMATS, by_name
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources.files import read_text
from digitech_kg.sources.saved_queries import find_saved_query


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-e", "--execute", "text", metavar="TEXT", help="Query text instead of a file.")
@click.option(
    "--format",
    "format_name",
    metavar="FORMAT",
    help=f"One of {', '.join(f.name for f in FORMATS)}, or table.  [default: table in a terminal, else tsv or turtle]",
)
@click.option(
    "--param",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="Value of a parameter that the query declares: a thing (id:huawei, or its IRI) or a literal; may be repeated.",
)
@in_dataset
@setting_options("query_timeout")
def query(
    place: Place,
    file: Path | None,
    text: str | None,
    format_name: str | None,
    parameters: tuple[str, ...],
    query_timeout: float,
) -> None:
    """Run a SPARQL query on the current snapshot, building it first if need be.

    FILE is a .rq file, the name of a saved question, or - for standard input.

    Examples: digitech-kg query companies_by_sector;  digitech-kg query -e 'SELECT * { ?s ?p ?o } LIMIT 5';
    digitech-kg query is_huawei_state_owned --param company=id:tencent
    """
    fmt = by_name(format_name) if format_name and format_name != "table" else None
    as_table = format_name == "table" or (format_name is None and sys.stdout.isatty())
    graph = open_graph(project=place.project.root, data_dir=place.data_dir, query_timeout=query_timeout)
    query_text = _read_query(file, text, graph.project.root)
    if parameters:
        query_text = graph.bind(query_text, _values(parameters))
    body, kind = graph.run(query_text, fmt, table=as_table)
    if kind == "table":
        _print_table(json.loads(body), graph.snapshot.names)
        return
    out = sys.stdout.buffer
    out.write(body)
    if sys.stdout.isatty() and not body.endswith(b"\n"):
        out.write(b"\n")


def _read_query(file: Path | None, text: str | None, root: Path) -> str:
    """Return the text of a query, from a file or saved question or as given. Raises `CallError` if there is none."""
    if (file is None) == (text is None):
        raise CallError("give either a query file or -e TEXT", hint="Example: digitech-kg query companies_by_sector")
    if text is not None or file is None:
        return text or ""
    if str(file) == "-":
        return sys.stdin.read()
    if not file.is_file():
        try:
            file = find_saved_query(root / "data/queries", file.name.removesuffix(".rq"))
        except NotFound as error:
            hint = "Give a query as text with -e." if "{" in str(file) else error.hint
            raise CallError(f"there is no file {file}, and no saved question of this name", hint=hint) from None
    return read_text(file, str(file))


def _values(parameters: tuple[str, ...]) -> dict[str, list[str]]:
    """Read NAME=VALUE, where a name may come more than once. Raises `CallError` without an equals sign."""
    values: dict[str, list[str]] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals:
            raise CallError(f"--param '{parameter}' has no value", hint="Write it as --param company=id:huawei")
        values.setdefault(name.strip(), []).append(value)
    return values


def _print_table(document: dict[str, object], names: Namespaces) -> None:
    if "boolean" in document:
        click.echo("yes" if document["boolean"] else "no")
        return
    columns: list[str] = document["head"]["vars"]  # type: ignore[index]
    rows: list[dict[str, dict[str, str]]] = document["results"]["bindings"]  # type: ignore[index]
    print_table(columns, ([_show(row.get(name), names) for name in columns] for row in rows))
    click.echo(f"{len(rows)} row{'s' if len(rows) != 1 else ''}")


def _show(term: dict[str, str] | None, names: Namespaces) -> str:
    if term is None:
        return ""
    return names.shorten(term["value"]) if term["type"] == "uri" else str(term["value"])


_HEADINGS: Final = {
    "contradicts": "Contradict each other",
    "inTensionWith": "In tension",
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
        f"are in tension on {tally.in_tension:,}" if tally.in_tension else "",
        f"agree on {tally.corroborates:,}" if tally.corroborates else "",
        f"put {tally.firmer:,} with different firmness" if tally.firmer else "",
        f"differ on {tally.differs:,} where both can be right" if tally.differs else "",
    ]
    met = _join(filter(None, others))
    rest = f"They {met}." if met else "They meet on no other point."
    alone = f"{counted(report.only_first, 'claim')} of {first} and {report.only_second:,} of {second} meet no other."
    return f"{first} and {second} {_contradict(tally.contradicts)}. {rest} {alone}"


def _sentence_on_things(report: ThingReport) -> str:
    names, counts = [thing.text for thing in report.things], report.counts
    same, different = counted(counts.get("same", 0), "point"), counts.get("different", 0)
    disagree = f"disagree on {counted(report.disputed, 'point')}" if report.disputed else "do not disagree"
    (first, alone), *others = zip(names, report.alone, strict=True)
    rest = "".join(f", on {number} of {name} only" for name, number in others)
    return (
        f"{' and '.join(names)} share {same} and differ on {different}. On {counted(alone, 'point')} documents speak "
        f"of {first} only{rest}. Documents {disagree}."
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
    disputed = ", documents disagree" if point.is_disputed else ""
    yield f"\n{point.predicate.text}: {states[point.state]}{disputed}"
    for thing, claims in zip(report.things, point.said, strict=True):
        yield f"  {thing.text}" + ("" if claims else ": nothing said")
        yield from (f"    {_line(said)}" for said in claims)


def _line(said: ComparedClaim) -> str:
    passages = "; ".join(passage.text for passage in said.passages)
    place = f"{said.document_label.text}, {passages}" if passages else said.document_label.text
    return f"{said.sentence.text} ({place})"


def _contradict(number: int) -> str:
    return f"contradict each other on {counted(number, 'point')}" if number else "do not contradict each other"


def _join(parts: Iterable[str]) -> str:
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last
