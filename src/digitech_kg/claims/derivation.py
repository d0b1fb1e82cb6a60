"""What a document's claims give: its plain statements, their evidence, and what is written for readers.

A plain claim that affirms gives the triple, and an `owl:Axiom` annotation that names the claim; one that denies gives
an `owl:NegativePropertyAssertion`. Every other claim stays a claim. Each claim is written out as a sentence, which
is its label too; each passage gets a name.
Source: OWL 2 Mapping to RDF Graphs, sections 2.2 (annotations) and table 1 (negative assertions),
https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.claims.clauses import SentencePatterns
from digitech_kg.claims.labels import Labels, read_labels
from digitech_kg.claims.languages import find_language
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.passages import read_passages
from digitech_kg.claims.writer import write_sentences
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, Namespaces

_ANNOTATED: Final = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)


def derive(
    quads: Iterable[Quad], document: str, names: Namespaces, patterns: SentencePatterns, labels: Labels
) -> list[Quad]:
    """Return the quads of the statements and the evidence of a document, in an order that is always the same.

    Of the quads, those of the document's graph count; `labels` has those of all that is not in it. Literals are
    repeated as they are spelt, so pass the quads straight from a store.
    """
    graph = names.graphs.document(document)
    own = [quad for quad in quads if quad.graph_name == graph]
    claims = sorted(read_claims(own), key=lambda claim: claim.iri.value)
    evidence = names.graphs.evidence(document)
    labels = read_labels(own, labels)
    derived = list(_state(claims, document, names))
    for claim, text in write_sentences(claims, names.languages, patterns, labels):
        derived += (Quad(claim, prop, text, evidence) for prop in (DK.sentence, RDFS.label))
    named = _name_passages(own, document, names, labels)
    derived += (Quad(passage, RDFS.label, text, evidence) for passage, text in named)
    return derived


def label_external_claims(
    quads: Iterable[Quad], names: Namespaces, patterns: SentencePatterns, labels: Labels
) -> list[Quad]:
    """Return labels for the claims of outside sources among the quads: what each says, as a sentence."""
    claims = sorted((c for c in read_claims(quads) if c.is_external), key=lambda claim: claim.iri.value)
    sentences = write_sentences(claims, names.languages, patterns, labels)
    return [Quad(claim, RDFS.label, text, names.graphs.external_labels) for claim, text in sentences]


def _state(claims: Iterable[Claim], document: str, names: Namespaces) -> Iterator[Quad]:
    """Yield statements with their annotations, and denials; several claims of one statement share a node."""
    affirmed: dict[Triple, list[NamedNode]] = defaultdict(list)
    denied: dict[Triple, list[NamedNode]] = defaultdict(list)
    for claim in claims:
        if claim.is_plain and claim.triple:
            (denied if claim.is_negated else affirmed)[claim.triple].append(claim.iri)
    graph = names.graphs.evidence(document)
    for triple in sorted(affirmed, key=str):
        yield Quad(triple.subject, triple.predicate, triple.object, names.graphs.statements(document))
        node = _node("a", document, triple)
        yield from _describe(node, OWL.Axiom, _ANNOTATED, triple, affirmed[triple], graph)
    for triple in sorted(denied, key=str):
        target = OWL.targetValue if isinstance(triple.object, Literal) else OWL.targetIndividual
        node, parts = _node("n", document, triple), (OWL.sourceIndividual, OWL.assertionProperty, target)
        yield from _describe(node, OWL.NegativePropertyAssertion, parts, triple, denied[triple], graph)


def _describe(
    node: BlankNode,
    kind: NamedNode,
    parts: Iterable[NamedNode],
    triple: Triple,
    claims: Iterable[NamedNode],
    graph: NamedNode,
) -> Iterator[Quad]:
    """Yield what a node says of a statement: its parts, and the claims that it rests on."""
    yield Quad(node, RDF.type, kind, graph)
    yield from (Quad(node, part, term, graph) for part, term in zip(parts, triple, strict=True))
    yield from (Quad(node, DK.evidence, claim, graph) for claim in claims)


def _node(kind: str, document: str, triple: Triple) -> BlankNode:
    """Return the node of a statement of a document: the same in every build, and another in each document."""
    return BlankNode(kind + hashlib.sha256(f"{document} {triple}".encode()).hexdigest()[:20])


def _name_passages(
    quads: Iterable[Quad], document: str, names: Namespaces, labels: Labels
) -> Iterator[tuple[NamedNode, Literal]]:
    """Yield names of the passages that have no label of their own in a language."""
    passages = read_passages(quads, names.passage(document, "").value)
    for passage in passages:
        for tag in names.languages:
            language = find_language(tag)
            if language and labels.find(passage.iri, tag) is None:
                yield passage.iri, Literal(passages.name(passage, language, labels), language=tag)
