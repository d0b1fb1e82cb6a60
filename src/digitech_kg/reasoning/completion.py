"""From what HermiT prints to all entailments: complete along hierarchies, nothing trivial, nothing stated.

HermiT reports members of the most specific classes and values of the most specific properties; here both are carried
upward.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from pyoxigraph import NamedNode, Triple

from digitech_kg.namespaces import OWL, RDF, RDFS, VOCABULARIES
from digitech_kg.reach import reachable
from digitech_kg.reasoning.inference import Entailments
from digitech_kg.reasoning.premises import VOCABULARY, is_assertion

#: Every class is below these, every property likewise: no news.
_BUILT_IN: Final = tuple(VOCABULARIES[name] for name in ("owl", "rdf", "rdfs", "xsd"))
_LINKS: Final = (RDFS.subClassOf, RDFS.subPropertyOf)
_T = TypeVar("_T", bound=Hashable)


class Role(NamedTuple):
    """An object or datatype property, or the inverse of an object property."""

    iri: str
    inverse: bool = False

    def inverted(self) -> Role:
        """Return the other direction."""
        return Role(self.iri, not self.inverse)


@dataclass
class Findings:
    """What HermiT found. Hierarchies may be direct or complete."""

    consistent: bool = True
    subclasses: set[tuple[str, str]] = field(default_factory=set)
    subroles: set[tuple[Role, Role]] = field(default_factory=set)
    types: set[tuple[NamedNode, str]] = field(default_factory=set)
    #: Property values whose ends are named.
    values: set[Triple] = field(default_factory=set)
    unsatisfiable: set[str] = field(default_factory=set)

    def add_equivalent_classes(self, classes: list[str], nothing: str) -> None:
        """Note classes with the same members; with `nothing` among them they have none."""
        if nothing in classes:
            self.unsatisfiable.update(cls for cls in classes if cls != nothing)
            return
        self.subclasses.update((a, b) for a in classes for b in classes if a != b)


def complete(findings: Findings, premises: Sequence[Triple]) -> Entailments:
    """Return all entailments between named things that are no premises themselves."""
    if not findings.consistent:
        return Entailments((), consistent=False)
    # One of the classes may mean the same as owl:Thing.
    named = (t.subject for t in premises if t.object == OWL.Class and isinstance(t.subject, NamedNode))
    classes = _closure({*findings.subclasses, *((cls.value, OWL.Thing.value) for cls in named)})
    roles = _closure({pair for a, b in findings.subroles for pair in ((a, b), (a.inverted(), b.inverted()))})
    found = {_link(a, RDFS.subClassOf, b) for a, uppers in classes.items() for b in uppers}
    for role, uppers in roles.items():
        plain = (upper for upper in uppers if not upper.inverse and not role.inverse)
        found |= {_link(role.iri, RDFS.subPropertyOf, upper.iri) for upper in plain}
    for individual, cls in findings.types:
        found |= {Triple(individual, RDF.type, NamedNode(c)) for c in (cls, *classes.get(cls, ()))}
    stated_values = {t for t in premises if is_assertion(t) and t.predicate != RDF.type}
    for triple in findings.values | stated_values:
        found |= set(_upward(triple, roles))
    unsatisfiable = tuple(sorted(findings.unsatisfiable))
    new = (t for t in found - set(premises) if _is_news(t, findings.unsatisfiable))
    return Entailments(tuple(sorted(new, key=str)), unsatisfiable)


def _link(subject: str, predicate: NamedNode, value: str) -> Triple:
    return Triple(NamedNode(subject), predicate, NamedNode(value))


def _is_news(triple: Triple, empty: set[str]) -> bool:
    ends = [t.value for t in (triple.subject, triple.object) if isinstance(t, NamedNode)]
    if triple.predicate in _LINKS:
        if triple.subject == triple.object or ends[0] in empty:
            return False
    elif triple.predicate.value.startswith(VOCABULARY) and triple.predicate != RDF.type:
        return False
    return not any(end.startswith(_BUILT_IN) for end in ends)


def _closure(pairs: Iterable[tuple[_T, _T]]) -> dict[_T, Iterable[_T]]:
    """Return everything that can be reached from each node."""
    direct: dict[_T, list[_T]] = defaultdict(list)
    for lower, upper in pairs:
        direct[lower].append(upper)
    return {start: reachable(above, lambda node: direct.get(node, ())) for start, above in list(direct.items())}


def _upward(triple: Triple, roles: dict[Role, Iterable[Role]]) -> Iterable[Triple]:
    yield triple
    for upper in roles.get(Role(triple.predicate.value), ()):
        if not upper.inverse:
            yield Triple(triple.subject, NamedNode(upper.iri), triple.object)
        elif isinstance(triple.object, NamedNode):
            yield Triple(triple.object, NamedNode(upper.iri), triple.subject)
