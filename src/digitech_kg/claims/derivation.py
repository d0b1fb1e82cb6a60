"""Derive plain statements and their evidence from claims.

A claim becomes a statement only when the document asserts it without reserve, as its own view, of one subject and
without limit. Then an affirmative claim gives the triple and an `owl:Axiom` annotation that names the claim, and a
negated one gives an `owl:NegativePropertyAssertion`. Every other claim stays a claim.
Source: OWL 2 Mapping to RDF Graphs, sections 2.2 (annotations) and table 1 (negative assertions),
https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.namespaces import DK, GRAPH, OWL, RDF, XSD

_CLAIM_CLASSES = (DK.Claim, DK.ExternalClaim)
_TRUE = Literal("true", datatype=XSD.boolean)
#: Any of these on a claim means that the plain triple would say more than the document does.
_RESERVES = (DK.heldBy, DK.quantifier, DK.limitedTo)


@dataclass
class _Claim:
    iri: NamedNode
    external: bool = False
    values: dict[NamedNode, list[NamedNode | Literal]] = field(default_factory=lambda: defaultdict(list))

    def one(self, prop: NamedNode) -> NamedNode | Literal | None:
        """Give the only value of a property, in however many graphs it stands."""
        found = set(self.values.get(prop, ()))
        return found.pop() if len(found) == 1 else None

    @property
    def negated(self) -> bool:
        return self.one(DK.negated) == _TRUE

    def statement(self) -> Triple | None:
        """Give the triple that the claim is about, if it is complete and put without reserve."""
        if self.external or self.one(DK.certainty) != DK.asserted or any(self.values.get(p) for p in _RESERVES):
            return None
        subject, predicate = self.one(DK.subject), self.one(DK.predicate)
        value = self.one(DK.object) or self.one(DK.value)
        if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode) or value is None:
            return None
        return Triple(subject, predicate, value)


def derive_statements(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads of `graph:statements` and `graph:evidence` that the claims among `quads` give rise to.

    Several claims for one statement share one annotation; the order is that of the statements' N-Triples.
    """
    affirmed: dict[Triple, list[NamedNode]] = defaultdict(list)
    denied: dict[Triple, list[NamedNode]] = defaultdict(list)
    for claim in _collect(quads):
        statement = claim.statement()
        if statement is not None:
            (denied if claim.negated else affirmed)[statement].append(claim.iri)
    for statement in sorted(affirmed, key=str):
        yield Quad(statement.subject, statement.predicate, statement.object, GRAPH.statements)
        yield from _annotation(statement, affirmed[statement])
    for statement in sorted(denied, key=str):
        yield from _negative_assertion(statement, denied[statement])


def claimed_statements(quads: Iterable[Quad]) -> set[Triple]:
    """Give the statements, affirmed or denied, that the claims among `quads` give rise to."""
    return {statement for claim in _collect(quads) if (statement := claim.statement()) is not None}


def evidence_nodes(statement: Triple) -> tuple[BlankNode, BlankNode]:
    """Give the nodes that stand for a statement in `graph:evidence`: of its annotation and of its denial."""
    return _node("a", statement), _node("n", statement)


def _collect(quads: Iterable[Quad]) -> list[_Claim]:
    claims: dict[NamedNode, _Claim] = {}
    rest: list[Quad] = []
    for quad in quads:
        if quad.predicate == RDF.type and quad.object in _CLAIM_CLASSES and isinstance(quad.subject, NamedNode):
            entry = claims.setdefault(quad.subject, _Claim(quad.subject))
            entry.external = entry.external or quad.object == DK.ExternalClaim
        else:
            rest.append(quad)
    for quad in rest:
        claim = claims.get(quad.subject) if isinstance(quad.subject, NamedNode) else None
        if claim is not None and isinstance(quad.object, NamedNode | Literal):
            claim.values[quad.predicate].append(quad.object)
    return list(claims.values())


def _annotation(statement: Triple, claims: list[NamedNode]) -> Iterator[Quad]:
    node = _node("a", statement)
    yield Quad(node, RDF.type, OWL.Axiom, GRAPH.evidence)
    yield Quad(node, OWL.annotatedSource, statement.subject, GRAPH.evidence)
    yield Quad(node, OWL.annotatedProperty, statement.predicate, GRAPH.evidence)
    yield Quad(node, OWL.annotatedTarget, statement.object, GRAPH.evidence)
    yield from (Quad(node, DK.evidence, claim, GRAPH.evidence) for claim in claims)


def _negative_assertion(statement: Triple, claims: list[NamedNode]) -> Iterator[Quad]:
    node = _node("n", statement)
    target = OWL.targetValue if isinstance(statement.object, Literal) else OWL.targetIndividual
    yield Quad(node, RDF.type, OWL.NegativePropertyAssertion, GRAPH.evidence)
    yield Quad(node, OWL.sourceIndividual, statement.subject, GRAPH.evidence)
    yield Quad(node, OWL.assertionProperty, statement.predicate, GRAPH.evidence)
    yield Quad(node, target, statement.object, GRAPH.evidence)
    yield from (Quad(node, DK.evidence, claim, GRAPH.evidence) for claim in claims)


def _node(kind: str, statement: Triple) -> BlankNode:
    """The same statement gets the same label in every build."""
    return BlankNode(kind + hashlib.sha256(str(statement).encode()).hexdigest()[:20])
