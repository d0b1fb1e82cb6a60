"""List the documents of a project, from its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Quad

from digitech_kg.authoring.metadata import read_metadata
from digitech_kg.authoring.project_files import read_files
from digitech_kg.claims import Coverage, measure_coverage
from digitech_kg.errors import Fault
from digitech_kg.namespaces import DK, RDF, Namespaces
from digitech_kg.sources import Project


@dataclass(frozen=True, slots=True)
class Row:
    """What a document is, and how far its claims go."""

    document: str
    title: str
    document_class: str
    published: str
    #: Sentences and cells of tables, which are what claims cite.
    passages: int
    claims: int
    covered: int

    def cells(self) -> tuple[str, ...]:
        """Return the row as text."""
        numbers = (str(self.passages), str(self.claims), f"{self.covered} of {self.passages}")
        return (self.document, self.title, self.document_class, self.published, *numbers)


def list_documents(project: Project) -> tuple[list[Row], tuple[Fault, ...]]:
    """Return the documents by name, and what is wrong with files that could not be counted."""
    readable = read_files(project)
    coverages = {found.document: found for found in measure_coverage(readable.quads, project.names)}
    rows = [_row(name, coverages.get(name), readable.quads, project.names) for name in project.documents]
    return rows, readable.faults


def _row(document: str, coverage: Coverage | None, quads: Iterable[Quad], names: Namespaces) -> Row:
    quads = list(quads)
    graph = names.graphs.document(document)
    metadata = read_metadata(quads, document, names)
    is_claim = {quad.subject for quad in quads if quad.predicate == RDF.type and quad.object == DK.Claim}
    total = len(coverage.claims) if coverage else 0
    return Row(
        document,
        metadata.title or "",
        names.shorten(metadata.document_class) if metadata.document_class else "",
        metadata.published or "",
        total,
        len({quad.subject for quad in quads if quad.graph_name == graph} & is_claim),
        total - len(coverage.uncovered) if coverage else 0,
    )
