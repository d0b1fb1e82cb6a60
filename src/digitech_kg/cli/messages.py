"""How commands tell on stderr what takes long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


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
            click.echo(f"{what}: {last[0]} of {last[1]}", err=True)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
