"""The command `import`: RDF files and patches as one new version."""

from __future__ import annotations

from pathlib import Path

import click
from pyoxigraph import DefaultGraph, NamedNode

from digitech_kg.access import DEFAULT_GRAPH, parse_graph
from digitech_kg.cli.messages import progress
from digitech_kg.cli.options import current_snapshot, data_dir_option, empty_option, project_option
from digitech_kg.cli.writing import author_option, carry_out, dry_run_option, message_option, open_for_writing
from digitech_kg.commit import Commit
from digitech_kg.commit.changes.importing import find_import_file, read_import
from digitech_kg.formats import Kind, of_kind

_FORMATS = [*(fmt.name for fmt in of_kind(Kind.GRAPH, Kind.DATASET)), "patch"]


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--graph",
    metavar="IRI",
    help="Graph for triples that name none: an IRI, graph:NAME, or default. Quads go to the graphs that they name.",
)
@click.option("--replace", is_flag=True, help="Empty the graphs that the files go into first.")
@click.option("--format", "format_name", type=click.Choice(_FORMATS), help="Format of all files.  [default: by name]")
@dry_run_option
@message_option
@author_option
@project_option
@data_dir_option
@empty_option
def import_files(
    files: tuple[Path, ...],
    graph: str | None,
    replace: bool,
    format_name: str | None,
    dry_run: bool,
    message: str,
    author: str,
    project_dir: Path | None,
    data_dir: Path | None,
    empty: bool,
) -> None:
    """Bring FILES into the published dataset, as one new version: all of them, or none if one is at fault.

    Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD, each also as .gz, and patches (.rdfp) from export --since. A
    server that runs follows at once. The project's files stay as they are: see export --to-project.

    Example: digitech-kg import notes.ttl more.nt.gz --graph graph:note --message "Notes of May"
    """
    repository = open_for_writing(project_dir, data_dir, empty)
    target = None
    if graph is not None:
        name = parse_graph(graph, current_snapshot(repository).names)
        target = DefaultGraph() if name == DEFAULT_GRAPH else NamedNode(name)
    found = [find_import_file(path, format_name) for path in files]
    total = sum(file.path.stat().st_size for file in found)
    with progress("bytes read") as tell:
        write = read_import(found, target, replace=replace, told=lambda done: tell(done, total))
    reason = message or f"Imports {', '.join(path.name for path in files)}"
    carry_out(repository, write, Commit("import", author, reason, dry_run=dry_run))
