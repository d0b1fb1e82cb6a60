"""What a document's claims give: its plain statements, their evidence, and what is written for readers.

A plain claim that affirms gives the triple, and an `owl:Axiom` annotation that names the claim; one that denies gives
an `owl:NegativePropertyAssertion`. Every other claim stays a claim. Each claim is written out as a sentence, which
is its label too, and gets its topics. Each passage gets a name.
Source: OWL 2 Mapping to RDF Graphs, sections 2.2 (annotations) and table 1 (negative assertions),
https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.claims.clauses import SentencePatterns
from digitech_kg.claims.labels import Labels, read_labels
from digitech_kg.claims.languages import find_language
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.passages import Passages, read_passages
from digitech_kg.claims.times import is_over
from digitech_kg.claims.writer import write_sentences
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, Namespaces, value_of

Topics = Mapping[Any, Sequence[NamedNode]]
#: What of a claim says what it is about.
_MATTERS: Final = (DK.subject, DK.object, DK.limitedToField, DK.condition)


def read_topics(quads: Iterable[Quad]) -> Topics:
    """Return the topics that things get by hand (`dk:hasTopic`): SKOS concepts."""
    topics: dict[Any, list[NamedNode]] = defaultdict(list)
    for quad in quads:
        if quad.predicate == DK.hasTopic and isinstance(quad.object, NamedNode):
            topics[quad.subject].append(quad.object)
    return topics


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
_COVERABLE = (DK.Sentence, DK.TableCell)


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
    order: dict[str, int] = {}
    passages: dict[str, set[str]] = defaultdict(set)
    stated: dict[str, set[str]] = defaultdict(set)
    described: dict[str, set[str]] = defaultdict(set)
    repeats: dict[str, str] = {}
    for quad in quads:
        subject, value = value_of(quad.subject), value_of(quad.object)
        if quad.predicate == RDF.type and quad.object in _COVERABLE:
            passages[names.document_of(subject) or ""].add(subject)
        elif quad.predicate == DK.orderInDocument and value.isdecimal():
            order[subject] = int(value)
        elif quad.predicate == DK.statedIn:
            stated[value].add(subject)
        elif quad.predicate == DK.describedIn:
            described[value].add(subject)
        elif quad.predicate == DK.repeatsPassage and isinstance(quad.object, NamedNode):
            repeats[subject] = value
    found = []
    for document in sorted(passages.keys() - {""}):
        ordered = sorted(passages[document], key=lambda passage: (order.get(passage, 0), passage))
        claims, things = ({p: tuple(sorted(by[p])) for p in ordered} for by in (stated, described))
        found.append(Coverage(document, claims, things, {p: repeats[p] for p in ordered if p in repeats}))
    return tuple(found)


_ANNOTATED: Final = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)


def derive(
    quads: Iterable[Quad],
    document: str,
    names: Namespaces,
    patterns: SentencePatterns,
    labels: Labels,
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
    quads: Iterable[Quad], names: Namespaces, patterns: SentencePatterns, labels: Labels
) -> list[Quad]:
    """Return labels for the claims of outside sources among the quads: what each says, as a sentence."""
    claims = sorted((c for c in read_claims(quads) if c.is_external), key=lambda claim: claim.iri.value)
    sentences = write_sentences(claims, names.languages, patterns, labels)
    return [Quad(claim, RDFS.label, text, names.graphs.external_labels) for claim, text in sentences]


def state_external_claims(quads: Iterable[Quad], names: Namespaces) -> list[Quad]:
    """Return how things are related by what outside sources say plainly, each in the graph of its own statements.

    What was over, and a number, a code or a date, says little without its time: these are left to the claims.
    """
    by_source: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        if (source := names.graphs.source_of(quad.graph_name)) is not None:
            by_source[source].append(quad)
    found: dict[Quad, None] = {}
    for source in sorted(by_source):
        graph = names.graphs.external_statements(source)
        claims = (c for c in read_claims(by_source[source]) if c.is_external and c.is_unreserved)
        for triple in (c.triple for c in claims if not c.is_negated and not is_over(c)):
            if triple is not None and isinstance(triple.object, NamedNode):
                found[Quad(triple.subject, triple.predicate, triple.object, graph)] = None
    return list(found)


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
    """Yield names of the passages without a label in a language. What a section is headed by is its name in all."""
    passages = Passages(read_passages(quads, names.passage(document, "").value))
    for passage in (each for each in passages if each.kind != DK.Section or not labels.has(each.iri)):
        for tag in names.languages:
            language = find_language(tag)
            if language and labels.find(passage.iri, tag) is None:
                yield passage.iri, Literal(passages.name(passage, language, labels), language=tag)
