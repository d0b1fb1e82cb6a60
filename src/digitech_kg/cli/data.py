"""Commands that read a project's files: build, sync, validate, coverage, format."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from digitech_kg.build import assemble, build_snapshot, sync_project, validate_dataset
from digitech_kg.claims import measure_coverage
from digitech_kg.cli.messages import Steps
from digitech_kg.cli.options import (
    data_dir_option,
    locate,
    no_reasoning_option,
    project_option,
    reasoner_option,
    reasoning_of,
    setting_options,
    warn_without_inferences,
)
from digitech_kg.cli.writing import message_option
from digitech_kg.errors import CallError
from digitech_kg.namespaces import shorten
from digitech_kg.snapshot import KEEP_ALL, Change, Retention, SnapshotRepository
from digitech_kg.sources import find_project
from digitech_kg.sources.extra import load_extra_files
from digitech_kg.sources.files import read_text, write_texts
from digitech_kg.sources.layout import format_turtle
from digitech_kg.validation import validate as validate_data
from digitech_kg.validation import validate_with_pyshacl


@click.command()
@project_option
@data_dir_option
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@click.option("--discard-edits", is_flag=True, help="Give up what was edited online; it stays in the history.")
@reasoner_option
@no_reasoning_option
@setting_options("keep")
def build(
    project_dir: Path | None,
    data_dir: Path | None,
    force: bool,
    discard_edits: bool,
    reasoner: str,
    no_reasoning: bool,
    keep: str,
) -> None:
    """Build and publish a snapshot from the project's files.

    Every fault of every file is reported at once, and nothing is published then. A build whose input has not
    changed is skipped. What a reasoner finds is kept, so that it runs only when statements or axioms have changed.

    Example: digitech-kg build --data-dir /tmp/kg
    """
    project, directory = locate(project_dir, data_dir)
    steps = Steps()
    try:
        repository = SnapshotRepository(directory, retention=Retention.parse(keep))
        reasoning = reasoning_of(directory, reasoner, no_reasoning)
        keep_edits = (lambda _: Change()) if discard_edits else None
        force = force or discard_edits
        result = build_snapshot(
            project, repository, force=force, reasoning=reasoning, step=steps, keep_edits=keep_edits
        )
    finally:
        steps.done()
    manifest = result.snapshot.manifest
    warn_without_inferences(manifest, no_reasoning)
    word = "published" if result.built else "unchanged:"
    click.echo(f"{word} snapshot {manifest.version} with {manifest.quads:,} quads in {directory}")


@click.command()
@project_option
@data_dir_option
@message_option
@reasoner_option
@no_reasoning_option
def sync(project_dir: Path | None, data_dir: Path | None, message: str, reasoner: str, no_reasoning: bool) -> None:
    """Bring changed files of the project into the store, as a new version that keeps what was edited online.

    What the files have taken over is no edit any more. Where a thing or claim was changed both online and in the files,
    and not in the same way, nothing is done: both differences are shown, and the exit status is 1.

    Example: digitech-kg sync --message "Figures of May"
    """
    project, directory = locate(project_dir, data_dir)
    repository, steps = SnapshotRepository(directory, retention=KEEP_ALL), Steps()
    reasoning = reasoning_of(directory, reasoner, no_reasoning)
    try:
        result = sync_project(project, repository, reasoning=reasoning, step=steps, message=message)
    finally:
        steps.done()
    manifest = result.snapshot.manifest
    warn_without_inferences(manifest, no_reasoning)
    edits = f"{manifest.edits:,} quads edited online are not in the files" if manifest.edits else "no edits are open"
    if result.built:
        changed = f"{manifest.added:,} quads added, {manifest.removed:,} removed"
        click.echo(f"published version {manifest.version}: {changed}; {edits}")
    else:
        click.echo(f"nothing to bring in; version {manifest.version} stays; {edits}")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@project_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "turtle", "json"]),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@click.option("--reference", is_flag=True, help="Use pySHACL, the reference implementation: same results, slower.")
def validate(files: tuple[Path, ...], project_dir: Path | None, format_name: str, reference: bool) -> None:
    """Validate the project's dataset against its shapes.

    FILES are Turtle files that are taken as further data of the project: drafts, or files from elsewhere.
    Exit status 1 if there is a violation.

    Example: digitech-kg validate draft.ttl --format json
    """
    project = find_project(project_dir)
    extra = load_extra_files(project, files)
    dataset = assemble(project, extra=extra)
    check = validate_with_pyshacl if reference else validate_data
    report = validate_dataset(dataset, project, check)
    if format_name == "turtle":
        text = report.to_turtle()
    elif format_name == "json":
        text = report.to_json()
    else:
        text = report.to_text(dataset.sources.place_of)
    click.echo(text.rstrip("\n"))
    sys.exit(0 if report.conforms else 1)


@click.command()
@project_option
@click.option("--uncovered", is_flag=True, help="List only the passages that nothing cites.")
def coverage(project_dir: Path | None, uncovered: bool) -> None:
    """List, per sentence and table cell, the claims and things that cite it.

    Exit status 1 if a passage is cited by nothing and repeats no other.

    Example: digitech-kg coverage --uncovered
    """
    found = measure_coverage(assemble(find_project(project_dir)).sources.quads)
    for passage in found.uncovered if uncovered else found.claims:
        names = [shorten(iri) for iri in (*found.claims[passage], *found.things[passage])]
        if passage in found.repeats:
            names.append(f"(repeats {shorten(found.repeats[passage])})")
        click.echo(f"{shorten(passage)}\t{len(found.claims[passage])}\t{' '.join(names) or 'NOT COVERED'}")
    total, missing = len(found.claims), len(found.uncovered)
    click.echo(f"{total - missing} of {total} sentences and cells covered", err=True)
    sys.exit(1 if missing or not total else 0)


@click.command("format")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@project_option
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 if a file would change.")
def format_files(files: tuple[Path, ...], project_dir: Path | None, check: bool) -> None:
    """Bring Turtle files into the project's layout: blocks by IRI, one value per line.

    Comments are lost: write notes as skos:editorialNote. Without FILES all of the project's files are taken.

    Example: digitech-kg format --check
    """
    project = find_project(project_dir)
    paths = files or (*(source.path for source in project.source_files()), *project.shape_files())
    changed: dict[Path, str] = {}
    for path in paths:
        if not path.exists():
            raise CallError(f"there is no file {path}", hint="Name Turtle files that exist.")
        before = read_text(path, str(path))
        after = format_turtle(before, str(path))
        if after != before:
            changed[path] = after
    if not check:
        write_texts(changed)
    for path in changed:
        click.echo(f"{'would change' if check else 'changed'} {path}")
    sys.exit(1 if check and changed else 0)
