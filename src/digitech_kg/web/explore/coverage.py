"""How densely the text of each document is covered by claims."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from digitech_kg.web.pages.passage_page import section_of
from digitech_kg.web.reading.claim_views import MANNERS, manner_of
from digitech_kg.web.reading.documents import DocumentEntry, list_documents, measure_document, read_passages
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader


@dataclass(frozen=True)
class CoverageRow:
    """A sentence or cell, and how many of its claims are made in each manner."""

    passage: Name
    section: Name | None
    counts: tuple[int, ...]
    #: Why no claim has to cite it: it describes a thing, or repeats another passage.
    described: bool
    repeats: bool

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class DocumentCoverage:
    """The sentences and cells of one document in their order."""

    document: DocumentEntry
    #: The manners in which its claims are made.
    manners: tuple[str, ...]
    rows: tuple[CoverageRow, ...]
    totals: tuple[int, ...]

    @property
    def widest(self) -> int:
        """The most claims of one passage, at least 1."""
        return max((row.total for row in self.rows), default=1) or 1


def view_coverage(reader: GraphReader, language: str) -> tuple[DocumentCoverage, ...]:
    """Count the claims of every sentence and cell, by document."""
    return tuple(_coverage_of(reader, document, language) for document in list_documents(reader, language))


def _coverage_of(reader: GraphReader, document: DocumentEntry, language: str) -> DocumentCoverage:
    claims, coverage = measure_document(reader, document.name)
    passages = read_passages(reader, document.name)
    manners = {claim.iri.value: manner_of(claim) for claim in claims}
    used = set(manners.values())
    shown = tuple(manner for manner in MANNERS if manner in used)
    sections = {iri: section_of(iri, passages) or "" for iri in coverage.claims if iri in passages}
    labels = Labels(reader, language, {*coverage.claims, *sections.values()})
    rows = []
    for iri, cited in coverage.claims.items():
        counts = Counter(manners[claim] for claim in cited if claim in manners)
        section = sections.get(iri, "")
        rows.append(
            CoverageRow(
                labels.name(iri),
                labels.name(section) if section else None,
                tuple(counts[manner] for manner in shown),
                bool(coverage.things[iri]),
                iri in coverage.repeats,
            )
        )
    totals = tuple(sum(row.counts[place] for row in rows) for place in range(len(shown)))
    return DocumentCoverage(document, shown, tuple(rows), totals)
