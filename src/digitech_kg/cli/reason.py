"""The command `reason`: what follows, whether an OWL reasoner agrees, and why something holds."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
from pyoxigraph import Literal, Quad, Triple

from digitech_kg.cli.messages import Steps
from digitech_kg.cli.options import find_project_here, project_option
from digitech_kg.commit import assemble
from digitech_kg.errors import CallError
from digitech_kg.namespaces import Namespaces, value_of
from digitech_kg.reasoning import (
    DEFAULT_LIMIT,
    Judgement,
    check_with_hermit,
    explain,
    explain_inconsistency,
    parse_triple,
    select_premises,
    why_text,
)
from digitech_kg.sources import Project

#: Triples that are listed where rules and HermiT differ.
_MOST_LISTED: Final = 20


@click.command()
@project_option
@click.option("--check", is_flag=True, help="Ask HermiT, an OWL reasoner in Java, whether the rules find the same.")
@click.option("--why", nargs=3, metavar="S P O", help="Say why a triple holds; IRIs, CURIEs, or a quoted literal as O.")
@click.option("--document", "documents", multiple=True, metavar="NAME", help="Only this document; can be repeated.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="Most justifications of a document for --why.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the result.",
)
def reason(
    project_dir: Path | None,
    check: bool,
    why: tuple[str, str, str] | None,
    documents: tuple[str, ...],
    limit: int,
    format_name: str,
) -> None:
    """List what follows from each document of the project, together with ontology and things.

    Exit status 1 if a document contradicts itself, or, with --check, if HermiT does not agree with the rules or a
    class can have no member.

    Examples: digitech-kg reason --check;  digitech-kg reason --why id:huawei a dk:NotStateOwnedCompany
    """
    if why is not None and check:
        raise click.UsageError("--why does not go with --check")
    project = find_project_here(project_dir)
    if unknown := sorted(set(documents) - set(project.documents)):
        raise CallError(
            f"there is no document {', '.join(unknown)}", hint=f"There are: {', '.join(project.documents)}."
        )
    wanted = parse_triple(*why, project.names) if why is not None else None
    dataset = _read(project, infers=not check)
    chosen = documents or tuple(dataset.documents)
    if wanted is not None:
        _print_why(dataset, wanted, limit, format_name)
    elif check:
        _check(dataset, chosen, format_name)
    else:
        _print_entailments(dataset, chosen, format_name)


@dataclass(frozen=True)
class _Dataset:
    """A project's quads: all of them, those that documents share, and those of each document."""

    names: Namespaces
    all: list[Quad]
    shared: list[Quad]
    documents: dict[str, list[Quad]]


def _read(project: Project, *, infers: bool) -> _Dataset:
    """Return a project's dataset, without what follows from it unless asked for."""
    steps = Steps()
    try:
        steps("reading files and deriving what follows")
        assembly = assemble(project, infers=infers)
    finally:
        steps.done()
    contents = assembly.contents
    documents = {name: contents.whole_document(name) for name in contents.documents()}
    return _Dataset(project.names, list(assembly.store), contents.shared(), documents)


def _print_why(dataset: _Dataset, wanted: Triple, limit: int, format_name: str) -> None:
    answer = explain(dataset.all, wanted, dataset.names, limit=limit)
    if format_name == "json":
        click.echo(json.dumps(dataclasses.asdict(answer), ensure_ascii=False, indent=2))
    else:
        click.echo(why_text(answer))


def _print_entailments(dataset: _Dataset, chosen: tuple[str, ...], format_name: str) -> None:
    graphs = dataset.names.graphs
    inferred = {name: graphs.inferred(name) for name in ("things", *chosen)}
    found = {name: [q.triple for q in dataset.all if q.graph_name == graph] for name, graph in inferred.items()}
    rows = {name: [_short(t, dataset.names) for t in sorted(triples, key=str)] for name, triples in found.items()}
    if format_name == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for name, triples in rows.items():
        for row in triples:
            click.echo("\t".join((name, *row)))
    for name, triples in rows.items():
        counts = Counter(row[1] for row in triples)
        said = ", ".join(f"{number} {predicate}" for predicate, number in counts.most_common(6))
        what = "ontology and things alone" if name == "things" else name
        click.echo(f"{len(triples):,} triples follow from {what}{f': {said}' if said else ''}", err=True)


def _check(dataset: _Dataset, chosen: Iterable[str], format_name: str) -> None:
    """Let HermiT judge what the rules find in each document; exit with 1 if there is anything to mend."""
    judgements = {}
    for name in chosen or [""]:
        steps = Steps()
        steps(f"asking HermiT about {name or 'ontology and things'}")
        try:
            quads = [*dataset.shared, *dataset.documents.get(name, ())]
            judgements[name] = check_with_hermit(select_premises(quads))
        finally:
            steps.done()
        if not judgements[name].consistent:
            raise explain_inconsistency(quads, dataset.names, shrink=True)
    if format_name == "json":
        rows = {name: _as_json(judgement, dataset.names) for name, judgement in judgements.items()}
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for name, judgement in judgements.items():
            click.echo("\n".join(_judgement_lines(name or "ontology and things", judgement, dataset.names)))
    sys.exit(0 if all(judgement.agrees and judgement.is_sound for judgement in judgements.values()) else 1)


def _judgement_lines(name: str, judgement: Judgement, names: Namespaces) -> Iterator[str]:
    count = len(judgement.found_by_rules.triples)
    if judgement.agrees:
        yield f"{name}: consistent. The rules and HermiT find the same {count:,} triple{'' if count == 1 else 's'}."
    else:
        yield f"{name}: consistent, but the rules and HermiT do not agree."
    if not judgement.found_by_rules.consistent:
        yield "  The rules find a contradiction where HermiT finds none."
    for said, triples in (
        ("Only HermiT finds", judgement.missing),
        ("Only the rules find", judgement.extra),
    ):
        if triples:
            yield f"  {said} ({len(triples):,}):"
            yield from (f"    {' '.join(_short(triple, names))}" for triple in triples[:_MOST_LISTED])
    if judgement.unsatisfiable:
        classes = ", ".join(names.shorten(iri) for iri in judgement.unsatisfiable)
        yield f"  Nothing can be in these classes, so an axiom is wrong: {classes}"
    else:
        yield "  Every class can have a member."


def _as_json(judgement: Judgement, names: Namespaces) -> dict[str, Any]:
    return {
        "consistent": judgement.consistent,
        "agrees": judgement.agrees,
        "entailments": len(judgement.found_by_rules.triples),
        "missing": [_short(triple, names) for triple in judgement.missing],
        "extra": [_short(triple, names) for triple in judgement.extra],
        "unsatisfiable": [names.shorten(iri) for iri in judgement.unsatisfiable],
    }


def _short(triple: Triple, names: Namespaces) -> tuple[str, str, str]:
    ends = (triple.subject, triple.predicate, triple.object)
    subject, predicate, value = (str(e) if isinstance(e, Literal) else names.shorten(value_of(e)) for e in ends)
    return subject, predicate, value
