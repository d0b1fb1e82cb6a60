"""Bring `graph:statements` and `graph:evidence` up to date after claims have changed, and only what they touch."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, Store, Triple

from digitech_kg.claims import claimed_statements, derive_statements, evidence_nodes
from digitech_kg.namespaces import DK, GRAPH
from digitech_kg.snapshot import Change
from digitech_kg.update.delta import TrackedStore


def update_statements(target: TrackedStore, change: Change) -> None:
    """Derive again what the claims that a change touched give rise to. The change is in the store already."""
    subjects = {quad.subject for quad in (*change.added, *change.removed) if isinstance(quad.subject, NamedNode)}
    now = {quad for subject in subjects for quad in _source_quads(target.store, subject)}
    before = (now - change.added) | {quad for quad in change.removed if quad.subject in subjects}
    touched = claimed_statements(now) | claimed_statements(before)
    if not touched:
        return
    wanted = {quad for quad in derive_statements(_claims_about(target.store, touched)) if _is_about(quad, touched)}
    there = {quad for statement in touched for quad in _derived_quads(target.store, statement)}
    target.apply(Change(frozenset(wanted - there), frozenset(there - wanted)))


def _claims_about(store: Store, statements: Iterable[Triple]) -> list[Quad]:
    """Give all that is said of the claims whose subject is that of one of the statements, each claim once."""
    subjects = {statement.subject for statement in statements}
    claims = {quad.subject for s in subjects for quad in store.quads_for_pattern(None, DK.subject, s)}
    return [quad for claim in sorted(claims, key=str) for quad in _source_quads(store, claim)]


def _source_quads(store: Store, subject: object) -> list[Quad]:
    derived = (GRAPH.statements, GRAPH.evidence, GRAPH.inferred, GRAPH.catalog)
    return [quad for quad in store.quads_for_pattern(subject, None, None) if quad.graph_name not in derived]  # type: ignore[arg-type]


def _derived_quads(store: Store, statement: Triple) -> list[Quad]:
    found = list(store.quads_for_pattern(statement.subject, statement.predicate, statement.object, GRAPH.statements))
    for node in evidence_nodes(statement):
        found += store.quads_for_pattern(node, None, None, GRAPH.evidence)
    return found


def _is_about(quad: Quad, statements: set[Triple]) -> bool:
    if quad.graph_name == GRAPH.statements:
        return quad.triple in statements
    return any(quad.subject in evidence_nodes(statement) for statement in statements)
