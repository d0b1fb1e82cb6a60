"""The OWL 2 RL rules, by the library `reasonable` (Rust). The one module that knows it.

What the library lacks is added here: members of enumerations (cls-oo) to what it is given; property chains (prp-spo2)
by following them and running the library again on what they give, until nothing is new; and the hierarchy of defined
classes (scm-int, scm-uni) with the classes that can have no member.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import reasonable
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import BNode, URIRef

from digitech_kg.namespaces import OWL, RDF, RDFS
from digitech_kg.reasoning.findings import Findings, Role
from digitech_kg.reasoning.graph_view import GraphView
from digitech_kg.reasoning.premises import ntriples
from digitech_kg.reasoning.proofs import Theory

_Node = NamedNode | BlankNode | Literal
_STRUCTURE = (RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, OWL.sameAs)


def version() -> str:
    """Give what the results depend on."""
    return f"reasonable {package_version('reasonable')}"


def reason(premises: Sequence[Triple]) -> Findings:
    """Give what the rules derive. Contradictions, which the library does not report, are looked for first."""
    theory = Theory.of(premises)
    if not theory.is_consistent():
        return Findings(consistent=False)
    chains = _read_chains(premises)
    known = set(premises) | _listed_members(premises)
    while True:
        derived = _saturate(known)
        composed = _compose(derived, chains) - derived - known
        if not composed:
            findings = _findings(derived, premises)
            _classify(findings, theory, premises)
            return findings
        known |= composed


def _classify(findings: Findings, theory: Theory, premises: Sequence[Triple]) -> None:
    """Add what definitions say of the hierarchy (rules scm-int and scm-uni), and the classes without members."""
    classes = {t.subject.value for t in premises if t.object == OWL.Class and isinstance(t.subject, NamedNode)}
    for cls, uppers in theory.classify(classes).items():
        if uppers is None:
            findings.unsatisfiable.add(cls)
        else:
            findings.subclasses.update((cls, upper) for upper in uppers)


def _saturate(triples: Iterable[Triple]) -> set[Triple]:
    reasoner = reasonable.PyReasoner()  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory(prefix="digitech-kg-reasoning-") as directory:
        # The library tells formats by the file's extension; N-Triples are Turtle.
        path = Path(directory) / "premises.ttl"
        path.write_bytes(ntriples(triples))
        reasoner.load_file(str(path))
        return {Triple(_term(s), _term(p), _term(o)) for s, p, o in reasoner.reason()}  # type: ignore[arg-type]


def _term(node: Any) -> _Node:
    if isinstance(node, URIRef):
        return NamedNode(node)
    if isinstance(node, BNode):
        return BlankNode(node)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(node.datatype)) if node.datatype else Literal(str(node))


def _read_chains(premises: Iterable[Triple]) -> list[tuple[list[Role], str]]:
    """Give the property chains: the steps, and the property that they add up to."""
    inverses: dict[object, Any] = {t.subject: t.object for t in premises if t.predicate == OWL.inverseOf}
    view = GraphView(premises)
    chains = []
    for triple in premises:
        if triple.predicate != OWL.propertyChainAxiom or not isinstance(triple.subject, NamedNode):
            continue
        steps: list[Role] = []
        for step in view.items(triple.object):
            inverse = inverses.get(step) if isinstance(step, BlankNode) else None
            steps.append(Role((inverse or step).value, inverse is not None))
        chains.append((steps, triple.subject.value))
    return chains


def _listed_members(premises: Sequence[Triple]) -> set[Triple]:
    view = GraphView(premises)
    lists = [triple for triple in premises if triple.predicate == OWL.oneOf]
    return {Triple(member, RDF.type, triple.subject) for triple in lists for member in view.items(triple.object)}


def _compose(triples: Iterable[Triple], chains: list[tuple[list[Role], str]]) -> set[Triple]:
    steps = {role for chain, _ in chains for role in chain}
    links: dict[Role, dict[_Node, set[_Node]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        for role, start, end in (
            (Role(triple.predicate.value), triple.subject, triple.object),
            (Role(triple.predicate.value, inverse=True), triple.object, triple.subject),
        ):
            if role in steps:
                links[role][start].add(end)  # type: ignore[index, arg-type]
    found = set()
    for chain, whole in chains:
        for start in [node for node in links[chain[0]] if isinstance(node, NamedNode)]:
            reached: set[_Node] = {start}
            for role in chain:
                reached = set().union(*(links[role].get(node, set()) for node in reached))
                # The library gives blank nodes new labels in each run, so that triples with them would never end.
            found |= {Triple(start, NamedNode(whole), end) for end in reached if isinstance(end, NamedNode)}
    return found


def _findings(derived: set[Triple], premises: Sequence[Triple]) -> Findings:
    findings = Findings()
    properties = {t.subject for t in premises if t.object in (OWL.ObjectProperty, OWL.DatatypeProperty)}
    for triple in derived:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, NamedNode) or isinstance(value, BlankNode):
            continue
        if predicate in properties:
            findings.values.add(triple)
        elif not isinstance(value, NamedNode) or predicate not in _STRUCTURE:
            continue
        elif predicate == RDF.type:
            findings.types.add((subject, value.value))
        elif predicate == RDFS.subClassOf:
            findings.subclasses.add((subject.value, value.value))
        elif predicate == RDFS.subPropertyOf:
            findings.subroles.add((Role(subject.value), Role(value.value)))
    return findings
