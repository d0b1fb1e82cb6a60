"""The commands `build` and `sync`: make the dataset what a project's files say."""

from __future__ import annotations

from pathlib import Path

import click

from digitech_kg.cli.messages import Steps
from digitech_kg.cli.options import data_dir_option, locate, no_reasoning_option, project_option, setting_options
from digitech_kg.cli.writing import message_option
from digitech_kg.commit import build as build_dataset
from digitech_kg.snapshot import KEEP_ALL, Retention, SnapshotRepository


@click.command()
@project_option
@data_dir_option
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@click.option("--discard-edits", is_flag=True, help="Drop what was edited online; it stays in the history.")
@no_reasoning_option
@setting_options("keep")
def build(
    project_dir: Path | None, data_dir: Path | None, force: bool, discard_edits: bool, no_reasoning: bool, keep: str
) -> None:
    """Build and publish a snapshot from the project's files.

    Every fault of every file is reported at once, and nothing is published then. A build whose input has not
    changed is skipped, and a document that has not changed is not computed again.

    Example: digitech-kg build --data-dir /tmp/kg
    """
    project, directory = locate(project_dir, data_dir)
    repository, steps = SnapshotRepository(directory, retention=Retention.parse(keep)), Steps()
    try:
        edits = "discard" if discard_edits else "conflict"
        force = force or discard_edits
        result = build_dataset(project, repository, edits=edits, force=force, infers=not no_reasoning, step=steps)
    finally:
        steps.done()
    manifest = result.snapshot.manifest
    word = "published" if result.outcome.published else "unchanged:"
    click.echo(f"{word} snapshot {manifest.version} with {manifest.quads:,} quads in {directory}")


@click.command()
@project_option
@data_dir_option
@message_option
@no_reasoning_option
def sync(project_dir: Path | None, data_dir: Path | None, message: str, no_reasoning: bool) -> None:
    """Bring changed files of the project into the store, as a new version that keeps what was edited online.

    An edit that the files have taken over no longer counts as an edit. Where a thing or claim was changed both online
    and in the files, and not in the same way, nothing is done: both differences are shown, and the exit status is 1.

    Example: digitech-kg sync --message "Figures of May"
    """
    project, directory = locate(project_dir, data_dir)
    repository, steps = SnapshotRepository(directory, retention=KEEP_ALL), Steps()
    try:
        result = build_dataset(project, repository, edits="keep", infers=not no_reasoning, message=message, step=steps)
    finally:
        steps.done()
    manifest = result.snapshot.manifest
    edits = f"{manifest.edits:,} quads edited online are not in the files" if manifest.edits else "no edits are open"
    if result.outcome.published:
        changed = f"{manifest.added:,} quads added, {manifest.removed:,} removed"
        click.echo(f"published version {manifest.version}: {changed}; {edits}")
    else:
        click.echo(f"nothing to bring in; version {manifest.version} stays; {edits}")
