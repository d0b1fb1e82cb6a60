"""The commands `history` and `export`: the published versions, and files made from them."""

import sys
from pathlib import Path

import click

from digitech_kg.cli.options import Place, in_any_dataset, in_dataset
from digitech_kg.cli.output import counted, describe_change, print_lines, print_rows
from digitech_kg.commit.files import FilesContent
from digitech_kg.commit.results import ResultStore
from digitech_kg.commit.writing_back import write_back
from digitech_kg.errors import CallError, Conflict, InvalidData
from digitech_kg.exports.writing import export_dataset
from digitech_kg.hooks import downloads_of, get_download, load
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sources.project import Project
from digitech_kg.validation.report import report_of

_COLUMNS = ("version", "time", "author", "action", "message", "added", "removed", "results", "data")


@click.command()
@click.argument("version", required=False)
@in_any_dataset
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The newest N versions.  [default: all]")
def history(place: Place, version: str | None, limit: int | None) -> None:
    """List the published versions, newest first, or show what VERSION changed.

    VERSION is a name, a number, or a time: the version that was current then. The record of what a version changed is
    kept for good; its data is kept as long as serve --keep says.

    Examples: digitech-kg history --limit 10;  digitech-kg history 3
    """
    if version is not None and limit is not None:
        raise CallError("--limit is for the list of versions", hint="Leave out VERSION or --limit.")
    repository = place.published
    if version is not None:
        _show_text(repository, repository.at(version))
    else:
        _show_table(repository, repository.history()[::-1][:limit])


def _show_text(repository: SnapshotRepository, manifest: Manifest) -> None:
    click.echo(f"version {manifest.version}, {manifest.created}, {manifest.action} by {manifest.author or 'operator'}")
    click.echo(f"after   {manifest.previous or 'nothing: the first version'}")
    told = (("message", manifest.message), ("request", manifest.request_id))
    print_lines(f"{name} {value}" for name, value in told if value)
    click.echo(f"results {_results(manifest)}; {counted(manifest.added, 'quad')} added, {manifest.removed:,} removed\n")
    change = repository.change(manifest.version)
    print_lines(describe_change(change, manifest.names, derives=manifest.derives))


def _show_table(repository: SnapshotRepository, manifests: list[Manifest]) -> None:
    print_rows(_COLUMNS, [_row(repository, manifest) for manifest in manifests])
    count, kept = len(repository.history()), len(repository.versions())
    click.echo(f"{count:,} versions, the data of {kept:,} is kept", err=True)


def _row(repository: SnapshotRepository, manifest: Manifest) -> tuple[str, ...]:
    return (
        manifest.version,
        manifest.created.removesuffix("+00:00") + "Z",
        manifest.author or "operator",
        manifest.action,
        " ".join(manifest.message.split()),
        f"{manifest.added:,}",
        f"{manifest.removed:,}",
        _results(manifest),
        "kept" if repository.has_data(manifest.version) else "gone",
    )


def _results(manifest: Manifest) -> str:
    counts = manifest.validation.items()
    return ", ".join(f"{count:,} {severity}{'s' * (count != 1)}" for severity, count in counts) or "conforms"


@click.command()
@in_dataset
@click.option("--format", "format_name", metavar="NAME", help="Format of the export; without it all are listed.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.  [default: stdout]")
@click.option("--document", "documents", multiple=True, metavar="NAME", help="Only this one, for owl; can be repeated.")
@click.option(
    "--to-project",
    "target",
    is_flag=False,
    flag_value="",
    metavar="[DIR]",
    help="Write online edits into the Turtle files of DIR.  [default: of --project]",
)
def export(
    place: Place, format_name: str | None, output: Path | None, documents: tuple[str, ...], target: str | None
) -> None:
    """Write the current snapshot to a file, or online edits into the project's files.

    Formats: RDF (turtle, trig, nquads …), for Protégé (owl, ontology), tables by class (csv, xlsx), and those that
    parts add.

    Examples: digitech-kg export --format owl --output digitech.owl;  digitech-kg export --to-project
    """
    if (format_name is None) == (target is None):
        downloads = downloads_of(place.project.names).values()
        rows = (f"{each.name:<12} *{each.ending:<15} {each.title}" for each in downloads)
        raise CallError("name one of --format and --to-project", hint="\n".join(("The formats are:", *rows)))
    if documents and format_name != "owl":
        hint = "A server has the graph of a document at /graph/NAME; query -e 'CONSTRUCT …' writes part of the data."
        raise CallError("--document is for --format owl", hint=hint)
    if format_name is not None:
        get_download(format_name, place.project.names)
    snapshot = place.snapshot
    if target is not None:
        _write_back(snapshot, (Place(Path(target)) if target else place).own_project, place.directory)
        return
    content = export_dataset(snapshot, format_name or "", documents)
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        output.write_bytes(content)
        ending = get_download(format_name or "", place.project.names).ending
        if ending.endswith(".zip") and output.suffix != ".zip":
            click.echo(f"{output} is a ZIP archive with one file for each table.", err=True)


def _write_back(snapshot: Snapshot, project: Project, data_dir: Path) -> None:
    written = write_back(snapshot, project, lambda drafted: _read_valid(drafted, data_dir))
    print_lines(f"wrote {name}" for name in written.files)
    if written.foreign:
        told = f"Graphs outside the project are in no file, and every build keeps them: {', '.join(written.foreign)}."
        click.echo(told, err=True)
    if written.left:
        hint = "Links belong in data/links/*.sssom.tsv; other triples belong in a graph that has a folder."
        raise Conflict(f"no Turtle file of the project can hold the edits of {', '.join(written.left)}", hint=hint)
    if written.files:
        click.echo("Look at the diff, then run: digitech-kg build", err=True)
    else:
        click.echo("nothing to write: the files have all that was edited online", err=True)


def _read_valid(project: Project, data_dir: Path) -> FilesContent:
    """Return what files say. Raises `InvalidData` for files that a build would refuse."""
    # Imported only here, because it loads slowly. The next build finds the results.
    found = load("digitech_kg.commit.building:assemble")(project, results=ResultStore.beside(data_dir))
    if wrong := report_of(found.results, project.names).violations:
        text = report_of(wrong, project.names).to_text(found.content.sources.place_of)
        raise InvalidData(text, hint="No file was changed. Merge the files and the online edits by hand.")
    content: FilesContent = found.content
    return content
