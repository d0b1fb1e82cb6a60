"""The dataset as tables: one for each class of things, and one each for claims, statements, links, passages and terms.

In a class's table a cell shows the labels of its values, joined by " | "; the table of statements has one value a row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import AXES, RELATIONS
from digitech_kg.exports.content import Content, Node, Statement, other_names
from digitech_kg.mappings.model import mapping_sets, target_of
from digitech_kg.namespaces import DCTERMS, DK, OWL, RDF, RDFS, SKOS, Namespaces, value_of
from digitech_kg.tables import Table, Value, make_table

_JOIN: Final = " | "
#: What a claim says of what, as columns.
ABOUT: Final = (
    "claim", "subject", "subject_label", "predicate", "predicate_label", "object", "object_label", "value",
)  # fmt: skip


def joined(parts: Iterable[str]) -> str | None:
    """Return texts in one cell, None if there are none."""
    return _JOIN.join(parts) or None


def cell(content: Content, values: Iterable[NamedNode | Literal]) -> Value:
    """Return a single value as it is, and several as text."""
    shown = [content.shown(value) for value in values]
    return shown[0] if len(shown) == 1 else joined(str(value) for value in shown)


def texts(content: Content, values: Iterable[NamedNode | Literal]) -> str | None:
    """Return values as text, also a single one: a year as the time of a claim is not a number to calculate with."""
    return joined(str(content.shown(value)) for value in values)


def iris(values: Iterable[NamedNode | Literal]) -> str | None:
    """Return values by their IRIs or lexical forms."""
    return joined(value.value for value in values)


def languages_of(nodes: Iterable[Node]) -> list[str]:
    """Return the languages of the labels of nodes, English first."""
    found = {language for node in nodes for language in node.labels}
    return sorted(found, key=lambda language: (language != "en", language))


def heading(languages: Iterable[str]) -> list[str]:
    """Return the columns that name a thing or term."""
    return ["iri", *(in_language("label", language) for language in languages), "other_names", "definition"]


def in_language(column: str, language: str) -> str:
    """Return the column for texts in a language.

    >>> in_language("label", "zh-hans")
    'label_zh_hans'
    """
    return f"{column}_{language.lower().replace('-', '_')}" if language else column


def named(content: Content, node: Node, languages: Iterable[str]) -> list[Value]:
    """Return the cells of `heading`."""
    labels = [node.labels.get(language) for language in languages]
    return [node.iri, *labels, joined(other_names(node)), cell(content, node.all(SKOS.definition))]


def column_name(term: NamedNode, names: Namespaces, *, taken: Collection[str] = ()) -> str:
    """Return a name for a class or property that SQL takes without quotes, and that is not taken.

    >>> names = Namespaces("https://example.org/kg/")
    >>> column_name(NamedNode("https://w3id.org/digitech-kg/ontology#isInSector"), names)
    'is_in_sector'
    >>> column_name(NamedNode("http://purl.org/dc/terms/license"), names)
    'dcterms_license'
    """
    short = names.shorten(term.value).strip("<>").removeprefix("dk:")
    if "://" in short:
        short = re.split(r"[/#]", short.rstrip("/#"))[-1]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", short)
    base = re.sub(r"\W+", "_", words).strip("_").lower() or "unnamed"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}_{number}"
    return found


_CLAIMED: Final = "What documents say, how firmly they put it, and who holds it"
_EXTERNAL: Final = "What other sources say, never mixed with documents"


def _about(content: Content, claim: Claim) -> list[Value]:
    """Return claim, subject, predicate and object, the last three with labels, and the value."""
    found: list[Value] = [claim.iri.value]
    for prop in (DK.subject, DK.predicate, DK.object):
        iri = next((value.value for value in claim.all(prop) if isinstance(value, NamedNode)), None)
        found += [iri, content.name(iri) if iri else None]
    return [*found, iris(claim.all(DK.value))]


def _claims(content: Content) -> Table:
    languages = sorted(
        {lang for by in content.sentences.values() for lang in by}, key=lambda lang: (lang != "en", lang)
    )

    def row(claim: Claim) -> list[Value]:
        sentences = content.sentences.get(claim.iri.value, {})
        return [
            *_about(content, claim),
            *(sentences.get(language) for language in languages),
            claim.is_negated,
            claim.is_plain and not claim.is_negated,
            joined(dict.fromkeys(reserve.axis.name for reserve in claim.weakening)),
            *(texts(content, claim.all(axis.property)) for axis in AXES),
            texts(content, (*claim.all(SKOS.scopeNote), *claim.all(SKOS.editorialNote))),
            iris(claim.passages),
            content.names.document_of(claim.iri.value),
        ]

    header = [
        *ABOUT,
        *(in_language("sentence", language) for language in languages),
        *("denied", "is_plain_statement", "reserves"),
        *(column_name(axis.property, content.names) for axis in AXES),
        *("note", "passages", "document"),
    ]
    rows = [row(claim) for claim in content.claims if not claim.is_external]
    return make_table("claims", header, rows, description=_CLAIMED)


def _external_claims(content: Content) -> Table:
    things = {node.iri: node for node in content.things}

    def row(claim: Claim) -> list[Value]:
        source = next(map(value_of, claim.all(DK.attestedBy)), "")
        record = things.get(source)
        return [
            *_about(content, claim),
            claim.is_negated,
            texts(content, claim.all(DK.time)),
            source or None,
            content.name(source) if source else None,
            cell(content, record.all(DK.retrievedOn)) if record else None,
            iris([*record.all(DCTERMS.license), *record.all(DCTERMS.rights)]) if record else None,
            texts(content, claim.all(SKOS.scopeNote)),
        ]

    header = [*ABOUT, "denied", "time", "source", "source_label", "retrieved_on", "licence", "note"]
    rows = [row(claim) for claim in content.claims if claim.is_external]
    return make_table("external_claims", header, rows, description=_EXTERNAL)


def _claim_relations(content: Content) -> Table:
    rows = [
        [claim.iri.value, content.names.shorten(prop.value), value_of(other)]
        for claim in content.claims
        for prop in RELATIONS
        for other in claim.all(prop)
    ]
    header = ["claim", "relation", "other_claim"]
    return make_table("claim_relations", header, rows, description="How claims bear on each other")


def _comparisons(content: Content) -> Table:
    names = content.names
    rows: list[list[Value]] = []
    for node in content.comparisons:
        pair = [node.text(prop) for prop in (DK.firstClaim, DK.secondClaim)]
        documents = [names.document_of(claim) for claim in pair]
        reasons = [v for v in node.all(DK.reasonText) if getattr(v, "language", None) in ("en", None)]
        rows.append([texts(content, node.all(DK.comparisonKind)), *pair, *documents, texts(content, reasons)])
    header = ["kind", "first_claim", "second_claim", "first_document", "second_document", "reason"]
    text = "Where claims of different documents contradict, confirm or qualify each other"
    return make_table("comparisons", header, rows, description=text)


#: Properties that have columns of their own in every table of things.
_NAMING = (RDF.type, RDFS.label, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition)
#: What a term of an ontology can be.
_KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)


def tables_of(content: Content) -> list[Table]:
    """Return all tables: the general ones first, then one for each class by name."""
    general = [
        _things(content),
        _claims(content),
        _external_claims(content),
        _claim_relations(content),
        _comparisons(content),
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
