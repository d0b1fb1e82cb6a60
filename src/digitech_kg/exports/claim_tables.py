"""Claims as tables: what documents say and how they put it, what other sources say, and how claims bear on claims."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import AXES, RELATIONS
from digitech_kg.exports.columns import ABOUT, cell, column_name, in_language, iris, joined, texts
from digitech_kg.exports.content import Content
from digitech_kg.namespaces import DCTERMS, DK, SKOS, value_of
from digitech_kg.tables import Table, Value, make_table

_CLAIMED: Final = "What documents say, how firmly they put it, and who holds it"
_EXTERNAL: Final = "What other sources say, never mixed with documents"


def claim_tables(content: Content) -> list[Table]:
    """Return the tables of claims, of external claims, of relations between claims, and of compared documents."""
    return [_claims(content), _external_claims(content), _claim_relations(content), _comparisons(content)]


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
            texts(content, claim.all(SKOS.scopeNote)),
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
