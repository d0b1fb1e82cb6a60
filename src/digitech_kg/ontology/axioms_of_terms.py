"""What the axioms of an ontology say of each term, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import NamedNode, Triple

from digitech_kg.ontology.index import Index
from digitech_kg.reasoning import Leaf, Wording, read_leaves

#: Shown as the place of a term, if it is one between two names.
_HIERARCHY = ("subClassOf", "subPropertyOf")


def axioms_of_terms(triples: Iterable[Triple], index: Index) -> Mapping[NamedNode, tuple[str, ...]]:
    """Return English sentences by term; one that speaks of several terms stands with each."""
    wording = Wording(index, lambda iri: index.label(NamedNode(iri)))
    found: dict[NamedNode, list[str]] = defaultdict(list)
    for leaf in read_leaves(sorted(triples, key=str), index):
        if leaf.is_axiom and not (leaf.kind in _HIERARCHY and isinstance(leaf.value, NamedNode)):
            for term in _terms(leaf):
                found[term].append(f"{wording.sentence(leaf)}.")
    return {term: tuple(dict.fromkeys(sentences)) for term, sentences in found.items()}


def _terms(leaf: Leaf) -> list[NamedNode]:
    """Return the terms that an axiom is about: its subject, and for symmetric ones the others."""
    others: tuple[Any, ...] = ()
    if isinstance(leaf.value, tuple):
        others = leaf.value
    elif leaf.kind in ("disjointWith", "inverseOf", "equivalentProperty", "propertyDisjointWith"):
        others = (leaf.value,)
    return [term for term in dict.fromkeys((leaf.subject, *others)) if isinstance(term, NamedNode)]
