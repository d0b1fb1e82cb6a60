"""The command `format`: the project's layout of Turtle files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from digitech_kg.cli.options import Place, in_project
from digitech_kg.cli.output import print_lines
from digitech_kg.errors import CallError
from digitech_kg.sources.files import read_text, write_texts
from digitech_kg.sources.layout import format_turtle


@click.command("format")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@in_project
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 if a file would change.")
def format_files(place: Place, files: tuple[Path, ...], check: bool) -> None:
    """Bring Turtle files into the project's layout: blocks by IRI, one value per line.

    Comments are lost: write notes as skos:editorialNote. Without FILES all of the project's files are taken.

    Example: digitech-kg format --check
    """
    project = place.project
    paths = files or (*(s.path for s in project.source_files() if project.is_own(s)), *project.own_shape_files())
    changed: dict[Path, str] = {}
    for path in paths:
        if not path.exists():
            raise CallError(f"there is no file {path}", hint="Name Turtle files that exist.")
        before = read_text(path, str(path))
        after = format_turtle(before, str(path), project.names)
        if after != before:
            changed[path] = after
    if not check:
        write_texts(changed)
    print_lines(f"{'would change' if check else 'changed'} {path}" for path in changed)
    sys.exit(1 if check and changed else 0)
