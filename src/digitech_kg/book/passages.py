"""Read documents and the passages of their texts from a book."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode

from digitech_kg.book.schema import Term
from digitech_kg.book.tables import Tables
from digitech_kg.claims.derivation import COVERABLE
from digitech_kg.namespaces import DCTERMS, DK


@dataclass(frozen=True)
class PassageEntry:
    """A part of a document's text: a section, paragraph, sentence, table, row or cell."""

    iri: str
    kind: str
    order: int
    start: int
    end: int
    hash: str = ""
    page: str = ""
    page_is_estimated: bool = False
    repeats: str = ""
    #: Row and column of a table cell.
    cell: tuple[int, int] | None = None
    parents: frozenset[str] = frozenset()

    @property
    def anchor(self) -> str:
        """Its name in the address of the document's page."""
        return self.iri.rsplit("/", 1)[1]

    @property
    def is_section(self) -> bool:
        return self.kind == DK.Section.value


class PassageReader(Tables):
    @cached_property
    def documents(self) -> dict[str, str]:
        """The IRIs of the documents that have passages, by name."""
        return dict(self.rows("documents", self.names.prefixes["id"]))

    @cached_property
    def origins(self) -> Mapping[str, Mapping[NamedNode, tuple[Term, ...]]]:
        """The authors and publishers of each document, for whom it speaks, and when it was issued, by its IRI."""
        return self.values(self.documents.values(), DCTERMS.creator, DCTERMS.publisher, DK.speaksFor, DCTERMS.issued)

    @cached_property
    def uncovered(self) -> Mapping[str, tuple[int, int]]:
        """How many sentences and cells no claim and no thing cites, and how many there are, by document."""
        rows = self.rows("uncovered", json.dumps([kind.value for kind in COVERABLE]))
        return {document: (uncovered, count) for document, uncovered, count in rows}

    def passages_of(self, document: str) -> dict[str, PassageEntry]:
        """Return the passages of a document (by its name) in the order of the text, by IRI."""
        return self._passages("passages_of", document)

    def find_passages(self, iris: Iterable[str]) -> dict[str, PassageEntry]:
        """Return some passages in the order of their texts, by IRI; unknown ones are left out."""
        return self._passages("find_passages", json.dumps(sorted(set(iris))))

    def sections_of(self, passages: Iterable[str]) -> dict[str, str]:
        """Return the nearest section that each passage is part of, directly or not; what is in none is left out."""
        # The nearest comes last and replaces the others.
        return dict(self.rows("sections_of", json.dumps(list(passages))))

    def _passages(self, query: str, value: str) -> dict[str, PassageEntry]:
        rows = self.rows(query, value)
        parents = self.linked((row[-1] for row in rows), DK.isPartOf)
        return {row[0]: _passage(row, frozenset(parents[row[-1]])) for row in rows}


def _passage(row: Any, parents: frozenset[str]) -> PassageEntry:
    iri, kind, order, start, stop, text_hash, page, estimated, repeats, line, column, _ = row
    cell = None if line is None or column is None else (line, column)
    return PassageEntry(iri, kind, order, start, stop, text_hash, page, bool(estimated), repeats, cell, parents)
