"""The commands `link` and `enrich`: links to other data sets, and what these hold about linked things."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from pyoxigraph import NamedNode

from digitech_kg.book import FILE_NAME, Book, write_book
from digitech_kg.book.entities import Catalogue
from digitech_kg.cli.options import Place, in_project
from digitech_kg.cli.output import counted, print_lines
from digitech_kg.errors import CallError
from digitech_kg.mappings.model import PREDICATES, Mapping
from digitech_kg.matching.ranking import Entity, read_term_id
from digitech_kg.parts.linking.client import PoliteClient
from digitech_kg.parts.linking.enrich import (
    ENRICH_SOURCES,
    EnrichSource,
    Fact,
    enriched_file,
    fetch_all,
    identifiers_of,
    missing,
    read_enriched,
    write_enriched,
)
from digitech_kg.parts.linking.proposals import Outcome, accept, propose, read_table, write_proposals
from digitech_kg.sources.loading import load_sources
from digitech_kg.sources.project import Project

#: What may link a thing to another data set.
_LINKS: Final = tuple(map(NamedNode, PREDICATES))


@click.command()
@in_project
@click.option("--table", type=click.Path(path_type=Path), help="CSV or TSV file with columns iri and name.")
@click.option(
    "--type", "types", multiple=True, metavar="CLASS", help="Only things of this class: Company, foaf:Person."
)
@click.option(
    "--accept",
    "accepted",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Move the rows of a review file to the curated ones.",
)
@click.option("--only", multiple=True, metavar="ID", help="With --accept: only rows of this thing, such as id:tcl.")
@click.option("--dry-run", is_flag=True, help="Show the proposals and write nothing.")
def link(
    place: Place,
    table: Path | None,
    types: tuple[str, ...],
    accepted: Path | None,
    only: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Propose links of things to the rows of a table, for review.

    Rows with score and reason go to data/links/review/; nothing is loaded before it is accepted, and a pair that is
    curated already is never touched.

    Examples: digitech-kg link --table organisations.csv --type Company;
    digitech-kg link --accept data/links/review/proposed.sssom.tsv --only id:tcl
    """
    project, today = place.project, datetime.now(UTC).date()
    if accepted is not None and table is None:
        chosen = [project.names.expand(i) or i for i in only]
        _tell(accept(project, accepted, subjects=chosen, today=today), "accepted", project)
        return
    if table is None or accepted is not None:
        raise CallError("name one of --table and --accept", hint="See: digitech-kg link --help")
    with _read(project) as book:
        things = _things(book, types)
        proposals = _new_links(propose(things, read_table(table), today=today), book)
    for m in proposals:
        names = map(project.names.shorten, (m.subject, m.predicate, m.object))
        click.echo("\t".join((*names, str(m.confidence), m.comment)))
    if not dry_run:
        _tell(write_proposals(project, proposals), "proposed", project)


@contextmanager
def _read(project: Project) -> Iterator[Book]:
    """Read the project's files into a book, which is gone at the end."""
    from digitech_kg.mappings.sssom import load_links

    quads = load_sources(project).quads
    with tempfile.TemporaryDirectory(prefix="digitech-kg-book-") as folder:
        path = Path(folder) / FILE_NAME
        write_book(path, [*quads, *load_links(project, quads)], project.names)
        yield Book(path, project.names)


def _things(book: Book, types: Iterable[str]) -> list[Entity]:
    """Return the things of some classes, or all, by IRI. Raises `CallError` if there are none."""
    wanted, root = {read_term_id(name, book.names) for name in types}, book.names.prefixes["id"]
    found = [e for e in Catalogue(book).entities() if not wanted or wanted & set(e.types)]
    if not found:
        hint = "Name a class of the ontology, such as Company or foaf:Person."
        raise CallError(f"there is no thing of class {', '.join(types)}", hint=hint)
    return [dataclasses.replace(entity, id=root + entity.id) for entity in found]


def _new_links(proposals: list[Mapping], book: Book) -> list[Mapping]:
    """Return the proposals for things that are not linked to any of the proposed data sets already."""
    spaces = {_space(m.object) for m in proposals}
    linked = book.values((m.subject for m in proposals), *_LINKS)
    others = ((thing, link.value) for thing, own in linked.items() for found in own.values() for link in found)
    done = {thing for thing, other in others if _space(other) in spaces}
    return [m for m in proposals if m.subject not in done]


def _space(iri: str) -> str:
    return iri.rsplit("#", 1)[0] if "#" in iri else iri.rstrip("/").rsplit("/", 1)[0]


def _tell(outcome: Outcome, what: str, project: Project) -> None:
    click.echo(f"{outcome.written} {what}, {outcome.known} known already", err=True)
    for path in outcome.files:
        shown = path.relative_to(project.root) if path.is_relative_to(project.root) else path
        click.echo(f"wrote {shown}", err=True)


@click.command()
@click.argument("source_name", type=click.Choice(sorted(ENRICH_SOURCES)))
@in_project
@click.option("--contact", default="", help="E-mail address or page that the service sees; Wikidata asks for one.")
@click.option("--address", metavar="URL", help="Another address of the service.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--pause", type=float, metavar="SECONDS", help="Pause between two requests.  [default: the service's]")
def enrich(
    place: Place,
    source_name: str,
    contact: str,
    address: str | None,
    dry_run: bool,
    pause: float | None,
) -> None:
    """Fetch facts on linked things from a source into its folder of data/external/, as external claims.

    The file then has what the service gives; what comes and what goes is shown.

    Example: digitech-kg enrich wikidata --contact me@example.org --dry-run
    """
    project = place.project
    source = ENRICH_SOURCES[source_name]
    source = dataclasses.replace(source, address=address or source.address)
    if not contact:
        raise CallError("services want to know whom to write to", hint="Give --contact ADDRESS.")
    with _read(project) as book:
        identifiers = identifiers_of(book, source, (thing.id for thing in _things(book, source.classes)))
    pause_s = source.pause_s if pause is None else pause
    click.echo(f"asking {source.name} about {counted(len(identifiers), 'thing')}", err=True)
    with PoliteClient(contact=contact, pause_s=pause_s) as client:
        fetched = fetch_all(source, identifiers, client)
    _write(project, source, fetched, dry_run=dry_run)


def _write(project: Project, source: EnrichSource, fetched: tuple[Fact, ...], *, dry_run: bool) -> None:
    path, names = enriched_file(project.root, source), project.names
    old = read_enriched(path)
    new, gone = missing(fetched, old), missing(old, fetched)
    for sign, facts in (("+", new), ("-", gone)):
        print_lines(f"{sign} {names.shorten(fact.thing)}\t{fact.property}\t{fact.value}" for fact in facts)
    click.echo(f"{len(new)} new, {len(gone)} no longer given", err=True)
    if dry_run or not (new or gone):
        click.echo("nothing written", err=True)
        return
    write_enriched(path, source, fetched, datetime.now(UTC).date(), names)
    click.echo(f"wrote {path.relative_to(project.root)}", err=True)
