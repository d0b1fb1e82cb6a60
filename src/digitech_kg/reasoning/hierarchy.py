"""Which classes and properties are below which, and which classes can have no member."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Triple

from digitech_kg.namespaces import RDFS, VOCABULARIES
from digitech_kg.reasoning.saturation import TYPE, Derivation, Fact, Saturation
from digitech_kg.reasoning.theory import Theory, add_complements

#: Stand for any member of a class and any two things that a property relates.
ANY, OTHER = "_:any", "_:other"
#: Every class is below these, every property likewise: no news.
BUILT_IN: Final = tuple("<" + VOCABULARIES[name] for name in ("owl", "rdf", "rdfs", "xsd"))


class Place(NamedTuple):
    """What is above a class or property: None if it can have no member."""

    above: frozenset[str] | None
    #: Whether named individuals play a part, so that facts about them can change it.
    depends_on_facts: bool


Hierarchy = dict[tuple[NamedNode, str], Place]


def classify(theory: Theory, saturation: Saturation, known: Hierarchy | None = None) -> Hierarchy:
    """Return the place of each class and property of a theory; with `known` that of those which facts can change."""
    if not saturation.is_consistent:
        return {}
    names = [(RDFS.subClassOf, name) for name in theory.classes]
    names += [(RDFS.subPropertyOf, str(prop)) for prop in theory.properties]
    if known is not None:
        names = [name for name in names if known[name].depends_on_facts]
    return {(link, name): _place(theory, saturation, link, name) for link, name in names}


def _place(theory: Theory, saturation: Saturation, link: NamedNode, name: str) -> Place:
    of_classes = link == RDFS.subClassOf
    assumed = (ANY, TYPE, name) if of_classes else (ANY, name, OTHER)
    facts = saturation.facts
    with saturation.assuming([Derivation(assumed, (), ())]) as before:
        if theory.complements:
            add_complements(saturation, theory.complements, _ends(facts.order[before:]))
        new = facts.order[before:]
        depends = any(not end.startswith("_:") for end in _ends(new) if end)
        if not saturation.is_consistent:
            return Place(None, depends)
        if of_classes:
            above = frozenset(value for subject, link_, value in new if (subject, link_) == (ANY, TYPE))
        else:
            above = frozenset(role for subject, role, value in new if (subject, value) == (ANY, OTHER))
    return Place(frozenset(c for c in above if c.startswith("<") and not c.startswith(BUILT_IN)) - {name}, depends)


def _ends(facts: Iterable[Fact]) -> set[str]:
    """Return the individuals in facts."""
    return {end for s, p, o in facts for end in ((s,) if p == TYPE else (s, o))}


def links_of(theory: Theory, hierarchy: Hierarchy) -> set[Triple]:
    """Return a hierarchy as triples."""
    terms = theory.terms
    return {
        Triple(terms[name], link, terms[upper])  # type: ignore[arg-type]
        for (link, name), place in hierarchy.items()
        for upper in place.above or ()
    }


def empty_classes(hierarchy: Hierarchy) -> set[str]:
    """Return the IRIs of the classes that can have no member."""
    return {name[1:-1] for (link, name), place in hierarchy.items() if link == RDFS.subClassOf and place.above is None}
