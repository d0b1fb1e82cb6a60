"""What commands that write share: carry out one write, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from pyoxigraph import RdfFormat, parse

from digitech_kg.access import check_name
from digitech_kg.cli.differences import describe_change
from digitech_kg.cli.options import current_snapshot, find_data_dir
from digitech_kg.commit import Commit, Committer, Outcome, Write
from digitech_kg.snapshot import KEEP_ALL, Change, SnapshotRepository

_Command = TypeVar("_Command", bound=Callable[..., Any])

dry_run_option = click.option("--dry-run", is_flag=True, help="Validate and show the difference; publish nothing.")
message_option = click.option("--message", default="", help="Why, for the history.")
author_option = click.option("--author", default="", help="Who, for the history.  [default: operator]")


def open_for_writing(project_dir: Path | None, data_dir: Path | None, empty: bool) -> SnapshotRepository:
    """Return the repository to write to. Raises `CallError` if nothing was published in it yet.

    A command lets no version go: how many are kept is for the server, or the next build, to say.
    """
    repository = SnapshotRepository(find_data_dir(project_dir, data_dir, empty), retention=KEEP_ALL)
    current_snapshot(repository)
    return repository


def carry_out(repository: SnapshotRepository, write: Write, commit: Commit) -> None:
    """Publish the next version, or show what it would be, and say so. Raises what `Committer.commit` raises."""
    if commit.author:
        check_name(commit.author)
    outcome = Committer(repository).commit(write, commit)
    names = current_snapshot(repository).names
    for result in outcome.warnings:
        place, path = names.shorten(result["focusNode"]), f" {result['path']}" if result["path"] else ""
        click.echo(f"{result['severity']}: {place}{path}: {result['message']}", err=True)
    if outcome.difference is not None:
        _show_difference(outcome, repository)
    elif not outcome.published:
        click.echo(f"nothing changes; version {outcome.version} stays")
    else:
        click.echo(f"published version {outcome.version}: {_counts(outcome)}")


def _show_difference(outcome: Outcome, repository: SnapshotRepository) -> None:
    texts = outcome.difference or {}
    added, removed = (frozenset(parse(texts[side], format=RdfFormat.N_QUADS)) for side in ("added", "removed"))
    for line in describe_change(Change(added, removed), current_snapshot(repository).names, repository.current()):
        click.echo(line)
    click.echo(f"would be published: {_counts(outcome)}")


def _counts(outcome: Outcome) -> str:
    added, removed = (sum(pair[side] for pair in outcome.graphs.values()) for side in (0, 1))
    derived = outcome.added + outcome.removed - added - removed
    more = f", {derived:,} more that follow" if derived else ""
    return f"{added:,} quads added, {removed:,} removed{more}"
