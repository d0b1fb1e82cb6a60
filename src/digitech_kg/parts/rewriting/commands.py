"""The command `explain`: what is done to a query before the engine sees it."""

from __future__ import annotations

from pathlib import Path

import click

from digitech_kg.api import open_graph
from digitech_kg.cli.options import Place, in_dataset
from digitech_kg.cli.query import on_query, read_query
from digitech_kg.parts.rewriting.rewriter import make_rewriter


@click.command()
@on_query
@in_dataset
def explain(place: Place, file: Path | None, text: str | None) -> None:
    """Tell how a query is rewritten before the engine sees it, and how many triples fit each of its patterns.

    Example: digitech-kg explain -e 'SELECT * { ?s dk:subject ?o FILTER NOT EXISTS { ?s dk:cue ?c } }'
    """
    graph = open_graph(project=place.project.root, data_dir=place.data_dir)
    query_text = read_query(file, text, graph.project.root)
    prefixes = tuple(graph.snapshot.names.prefixes.items())
    click.echo(make_rewriter(graph.snapshot.directory).explain(query_text, is_union=True, prefixes=prefixes))
