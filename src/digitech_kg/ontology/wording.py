"""Axioms in words: one English sentence for each, from the labels of the terms.

Source of the forms: OWL 2 Mapping to RDF Graphs, https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode

from digitech_kg.namespaces import OWL, RDF, RDFS
from digitech_kg.ontology.index import Index, Node, Value

_CHARACTERISTICS = (
    (OWL.FunctionalProperty, "Nothing has more than one value of it."),
    (OWL.InverseFunctionalProperty, "No two things share a value of it."),
    (OWL.TransitiveProperty, "If A {p} B and B {p} C, then A {p} C."),
    (OWL.SymmetricProperty, "If A {p} B, then B {p} A."),
    (OWL.AsymmetricProperty, "If A {p} B, then B never {p} A."),
    (OWL.IrreflexiveProperty, "Nothing {p} itself."),
)


def axioms_of_class(index: Index, term: NamedNode) -> Iterator[str]:
    """Yield what the axioms say of a class, without its place in the hierarchy."""
    name = index.label(term)
    for node in index.nodes(term, OWL.equivalentClass):
        yield f"{_capital(name)}: exactly what is {_expression(index, node)}."
    for node in index.nodes(term, RDFS.subClassOf):
        if isinstance(node, BlankNode):
            yield f"{_capital(name)}: always {_expression(index, node)}."
    others = set(index.nodes(term, OWL.disjointWith)) | set(index.subjects(OWL.disjointWith, term))
    for group in index.subjects(RDF.type, OWL.AllDisjointClasses):
        members = [m for head in index.nodes(group, OWL.members) for m in index.items(head)]
        others |= set(members) - {term} if term in members else set()
    if others:
        yield f"Never also: {', '.join(sorted(index.label(other) for other in others))}."


def axioms_of_property(index: Index, term: NamedNode) -> Iterator[str]:
    """Yield what the axioms say of a property, without its place in the hierarchy."""
    name = index.label(term)
    kinds = index.nodes(term, RDF.type)
    for kind, sentence in _CHARACTERISTICS:
        if kind in kinds:
            yield sentence.format(p=f"“{name}”")
    for other in (*index.nodes(term, OWL.inverseOf), *index.subjects(OWL.inverseOf, term)):
        yield f"A “{name}” B exactly if B “{index.label(other)}” A."
    for head in index.nodes(term, OWL.propertyChainAxiom):
        yield _chain(index, name, list(index.items(head)))
    for node in index.nodes(term, RDFS.domain):
        yield f"What has it is {_article(index.label(node))}."
    for node in index.nodes(term, RDFS.range):
        yield f"Its value is {_article(index.label(node))}."


def _chain(index: Index, name: str, steps: list[Node]) -> str:
    letters = "ABCDEFG"
    links = [f"{letters[i]} “{index.label(step)}” {letters[i + 1]}" for i, step in enumerate(steps)]
    return f"If {' and '.join(links)}, then A “{name}” {letters[len(steps)]}."


def _expression(index: Index, node: Value) -> str:
    if isinstance(node, NamedNode):
        return "anything" if node == OWL.Thing else _article(index.label(node))
    if not isinstance(node, BlankNode):
        return index.label(node)
    for operator, word in ((OWL.intersectionOf, " and "), (OWL.unionOf, " or ")):
        for head in index.nodes(node, operator):
            return word.join(_in_brackets(index, part) for part in index.items(head))
    for head in index.nodes(node, OWL.oneOf):
        return f"one of: {', '.join(index.label(part) for part in index.items(head))}"
    for part in index.nodes(node, OWL.complementOf):
        return f"not {_in_brackets(index, part)}"
    return _restriction(index, node)


def _restriction(index: Index, node: BlankNode) -> str:
    name = next((index.label(p) for p in index.nodes(node, OWL.onProperty)), "relates to")
    for filler in index.nodes(node, OWL.someValuesFrom):
        return f"something with “{name}” {_expression(index, filler)}"
    for filler in index.nodes(node, OWL.allValuesFrom):
        return f"something with “{name}” nothing but {_expression(index, filler)}"
    for value in index.values(node, OWL.hasValue):
        return f"something with “{name}” {index.label(value)}"
    return f"something with “{name}”"


def _in_brackets(index: Index, node: Node) -> str:
    text = _expression(index, node)
    return f"({text})" if isinstance(node, BlankNode) and (" and " in text or " or " in text) else text


def _article(label: str) -> str:
    return f"an {label}" if label[:1] in "aeiou" else f"a {label}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
