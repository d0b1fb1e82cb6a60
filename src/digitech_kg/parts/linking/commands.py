"""The commands `link` and `enrich`: propose links to other data sets, and fetch facts about linked things."""

from datetime import UTC, datetime
from pathlib import Path

import click

from digitech_kg.book import open_book
from digitech_kg.cli.options import Place, in_dataset
from digitech_kg.cli.output import counted
from digitech_kg.errors import CallError
from digitech_kg.mappings.model import MappingSet
from digitech_kg.mappings.sssom import write_mapping_set
from digitech_kg.namespaces import DCTERMS, TERMS
from digitech_kg.parts.linking.enrich import ENRICH_SOURCES, fetch_facts, identifiers_of, write_facts
from digitech_kg.parts.linking.proposals import new_links, propose, read_table, things_of


@click.command()
@in_dataset
@click.option("--table", type=click.Path(path_type=Path), required=True, help="CSV or TSV file: columns iri and name.")
@click.option("--type", "types", multiple=True, metavar="CLASS", help="Only things of this class: Company, Person …")
def link(place: Place, table: Path, types: tuple[str, ...]) -> None:
    """Propose links from the published things to the rows of a table, as a mapping file for review.

    Each row has its score and reason. Things that are already linked to the same data set are left out. Remove the
    rows that are wrong, correct the title, and put the file into data/links/.

    Example: digitech-kg link --table organisations.csv --type Company > proposed.sssom.tsv
    """
    book, names = open_book(place.snapshot), place.snapshot.names
    rows, today = read_table(table), datetime.now(UTC).date()
    likely = propose(things_of(book, types), rows, today=today)
    proposals, left = new_links(likely, book), len(rows) - len({one.object_id for one in likely})
    licences = book.values([names.dataset.value], DCTERMS.license).get(names.dataset.value, {})
    licence = next((licence.value for found in licences.values() for licence in found), "")
    iri = f"{names.prefixes['mappings']}{table.stem}"
    click.echo(
        write_mapping_set(MappingSet(iri, f"Links to {table.stem}", "1.0.0", licence, mappings=proposals), names)
    )
    told = f"{counted(len(proposals), 'link')} proposed. No thing is like {counted(left, 'row')} of the table."
    click.echo(told, err=True)


@click.command()
@click.argument("source_name", type=click.Choice(sorted(ENRICH_SOURCES)))
@in_dataset
@click.option("--contact", required=True, help="E-mail address or page sent to the service; Wikidata requires one.")
@click.option("--address", default="", metavar="URL", help="Another address of the service.")
def enrich(place: Place, source_name: str, contact: str, address: str) -> None:
    """Fetch facts about linked things into the source's file in data/external/, as external claims.

    This replaces the file's facts with what the service returns now.

    Example: digitech-kg enrich wikidata --contact me@example.org
    """
    book, source, project = open_book(place.snapshot), ENRICH_SOURCES[source_name], place.own_project
    classes = book.classes_below(*(TERMS + name for name in source.classes))
    identifiers = identifiers_of(book, source, {thing for thing, _ in book.instances(*classes)})
    if not identifiers:
        raise CallError(f"nothing is linked to {source.name}", hint="Add links to data/links/, then build.")
    click.echo(f"asking {source.name} about {counted(len(identifiers), 'thing')}", err=True)
    facts = fetch_facts(source, identifiers, address=address or source.address, contact=contact)
    path = write_facts(project, source, facts, datetime.now(UTC).date())
    click.echo(f"wrote {counted(len(facts), 'fact')} into {path.relative_to(project.root)}", err=True)
