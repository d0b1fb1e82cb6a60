"""The command `terms`: find the terms for a claim."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

import click

from digitech_kg.authoring.examples import Examples
from digitech_kg.authoring.project_files import read_files
from digitech_kg.authoring.terms import KINDS, Hit, collect_terms, find_terms
from digitech_kg.cli.document import show_faults
from digitech_kg.cli.options import find_project_here, project_option
from digitech_kg.namespaces import Namespaces


@click.command()
@click.argument("text")
@click.option("--kind", type=click.Choice(KINDS), help="Look for these only.  [default: all]")
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="How many are shown.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form of the list."
)
@project_option
def terms(text: str, kind: str | None, limit: int, form: str, project_dir: Path | None) -> None:
    """Find classes, predicates, things and reserves for a claim, each with claims to copy.

    TEXT is a name or a word of a definition, in any language; it may be misspelt. Files with faults are left out. Exit
    status 1 if nothing was found.

    Example: digitech-kg terms "invests in" --kind predicate
    """
    project = find_project_here(project_dir)
    readable = read_files(project)
    show_faults(readable.faults)
    hits = find_terms(collect_terms(readable.quads, project.names), text, kind=kind, limit=limit)
    examples = Examples(readable.quads, project.names, project.documents)
    claims = [examples.of(hit.term, limit=1 if place else 2) for place, hit in enumerate(hits)]
    rows = list(zip(hits, claims, strict=True))
    if form == "json":
        click.echo(json.dumps([_as_json(*row, project.names) for row in rows], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_as_text(*row, project.names) for row in rows), nl=bool(rows))
    if not hits:
        click.echo(f"nothing is called like '{text}'", err=True)
    sys.exit(0 if hits else 1)


def _as_json(hit: Hit, claims: list[str], names: Namespaces) -> dict[str, object]:
    term = hit.term
    return {
        "name": names.shorten(term.iri.value),
        "iri": term.iri.value,
        "kind": term.kind,
        "label": term.label,
        "otherNames": list(term.names),
        "definition": term.definition,
        "domain": [names.shorten(iri) for iri in term.domain],
        "range": [names.shorten(iri) for iri in term.range],
        "types": [names.shorten(iri) for iri in term.types],
        "score": hit.score,
        "examples": claims,
    }


def _as_text(hit: Hit, claims: list[str], names: Namespaces) -> str:
    term = hit.term

    def shortened(iris: tuple[str, ...]) -> str:
        return " or ".join(names.shorten(iri) for iri in iris)

    lines = [f'{names.shorten(term.iri.value)}  ({term.kind}) "{term.label}"', f"    {term.definition}"]
    if term.kind == "predicate":
        lines.append(f"    from {shortened(term.domain) or 'anything'} to {shortened(term.range) or 'anything'}")
    if term.types:
        lines.append(f"    a {', '.join(names.shorten(iri) for iri in term.types)}")
    blocks = [textwrap.indent(f"\n{claim}", " " * 8) for claim in claims]
    return "\n".join([line for line in lines if line.strip()] + blocks) + "\n"
