"""The commands `validate`, `coverage` and `format`, which check a project's files."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from digitech_kg.claims.derivation import Coverage, measure_coverage
from digitech_kg.cli.options import FILE, Place, in_project, setting_options
from digitech_kg.cli.output import print_lines
from digitech_kg.commit.building import assemble
from digitech_kg.commit.files import read_content
from digitech_kg.commit.results import ResultStore
from digitech_kg.errors import Fault, SourceError
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources.document_texts import read_texts
from digitech_kg.sources.files import read_text, write_texts
from digitech_kg.sources.layout import format_turtle
from digitech_kg.sources.loading import load_extra_files
from digitech_kg.sources.project import Project
from digitech_kg.validation.checks import check_against_text
from digitech_kg.validation.report import Result, Severity, report_of


@click.command()
@click.argument("files", nargs=-1, type=FILE)
@in_project
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "turtle", "json")),
    default="text",
    show_default=True,
    help="Form of the result.",
)
@setting_options("text")
def validate(place: Place, files: tuple[Path, ...], form: str, text: tuple[str, ...]) -> None:
    """Validate the project's dataset against its shapes, and with --text against the documents' texts.

    FILES are Turtle files that are read as further data of the project: drafts, or files from elsewhere.
    Exit status 1 if there is a violation.

    Example: digitech-kg validate draft.ttl --text nupi-digi-tech=brief.txt
    """
    project, names = place.project, place.project.names
    # Units that haven't changed since the last time, or since a build, aren't validated again.
    results = ResultStore.beside(place.directory)
    try:
        found = assemble(project, extra=load_extra_files(project, files), results=results)
    except SourceError as error:
        if form == "text":
            raise
        # A program gets what can't be read as a report, too.
        report = report_of((_fault_of(fault, project) for fault in error.faults), names)
        click.echo(report.to_turtle() if form == "turtle" else report.to_json())
        sys.exit(error.exit_code)
    told = [*found.results]
    for document, copy in read_texts(text, project.documents).items():
        own = found.target.quads(names.graphs.document(document))
        told += check_against_text(own, document, copy, names, found.content.sources.quads)
    report = report_of(told, names)
    write = {"turtle": report.to_turtle, "json": report.to_json}
    shown = write[form]() if form in write else report.to_text(found.content.sources.place_of)
    click.echo(shown.rstrip("\n"))
    sys.exit(0 if report.conforms else 1)


def _fault_of(found: Fault, project: Project) -> Result:
    message = f"line {found.line}: {found.what}. {found.mend}" if found.line else f"{found.what}. {found.mend}"
    focus = (project.root / found.file).resolve().as_uri()
    return Result(focus, None, None, Severity.VIOLATION, message, None)


@click.command()
@in_project
@click.option("--uncovered", is_flag=True, help="List only the passages that nothing cites.")
def coverage(place: Place, uncovered: bool) -> None:
    """List, for each document, the claims and things that cite each sentence and table cell.

    Exit status 1 if nothing cites some passage that repeats no other.

    Example: digitech-kg coverage --uncovered
    """
    names = place.project.names
    total = missing = 0
    for found in measure_coverage(read_content(place.project).written, names):
        print_lines(_coverage_lines(found, names, uncovered_only=uncovered))
        count, open_count = len(found.claims), len(found.uncovered)
        click.echo(f"{found.document}: {count - open_count} of {count} sentences and cells covered", err=True)
        total, missing = total + count, missing + open_count
    sys.exit(1 if missing or not total else 0)


def _coverage_lines(found: Coverage, names: Namespaces, *, uncovered_only: bool) -> Iterator[str]:
    for passage in found.uncovered if uncovered_only else found.claims:
        cited = [names.shorten(iri) for iri in (*found.claims[passage], *found.things[passage])]
        if passage in found.repeats:
            cited.append(f"(repeats {names.shorten(found.repeats[passage])})")
        yield f"{names.shorten(passage)}\t{len(found.claims[passage])}\t{' '.join(cited) or 'NOT COVERED'}"


@click.command("format")
@click.argument("files", nargs=-1, type=FILE)
@in_project
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 if a file would change.")
def format_files(place: Place, files: tuple[Path, ...], check: bool) -> None:
    """Format Turtle files in the project's layout: blocks by IRI, one value per line.

    Comments are lost: write notes as skos:editorialNote. Without FILES all of the project's files are formatted.

    Example: digitech-kg format --check
    """
    project = place.project
    paths = files or (*(s.path for s in project.source_files() if project.is_own(s)), *project.own_shape_files())
    changed: dict[Path, str] = {}
    for path in paths:
        before = read_text(path, str(path))
        after = format_turtle(before, str(path), project.names)
        if after != before:
            changed[path] = after
    if not check:
        write_texts(changed)
    print_lines(f"{'would change' if check else 'changed'} {path}" for path in changed)
    sys.exit(1 if check and changed else 0)
