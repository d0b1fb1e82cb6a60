"""What a dataset says, read once from its store in the shape that tables are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from digitech_kg.claims.labels import choose_text
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.iteration import reachable
from digitech_kg.mappings.model import PREDICATES
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, SKOS, VOCABULARIES, GraphName, Namespaces, value_of
from digitech_kg.tables import Value, python_value

_Facts = dict[NamedNode, list[NamedNode | Literal]]
_SAME = PREDICATES[:2]


@dataclass(frozen=True)
class Node:
    """A thing, passage, term or comparison: its IRI and its values by property, sorted."""

    iri: str
    facts: Mapping[NamedNode, tuple[NamedNode | Literal, ...]]

    def all(self, prop: NamedNode) -> tuple[NamedNode | Literal, ...]:
        """Return all values of a property."""
        return self.facts.get(prop, ())

    def text(self, prop: NamedNode) -> str:
        """Return the first value of a property as text, or "" if there is none."""
        return next((value.value for value in self.all(prop)), "")

    @property
    def classes(self) -> tuple[NamedNode, ...]:
        """Its classes but those of OWL itself, which say nothing of the thing."""
        return tuple(
            v for v in self.all(RDF.type) if isinstance(v, NamedNode) and not v.value.startswith(VOCABULARIES["owl"])
        )

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label by language, in small letters; "" stands for none."""
        return by_language(self.all(RDFS.label))


def by_language(values: Iterable[object]) -> dict[str, str]:
    """Return texts by their language tag in small letters; "" stands for none."""
    return {(v.language or "").lower(): v.value for v in values if isinstance(v, Literal)}


@dataclass(frozen=True)
class Statement:
    """A plain statement of a document and the claims that it rests on."""

    document: str
    subject: str
    predicate: NamedNode
    value: NamedNode | Literal
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """All that is said, by kind; each tuple is ordered by IRI."""

    names: Namespaces
    things: tuple[Node, ...]
    claims: tuple[Claim, ...]
    passages: tuple[Node, ...]
    terms: tuple[Node, ...]
    statements: tuple[Statement, ...]
    comparisons: tuple[Node, ...]
    links: tuple[Quad, ...]
    labels: Mapping[str, Mapping[str, str]]
    #: The sentence of each claim by language.
    sentences: Mapping[str, Mapping[str, str]]

    def name(self, iri: str) -> str:
        """Return the label of a thing or term in the first language that has one, or its short name.

        Whole IRIs are returned for what is elsewhere.
        """
        found = choose_text(self.labels.get(iri, {}), ("en", *map(str.lower, self.names.languages)))
        return found[1] if found else self.names.shorten(iri).strip("<>")

    def shown(self, value: NamedNode | Literal) -> Value:
        """Return a literal as a Python value, and the label of anything else."""
        if isinstance(value, Literal):
            return python_value(value.value, value.datatype.value)
        return self.name(value.value)

    @cached_property
    def same_elsewhere(self) -> Mapping[str, list[str]]:
        """By the IRI of a thing: what it is linked to as the same, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for quad in self.links:
            if quad.predicate.value in _SAME and isinstance(quad.object, NamedNode):
                found[value_of(quad.subject)].append(quad.object.value)
        return {iri: sorted(others) for iri, others in found.items()}

    @cached_property
    def classes_above(self) -> Mapping[str, frozenset[str]]:
        """By the IRI of a class: itself and all classes above it."""
        direct = {t.iri: {v.value for v in t.all(RDFS.subClassOf) if isinstance(v, NamedNode)} for t in self.terms}
        return {iri: frozenset(reachable([iri], lambda cls: direct.get(cls, ()))) for iri in direct}

    def all_classes(self, node: Node) -> set[str]:
        """Return the classes of a thing and all that are above them."""
        direct = (cls.value for cls in node.classes)
        return {iri for cls in direct for iri in self.classes_above.get(cls, frozenset((cls,)))}


def read_content(store: Store, names: Namespaces) -> Content:
    """Read a store; what only describes the dataset, or was inferred, is left out."""
    parts = _Parts(names)
    for quad in store:
        parts.add(quad)
    claims = sorted(read_claims(parts.said), key=lambda claim: claim.iri.value)
    nodes, terms = tuple(_nodes(parts.data)), tuple(_nodes(parts.terms))
    passages = tuple(node for node in nodes if node.iri.startswith(names.prefixes["passage"]))
    others = {*(claim.iri.value for claim in claims), *(node.iri for node in passages)}
    return Content(
        names,
        things=tuple(n for n in nodes if n.iri not in others and n.classes),
        claims=tuple(claims),
        passages=passages,
        terms=terms,
        statements=tuple(_statements(parts)),
        comparisons=tuple(node for node in _nodes(parts.compared) if node.all(DK.firstClaim)),
        links=tuple(sorted(parts.links, key=str)),
        labels={node.iri: node.labels for node in (*nodes, *terms) if node.labels},
        sentences={claim: by_language(texts) for claim, texts in parts.sentences.items()},
    )


class _Parts:
    """The quads of a store, put aside by what they are for."""

    def __init__(self, names: Namespaces) -> None:
        self._graphs = names.graphs
        self.said: list[Quad] = []
        self.data: dict[str, _Facts] = defaultdict(lambda: defaultdict(list))
        self.terms: dict[str, _Facts] = defaultdict(lambda: defaultdict(list))
        self.compared: dict[str, _Facts] = defaultdict(lambda: defaultdict(list))
        self.links: list[Quad] = []
        #: Plain statements with their document, and what says by which claims, by graph and node.
        self.plain: list[tuple[str, Quad]] = []
        self.evidence: dict[tuple[str, str], dict[NamedNode, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.sentences: dict[str, list[Literal]] = defaultdict(list)

    def add(self, quad: Quad) -> None:
        graph = quad.graph_name
        document = self._graphs.document_of(graph)
        if graph == self._graphs.links:
            self.links.append(quad)
        elif document and graph == self._graphs.statements(document):
            self.plain.append((document, quad))
        elif document and graph == self._graphs.evidence(document):
            self._add_evidence(document, quad)
        elif (facts := self._facts_of(graph)) is not None:
            _put(facts, quad)
            if facts is self.data:
                self.said.append(quad)

    def _facts_of(self, graph: GraphName) -> dict[str, _Facts] | None:
        if graph == self._graphs.ontology:
            return self.terms
        if graph in (self._graphs.comparison, self._graphs.positions):
            return self.compared
        return None if self._graphs.is_derived(graph) else self.data

    def _add_evidence(self, document: str, quad: Quad) -> None:
        if quad.predicate == DK.sentence and isinstance(quad.object, Literal):
            self.sentences[value_of(quad.subject)].append(quad.object)
        elif quad.predicate == RDFS.label:
            _put(self.data, quad)
        else:
            self.evidence[document, str(quad.subject)][quad.predicate].append(str(quad.object))


def _put(facts: dict[str, _Facts], quad: Quad) -> None:
    if isinstance(quad.object, NamedNode | Literal) and not isinstance(quad.subject, Triple):
        facts[_key(quad.subject)][quad.predicate].append(quad.object)


def _key(subject: object) -> str:
    return subject.value if isinstance(subject, NamedNode) else str(subject)


def _nodes(found: Mapping[str, _Facts]) -> Iterator[Node]:
    for iri, facts in sorted(found.items()):
        ordered = sorted(facts.items(), key=lambda row: row[0].value)
        yield Node(iri, {prop: tuple(sorted(set(values), key=str)) for prop, values in ordered})


def _statements(parts: _Parts) -> Iterator[Statement]:
    claims: dict[tuple[str, ...], tuple[str, ...]] = {}
    of_axiom = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
    for (document, _), facts in parts.evidence.items():
        if all(len(facts[part]) == 1 for part in of_axiom):
            key = (document, *(facts[part][0] for part in of_axiom))
            claims[key] = tuple(sorted(iri.strip("<>") for iri in facts[DK.evidence]))
    for document, quad in sorted(parts.plain, key=lambda row: (str(row[1]), row[0])):
        if isinstance(quad.object, NamedNode | Literal):
            key = (document, str(quad.subject), str(quad.predicate), str(quad.object))
            yield Statement(document, _key(quad.subject), quad.predicate, quad.object, claims.get(key, ()))


def other_names(node: Node) -> list[str]:
    """Return the further names of a thing, in any language."""
    return [value.value for value in node.all(SKOS.altLabel)]
