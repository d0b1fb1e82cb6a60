"""A dataset in the parts that are reasoned over: what all documents share, and each document beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Quad, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import Namespaces
from digitech_kg.reasoning.premises import find_properties, is_assertion, select_premises
from digitech_kg.reasoning.record import SHARED
from digitech_kg.reasoning.theory import Theory


@dataclass
class Part:
    """The premises of one document together with what all documents share."""

    premises: tuple[Triple, ...]
    theory: Theory

    @cached_property
    def axioms(self) -> GraphView:
        """What is no plain assertion, to read class expressions from."""
        return GraphView(triple for triple in self.premises if not is_assertion(triple))


@dataclass
class Parts:
    """The parts by the name of the document; `SHARED` is what needs none. Each is read when it is asked for."""

    shared: list[Quad]
    documents: dict[str, list[Quad]]
    _read: dict[str, Part] = field(default_factory=dict)

    @classmethod
    def of(cls, quads: Iterable[Quad], names: Namespaces) -> Parts:
        """Sort quads by part; what is inferred, and what is outside of documents, is left out."""
        graphs = names.graphs
        shared: list[Quad] = []
        documents: dict[str, list[Quad]] = {}
        for quad in quads:
            if quad.graph_name in (graphs.ontology, graphs.things):
                shared.append(quad)
            elif graphs.is_inferred(quad.graph_name):
                continue
            elif (document := graphs.document_of(quad.graph_name)) is not None:
                documents.setdefault(document, []).append(quad)
        return cls(shared, dict(sorted(documents.items())))

    def part(self, document: str) -> Part:
        """Return the premises of a document, ready to derive from."""
        if document not in self._read:
            self._read[document] = self._make(document)
        return self._read[document]

    def _make(self, document: str) -> Part:
        if document == SHARED:
            premises = select_premises(self.shared)
            return Part(premises, Theory.of(premises))
        shared = self.part(SHARED)
        more = select_premises(self.documents.get(document, ()), find_properties(shared.premises))
        known = set(shared.premises)
        premises = (*shared.premises, *(triple for triple in more if triple not in known))
        return Part(premises, shared.theory.with_more(premises[len(shared.premises) :]) or Theory.of(premises))
