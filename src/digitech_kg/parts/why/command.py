"""The command `reason`: what follows, whether an OWL reasoner agrees, and why something holds."""

import sys
from collections.abc import Iterable, Iterator
from typing import Final

import click
from pyoxigraph import Literal, Store, Triple

from digitech_kg.cli.options import Place, in_project
from digitech_kg.cli.output import counted, print_lines, steps
from digitech_kg.commit.attempt import TrackedStore
from digitech_kg.commit.building import assemble
from digitech_kg.errors import not_there
from digitech_kg.namespaces import Namespaces, value_of
from digitech_kg.parts.why.explanation import Explainer, explain_inconsistency, parse_triple, why_text
from digitech_kg.parts.why.hermit import check_with_hermit
from digitech_kg.reasoning.inference import Entailments
from digitech_kg.reasoning.premises import select_premises
from digitech_kg.validation.report import report_of

#: Triples that are listed where rules and HermiT differ.
_MOST_LISTED: Final = 20


@click.command()
@in_project
@click.option("--check", is_flag=True, help="Ask HermiT, an OWL reasoner in Java, whether the rules find the same.")
@click.option("--why", nargs=3, metavar="S P O", help="Say why a triple holds; IRIs, CURIEs, or a quoted literal as O.")
@click.option("--document", "documents", multiple=True, metavar="NAME", help="Only this document; can be repeated.")
def reason(place: Place, check: bool, why: tuple[str, str, str] | None, documents: tuple[str, ...]) -> None:
    """List what follows from each document of the project, together with ontology and things.

    Exit status 1 if a document contradicts itself or, with --check, if HermiT disagrees with the rules or a
    class can have no member.

    Examples: digitech-kg reason --check;  digitech-kg reason --why id:huawei a dk:NotStateOwnedCompany
    """
    if why is not None and check:
        raise click.UsageError("--why does not go with --check")
    project = place.project
    for unknown in sorted(set(documents) - set(project.documents)):
        raise not_there("document", unknown, project.documents)
    wanted = parse_triple(*why, project.names) if why is not None else None
    with steps() as step:
        step("reading files and deriving what follows")
        # Validation takes longest, and this command doesn't report it.
        assembly = assemble(project, validator=lambda *_: report_of((), project.names), infers=not check)
    chosen = documents or tuple(project.names.graphs.documents_among(assembly.target.store.named_graphs()))
    if wanted is not None:
        click.echo(why_text(Explainer(assembly.target.store, project.names).why(wanted), project.names))
    elif check:
        _check(assembly.target, chosen, project.names)
    else:
        _print_entailments(assembly.target.store, chosen, project.names)


def _print_entailments(store: Store, chosen: tuple[str, ...], names: Namespaces) -> None:
    for name in ("things", *chosen):
        quads = store.quads_for_pattern(None, None, None, names.graphs.inferred(name))
        triples = sorted((quad.triple for quad in quads), key=str)
        print_lines("\t".join((name, *_short(triple, names))) for triple in triples)
        what = "ontology and things alone" if name == "things" else name
        click.echo(f"{len(triples):,} triples follow from {what}", err=True)


def _check(target: TrackedStore, chosen: Iterable[str], names: Namespaces) -> None:
    """Let HermiT judge what the rules find in each document; exit with 1 if anything is wrong."""
    found, graphs = dict[str, tuple[Entailments, Entailments]](), names.graphs
    for name in chosen or [""]:
        quads = target.quads(*graphs.shared, graphs.document(name), *graphs.derived_of(name))
        with steps() as step:
            step(f"asking HermiT about {name or 'ontology and things'}")
            found[name] = check_with_hermit(select_premises(quads))
        if not found[name][0].consistent:
            raise explain_inconsistency(quads, names)
    for name, (by_hermit, by_rules) in found.items():
        print_lines(_compare(name or "ontology and things", by_hermit, by_rules, names))
    is_right = all(by_hermit == by_rules and not by_hermit.unsatisfiable for by_hermit, by_rules in found.values())
    sys.exit(0 if is_right else 1)


def _compare(name: str, by_hermit: Entailments, by_rules: Entailments, names: Namespaces) -> Iterator[str]:
    """Yield what is told of a document of which HermiT and the rules have found this."""
    hermit, rules = set(by_hermit.triples), set(by_rules.triples)
    if by_hermit == by_rules:
        yield f"{name}: consistent. The rules and HermiT find the same {counted(len(rules), 'triple')}."
    else:
        yield f"{name}: consistent, but the rules and HermiT do not agree."
    if not by_rules.consistent:
        yield "  The rules find a contradiction where HermiT finds none."
    for said, triples in (("Only HermiT finds", hermit - rules), ("Only the rules find", rules - hermit)):
        if triples:
            yield f"  {said} ({len(triples):,}):"
            yield from (f"    {' '.join(_short(triple, names))}" for triple in sorted(triples, key=str)[:_MOST_LISTED])
    if empty := by_hermit.unsatisfiable:
        yield f"  Nothing can be in these classes, so an axiom is wrong: {', '.join(map(names.shorten, empty))}"
    else:
        yield "  Every class can have a member."


def _short(triple: Triple, names: Namespaces) -> tuple[str, str, str]:
    ends = (triple.subject, triple.predicate, triple.object)
    subject, predicate, value = (str(e) if isinstance(e, Literal) else names.shorten(value_of(e)) for e in ends)
    return subject, predicate, value
