"""How commands show results and changes, and tell on stderr what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from rich.console import Console
from rich.table import Table

from digitech_kg.book import open_book
from digitech_kg.claims.labels import best_text
from digitech_kg.namespaces import XSD, Namespaces, value_of
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.grouping import Edit, group_change, labels_in, split_derived
from digitech_kg.snapshot.repository import Snapshot


def print_lines(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below a heading; what stands in them is text and never markup."""
    table = Table(*columns, row_styles=["", "dim"])
    for row in rows:
        table.add_row(*row)
    Console(markup=False, emoji=False, highlight=False).print(table)


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in a terminal, else lines of fields with tabs between them."""
    if sys.stdout.isatty():
        print_table(columns, rows)
    else:
        print_lines("\t".join(row) for row in [columns, *rows])


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Yield a function that says on stderr what is being done and, when the next thing begins, how long it took."""
    started: list[float] = []

    def end() -> None:
        if started:
            click.echo(f"{time.perf_counter() - started.pop():.2f} s", err=True)

    def begin(what: str) -> None:
        end()
        click.echo(f"{what} … ", nl=False, err=True)
        started.append(time.perf_counter())

    try:
        yield begin
    finally:
        end()


_LONGEST = 160


def describe_change(change: Change, names: Namespaces, snapshot: Snapshot | None) -> Iterator[str]:
    """Yield lines of text; a kept snapshot tells what things are called.

    Of a dataset that derives, what is written by hand is shown, and the rest is counted.
    """
    derives = snapshot is not None and snapshot.manifest.derives
    shown, derived = split_derived(change, names) if derives else (change, {})
    edits = group_change(shown, names)
    labels = _labels_of_resources(edits, shown, snapshot)
    for edit in edits:
        label = labels.get(edit.resource, "")
        name = names.shorten(edit.resource) if edit.resource else "Nodes without a name"
        yield f"{name}  {_cut(label)}" if label else name
        for sign, quads in (("-", edit.removed), ("+", edit.added)):
            yield from (f"  {sign} {_statement(quad, edit.resource, names)}" for quad in quads)
    if derived:
        yield f"Quads that follow from it: {', '.join(f'{count:,} in {name}' for name, count in derived.items())}"


def _statement(quad: Quad, resource: str, names: Namespaces) -> str:
    subject = "" if value_of(quad.subject) == resource else f"{quad.subject} "
    graph = quad.graph_name
    where = "" if isinstance(graph, DefaultGraph) else f"  [{_term(graph, names)}]"
    return f"{subject}{names.shorten(quad.predicate.value)} {_term(quad.object, names)}{where}"


def _term(term: object, names: Namespaces) -> str:
    if isinstance(term, NamedNode):
        return names.shorten(term.value)
    if not isinstance(term, Literal):
        return str(term)
    text = str(Literal(term.value))
    if term.language:
        return f"{text}@{term.language}"
    return text if term.datatype == XSD.string else f"{text}^^{names.shorten(term.datatype.value)}"


def _labels_of_resources(edits: list[Edit], change: Change, snapshot: Snapshot | None) -> dict[str, str]:
    """Return what things and claims are called: by the change itself, else by the snapshot."""
    texts: dict[str, Mapping[str, str]] = dict(labels_in(change))
    missing = {edit.resource for edit in edits if edit.resource not in texts}
    if snapshot is not None and missing:
        told = open_book(snapshot).describe(missing)
        texts |= {iri: found.labels or found.titles or found.sentences for iri, found in told.items()}
    return {iri: best_text(found, ("en",)) for iri, found in texts.items()}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
