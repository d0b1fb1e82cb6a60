"""The command `export`: the dataset as files, a patch of what changed, and edits for the project's files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from digitech_kg.cli.options import Place, in_dataset
from digitech_kg.cli.output import print_lines
from digitech_kg.commit import write_back
from digitech_kg.commit.patches import write_patch
from digitech_kg.errors import CallError, Conflict
from digitech_kg.exports import OwlOptions, export_dataset
from digitech_kg.hooks import downloads_of, get_download
from digitech_kg.snapshot import Snapshot, SnapshotRepository
from digitech_kg.sources import Project


@click.command()
@in_dataset
@click.option("--format", "format_name", metavar="NAME", help="Form of the export; --list shows all of them.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.  [default: stdout]")
@click.option("--inferred", is_flag=True, help="Add to owl what was inferred; other formats of RDF hold it anyway.")
@click.option("--document", "documents", multiple=True, metavar="NAME", help="In owl only this document; repeatable.")
@click.option("--list", "list_formats", is_flag=True, help="List the formats and what each of them holds.")
@click.option("--since", metavar="VERSION", help="What was changed by hand since a version, as a patch for import.")
@click.option(
    "--to-project",
    "target",
    is_flag=False,
    flag_value="",
    metavar="[DIR]",
    help="Write what was edited online into the Turtle files of DIR.  [default: of --project]",
)
def export(
    place: Place,
    format_name: str | None,
    output: Path | None,
    inferred: bool,
    documents: tuple[str, ...],
    list_formats: bool,
    since: str | None,
    target: str | None,
) -> None:
    """Write the current snapshot to a file, or what was edited online into the project's files.

    As RDF (turtle, trig, nquads …), for Protégé (owl, owl-complete, ontology), as tables by class (csv, xlsx), and in
    the formats that parts add; --list shows all of them.

    Examples: digitech-kg export --format owl-complete --output digitech.owl; digitech-kg export --list;
    digitech-kg export --since 3 --output since-3.rdfp; digitech-kg export --to-project
    """
    downloads = downloads_of(place.project.names)
    if list_formats:
        for download in downloads.values():
            click.echo(f"{download.name:<12} *{download.ending:<14} {download.title}")
        return
    if sum(given is not None for given in (format_name, since, target)) != 1:
        hint = f"Give --format with one of: {', '.join(downloads)}."
        raise CallError("name one of --format, --list, --since and --to-project", hint=hint)
    if format_name is not None:
        get_download(format_name, place.project.names)
    snapshot = place.snapshot
    if target is not None:
        _write_back(snapshot, (Place(Path(target)) if target else place).own_project)
    elif since is not None:
        _write(_patch(place.repository, snapshot, since), output)
    else:
        _write(export_dataset(snapshot, format_name or "", OwlOptions(inferred, documents)), output)


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise CallError(f"cannot write {output}: {error.strerror}", hint="Choose another --output.") from error


def _patch(repository: SnapshotRepository, snapshot: Snapshot, since: str) -> bytes:
    earlier = repository.at(since).version
    return write_patch(repository.written_since(earlier), snapshot.names, version=snapshot.version, previous=earlier)


def _write_back(snapshot: Snapshot, project: Project) -> None:
    written = write_back(snapshot, project)
    print_lines(f"wrote {name}" for name in written.files)
    if written.left:
        hint = "Links belong in data/links/*.sssom.tsv; triples of other graphs into a graph that a folder is for."
        raise Conflict(f"no Turtle file of a project is for the edits of {', '.join(written.left)}", hint=hint)
    if written.files:
        click.echo("Look at the difference, then run: digitech-kg build", err=True)
    else:
        click.echo("nothing to write: the files have all that was edited online", err=True)
