"""The two files of a document that commands write: `document.ttl` and `passages.ttl`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, serialize

from digitech_kg.errors import SourceError
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources import Project, SourceFile
from digitech_kg.sources.files import read_text
from digitech_kg.sources.layout import rewrite_turtle
from digitech_kg.sources.turtle import parse_turtle

METADATA: Final = "document.ttl"
PASSAGES: Final = "passages.ttl"


@dataclass(frozen=True)
class DocumentFiles:
    """Reads and writes the files of one document, with the names of its project."""

    root: Path
    document: str
    names: Namespaces

    def _source(self, file: str) -> SourceFile:
        name = f"data/documents/{self.document}/{file}"
        return SourceFile(self.root / name, name, self.names.graphs.document(self.document))

    def read(self, file: str) -> list[Quad]:
        """Return what a file says; nothing if it is not there. Raises `SourceError` if it is faulty."""
        source = self._source(file)
        if not source.path.exists():
            return []
        parsed = parse_turtle(source)
        if parsed.faults:
            raise SourceError(parsed.faults)
        return parsed.quads

    def rewrite(self, file: str, quads: Iterable[Quad]) -> dict[Path, str | None]:
        """Return the path of a file and the text that says these quads, in the project's layout."""
        source = self._source(file)
        before = read_text(source.path, source.name) if source.path.exists() else ""
        triples = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""
        return {source.path: rewrite_turtle(before, source.name, triples, self.names)}


def files_of(project: Project, document: str, prefix: str | None = None) -> DocumentFiles:
    """Return the files of a document, with the prefixes that it brings if it is new."""
    names = project.names
    if prefix is not None:
        passages, claims = names.passage(document, "").value, names.claim(document, "").value
        more = ((prefix, passages), (f"{prefix}-claim", claims))
        names = replace(names, own_prefixes=(*names.own_prefixes, *more))
    return DocumentFiles(project.root, document, names)
