"""The commands `build`, `import` and `revert`. Each makes one write."""

from pathlib import Path

import click
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from digitech_kg.access import check_name
from digitech_kg.cli.options import FILE, Command, Place, in_any_dataset, in_dataset, setting_options
from digitech_kg.cli.output import counted, describe_change, print_lines, steps
from digitech_kg.commit.building import build as build_dataset
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.importing import find_import_file
from digitech_kg.commit.request import Commit, Import, Outcome, Revert, Write
from digitech_kg.errors import CallError
from digitech_kg.formats import Kind, of_kind
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.manifest import parse_keep
from digitech_kg.snapshot.repository import SnapshotRepository


@click.command()
@in_dataset
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@click.option("--discard-edits", is_flag=True, help="Discard online edits and other graphs; they stay in the history.")
@setting_options("keep")
def build(place: Place, force: bool, discard_edits: bool, keep: str) -> None:
    """Build and publish a snapshot from the project's files.

    If files are faulty, every fault is reported at once and nothing is published. A build whose input has not
    changed is skipped, and a document that has not changed is not computed again. If changed files lack edits made
    online, or the data belongs to no project, the command says so and does nothing. Graphs outside the project stay.

    Example: digitech-kg build --data-dir /tmp/kg
    """
    repository = SnapshotRepository(place.directory, keep=parse_keep(keep))
    before, force = repository.current_version(), force or discard_edits
    with steps() as step:
        snapshot = build_dataset(place.project, repository, discard_edits=discard_edits, force=force, step=step)
    manifest = snapshot.manifest
    word = "unchanged:" if manifest.version == before else "published"
    click.echo(f"{word} snapshot {manifest.version} with {manifest.quads:,} quads in {place.directory}")
    if manifest.edits:
        more = "write them there with export --to-project, or discard them with build --discard-edits"
        click.echo(f"Edits made online ({manifest.edits:,} quads) aren't in the files: {more}.", err=True)


_FORMATS = [fmt.name for fmt in of_kind(Kind.GRAPH, Kind.DATASET)]


def _with_write_options(command: Command) -> Command:
    for option in (
        click.option("--author", default="", help="Author, for the history.  [default: operator]"),
        click.option("--message", default="", help="Reason, for the history."),
        click.option("--dry-run", is_flag=True, help="Validate and show the difference; publish nothing."),
    ):
        command = option(command)
    return in_any_dataset(command)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--graph",
    metavar="IRI",
    help="Graph for triples: an IRI, graph:NAME, or default. Quads go to the graphs that they name.",
)
@click.option("--replace", is_flag=True, help="Empty the graphs that the files go into first.")
@click.option("--format", "format_name", type=click.Choice(_FORMATS), help="Format of all files.  [default: by name]")
@_with_write_options
def import_files(
    place: Place,
    files: tuple[Path, ...],
    graph: str | None,
    replace: bool,
    format_name: str | None,
    dry_run: bool,
    message: str,
    author: str,
) -> None:
    """Import FILES into the published dataset, as one new version: all of them, or none if one is at fault.

    Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD, each also as .gz. A running server notices at once. The
    project's files stay as they are: see export --to-project.

    Example: digitech-kg import notes.ttl more.nt.gz --graph graph:note --message "Notes of May"
    """
    target = None if graph is None else _read_graph(graph, place.snapshot.names)
    write = Import(tuple(find_import_file(path, format_name) for path in files), target, replace)
    reason = message or f"Imports {', '.join(path.name for path in files)}"
    _carry_out(place, write, Commit("import", author, reason, dry_run=dry_run))


def _read_graph(text: str, names: Namespaces) -> NamedNode | DefaultGraph:
    """Return the graph that an IRI, a CURIE or "default" names. Raises `CallError` if it is none of these."""
    if text == "default":
        return DefaultGraph()
    try:
        return NamedNode(names.expand(text) or "")
    except ValueError:
        hint = "Give an absolute IRI, a name such as graph:things, or default for the default graph."
        raise CallError(f"{text!r} isn't a graph's name", hint=hint) from None


@click.command()
@click.argument("version")
@_with_write_options
def revert(place: Place, version: str, dry_run: bool, message: str, author: str) -> None:
    """Undo what VERSION changed, in a new version that is validated like any write.

    Later versions stay as they are. If they changed the same data again, or the result would not be valid, nothing is
    done and the exit status is 1.

    Example: digitech-kg revert 3 --dry-run
    """
    found = place.published.at(version).version
    reason = message or f"Reverts version {found}"
    _carry_out(place, Revert(found), Commit("revert", author, reason, dry_run=dry_run))


def _carry_out(place: Place, write: Write, commit: Commit) -> None:
    """Publish the next version, or show what it would be, and say so. Raises what `Committer.commit` raises."""
    names = place.snapshot.names
    if commit.author:
        check_name(commit.author)
    outcome = Committer(place.repository).commit(write, commit)
    for result in outcome.warnings:
        focus, path = names.shorten(result["focusNode"]), f" {result['path']}" if result["path"] else ""
        click.echo(f"{result['severity']}: {focus}{path}: {result['message']}", err=True)
    if outcome.difference is not None:
        sides = (parse(outcome.difference[side], format=RdfFormat.N_QUADS) for side in ("added", "removed"))
        change = Change(*map(frozenset, sides))
        print_lines(describe_change(change, names, derives=place.snapshot.manifest.derives))
        click.echo(f"would be published: {_counts(outcome)}")
    elif not outcome.published:
        click.echo(f"nothing changes; version {outcome.version} stays current")
    else:
        click.echo(f"published version {outcome.version}: {_counts(outcome)}")


def _counts(outcome: Outcome) -> str:
    added, removed = (sum(pair[side] for pair in outcome.graphs.values()) for side in (0, 1))
    derived = outcome.added + outcome.removed - added - removed
    more = f", {derived:,} more that follow" if derived else ""
    return f"{counted(added, 'quad')} added, {removed:,} removed{more}"
