"""What a dataset says, read once from its store in the shape that tables, networks and maps are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from digitech_kg.linking.mappings import PREDICATES
from digitech_kg.namespaces import DERIVED_GRAPHS, DK, GRAPH, OWL, PREFIXES, RDF, RDFS, SKOS, shorten, value_of
from digitech_kg.tables import Value, python_value

_Facts = dict[NamedNode, list[NamedNode | Literal]]
_SAME = PREDICATES[:2]
_NO_DATA = DERIVED_GRAPHS | {GRAPH.links, GRAPH.ontology}


@dataclass(frozen=True)
class Node:
    """A thing, claim, passage or term: its IRI, the graphs that describe it, and its values by property, sorted."""

    iri: str
    graphs: tuple[str, ...]
    facts: Mapping[NamedNode, tuple[NamedNode | Literal, ...]]

    def all(self, prop: NamedNode) -> tuple[NamedNode | Literal, ...]:
        """Give all values of a property."""
        return self.facts.get(prop, ())

    def text(self, prop: NamedNode) -> str:
        """Give the first value of a property as text, or "" if there is none."""
        return next((value.value for value in self.all(prop)), "")

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label by language; "" stands for none."""
        return {v.language or "": v.value for v in self.all(RDFS.label) if isinstance(v, Literal)}

    @property
    def label(self) -> str:
        """The English label, or any, or "" if there is none."""
        return self.labels.get("en") or next(iter(self.labels.values()), "")


@dataclass(frozen=True)
class Statement:
    """A plain statement and the claims that it rests on."""

    subject: str
    predicate: NamedNode
    value: NamedNode | Literal
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """All that is said, by kind; each tuple is ordered by IRI."""

    things: tuple[Node, ...]
    claims: tuple[Node, ...]
    passages: tuple[Node, ...]
    terms: tuple[Node, ...]
    statements: tuple[Statement, ...]
    links: tuple[Quad, ...]
    labels: Mapping[str, str]

    def name(self, iri: str) -> str:
        """Give the label of a thing or term, or its short name if it has none.

        Whole IRIs are given for what is elsewhere.
        """
        return self.labels.get(iri) or shorten(iri).strip("<>")

    def shown(self, value: NamedNode | Literal) -> Value:
        """Give a literal as a Python value, and the label of anything else."""
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
        return {iri: frozenset(_reach(iri, direct)) for iri in direct}


def _reach(start: str, direct: Mapping[str, set[str]]) -> set[str]:
    found, pending = {start}, [start]
    while pending:
        more = direct.get(pending.pop(), set()) - found
        found |= more
        pending += more
    return found


def read_content(store: Store) -> Content:
    """Read a store; what only describes the dataset, or was inferred, is left out."""
    data: dict[str, _Facts] = defaultdict(lambda: defaultdict(list))
    terms: dict[str, _Facts] = defaultdict(lambda: defaultdict(list))
    graphs: dict[str, set[str]] = defaultdict(set)
    links, plain, evidence = [], [], []
    for quad in store:
        graph = quad.graph_name
        if graph == GRAPH.statements:
            plain.append(quad)
        elif graph == GRAPH.evidence:
            evidence.append(quad)
        elif graph == GRAPH.links:
            links.append(quad)
        elif not isinstance(quad.object, NamedNode | Literal):
            continue
        elif graph == GRAPH.ontology:
            if isinstance(quad.subject, NamedNode):
                terms[quad.subject.value][quad.predicate].append(quad.object)
        elif graph not in _NO_DATA and not isinstance(quad.subject, Triple):
            subject = _key(quad.subject)
            data[subject][quad.predicate].append(quad.object)
            graphs[subject].add(value_of(graph) if isinstance(graph, NamedNode) else "")
    nodes = [Node(iri, tuple(sorted(graphs[iri])), _sorted(facts)) for iri, facts in sorted(data.items())]
    known = tuple(Node(iri, (GRAPH.ontology.value,), _sorted(facts)) for iri, facts in sorted(terms.items()))
    claims = tuple(node for node in nodes if {DK.Claim, DK.ExternalClaim} & set(node.all(RDF.type)))
    passages = tuple(node for node in nodes if node.iri.startswith(PREFIXES["passage"]))
    others = {node.iri for node in (*claims, *passages)}
    return Content(
        things=tuple(n for n in nodes if n.iri not in others and n.all(RDF.type)),
        claims=claims,
        passages=passages,
        terms=known,
        statements=_statements(plain, evidence),
        links=tuple(sorted(links, key=str)),
        labels={node.iri: node.label for node in (*nodes, *known) if node.label},
    )


def _key(subject: object) -> str:
    return subject.value if isinstance(subject, NamedNode) else str(subject)


def _sorted(facts: _Facts) -> dict[NamedNode, tuple[NamedNode | Literal, ...]]:
    return {prop: tuple(sorted(set(values), key=str)) for prop, values in sorted(facts.items(), key=str)}


def _statements(plain: Iterable[Quad], evidence: Iterable[Quad]) -> tuple[Statement, ...]:
    said: dict[str, dict[NamedNode, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in evidence:
        said[str(quad.subject)][quad.predicate].append(str(quad.object))
    claims: dict[tuple[str, str, str], list[str]] = {}
    parts = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
    for facts in said.values():
        if all(len(facts[part]) == 1 for part in parts):
            source, prop, target = (facts[part][0] for part in parts)
            claims[source, prop, target] = sorted(iri.strip("<>") for iri in facts[DK.evidence])
    return tuple(
        Statement(
            _key(quad.subject),
            quad.predicate,
            quad.object,
            tuple(claims.get((str(quad.subject), str(quad.predicate), str(quad.object)), ())),
        )
        for quad in sorted(plain, key=str)
        if isinstance(quad.object, NamedNode | Literal)
    )


def other_names(node: Node) -> list[str]:
    """Give the further names of a thing, in any language."""
    return [value.value for value in node.all(SKOS.altLabel)]
