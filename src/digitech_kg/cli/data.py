"""Commands that read a project's files: build, validate, coverage, export, format."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from digitech_kg.build import assemble, build_snapshot, validate_dataset
from digitech_kg.claims import measure_coverage
from digitech_kg.cli.options import (
    current_snapshot,
    data_dir_option,
    locate,
    no_reasoning_option,
    project_option,
    reasoner_option,
    reasoning_of,
    warn_without_inferences,
)
from digitech_kg.downloads import DOWNLOADS, by_download
from digitech_kg.errors import CallError
from digitech_kg.exports import KeptFiles, export_dataset
from digitech_kg.namespaces import shorten
from digitech_kg.snapshot import Snapshot, SnapshotRepository
from digitech_kg.sources import find_project
from digitech_kg.sources.extra import load_extra_files
from digitech_kg.sources.layout import format_turtle
from digitech_kg.validation import validate as validate_data
from digitech_kg.validation import validate_with_pyshacl


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


@click.command()
@project_option
@data_dir_option
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@reasoner_option
@no_reasoning_option
def build(project_dir: Path | None, data_dir: Path | None, force: bool, reasoner: str, no_reasoning: bool) -> None:
    """Build and publish a snapshot from the project's files.

    Every fault of every file is reported at once, and nothing is published then. A build whose input has not
    changed is skipped. What a reasoner finds is kept, so that it runs only when statements or axioms have changed.

    Example: digitech-kg build --data-dir /tmp/kg
    """
    project, directory = locate(project_dir, data_dir)
    steps = Steps()
    try:
        repository = SnapshotRepository(directory)
        reasoning = reasoning_of(directory, reasoner, no_reasoning)
        result = build_snapshot(project, repository, force=force, reasoning=reasoning, step=steps)
    finally:
        steps.done()
    manifest = result.snapshot.manifest
    warn_without_inferences(manifest, no_reasoning)
    word = "published" if result.built else "unchanged:"
    click.echo(f"{word} snapshot {manifest.version} with {manifest.quads:,} quads in {directory}")


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


@click.command()
@project_option
@data_dir_option
@click.option("--format", "format_name", metavar="NAME", help="Form of the export; --list shows all of them.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.  [default: stdout]")
@click.option("--inferred", is_flag=True, help="Add to owl what a reasoner drew; other formats of RDF hold it anyway.")
@click.option("--list", "list_formats", is_flag=True, help="List the formats and what each of them holds.")
@click.option("--prepare", is_flag=True, help="Write all downloads beside the snapshot, so that no visitor waits.")
def export(
    project_dir: Path | None,
    data_dir: Path | None,
    format_name: str | None,
    output: Path | None,
    inferred: bool,
    list_formats: bool,
    prepare: bool,
) -> None:
    """Write the current snapshot to a file.

    As RDF (turtle, trig, nquads …), for Protégé (owl, ontology), as tables by class (csv, xlsx, parquet), as a network
    (graphml, gexf), as a map (geojson), as mapping files (sssom), or as a research object with all of it (ro-crate).

    Examples: digitech-kg export --format owl --output digitech.owl; digitech-kg export --list
    """
    if list_formats:
        for download in DOWNLOADS.values():
            click.echo(f"{download.name:<10} {download.file:<26} {download.title}")
        return
    if (format_name is None) == (not prepare):
        hint = f"Give --format with one of: {', '.join(DOWNLOADS)}."
        raise CallError("name one of --format, --list and --prepare", hint=hint)
    if format_name is not None:
        by_download(format_name)
    _, directory = locate(project_dir, data_dir)
    snapshot = current_snapshot(SnapshotRepository(directory))
    if format_name is None:
        _prepare(snapshot)
        return
    content = export_dataset(snapshot, format_name, inferred=inferred)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise CallError(f"cannot write {output}: {error.strerror}", hint="Choose another --output.") from error


def _prepare(snapshot: Snapshot) -> None:
    steps, files = Steps(), KeptFiles(snapshot)
    try:
        for download in DOWNLOADS.values():
            steps(f"writing {download.file}")
            files.get(download.name)
    finally:
        steps.done()


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
    changed = 0
    for path in paths:
        try:
            before = path.read_text(encoding="utf-8")
        except OSError as error:
            raise CallError(f"cannot read {path}: {error.strerror}", hint="Name existing Turtle files.") from error
        after = format_turtle(before, str(path))
        if after == before:
            continue
        changed += 1
        click.echo(f"{'would change' if check else 'changed'} {path}")
        if not check:
            path.write_text(after, encoding="utf-8")
    sys.exit(1 if check and changed else 0)
