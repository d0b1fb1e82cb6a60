"""Compare documents claim by claim: what `graph:comparison` holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.comparison.hierarchy import Hierarchy
from digitech_kg.comparison.judging import Judge, Judgement
from digitech_kg.comparison.pairs import find_pairs
from digitech_kg.comparison.positions import read_positions
from digitech_kg.comparison.reasons import LANGUAGES, Descriptions, write_reasons
from digitech_kg.namespaces import DK, RDF, RDFS, Namespaces

#: What claims of different documents can be to each other, as pages list them.
KINDS: Final = (DK.contradicts, DK.differsFrom, DK.firmerThan, DK.corroborates)


@dataclass(frozen=True)
class Comparison:
    """What the first claim is to the second, with the reason in each language of the table.

    Only `dk:firmerThan` has a direction; of the other kinds the second is the same to the first.
    """

    kind: NamedNode
    first: NamedNode
    second: NamedNode
    reasons: Mapping[str, str]


def compare_documents(
    documents: Mapping[str, Sequence[Quad]], shared: Sequence[Quad], names: Namespaces
) -> list[Comparison]:
    """Return how claims of different documents stand to each other, sorted; each two claims come once at most.

    `documents` has all quads of each document by its name, `shared` those of the ontology and of shared things.
    """
    if len(documents) < 2:
        return []
    hierarchy = Hierarchy(shared)
    descriptions = Descriptions(documents, shared, names)
    positions = [position for name in sorted(documents) for position in read_positions(name, documents[name], names)]
    judge = Judge(hierarchy, descriptions)
    judgements = [told for pair in find_pairs(positions, hierarchy) if (told := judge.judge(pair)) is not None]
    found = [_comparison(judgement, descriptions) for judgement in _worth_telling(judgements)]
    return sorted(found, key=lambda c: (KINDS.index(c.kind), c.first.value, c.second.value))


def comparison_quads(comparisons: Iterable[Comparison], names: Namespaces) -> Iterator[Quad]:
    """Yield the quads of `graph:comparison`: a node for each comparison, and one triple from claim to claim."""
    graph = names.graphs.comparison
    for comparison in comparisons:
        node = comparison_iri(comparison, names)
        yield Quad(node, RDF.type, DK.Comparison, graph)
        yield Quad(node, DK.firstClaim, comparison.first, graph)
        yield Quad(node, DK.secondClaim, comparison.second, graph)
        yield Quad(node, DK.comparisonKind, comparison.kind, graph)
        for language, text in comparison.reasons.items():
            yield Quad(node, DK.reasonText, Literal(text, language=language), graph)
            yield Quad(node, RDFS.label, Literal(text, language=language), graph)
        yield Quad(comparison.first, comparison.kind, comparison.second, graph)
        if comparison.kind != DK.firmerThan:
            yield Quad(comparison.second, comparison.kind, comparison.first, graph)


def comparison_iri(comparison: Comparison, names: Namespaces) -> NamedNode:
    """Return the IRI of a comparison: the same two claims and kind always have the same."""
    parts = (comparison.first.value, comparison.second.value, comparison.kind.value)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    return NamedNode(f"{names.base}comparison/{digest}")


def _worth_telling(judgements: Sequence[Judgement]) -> Iterator[Judgement]:
    """Leave out where a document is less firm, or says it otherwise, in one claim, and says the same in another."""
    echoed = {pair for judgement in judgements for pair in judgement.echoes()}
    for judgement in judgements:
        first, second = judgement.first, judgement.second
        is_echoed = (first.claim.iri, second.document) in echoed
        if judgement.kind == DK.differsFrom:
            is_echoed |= (second.claim.iri, first.document) in echoed
        if not is_echoed or judgement.kind in (DK.contradicts, DK.corroborates):
            yield judgement


def _comparison(judgement: Judgement, descriptions: Descriptions) -> Comparison:
    write = partial(write_reasons, judgement.reasons, naming=descriptions.name)
    return Comparison(
        judgement.kind,
        judgement.first.claim.iri,
        judgement.second.claim.iri,
        {language: write(language) for language in LANGUAGES},
    )
