"""The dataset as tables: one for each class of things, and one each for claims and passages.

In a class's table a cell shows the labels of its values, joined by " | ".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import AXES, RELATIONS
from digitech_kg.exports.content import Content, Shown, in_order
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, Namespaces, value_of
from digitech_kg.tables import Table, Value, make_table

_JOIN: Final = " | "
#: What a claim says of what, as columns.
ABOUT: Final = (
    "claim", "subject", "subject_label", "predicate", "predicate_label", "object", "object_label", "value",
)  # fmt: skip


def joined(parts: Iterable[str]) -> str | None:
    return _JOIN.join(parts) or None


def cell(content: Content, values: Iterable[Shown]) -> Value:
    """Return a single value as it is, and several as text."""
    shown = [content.shown(value) for value in values]
    return shown[0] if len(shown) == 1 else joined(str(value) for value in shown)


def texts(content: Content, values: Iterable[Shown]) -> str | None:
    """Return values as text, also a single one: a year as the time of a claim is not a number to calculate with."""
    return joined(str(content.shown(value)) for value in values)


def iris(values: Iterable[Shown]) -> str | None:
    return joined(value.value for value in values)


def languages_of(texts: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the languages of some texts by language, English first."""
    return sorted(
        {language for found in texts for language in found}, key=lambda language: (language != "en", language)
    )


def heading(languages: Iterable[str]) -> list[str]:
    """Return the columns that name a thing or term."""
    return ["iri", *(in_language("label", language) for language in languages), "other_names", "definition"]


def in_language(column: str, language: str) -> str:
    """Return the column for texts in a language.

    >>> in_language("label", "zh-hans")
    'label_zh_hans'
    """
    return f"{column}_{language.lower().replace('-', '_')}" if language else column


def named(content: Content, node: NamedNode, languages: Iterable[str]) -> list[Value]:
    names, labels = iris(content.values(node, SKOS.altLabel)), content.labels(node)
    definition = cell(content, content.values(node, SKOS.definition))
    return [node.value, *map(labels.get, languages), names, definition]


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


def _about(content: Content, claim: Claim) -> list[Value]:
    """Return claim, subject, predicate and object, the last three with labels, and the value."""
    found: list[Value] = [claim.iri.value]
    for prop in (DK.subject, DK.predicate, DK.object):
        thing = next((value for value in claim.all(prop) if isinstance(value, NamedNode)), None)
        found += [thing.value, content.name(thing)] if thing else [None, None]
    return [*found, iris(claim.all(DK.value))]


def _claims(content: Content) -> Table:
    claims = [claim for claim in content.claims if not claim.is_external]
    sentences = {claim.iri: content.data.texts(claim.iri, DK.sentence) for claim in claims}
    languages = languages_of(sentences.values())

    def row(claim: Claim) -> list[Value]:
        return [
            *_about(content, claim),
            *map(sentences[claim.iri].get, languages),
            claim.is_negated,
            claim.is_plain and not claim.is_negated,
            joined(dict.fromkeys(reserve.axis.name for reserve in claim.weakening)),
            *(texts(content, claim.all(axis.property)) for axis in AXES),
            *(iris(claim.all(prop)) for prop in RELATIONS),
            texts(content, (*claim.all(SKOS.scopeNote), *claim.all(SKOS.editorialNote))),
            iris(claim.passages),
            content.names.document_of(claim.iri.value),
        ]

    header = [
        *ABOUT,
        *(in_language("sentence", language) for language in languages),
        *("denied", "is_plain_statement", "reserves"),
        *(column_name(prop, content.names) for prop in (*(axis.property for axis in AXES), *RELATIONS)),
        *("note", "passages", "document"),
    ]
    return make_table("claims", header, map(row, claims))


def _external_claims(content: Content) -> Table:
    def row(claim: Claim) -> list[Value]:
        source = next((s for s in claim.all(DK.attestedBy) if isinstance(s, NamedNode)), None)
        licences = [v for p in (DCTERMS.license, DCTERMS.rights) for v in content.values(source, p)] if source else []
        return [
            *_about(content, claim),
            claim.is_negated,
            texts(content, claim.all(DK.time)),
            source.value if source else None,
            content.name(source) if source else None,
            cell(content, content.values(source, DK.retrievedOn)) if source else None,
            iris(licences),
            texts(content, claim.all(SKOS.scopeNote)),
        ]

    header = [*ABOUT, "denied", "time", "source", "source_label", "retrieved_on", "licence", "note"]
    rows = [row(claim) for claim in content.claims if claim.is_external]
    return make_table("external_claims", header, rows)


def _comparisons(content: Content) -> Table:
    told, rows = content.compared, list[list[Value]]()
    for node in sorted((node for node, _claim in told.links(DK.firstClaim)), key=str):
        pair = [next(map(value_of, told.nodes(node, prop)), "") for prop in (DK.firstClaim, DK.secondClaim)]
        documents = [content.names.document_of(claim) for claim in pair]
        reason = told.text(node, DK.reasonText, ("en", ""))
        rows.append([texts(content, told.values(node, DK.comparisonKind)), *pair, *documents, reason or None])
    header = ["kind", "first_claim", "second_claim", "first_document", "second_document", "reason"]
    return make_table("comparisons", header, rows)


#: Properties that have columns of their own in every table of things.
_NAMING = (RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition)


def tables_of(content: Content) -> list[Table]:
    """Return all tables: the general ones first, then one for each class by name."""
    general = [
        _things(content),
        _claims(content),
        _external_claims(content),
        _comparisons(content),
        _passages(content),
    ]
    return [*general, *_class_tables(content, {table.name for table in general})]


def _things(content: Content) -> Table:
    languages = languages_of(map(content.labels, content.things))

    def row(node: NamedNode) -> list[Value]:
        return [
            *named(content, node, languages),
            joined(sorted(map(content.name, content.classes(node)))),
            joined(sorted(map(content.name, content.all_classes(node)))),
            joined(content.same_elsewhere(node)),
        ]

    header = [*heading(languages), "classes", "classes_with_those_above", "same_elsewhere"]
    return make_table("things", header, map(row, content.things))


def _passages(content: Content) -> Table:
    languages = languages_of(map(content.labels, content.passages))
    first = ["passage", *(in_language("label", language) for language in languages), "document", "kind"]
    props = {prop for node in content.passages for prop in content.properties(node)} - {RDF.type, RDFS.label}
    columns = _columns(content, in_order(props), taken=first)
    rows = [
        [
            node.value,
            *map(content.labels(node).get, languages),
            content.names.document_of(node.value),
            texts(content, content.classes(node)),
            *(_passage_cell(content, node, prop) for prop in columns.values()),
        ]
        for node in content.passages
    ]
    return make_table("passages", [*first, *columns], rows)


def _passage_cell(content: Content, node: NamedNode, prop: NamedNode) -> Value:
    values = content.values(node, prop)
    return iris(values) if any(isinstance(value, NamedNode) for value in values) else cell(content, values)


def _class_tables(content: Content, taken: set[str]) -> Iterator[Table]:
    members: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for node in content.things:
        for cls in content.classes(node):
            members[cls].append(node)
    triples = (claim.triple for claim in content.claims if claim.is_plain and not claim.is_negated)
    plain = GraphView(sorted({triple for triple in triples if triple is not None}, key=str))
    tables = _columns(content, in_order(members), taken=taken)
    for name, cls in tables.items():
        yield _class_table(content, name, members[cls], plain)


def _class_table(content: Content, name: str, nodes: list[NamedNode], plain: GraphView) -> Table:
    languages = languages_of(map(content.labels, nodes))
    #: The values of each thing by property; documents that agree say one once.
    values: dict[NamedNode, dict[NamedNode, dict[Shown, None]]] = defaultdict(lambda: defaultdict(dict))
    for node in nodes:
        for triple in (*content.data.triples_of(node), *plain.triples_of(node)):
            if triple.predicate not in _NAMING and isinstance(triple.object, NamedNode | Literal):
                values[triple.predicate][node][triple.object] = None
    first = heading(languages)
    columns = _columns(content, in_order(values), taken=first)
    rows = [
        [*named(content, node, languages), *(cell(content, values[prop][node]) for prop in columns.values())]
        for node in nodes
    ]
    return make_table(name, [*first, *columns], rows)


def _columns(content: Content, terms: Iterable[NamedNode], *, taken: Iterable[str]) -> dict[str, NamedNode]:
    """Return classes or properties by the names of their tables or columns."""
    found: dict[str, NamedNode] = {}
    for term in terms:
        found[column_name(term, content.names, taken={*taken, *found})] = term
    return found
