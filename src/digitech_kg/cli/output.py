"""How commands show results, and tell on stderr what takes long."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table


def print_json(value: object) -> None:
    """Print a value as JSON for people and programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Print lines; nothing if there are none."""
    for line in lines:
        click.echo(line, err=err)


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
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function to tell how much of how much is done: a bar in a terminal, else one line at the end."""
    if not sys.stderr.isatty():
        last = [0, 0]
        try:
            yield lambda done, total: last.__setitem__(slice(None), [done, total])
        finally:
            if last[1]:
                click.echo(f"{what}: {last[0]} of {last[1]}", err=True)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


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
