"""How commands show results as tables, and tell on stderr what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table


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
        click.echo("\n".join("\t".join(row) for row in [columns, *rows]))


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function to tell how much of how much is done: a bar in a terminal, else one line at the end."""
    if not sys.stderr.isatty():
        last = [0, 0]

        def remember(done: int, total: int) -> None:
            last[:] = [done, total]

        try:
            yield remember
        finally:
            if last[1]:
                click.echo(f"{what}: {last[0]} of {last[1]}", err=True)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class Steps:
    """Says on stderr what is being done and, when the next thing begins, how long it took."""

    def __init__(self) -> None:
        self._started: float | None = None

    def __call__(self, what: str) -> None:
        self.done()
        click.echo(f"{what} … ", nl=False, err=True)
        self._started = time.perf_counter()

    def done(self) -> None:
        """End the line of the last step."""
        if self._started is not None:
            click.echo(f"{time.perf_counter() - self._started:.2f} s", err=True)
            self._started = None
