"""The commands `build` and `sync`: make the dataset what a project's files say."""

from __future__ import annotations

import click

from digitech_kg.cli.options import Place, in_dataset, message_option, no_reasoning_option, setting_options
from digitech_kg.cli.output import steps
from digitech_kg.commit import build as build_dataset
from digitech_kg.snapshot import Retention, SnapshotRepository


@click.command()
@in_dataset
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@click.option("--discard-edits", is_flag=True, help="Drop what was edited online; it stays in the history.")
@no_reasoning_option
@setting_options("keep")
def build(place: Place, force: bool, discard_edits: bool, no_reasoning: bool, keep: str) -> None:
    """Build and publish a snapshot from the project's files.

    Every fault of every file is reported at once, and nothing is published then. A build whose input has not
    changed is skipped, and a document that has not changed is not computed again.

    Example: digitech-kg build --data-dir /tmp/kg
    """
    repository = SnapshotRepository(place.directory, retention=Retention.parse(keep))
    edits = "discard" if discard_edits else "conflict"
    with steps() as step:
        force = force or discard_edits
        result = build_dataset(place.project, repository, edits=edits, force=force, infers=not no_reasoning, step=step)
    manifest = result.snapshot.manifest
    word = "published" if result.outcome.published else "unchanged:"
    click.echo(f"{word} snapshot {manifest.version} with {manifest.quads:,} quads in {place.directory}")


@click.command()
@in_dataset
@message_option
@no_reasoning_option
def sync(place: Place, message: str, no_reasoning: bool) -> None:
    """Bring changed files of the project into the store, as a new version that keeps what was edited online.

    An edit that the files have taken over no longer counts as an edit. Where a thing or claim was changed both online
    and in the files, and not in the same way, nothing is done: both differences are shown, and the exit status is 1.

    Example: digitech-kg sync --message "Figures of May"
    """
    infers = not no_reasoning
    with steps() as step:
        result = build_dataset(place.project, place.repository, edits="keep", infers=infers, message=message, step=step)
    manifest = result.snapshot.manifest
    edits = f"{manifest.edits:,} quads edited online are not in the files" if manifest.edits else "no edits are open"
    if result.outcome.published:
        changed = f"{manifest.added:,} quads added, {manifest.removed:,} removed"
        click.echo(f"published version {manifest.version}: {changed}; {edits}")
    else:
        click.echo(f"nothing to bring in; version {manifest.version} stays; {edits}")
