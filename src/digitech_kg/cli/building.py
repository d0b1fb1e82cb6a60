"""The command `build`: make the dataset what a project's files say."""

from __future__ import annotations

import click

from digitech_kg.cli.options import Place, in_dataset, no_reasoning_option, setting_options
from digitech_kg.cli.output import steps
from digitech_kg.commit import build as build_dataset
from digitech_kg.snapshot import Retention, SnapshotRepository


@click.command()
@in_dataset
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@click.option("--discard-edits", is_flag=True, help="Drop online edits and other graphs; they stay in the history.")
@no_reasoning_option
@setting_options("keep")
def build(place: Place, force: bool, discard_edits: bool, no_reasoning: bool, keep: str) -> None:
    """Build and publish a snapshot from the project's files.

    Every fault of every file is reported at once, and nothing is published then. A build whose input has not
    changed is skipped, and a document that has not changed is not computed again. Edits made online that the files do
    not have, and data of no project, are named, and nothing is done. Graphs that are not the project's stay.

    Example: digitech-kg build --data-dir /tmp/kg
    """
    repository = SnapshotRepository(place.directory, retention=Retention.parse(keep))
    with steps() as step:
        result = build_dataset(
            place.project,
            repository,
            discard_edits=discard_edits,
            force=force or discard_edits,
            infers=not no_reasoning,
            step=step,
        )
    manifest = result.snapshot.manifest
    word = "published" if result.outcome.published else "unchanged:"
    click.echo(f"{word} snapshot {manifest.version} with {manifest.quads:,} quads in {place.directory}")
