"""Bring `graph:inferred` up to date after a change, by the rules and only where the change reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from pyoxigraph import Quad, Store, Triple

from digitech_kg.namespaces import GRAPH, RDF, RDFS
from digitech_kg.reasoning import (
    Materialization,
    explain_inconsistency,
    fact_of,
    find_properties,
    infer,
    inferred_quads,
    is_annotation_class,
    is_assertion,
    may_be_premise,
    quad_of,
    select_premises,
)
from digitech_kg.snapshot import Change
from digitech_kg.update.delta import TrackedStore

_HIERARCHY = (RDFS.subClassOf, RDFS.subPropertyOf)
_APART = (GRAPH.inferred, GRAPH.catalog)
Fact = tuple[str, str, str]


class Inferences:
    """What is inferred in one version of a dataset, ready for the next."""

    def __init__(self, store: Store) -> None:
        quads = list(store)
        self._properties = find_properties(quads)
        self._known = Materialization(select_premises(quads), self._properties)
        facts = self._known.facts()
        #: What a reasoner found that the rules do not find: it holds as long as nothing is taken away.
        self._beyond = {q for q in quads if _is_about_individuals(q) and _fact(q) not in facts}

    def update(self, target: TrackedStore, change: Change) -> str:
        """Bring the inferred graph up to date after `change`, which is in the store; give by what means.

        Raises `InconsistentData` with the conflicts if the result contradicts itself; it is of no use then.
        """
        if any(q.graph_name == GRAPH.ontology and may_be_premise(q, self._properties) for q in _all(change)):
            self._infer_anew(target)
            return "all of it, by the OWL 2 RL rules, because the ontology changed"
        added, removed = self._premises(target.store, change)
        if all(is_assertion(triple) for triple in (*added, *removed)):
            touched = self._known.change(added, removed)
        else:
            # A denial, for example, is a rule of its own.
            touched = self._known.facts()
            self._known = Materialization(select_premises(target.store), self._properties)
            touched ^= self._known.facts()
        if not self._known.is_consistent:
            raise explain_inconsistency(list(target.store), shrink=False)
        stated_anew = {_fact(quad) for quad in _all(change) if not isinstance(quad.object, Triple)}
        self._write(target, touched | stated_anew, lost=bool(removed))
        return "what the change touches, by the rules"

    def _premises(self, store: Store, change: Change) -> tuple[list[Triple], list[Triple]]:
        """Give the premises that are new in every graph, and those that are gone from every graph."""
        types: dict[object, set[object]] = defaultdict(set)
        removed: dict[Triple, list[Quad]] = defaultdict(list)
        for quad in _all(change):
            if quad.predicate == RDF.type:
                types[quad.subject].add(quad.object)
        for quad in change.removed:
            if may_be_premise(quad, self._properties):
                removed[quad.triple].append(quad)
        new, gone = [], []
        for triple in {q.triple for q in _all(change) if may_be_premise(q, self._properties)}:
            stated = {q.object for q in store.quads_for_pattern(triple.subject, RDF.type, None)}
            if any(map(is_annotation_class, stated | types[triple.subject])):
                continue
            found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
            now = {quad for quad in found if may_be_premise(quad, self._properties)}
            before = (now - change.added) | set(removed[triple])
            if now and not before:
                new.append(triple)
            elif before and not now:
                gone.append(triple)
        return new, gone

    def _write(self, target: TrackedStore, touched: set[Fact], *, lost: bool) -> None:
        """Write what is inferred about the touched facts; what goes beyond the rules goes if a premise was lost."""
        wanted: set[Quad] = set()
        unwanted: set[Quad] = set()
        for fact in touched:
            if self._known.holds(fact):
                quad = quad_of(fact)
                (unwanted if _is_stated(target.store, quad) else wanted).add(quad)
            elif not any(term.startswith("_:") for term in fact):
                unwanted.add(quad_of(fact))
        unwanted = {quad for quad in unwanted if quad.predicate not in _HIERARCHY} - self._beyond
        if lost:
            unwanted |= self._beyond
            self._beyond = set()
        target.apply(Change(frozenset(wanted), frozenset(unwanted)))

    def _infer_anew(self, target: TrackedStore) -> None:
        quads = [quad for quad in target.store if quad.graph_name not in _APART]
        premises = select_premises(quads)
        self._properties = find_properties(quads)
        self._known = Materialization(premises, self._properties)
        entailments = infer(premises, "rl")
        if not entailments.consistent:
            raise explain_inconsistency(quads, shrink=False)
        wanted, there = frozenset(inferred_quads(entailments, quads)), frozenset(target.graph(GRAPH.inferred))
        self._beyond = set()
        target.apply(Change(wanted - there, there - wanted))


def _all(change: Change) -> Iterator[Quad]:
    return chain(change.added, change.removed)


def _is_stated(store: Store, quad: Quad) -> bool:
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return any(other.graph_name not in _APART for other in found)


def _is_about_individuals(quad: Quad) -> bool:
    return quad.graph_name == GRAPH.inferred and quad.predicate not in _HIERARCHY


def _fact(quad: Quad) -> tuple[str, str, str]:
    return fact_of(quad.triple)
