"""How commands print results and changes, and report slow steps on stderr."""

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.grouping import split_derived


def print_lines(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below a heading; their contents are text, never markup."""
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


_IRI: Final = re.compile("<([^<>]+)>")


def describe_change(change: Change, names: Namespaces, *, derives: bool) -> Iterator[str]:
    """Yield a line for each quad that came or went, sorted.

    For a dataset with derived graphs, quads written by hand are shown and the rest are counted.
    """
    shown, derived = split_derived(change, names) if derives else (change, {})
    rows = [(str(quad), sign) for sign, quads in (("-", shown.removed), ("+", shown.added)) for quad in quads]
    yield from (f"{sign} {_IRI.sub(lambda iri: names.shorten(iri[1]), text)}" for text, sign in sorted(rows))
    if derived:
        yield f"Quads that follow from it: {', '.join(f'{count:,} in {name}' for name, count in derived.items())}"
