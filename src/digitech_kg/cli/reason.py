"""The command `reason`: what follows, whether the dataset is consistent, and why something holds."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from pathlib import Path

import click
from pyoxigraph import Literal, Quad, RdfFormat, Triple, serialize

from digitech_kg.build import assemble
from digitech_kg.cli.messages import Steps
from digitech_kg.cli.options import data_dir_option, locate, project_option, reasoner_option
from digitech_kg.namespaces import PREFIXES, shorten, value_of
from digitech_kg.reasoning import (
    DEFAULT_LIMIT,
    Entailments,
    choose_reasoner,
    explain,
    explain_inconsistency,
    infer,
    inferred_quads,
    parse_triple,
    select_premises,
    why_text,
)
from digitech_kg.sources import Project


@click.command()
@project_option
@data_dir_option
@reasoner_option
@click.option("--check", is_flag=True, help="Only say whether all is consistent and every class can have members.")
@click.option("--why", nargs=3, metavar="S P O", help="Say why a triple holds; IRIs, CURIEs, or a quoted literal as O.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="Most justifications for --why.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "turtle", "json"]),
    default="text",
    show_default=True,
    help="Form of the result; turtle is for entailments only.",
)
def reason(
    project_dir: Path | None,
    data_dir: Path | None,
    reasoner: str,
    check: bool,
    why: tuple[str, str, str] | None,
    limit: int,
    format_name: str,
) -> None:
    """List what follows from the project's statements and axioms.

    Exit status 1 if they contradict each other, or, with --check, if a class can have no member.

    Examples: digitech-kg reason --check;  digitech-kg reason --why id:huawei a dk:NotStateOwnedCompany
    """
    if why is not None and (check or format_name == "turtle"):
        raise click.UsageError("--why goes with --format text or json, and not with --check")
    wanted = parse_triple(*why) if why is not None else None
    project, directory = locate(project_dir, data_dir)
    quads, entailments, name = _infer(project, directory, reasoner)
    if wanted is not None:
        _print_why(quads, entailments, wanted, limit, format_name)
    elif check:
        _print_check(entailments, name, format_name)
    else:
        _print_entailments(inferred_quads(entailments, quads), name, format_name)


def _infer(project: Project, directory: Path, reasoner: str) -> tuple[list[Quad], Entailments, str]:
    """Give the dataset, what follows from it, and which reasoner found that; raises for contradictions."""
    steps = Steps()
    try:
        quads = list(assemble(project, steps).store)
        premises = select_premises(quads)
        name = choose_reasoner(premises) if reasoner == "auto" else reasoner
        steps(f"reasoning over {len(premises):,} premises ({name})")
        entailments = infer(premises, name, cache=directory / "reasoning")
        if not entailments.consistent:
            steps("looking for the conflict")
            raise explain_inconsistency(quads)
    finally:
        steps.done()
    return quads, entailments, name


def _print_why(quads: list[Quad], entailments: Entailments, wanted: Triple, limit: int, format_name: str) -> None:
    answer = explain([*quads, *inferred_quads(entailments, quads)], wanted, limit=limit)
    if format_name == "json":
        click.echo(json.dumps(dataclasses.asdict(answer), ensure_ascii=False, indent=2))
    else:
        click.echo(why_text(answer))


def _print_check(entailments: Entailments, name: str, format_name: str) -> None:
    empty = [shorten(iri) for iri in entailments.unsatisfiable]
    if format_name == "json":
        click.echo(json.dumps({"consistent": True, "reasoner": name, "unsatisfiable": empty}, indent=2))
    else:
        click.echo(f"consistent ({name})")
        click.echo(f"classes that can have no member: {', '.join(empty) or 'none'}")
    sys.exit(1 if empty else 0)


def _print_entailments(quads: list[Quad], name: str, format_name: str) -> None:
    counts = Counter(shorten(quad.predicate.value) for quad in quads)
    triples = [quad.triple for quad in quads]
    if format_name == "turtle":
        sys.stdout.buffer.write(serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"")
    elif format_name == "json":
        document = {"reasoner": name, "count": len(quads), "triples": [_names(triple) for triple in triples]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for triple in triples:
            click.echo("\t".join(_names(triple)))
    said = ", ".join(f"{number} {predicate}" for predicate, number in counts.most_common(8))
    click.echo(f"{len(quads):,} entailments ({name}): {said}", err=True)


def _names(triple: Triple) -> list[str]:
    ends = (triple.subject, triple.predicate, triple.object)
    return [str(end) if isinstance(end, Literal) else shorten(value_of(end)) for end in ends]
