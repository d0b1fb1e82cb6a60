"""The dataset as tables: one for each class of things, and one each for claims, statements, links, passages and terms.

In a class's table a cell shows the labels of its values, joined by " | "; the table of statements has one value a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from digitech_kg.exports.claim_tables import claim_tables
from digitech_kg.exports.columns import (
    ABOUT,
    cell,
    column_name,
    heading,
    in_language,
    iris,
    joined,
    languages_of,
    named,
    texts,
)
from digitech_kg.exports.content import Content, Node, Statement
from digitech_kg.mappings import mapping_sets, target_of
from digitech_kg.namespaces import OWL, RDF, RDFS, SKOS
from digitech_kg.tables import Table, Value, make_table

#: Properties that have columns of their own in every table of things.
_NAMING = (RDF.type, RDFS.label, SKOS.altLabel, SKOS.definition)
#: What a term of an ontology can be.
_KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)


def tables_of(content: Content) -> list[Table]:
    """Return all tables: the general ones first, then one for each class by name."""
    general = [
        _things(content),
        *claim_tables(content),
        _statements(content),
        _links(content),
        _passages(content),
        _terms(content),
    ]
    return [*general, *_class_tables(content, {table.name for table in general})]


def _things(content: Content) -> Table:
    languages = languages_of(content.things)

    def row(node: Node) -> list[Value]:
        return [
            *named(content, node, languages),
            joined(sorted(content.name(cls.value) for cls in node.classes)),
            joined(sorted(map(content.name, content.all_classes(node)))),
            joined(content.same_elsewhere.get(node.iri, ())),
        ]

    header = [*heading(languages), "classes", "classes_with_those_above", "same_elsewhere"]
    return make_table("things", header, map(row, content.things), description="All things with their names and classes")


def _statements(content: Content) -> Table:
    def row(statement: Statement) -> list[Value]:
        is_iri = isinstance(statement.value, NamedNode)
        return [
            statement.subject,
            content.name(statement.subject),
            statement.predicate.value,
            content.name(statement.predicate.value),
            statement.value.value if is_iri else None,
            content.name(statement.value.value) if is_iri else None,
            None if is_iri else statement.value.value,
            statement.document,
            joined(statement.claims),
        ]

    header = [*ABOUT[1:], "document", "claims"]
    text = "What documents state without reserve, one value of one document a row"
    return make_table("statements", header, map(row, content.statements), description=text)


def _links(content: Content) -> Table:
    shorten = content.names.shorten
    rows: list[list[Value]] = []
    for found in mapping_sets(content.links):
        for m in found.mappings:
            target = target_of(m.object)
            rows.append(
                [
                    m.subject,
                    content.name(m.subject),
                    shorten(m.predicate),
                    m.object,
                    target.title if target else None,
                    m.confidence,
                    shorten(m.justification),
                    m.comment or None,
                    m.mapping_date,
                    found.iri,
                ]
            )
    header = [
        "subject", "subject_label", "relation", "object", "data_set", "confidence", "justification", "comment",
        "date", "mapping_set",
    ]  # fmt: skip
    return make_table("links", header, sorted(rows, key=str), description="What things are called in other data sets")


def _passages(content: Content) -> Table:
    languages = languages_of(content.passages)
    first = ["passage", *(in_language("label", language) for language in languages), "document", "kind"]
    props = {prop for node in content.passages for prop in node.facts} - {RDF.type, RDFS.label}
    columns = _columns(content, sorted(props, key=lambda prop: prop.value), taken=first)
    rows = [
        [
            node.iri,
            *(node.labels.get(language) for language in languages),
            content.names.document_of(node.iri),
            texts(content, node.classes),
            *(_passage_cell(content, node, prop) for prop in columns.values()),
        ]
        for node in content.passages
    ]
    text = "Places in documents: page, order, offsets, hash of the text"
    return make_table("passages", [*first, *columns], rows, description=text)


def _passage_cell(content: Content, node: Node, prop: NamedNode) -> Value:
    values = node.all(prop)
    return iris(values) if any(isinstance(value, NamedNode) for value in values) else cell(content, values)


def _terms(content: Content) -> Table:
    shorten = content.names.shorten
    found = [node for node in content.terms if node.labels and set(node.all(RDF.type)) & set(_KINDS)]
    languages = languages_of(found)
    above = (RDFS.subClassOf, RDFS.subPropertyOf)
    rows = [
        [
            *named(content, node, languages),
            joined(sorted(shorten(v.value) for v in node.all(RDF.type) if v != OWL.NamedIndividual)),
            joined(shorten(v.value) for prop in above for v in node.all(prop) if isinstance(v, NamedNode)),
        ]
        for node in found
    ]
    header = [*heading(languages), "kind", "above"]
    return make_table("terms", header, rows, description="Classes and properties of the ontology, with definitions")


def _class_tables(content: Content, taken: set[str]) -> Iterator[Table]:
    members: dict[NamedNode, list[Node]] = defaultdict(list)
    for node in content.things:
        for cls in node.classes:
            members[cls].append(node)
    plain: dict[str, list[Statement]] = defaultdict(list)
    for statement in content.statements:
        plain[statement.subject].append(statement)
    tables = _columns(content, sorted(members, key=lambda cls: cls.value), taken=taken)
    for name, cls in tables.items():
        yield _class_table(content, name, cls, members[cls], plain)


def _class_table(
    content: Content, name: str, cls: NamedNode, nodes: list[Node], plain: Mapping[str, list[Statement]]
) -> Table:
    languages = languages_of(nodes)
    values: dict[NamedNode, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for node in nodes:
        for prop, found in node.facts.items():
            if prop not in _NAMING:
                values[prop][node.iri] += found
        for statement in plain[node.iri]:
            # Documents that agree say it once.
            if statement.value not in values[statement.predicate][node.iri]:
                values[statement.predicate][node.iri].append(statement.value)
    first = heading(languages)
    columns = _columns(content, sorted(values, key=lambda prop: prop.value), taken=first)
    rows = [
        [*named(content, node, languages), *(cell(content, values[prop][node.iri]) for prop in columns.values())]
        for node in nodes
    ]
    told = [*[""] * len(first), *(content.name(prop.value) for prop in columns.values())]
    description = f"Things of the class {content.name(cls.value)}"
    return make_table(name, [*first, *columns], rows, description=description, descriptions=told)


def _columns(content: Content, terms: Iterable[NamedNode], *, taken: Iterable[str]) -> dict[str, NamedNode]:
    """Return classes or properties by the names of their tables or columns."""
    found: dict[str, NamedNode] = {}
    for term in terms:
        found[column_name(term, content.names, taken={*taken, *found})] = term
    return found
