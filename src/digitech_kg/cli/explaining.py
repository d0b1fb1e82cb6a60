"""The command `explain`: what is done to a query before the engine sees it."""

from __future__ import annotations

from pathlib import Path

import click

from digitech_kg.api import open_graph
from digitech_kg.cli.options import data_dir_option, find_project_here, project_option
from digitech_kg.cli.query import read_query
from digitech_kg.rewriting.explanation import explain as explain_query
from digitech_kg.snapshot import read_statistics


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-e", "--execute", "text", metavar="TEXT", help="Query text instead of a file.")
@project_option
@data_dir_option
def explain(file: Path | None, text: str | None, project_dir: Path | None, data_dir: Path | None) -> None:
    """Tell how a query is rewritten before the engine sees it, and how many triples fit each of its patterns.

    Example: digitech-kg explain -e 'SELECT * { ?s dk:subject ?o FILTER NOT EXISTS { ?s dk:cue ?c } }'
    """
    graph = open_graph(project=find_project_here(project_dir).root, data_dir=data_dir)
    query = read_query(file, text, graph.project.root)
    prefixes = tuple(graph.snapshot.names.prefixes.items())
    statistics = read_statistics(graph.snapshot.directory)
    click.echo(str(explain_query(query, statistics=statistics, is_union=True, prefixes=prefixes)))
