"""Derive from a document's claims its plain statements, their evidence, and sentences for readers.

A plain claim that affirms gives the triple, and an `owl:Axiom` annotation that names the claim; one that denies gives
an `owl:NegativePropertyAssertion`. Every other claim stays a claim. Each claim is written out as a sentence, which
is its label too, and gets its topics. Each passage gets a name.
Source: OWL 2 Mapping to RDF Graphs, sections 2.2 (annotations) and table 1 (negative assertions),
https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.claims.clauses import SentencePatterns
from digitech_kg.claims.labels import QuadLabels, read_labels
from digitech_kg.claims.languages import find_language
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.passages import Passages, read_passages
from digitech_kg.claims.times import is_over
from digitech_kg.claims.writer import write_sentences
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, Namespaces, value_of

Topics = Mapping[Any, Sequence[NamedNode]]
#: What of a claim says what it is about.
_MATTERS: Final = (DK.subject, DK.object, DK.limitedToField, DK.condition)


def read_topics(quads: Iterable[Quad]) -> Topics:
    """Return the topics that things get by hand (`dk:hasTopic`): SKOS concepts."""
    topical = (quad for quad in quads if quad.predicate == DK.hasTopic)
    return grouped((quad.subject, quad.object) for quad in topical if isinstance(quad.object, NamedNode))


def _topics_of(claim: Claim, topics: Topics, patterns: SentencePatterns) -> list[NamedNode]:
    """Return the topics of a claim: those of its subject, object, field and condition, sorted.

    An actor's own topics count only where nothing else gives one: that a ministry speaks says little of the matter.
    """
    matters, acting = set[NamedNode](), set[NamedNode]()
    for thing in (term for prop in _MATTERS for term in claim.all(prop)):
        (acting if patterns.is_of(thing, DK.Agent) else matters).update(topics.get(thing, ()))
    return sorted(matters or acting, key=lambda topic: topic.value)


#: The passages that have to be covered; paragraphs, tables and sections are covered through their parts, headings by
#: the section and heads of tables by the column that they name.
COVERABLE = (DK.Sentence, DK.TableCell)


@dataclass(frozen=True, slots=True)
class Coverage:
    """For each sentence and cell of one document, in order: the claims and things that cite it."""

    document: str
    claims: dict[str, tuple[str, ...]]
    things: dict[str, tuple[str, ...]]
    #: Passage → the earlier passage that it repeats.
    repeats: dict[str, str]

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The passages that nothing cites and that repeat no other."""
        return tuple(p for p in self.claims if not (self.claims[p] or self.things[p] or p in self.repeats))


def measure_coverage(quads: Iterable[Quad], names: Namespaces) -> tuple[Coverage, ...]:
    """Return for each document that has passages, by name, what cites them.

    Claims cite passages by `dk:statedIn`, things by `dk:describedIn`.
    """
    quads = list(quads)
    view, passages = GraphView(quads), defaultdict[str, list[NamedNode]](list)
    for passage in read_passages(quads, names.prefixes["passage"]):
        document = names.document_of(passage.iri.value)
        if document and passage.kind in COVERABLE:
            passages[document].append(passage.iri)

    def citing(prop: NamedNode, own: Iterable[NamedNode]) -> dict[str, tuple[str, ...]]:
        return {p.value: tuple(sorted({value_of(c) for c in view.subjects(prop, p)})) for p in own}

    found = []
    for document, own in sorted(passages.items()):
        repeats = {p.value: value_of(first) for p in own for first in view.nodes(p, DK.repeatsPassage)[:1]}
        found.append(Coverage(document, citing(DK.statedIn, own), citing(DK.describedIn, own), repeats))
    return tuple(found)


_ANNOTATED: Final = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)


def derive(
    quads: Iterable[Quad],
    document: str,
    names: Namespaces,
    patterns: SentencePatterns,
    labels: QuadLabels,
    topics: Topics | None = None,
) -> list[Quad]:
    """Return the quads of the statements and the evidence of a document, in an order that is always the same.

    Of the quads, those of the document's graph count; `labels` has those of all that is not in it. Literals are
    repeated as they are spelt, so pass the quads straight from a store. Without `topics` claims get none.
    """
    graph = names.graphs.document(document)
    own = [quad for quad in quads if quad.graph_name == graph]
    claims = sorted(read_claims(own), key=lambda claim: claim.iri.value)
    evidence = names.graphs.evidence(document)
    labels, patterns = read_labels(own, labels, names.thing(document)), patterns.with_those_of(own)
    derived = list(_state(claims, document, names))
    for claim, text in write_sentences(claims, names.languages, patterns, labels):
        derived += (Quad(claim, prop, text, evidence) for prop in (DK.sentence, RDFS.label))
    found = ((claim.iri, topic) for claim in claims for topic in _topics_of(claim, topics or {}, patterns))
    derived += (Quad(claim, DK.hasTopic, topic, evidence) for claim, topic in found)
    named = _name_passages(own, document, names, labels)
    derived += (Quad(passage, RDFS.label, text, evidence) for passage, text in named)
    return derived


def label_external_claims(
    quads: Iterable[Quad], names: Namespaces, patterns: SentencePatterns, labels: QuadLabels
) -> list[Quad]:
    """Return labels for the claims of outside sources among the quads: what each says, as a sentence."""
    quads = list(quads)
    claims = sorted((c for c in read_claims(quads) if c.is_external), key=lambda claim: claim.iri.value)
    # What ends after it was read there isn't over.
    sentences = write_sentences(claims, names.languages, patterns, replace(labels, issued=_last_retrieval(quads)))
    return [Quad(claim, RDFS.label, text, names.graphs.external_labels) for claim, text in sentences]


def _last_retrieval(quads: Iterable[Quad]) -> str:
    """Return the last day on which a source was read; "" if none is told."""
    return max((value_of(quad.object) for quad in quads if quad.predicate == DK.retrievedOn), default="")


def state_external_claims(quads: Iterable[Quad], names: Namespaces) -> list[Quad]:
    """Return how things are related by what outside sources say plainly, each in the graph of its own statements.

    What was over, and a number, a code or a date, says little without its time: these are left to the claims.
    """
    quads = list(quads)
    day, sourced = _last_retrieval(quads), ((names.graphs.source_of(quad.graph_name), quad) for quad in quads)
    by_source = grouped((source, quad) for source, quad in sourced if source is not None)
    found: dict[Quad, None] = {}
    for source in sorted(by_source):
        graph = names.graphs.external_statements(source)
        claims = (c for c in read_claims(by_source[source]) if c.is_external and c.is_unreserved)
        for triple in (c.triple for c in claims if not c.is_negated and not is_over(c, day)):
            if triple is not None and isinstance(triple.object, NamedNode):
                found[Quad(triple.subject, triple.predicate, triple.object, graph)] = None
    return list(found)


def _state(claims: Iterable[Claim], document: str, names: Namespaces) -> Iterator[Quad]:
    """Yield statements with their annotations, then denials; several claims of one statement share a node."""
    plain = (claim for claim in claims if claim.is_plain)
    stated = grouped(((claim.is_negated, claim.triple), claim.iri) for claim in plain if claim.triple)
    graph = names.graphs.evidence(document)
    for (is_denied, triple), iris in sorted(stated.items(), key=lambda item: (item[0][0], str(item[0][1]))):
        node, kind, parts = _node("a", document, triple), OWL.Axiom, _ANNOTATED
        if is_denied:
            target = OWL.targetValue if isinstance(triple.object, Literal) else OWL.targetIndividual
            node, kind = _node("n", document, triple), OWL.NegativePropertyAssertion
            parts = (OWL.sourceIndividual, OWL.assertionProperty, target)
        else:
            yield Quad(triple.subject, triple.predicate, triple.object, names.graphs.statements(document))
        yield Quad(node, RDF.type, kind, graph)
        yield from (Quad(node, part, term, graph) for part, term in zip(parts, triple, strict=True))
        yield from (Quad(node, DK.evidence, iri, graph) for iri in iris)


def _node(kind: str, document: str, triple: Triple) -> BlankNode:
    """Return the node of a statement of a document: the same in every build, and another in each document."""
    return BlankNode(kind + hashlib.sha256(f"{document} {triple}".encode()).hexdigest()[:20])


def _name_passages(
    quads: Iterable[Quad], document: str, names: Namespaces, labels: QuadLabels
) -> Iterator[tuple[NamedNode, Literal]]:
    """Yield names of the passages without a label in a language. What a section is headed by is its name in all."""
    passages = Passages(read_passages(quads, names.passage(document, "").value))
    for passage in (each for each in passages if each.kind != DK.Section or not labels.by_language(each.iri)):
        for tag in names.languages:
            language = find_language(tag)
            if language and tag.lower() not in labels.by_language(passage.iri):
                yield passage.iri, Literal(passages.name(passage, language, labels), language=tag)
