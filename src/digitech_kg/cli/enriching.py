"""The command `enrich`: fetch what other data sets hold about linked things."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import click

from digitech_kg.cli.messages import progress
from digitech_kg.cli.options import data_dir_option, locate, project_option
from digitech_kg.errors import CallError, DigitechError
from digitech_kg.linking.client import PoliteClient
from digitech_kg.linking.enrich import Fetched, fetch_all, identifiers_of
from digitech_kg.linking.enrich_sources import ENRICH_SOURCES, EnrichSource
from digitech_kg.linking.enriched import Difference, compare, enriched_file, merged, read_enriched, write_enriched
from digitech_kg.linking.things import entities_of
from digitech_kg.mappings.files import load_links
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources import Project, load_sources


@click.command()
@click.argument("source_name", metavar="SOURCE", type=click.Choice(sorted(ENRICH_SOURCES)))
@project_option
@data_dir_option
@click.option("--contact", default="", help="E-mail address or page that the service sees; Wikidata asks for one.")
@click.option("--address", metavar="URL", help="Another address of the service; {id} stands for the identifier.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--replace", is_flag=True, help="Drop values that the service no longer gives; else they are kept.")
@click.option("--refresh", is_flag=True, help="Fetch again what the cache has.")
@click.option("--offline", is_flag=True, help="Use only what the cache has.")
@click.option("--pause", type=float, metavar="SECONDS", help="Pause between two requests.  [default: the service's]")
def enrich(
    source_name: str,
    project_dir: Path | None,
    data_dir: Path | None,
    contact: str,
    address: str | None,
    dry_run: bool,
    replace: bool,
    refresh: bool,
    offline: bool,
    pause: float | None,
) -> None:
    """Fetch facts on linked things from SOURCE into data/external/SOURCE/, as external claims.

    What was fetched is kept in a cache, so a run that is broken off goes on where it was. Values that changed or
    vanished are shown; they stay in the file unless --replace is given.

    Example: digitech-kg enrich wikidata --contact me@example.org --dry-run
    """
    project, directory = locate(project_dir, data_dir)
    source = ENRICH_SOURCES[source_name]
    source = dataclasses.replace(source, address=address or source.address)
    if not contact and not offline:
        raise CallError("services want to know whom to write to", hint="Give --contact ADDRESS.")
    identifiers = _identifiers(project, source)
    cache = directory / "enrich" / source.name
    if refresh and not offline:
        for kept in cache.glob("*.json"):
            kept.unlink()
    today = datetime.now(UTC).date()
    pause_s = source.pause_s if pause is None else pause
    with PoliteClient(contact=contact, pause_s=pause_s) as client, progress(f"asking {source.name}") as tell:
        fetched = fetch_all(source, identifiers, None if offline else client, cache, today=today, tell=tell)
    _write(project, source, fetched, dry_run=dry_run, replace=replace)
    if fetched.unknown:
        things = ", ".join(project.names.shorten(thing) for thing in fetched.unknown)
        raise UnknownThere(f"{source.name} knows nothing under the identifiers of {things}", hint="Check their links.")


def _identifiers(project: Project, source: EnrichSource) -> dict[str, str]:
    names, quads = project.names, load_sources(project).quads
    quads += load_links(project, quads)
    fitting = {thing.id for thing in entities_of(quads, names) if set(source.classes) & set(thing.types)}
    return {thing: i for thing, i in identifiers_of(quads, source, names).items() if thing in fitting}


class UnknownThere(DigitechError):
    """Some links lead to nothing; everything else was done."""

    exit_code = 1


def _write(project: Project, source: EnrichSource, fetched: Fetched, *, dry_run: bool, replace: bool) -> None:
    path = enriched_file(project.root, source)
    old = read_enriched(path)
    difference = compare(old, fetched.facts)
    _show(difference, project.names)
    if dry_run or not (difference.added or (difference.vanished and replace)):
        click.echo("nothing written", err=True)
        return
    write_enriched(path, source, merged(old, fetched, replace=replace), fetched.retrieved, project.names)
    click.echo(f"wrote {path.relative_to(project.root)}", err=True)


def _show(difference: Difference, names: Namespaces) -> None:
    for sign, facts in (("+", difference.added), ("-", difference.vanished)):
        for fact in facts:
            word = "  (changed)" if (fact.thing, fact.property) in difference.changed else ""
            click.echo(f"{sign} {names.shorten(fact.thing)}\t{fact.property}\t{fact.value}{word}")
    gone = len(difference.vanished)
    click.echo(f"{len(difference.added)} new, {gone} no longer given, {len(difference.changed)} changed", err=True)
