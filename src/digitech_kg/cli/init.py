"""The command `init`: make a project."""

from __future__ import annotations

from pathlib import Path

import click

from digitech_kg.authoring.new_project import DEFAULT_LANGUAGE, About, make_project


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--base", metavar="IRI", help="Where all IRIs of the project begin.  [default: one at example.org]")
@click.option("--title", metavar="TEXT", help="What the graph is called.  [default: the name of the folder]")
@click.option("--publisher", metavar="NAME", help="Who publishes the graph.")
@click.option("--license", "licence", metavar="IRI", help="Address of the licence of the data.")
@click.option("--language", metavar="TAG", default=DEFAULT_LANGUAGE, show_default=True, help="Language of the labels.")
def init(
    folder: Path, base: str | None, title: str | None, publisher: str | None, licence: str | None, language: str
) -> None:
    """Make a project for documents of your own, in an empty folder.

    The project takes the ontology and the shapes from the package; what you add to them stands beside them.

    Example: digitech-kg init my-graph --base https://example.org/my-graph/ --title "What reports say"
    """
    missing = make_project(folder, About(base, title, publisher, licence, language))
    click.echo(f"made {folder}")
    if missing:
        click.echo(f"Placeholders were written for: {', '.join(missing)}.", err=True)
        click.echo("Put yours into project.toml and data/dataset.ttl before you publish.", err=True)
    click.echo(f"Next: digitech-kg document add FILE --id NAME --project {folder}", err=True)
