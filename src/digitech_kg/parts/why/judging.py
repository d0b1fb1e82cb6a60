"""Whether the project's own rules find what an OWL 2 DL reasoner finds: HermiT is the judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from digitech_kg.namespaces import OWL, RDF
from digitech_kg.parts.why import hermit
from digitech_kg.parts.why.hermit import complete
from digitech_kg.reasoning.inference import Entailments, infer

#: Begins the IRIs of classes that stand for having one value.
_HAVING: Final = "urn:digitech-kg:having:"


@dataclass(frozen=True)
class Judgement:
    """What HermiT says of premises, held against what the rules found."""

    #: What HermiT finds and the rules do not, and the other way round.
    missing: tuple[Triple, ...]
    extra: tuple[Triple, ...]
    #: What HermiT says; classes that can have no member are named by IRI.
    consistent: bool
    unsatisfiable: tuple[str, ...]
    found_by_rules: Entailments

    @property
    def agrees(self) -> bool:
        """Whether rules and HermiT say the same."""
        same = (self.consistent, self.unsatisfiable)
        rules = self.found_by_rules
        return not self.missing and not self.extra and same == (rules.consistent, rules.unsatisfiable)

    @property
    def is_sound(self) -> bool:
        """Whether the premises are consistent and every class can have a member."""
        return self.consistent and not self.unsatisfiable


def check_with_hermit(premises: Sequence[Triple]) -> Judgement:
    """Return how what the rules find compares with what HermiT finds. Raises `ReasonerFailure` if it cannot be run."""
    by_rules = infer(premises)
    pairs = list(dict.fromkeys((t.predicate, t.object) for t in by_rules.triples if isinstance(t.object, Literal)))
    by_hermit = _ask(premises, pairs)
    rules, judge = set(by_rules.triples), set(by_hermit.triples)
    missing, extra = (tuple(sorted(found, key=str)) for found in (judge - rules, rules - judge))
    return Judgement(missing, extra, by_hermit.consistent, by_hermit.unsatisfiable, by_rules)


def _ask(premises: Sequence[Triple], pairs: Sequence[tuple[NamedNode, Literal]]) -> Entailments:
    """Return what HermiT finds, together with which individuals have some values of datatype properties.

    HermiT doesn't print such values, but it prints the members of classes: so a class stands for having each value.
    """
    findings = hermit.reason([*premises, *_classes_for(pairs)])
    for triple in complete(findings, premises).triples:
        if triple.predicate == RDF.type and _is_having(triple.object) and isinstance(triple.subject, NamedNode):
            number = int(triple.object.value.removeprefix(_HAVING))  # type: ignore[union-attr]
            findings.values.add(Triple(triple.subject, *pairs[number]))
    found = complete(findings, premises)
    triples = (t for t in found.triples if not _is_having(t.subject) and not _is_having(t.object))
    return Entailments(tuple(triples), found.unsatisfiable, found.consistent)


def _is_having(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(_HAVING)


def _classes_for(pairs: Iterable[tuple[NamedNode, Literal]]) -> Iterator[Triple]:
    for number, (prop, value) in enumerate(pairs):
        cls, node = NamedNode(f"{_HAVING}{number}"), BlankNode(f"having{number}")
        yield Triple(cls, RDF.type, OWL.Class)
        yield Triple(cls, OWL.equivalentClass, node)
        yield Triple(node, RDF.type, OWL.Restriction)
        yield Triple(node, OWL.onProperty, prop)
        yield Triple(node, OWL.hasValue, value)
