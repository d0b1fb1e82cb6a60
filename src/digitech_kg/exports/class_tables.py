"""The dataset as tables: one for each class of things, and one each for claims, statements, links, passages and terms.

In a class's table a cell shows the labels of its values, joined by " | "; the table of statements has one value a row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from digitech_kg.exports.content import Content, Node, Statement, other_names
from digitech_kg.linking.links import mapping_sets
from digitech_kg.linking.targets import target_of
from digitech_kg.namespaces import DCTERMS, DK, OWL, PREFIXES, RDF, RDFS, SKOS, shorten
from digitech_kg.tables import Table, Value, make_table

_JOIN = " | "
#: Properties that have columns of their own in every table of things.
_NAMING = (RDF.type, RDFS.label, SKOS.altLabel, SKOS.definition)
#: The columns of a claim that hold labels or literals, and what they are called.
_OF_CLAIMS = {
    "certainty": DK.certainty,
    "hedge_cues": DK.hedgeCue,
    "held_by": DK.heldBy,
    "stance": DK.stance,
    "quantifier": DK.quantifier,
    "limited_to": DK.limitedTo,
    "time": DK.time,
    "cited_reasons": DK.citedReason,
    "note": SKOS.scopeNote,
    "comment": RDFS.comment,
}
_BETWEEN_CLAIMS = (
    DK.contrastsWith, DK.disputes, DK.followsFrom, DK.illustrates, DK.qualifies, DK.repeats, DK.supports,
)  # fmt: skip


def tables_of(content: Content) -> list[Table]:
    """Give all tables: the general ones first, then one for each class by name."""
    general = [
        _things(content),
        _claims(content),
        _external_claims(content),
        _claim_relations(content),
        _statements(content),
        _links(content),
        _passages(content),
        _terms(content),
    ]
    return [*general, *_class_tables(content, {table.name for table in general})]


def _named(content: Content, node: Node, languages: Iterable[str]) -> list[Value]:
    labels = [node.labels.get(language) for language in languages]
    return [node.iri, *labels, _joined(other_names(node)), _cell(content, node.all(SKOS.definition))]


def _languages(nodes: Iterable[Node]) -> list[str]:
    found = {language for node in nodes for language in node.labels}
    return sorted(found, key=lambda language: (language != "en", language))


def _heading(languages: Iterable[str]) -> list[str]:
    labels = [f"label_{language.lower().replace('-', '_')}" if language else "label" for language in languages]
    return ["iri", *labels, "other_names", "definition"]


def _joined(texts: Iterable[str]) -> str | None:
    return _JOIN.join(texts) or None


def _cell(content: Content, values: Iterable[NamedNode | Literal]) -> Value:
    shown = [content.shown(value) for value in values]
    return shown[0] if len(shown) == 1 else _joined(str(value) for value in shown)


def _iris(values: Iterable[NamedNode | Literal]) -> str | None:
    return _joined(value.value for value in values)


def _things(content: Content) -> Table:
    languages = _languages(content.things)

    def row(node: Node) -> list[Value]:
        classes = [value.value for value in node.all(RDF.type)]
        above = {iri for cls in classes for iri in content.classes_above.get(cls, {cls})}
        return [
            *_named(content, node, languages),
            _joined(sorted(content.name(iri) for iri in classes)),
            _joined(sorted(content.name(iri) for iri in above)),
            _joined(content.same_elsewhere.get(node.iri, ())),
        ]

    header = [*_heading(languages), "classes", "classes_with_those_above", "same_elsewhere"]
    return make_table("things", header, map(row, content.things), description="All things with their names and classes")


def _about(content: Content, node: Node) -> list[Value]:
    """Claim, subject, predicate and object, the last three with labels, and the value."""
    subject, predicate, target = (node.text(p) or None for p in (DK.subject, DK.predicate, DK.object))
    found: list[Value] = [node.iri]
    for iri in (subject, predicate, target):
        found += [iri, content.name(iri) if iri else None]
    return [*found, _iris(node.all(DK.value))]


_ABOUT = [
    "claim", "subject", "subject_label", "predicate", "predicate_label", "object", "object_label", "value",
]  # fmt: skip


def _claims(content: Content) -> Table:
    plain = {claim for statement in content.statements for claim in statement.claims}
    rows: list[list[Value]] = [
        [
            *_about(content, node),
            node.text(DK.negated) == "true",
            *(_text(content, node, prop) for prop in _OF_CLAIMS.values()),
            _iris(node.all(DK.statedIn)),
            node.iri in plain,
            _joined(node.graphs),
        ]
        for node in content.claims
        if DK.ExternalClaim not in node.all(RDF.type)
    ]
    header = [*_ABOUT, "denied", *_OF_CLAIMS, "passages", "is_plain_statement", "graph"]
    return make_table("claims", header, rows, description="What documents say, with how firmly and who holds it")


def _text(content: Content, node: Node, prop: NamedNode) -> str | None:
    """Always text: a year as the time of a claim is not a number to calculate with."""
    return _joined(str(content.shown(value)) for value in node.all(prop))


def _external_claims(content: Content) -> Table:
    things = {node.iri: node for node in content.things}

    def row(node: Node) -> list[Value]:
        source = node.text(DK.attestedBy)
        record = things.get(source)
        return [
            *_about(content, node),
            _text(content, node, DK.time),
            source or None,
            content.name(source) if source else None,
            _cell(content, record.all(DK.retrievedOn)) if record else None,
            _iris([*record.all(DCTERMS.license), *record.all(DCTERMS.rights)]) if record else None,
            _text(content, node, SKOS.scopeNote),
        ]

    header = [*_ABOUT, "time", "source", "source_label", "retrieved_on", "licence", "note"]
    rows = [row(node) for node in content.claims if DK.ExternalClaim in node.all(RDF.type)]
    return make_table("external_claims", header, rows, description="What other sources say, never mixed with documents")


def _claim_relations(content: Content) -> Table:
    rows = [
        [node.iri, shorten(prop.value), other.value]
        for node in content.claims
        for prop in _BETWEEN_CLAIMS
        for other in node.all(prop)
    ]
    header = ["claim", "relation", "other_claim"]
    return make_table("claim_relations", header, rows, description="How claims bear on each other")


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
            _joined(statement.claims),
        ]

    header = [*_ABOUT[1:], "claims"]
    rows = map(row, content.statements)
    return make_table("statements", header, rows, description="What documents assert without reserve, one value a row")


def _links(content: Content) -> Table:
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
    props = sorted({prop for node in content.passages for prop in node.facts} - {RDF.type}, key=str)
    rows = [
        [node.iri, _text(content, node, RDF.type), *(_passage_cell(content, node, prop) for prop in props)]
        for node in content.passages
    ]
    header = ["passage", "kind", *(column_name(prop, {}) for prop in props)]
    return make_table(
        "passages", header, rows, description="Places in documents: page, order, offsets, hash of the text"
    )


def _passage_cell(content: Content, node: Node, prop: NamedNode) -> Value:
    values = node.all(prop)
    return _iris(values) if any(isinstance(value, NamedNode) for value in values) else _cell(content, values)


def _terms(content: Content) -> Table:
    named = [node for node in content.terms if node.iri.startswith(PREFIXES["dk"])]
    languages = _languages(named)
    kinds = (RDFS.subClassOf, RDFS.subPropertyOf)
    rows = [
        [
            *_named(content, node, languages),
            _joined(sorted(shorten(v.value) for v in node.all(RDF.type) if v != OWL.NamedIndividual)),
            _joined(shorten(v.value) for prop in kinds for v in node.all(prop) if isinstance(v, NamedNode)),
        ]
        for node in named
    ]
    header = [*_heading(languages), "kind", "above"]
    return make_table("terms", header, rows, description="Classes and properties of the ontology, with definitions")


def _class_tables(content: Content, taken: set[str]) -> Iterator[Table]:
    members: dict[NamedNode, list[Node]] = defaultdict(list)
    for node in content.things:
        for cls in node.all(RDF.type):
            if isinstance(cls, NamedNode):
                members[cls].append(node)
    plain: dict[str, list[Statement]] = defaultdict(list)
    for statement in content.statements:
        plain[statement.subject].append(statement)
    names: dict[str, NamedNode] = {}
    for cls in sorted(members, key=str):
        name = column_name(cls, names, taken=taken)
        names[name] = cls
        yield _class_table(content, name, cls, members[cls], plain)


def _class_table(
    content: Content, name: str, cls: NamedNode, nodes: list[Node], plain: Mapping[str, list[Statement]]
) -> Table:
    languages = _languages(nodes)
    columns: dict[str, NamedNode] = {}
    values: dict[NamedNode, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for node in nodes:
        for prop, found in node.facts.items():
            if prop not in _NAMING:
                values[prop][node.iri] += found
        for statement in plain[node.iri]:
            values[statement.predicate][node.iri].append(statement.value)
    heading = _heading(languages)
    for prop in sorted(values, key=str):
        columns[column_name(prop, columns, taken=set(heading))] = prop
    rows = [
        [*_named(content, node, languages), *(_cell(content, values[prop][node.iri]) for prop in columns.values())]
        for node in nodes
    ]
    told = [*[""] * len(heading), *(content.name(prop.value) for prop in columns.values())]
    description = f"Things of the class {content.name(cls.value)}"
    return make_table(name, [*heading, *columns], rows, description=description, descriptions=told)


def column_name(term: NamedNode, known: Mapping[str, NamedNode], *, taken: Iterable[str] = ()) -> str:
    """Give a name for a class or property that SQL takes without quotes, and that no other term has.

    >>> column_name(NamedNode("https://w3id.org/digitech-kg/ontology#isInSector"), {})
    'is_in_sector'
    >>> column_name(NamedNode("http://purl.org/dc/terms/license"), {})
    'dcterms_license'
    """
    short = shorten(term.value).strip("<>").removeprefix("dk:")
    if "://" in short:
        short = re.split(r"[/#]", short.rstrip("/#"))[-1]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", short)
    base = re.sub(r"\W+", "_", words).strip("_").lower() or "unnamed"
    found, number = base, 1
    while found in taken or known.get(found, term) != term:
        number += 1
        found = f"{base}_{number}"
    return found
