"""From a reasoner's findings to the entailed triples: complete along hierarchies, nothing trivial, nothing stated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.namespaces import OWL, PREFIXES, RDF, RDFS
from digitech_kg.reasoning.findings import Findings, Role
from digitech_kg.reasoning.premises import named_individuals

_T = TypeVar("_T", bound=Hashable)
#: Every class is below these, every property likewise: no news.
_VOCABULARY: Final = tuple(PREFIXES[name] for name in ("owl", "rdf", "rdfs", "xsd"))

_LINKS: Final = frozenset((RDF.type.value, RDFS.subClassOf.value, RDFS.subPropertyOf.value))


@dataclass(frozen=True)
class Entailments:
    """What follows from premises: new triples sorted by their N-Triples, and classes that can have no member."""

    triples: tuple[Triple, ...]
    unsatisfiable: tuple[str, ...] = ()
    consistent: bool = True


def complete(findings: Findings, premises: Sequence[Triple]) -> Entailments:
    """Give all entailments between named things that are no premises themselves.

    Reasoners report members of the most specific classes, and HermiT values of the most specific properties; here
    both are carried upward. Values of datatype properties follow from the stated ones and the hierarchy alone.
    """
    if not findings.consistent:
        return Entailments((), consistent=False)
    classes = _closure(_stated(premises, RDFS.subClassOf) | findings.subclasses)
    roles = _closure(_with_inverses(findings.subroles | _stated_roles(premises)))
    individuals = named_individuals(premises)
    found: set[Triple] = set()
    for cls, uppers in classes.items():
        found |= {Triple(NamedNode(cls), RDFS.subClassOf, NamedNode(upper)) for upper in uppers}
    for role, upper_roles in roles.items():
        if not role.inverse:
            found |= {
                Triple(NamedNode(role.iri), RDFS.subPropertyOf, NamedNode(upper.iri))
                for upper in upper_roles
                if not upper.inverse
            }
    for individual, cls in findings.types | _stated_types(premises):
        if individual in individuals:
            found |= {Triple(individual, RDF.type, NamedNode(c)) for c in (cls, *classes.get(cls, ()))}
    for triple in findings.values | _stated_values(premises):
        found |= set(_upward(triple, roles))
    unsatisfiable = tuple(sorted(findings.unsatisfiable))
    new = (t for t in found - set(premises) if _is_news(t, frozenset(unsatisfiable)))
    return Entailments(tuple(sorted(new, key=str)), unsatisfiable)


def _is_news(triple: Triple, empty: frozenset[str]) -> bool:
    ends = [t.value for t in (triple.subject, triple.object) if isinstance(t, NamedNode)]
    if triple.predicate in (RDFS.subClassOf, RDFS.subPropertyOf) and (
        triple.subject == triple.object or ends[0] in empty
    ):
        return False
    return not any(end.startswith(_VOCABULARY) for end in (*ends, triple.predicate.value) if end not in _LINKS)


def _closure(pairs: Iterable[tuple[_T, _T]]) -> dict[_T, set[_T]]:
    """Give everything that can be reached from each node."""
    direct: dict[_T, set[_T]] = defaultdict(set)
    for lower, upper in pairs:
        direct[lower].add(upper)
    reached: dict[_T, set[_T]] = {}
    for start in direct:
        found: set[_T] = set()
        pending = list(direct[start])
        while pending:
            node = pending.pop()
            if node not in found:
                found.add(node)
                pending += direct.get(node, ())
        reached[start] = found
    return reached


def _stated(premises: Iterable[Triple], predicate: NamedNode) -> set[tuple[str, str]]:
    return {
        (t.subject.value, t.object.value)
        for t in premises
        if t.predicate == predicate and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode)
    }


def _stated_roles(premises: Sequence[Triple]) -> set[tuple[Role, Role]]:
    pairs = {(Role(a), Role(b)) for a, b in _stated(premises, RDFS.subPropertyOf)}
    for a, b in _stated(premises, OWL.equivalentProperty):
        pairs |= {(Role(a), Role(b)), (Role(b), Role(a))}
    for a, b in _stated(premises, OWL.inverseOf):
        pairs |= {(Role(a), Role(b, inverse=True)), (Role(b), Role(a, inverse=True))}
    symmetric = {t.subject for t in premises if t.predicate == RDF.type and t.object == OWL.SymmetricProperty}
    pairs |= {(Role(p.value), Role(p.value, inverse=True)) for p in symmetric if isinstance(p, NamedNode)}
    return pairs


def _with_inverses(pairs: set[tuple[Role, Role]]) -> set[tuple[Role, Role]]:
    return pairs | {(a.inverted(), b.inverted()) for a, b in pairs}


def _stated_types(premises: Sequence[Triple]) -> set[tuple[NamedNode, str]]:
    return {
        (t.subject, t.object.value)
        for t in premises
        if t.predicate == RDF.type and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode)
    }


def _stated_values(premises: Sequence[Triple]) -> set[Triple]:
    return {
        t
        for t in premises
        if isinstance(t.subject, NamedNode)
        and isinstance(t.object, NamedNode | Literal)
        and not t.predicate.value.startswith(_VOCABULARY)
    }


def _upward(triple: Triple, roles: dict[Role, set[Role]]) -> Iterable[Triple]:
    yield triple
    for upper in roles.get(Role(triple.predicate.value), ()):
        if not upper.inverse:
            yield Triple(triple.subject, NamedNode(upper.iri), triple.object)
        elif isinstance(triple.object, NamedNode):
            yield Triple(triple.object, NamedNode(upper.iri), triple.subject)
