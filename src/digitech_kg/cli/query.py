"""The command `query`: a query against the current snapshot."""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path

import click

from digitech_kg.api import open_graph
from digitech_kg.cli.options import Command, Place, in_dataset, setting_options
from digitech_kg.cli.output import print_table
from digitech_kg.errors import CallError
from digitech_kg.formats import FORMATS, TABLES, Kind, by_name
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources.files import read_text


def on_query(command: Command) -> Command:
    """Add the argument and the option that name a query."""
    text = click.option("-e", "--execute", "text", metavar="TEXT", help="Query text instead of a file.")
    file = click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
    return file(text(command))


@click.command()
@on_query
@click.option(
    "--format",
    "format_name",
    metavar="FORMAT",
    help=(
        f"One of {', '.join(f.name for f in (*FORMATS, *TABLES))}, or table.  "
        "[default: table in a terminal, else tsv or turtle]"
    ),
)
@click.option(
    "--param",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="Value of a parameter that the query declares: a thing (id:huawei, or its IRI) or a literal; may be repeated.",
)
@in_dataset
@setting_options("query_timeout")
def query(
    place: Place,
    file: Path | None,
    text: str | None,
    format_name: str | None,
    parameters: tuple[str, ...],
    query_timeout: float,
) -> None:
    """Run a SPARQL query on the current snapshot, building it first if need be.

    FILE is a .rq file, the name of a saved question, or - for standard input.

    Examples: digitech-kg query companies_by_sector;  digitech-kg query -e 'SELECT * { ?s ?p ?o } LIMIT 5';
    digitech-kg query is_huawei_state_owned --param company=id:tencent
    """
    fmt = by_name(format_name, (*FORMATS, *TABLES)) if format_name and format_name != "table" else None
    if fmt and fmt.kind is Kind.TABLE and sys.stdout.isatty():
        raise CallError(f"{fmt.name} can't be shown in a terminal", hint=f"Add: > result.{fmt.extension}")
    as_table = format_name == "table" or (format_name is None and sys.stdout.isatty())
    graph = open_graph(project=place.project.root, data_dir=place.data_dir, query_timeout=query_timeout)
    query_text = read_query(file, text, graph.project.root)
    if parameters:
        query_text = graph.bind(query_text, _values(parameters))
    body, kind = graph.run(query_text, fmt, table=as_table)
    if kind == "table":
        _print_table(json.loads(body), graph.snapshot.names)
        return
    out = sys.stdout.buffer
    out.write(body)
    if sys.stdout.isatty() and not body.endswith(b"\n"):
        out.write(b"\n")


def read_query(file: Path | None, text: str | None, root: Path) -> str:
    """Return the text of a query, from a file or saved question or as given. Raises `CallError` if there is none."""
    if (file is None) == (text is None):
        raise CallError("give either a query file or -e TEXT", hint="Example: digitech-kg query companies_by_sector")
    if text is not None or file is None:
        return text or ""
    if str(file) == "-":
        return sys.stdin.read()
    saved = {path.stem: path for path in sorted((root / "data/queries").rglob("*.rq"))}
    for candidate in (file, saved.get(file.name.removesuffix(".rq"))):
        if candidate is not None and candidate.is_file():
            return read_text(candidate, str(candidate))
    close = difflib.get_close_matches(file.stem, saved, n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "Name a .rq file or a saved question (data/queries)."
    raise CallError(f"there is no file {file}, and no saved question of this name", hint=hint)


def _values(parameters: tuple[str, ...]) -> dict[str, list[str]]:
    """Read NAME=VALUE, where a name may come more than once. Raises `CallError` without an equals sign."""
    values: dict[str, list[str]] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals:
            raise CallError(f"--param '{parameter}' has no value", hint="Write it as --param company=id:huawei")
        values.setdefault(name.strip(), []).append(value)
    return values


def _print_table(document: dict[str, object], names: Namespaces) -> None:
    if "boolean" in document:
        click.echo("yes" if document["boolean"] else "no")
        return
    columns: list[str] = document["head"]["vars"]  # type: ignore[index]
    rows: list[dict[str, dict[str, str]]] = document["results"]["bindings"]  # type: ignore[index]
    print_table(columns, ([_show(row.get(name), names) for name in columns] for row in rows))
    click.echo(f"{len(rows)} row{'s' if len(rows) != 1 else ''}")


def _show(term: dict[str, str] | None, names: Namespaces) -> str:
    if term is None:
        return ""
    return names.shorten(term["value"]) if term["type"] == "uri" else str(term["value"])
