"""The command `link`: propose links to other data sets, and accept them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from digitech_kg.cli.messages import progress
from digitech_kg.cli.options import project_option
from digitech_kg.errors import CallError
from digitech_kg.linking.client import PoliteClient
from digitech_kg.linking.propose import (
    entities_from_endpoint,
    entities_from_service,
    measure,
    propose,
    read_expected,
    read_table,
)
from digitech_kg.linking.review import Outcome, accept, write_proposals
from digitech_kg.linking.term_ids import read_term_id
from digitech_kg.linking.things import entities_of, links_of
from digitech_kg.mappings import Mapping
from digitech_kg.mappings.files import load_links
from digitech_kg.namespaces import SKOS
from digitech_kg.search.matching import Entity
from digitech_kg.sources import Project, find_project, load_sources


@click.command()
@project_option
@click.option("--table", type=click.Path(path_type=Path), help="CSV or TSV file with columns iri and name.")
@click.option("--service", metavar="URL", help="Reconciliation service to ask.")
@click.option("--endpoint", metavar="URL", help="SPARQL endpoint to ask for items with these labels.")
@click.option(
    "--type", "types", multiple=True, metavar="CLASS", help="Only things of this class, such as Company or foaf:Person."
)
@click.option("--name", default="proposed", show_default=True, help="Name of the review file to write.")
@click.option("--relink", is_flag=True, help="Also propose links for things that the data set has already.")
@click.option(
    "--accept",
    "accepted",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Move the rows of a review file to the curated ones.",
)
@click.option("--only", multiple=True, metavar="ID", help="With --accept: only rows of this thing, such as id:tcl.")
@click.option("--contact", default="no contact given", help="E-mail address or page that services see.")
@click.option(
    "--expected",
    metavar="COLUMN",
    help="With --table: column with the ids of the right things; report precision and recall and write nothing.",
)
@click.option("--dry-run", is_flag=True, help="Show the proposals and write nothing.")
def link(
    project_dir: Path | None,
    table: Path | None,
    service: str | None,
    endpoint: str | None,
    types: tuple[str, ...],
    name: str,
    relink: bool,
    accepted: Path | None,
    only: tuple[str, ...],
    contact: str,
    expected: str | None,
    dry_run: bool,
) -> None:
    """Propose links of things to a table, a reconciliation service or a SPARQL endpoint, for review.

    Rows with score and reason go to data/links/review/; nothing is loaded before it is accepted, and a pair that is
    curated already is never touched.

    Examples: digitech-kg link --table organisations.csv --type Company;
    digitech-kg link --accept data/links/review/proposed.sssom.tsv --only id:tcl
    """
    project = find_project(project_dir)
    if sum(x is not None for x in (table, service, endpoint, accepted)) != 1:
        raise CallError("name one of --table, --service, --endpoint and --accept", hint="See: digitech-kg link --help")
    if expected is not None and table is None:
        raise CallError("--expected needs --table", hint="See: digitech-kg link --help")
    today = datetime.now(UTC).date()
    if accepted is not None:
        outcome = accept(project, accepted, subjects=[project.names.expand(i) or i for i in only], today=today)
        _tell(outcome, "accepted", project)
        return
    if "/" in name or name.startswith("."):
        raise CallError(f"'{name}' is no name of a file", hint="Give letters, digits and hyphens.")
    things, linked = _things(project, types)
    elsewhere = read_table(table) if table is not None else _ask(things, service, endpoint, contact)
    proposals = propose(things, elsewhere, today=today)
    if expected is not None and table is not None:
        _measure(proposals, read_expected(table, expected, project.names.prefixes["id"]))
        return
    if not relink:
        proposals = _new_links(proposals, linked)
    shorten = project.names.shorten
    for m in proposals:
        click.echo(f"{shorten(m.subject)}\t{shorten(m.predicate)}\t{shorten(m.object)}\t{m.confidence}\t{m.comment}")
    if not dry_run:
        _tell(write_proposals(project, name, proposals), "proposed", project)


def _measure(proposals: list[Mapping], expected: set[tuple[str, str]]) -> None:
    certain = [m for m in proposals if m.predicate == SKOS.exactMatch.value]
    for what, found in (("certain", certain), ("all", proposals)):
        precision, recall = measure(found, expected)
        click.echo(f"{what}\t{len(found)} proposals\tprecision {precision:.3f}\trecall {recall:.3f}")


def _things(project: Project, types: tuple[str, ...]) -> tuple[list[Entity], dict[str, set[str]]]:
    quads = load_sources(project).quads
    quads += load_links(project, quads)
    wanted = {read_term_id(name, project.names) for name in types}
    things = [e for e in entities_of(quads, project.names) if not wanted or wanted & set(e.types)]
    if not things:
        hint = "Name a class of the ontology, such as Company or foaf:Person."
        raise CallError(f"there is no thing of class {', '.join(types)}", hint=hint)
    return things, links_of(quads, project.names)


def _ask(things: list[Entity], service: str | None, endpoint: str | None, contact: str) -> list[Entity]:
    with PoliteClient(contact=contact) as client, progress("asking for names") as tell:
        if service is not None:
            return entities_from_service(client, service, things, tell)
        return entities_from_endpoint(client, endpoint or "", things, tell)


def _new_links(proposals: list[Mapping], linked: dict[str, set[str]]) -> list[Mapping]:
    """Return the proposals for things that are not linked to any of the proposed data sets already."""
    spaces = {_space(m.object) for m in proposals}
    done = {thing for thing, objects in linked.items() if any(_space(o) in spaces for o in objects)}
    return [m for m in proposals if m.subject not in done]


def _space(iri: str) -> str:
    return iri.rsplit("#", 1)[0] if "#" in iri else iri.rstrip("/").rsplit("/", 1)[0]


def _tell(outcome: Outcome, what: str, project: Project) -> None:
    click.echo(f"{outcome.written} {what}, {outcome.known} known already", err=True)
    for path in outcome.files:
        shown = path.relative_to(project.root) if path.is_relative_to(project.root) else path
        click.echo(f"wrote {shown}", err=True)
