"""The files of a project as authors' commands read and write them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from digitech_kg.errors import CallError, Fault, SourceError
from digitech_kg.namespaces import RESERVED_NAMES, Namespaces
from digitech_kg.sources import Project, SourceFile
from digitech_kg.sources.configuration import FILE_NAME, FOLDER_NAME, PREFIX
from digitech_kg.sources.files import read_text
from digitech_kg.sources.layout import rewrite_turtle
from digitech_kg.sources.turtle import parse_turtle

METADATA: Final = "document.ttl"
PASSAGES: Final = "passages.ttl"


def read_files(project: Project) -> tuple[list[Quad], list[Fault]]:
    """Read the ontology, the shared things and the documents of a project: quads, and what is wrong with other files.

    A faulty draft must not stop an author from looking things up.
    """
    parsed = [parse_turtle(source) for source in project.source_files() if "/external/" not in source.graph.value]
    quads = [quad for file in parsed if not file.faults for quad in file.quads]
    return quads, [fault for file in parsed for fault in file.faults]


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
        return {source.path: rewrite_turtle(before, source.name, (quad.triple for quad in quads), self.names)}


def files_of(project: Project, document: str, prefix: str | None = None) -> DocumentFiles:
    """Return the files of a document, with the prefixes that it brings if it is new."""
    names = project.names
    if prefix is not None:
        passages, claims = names.passage(document, "").value, names.claim(document, "").value
        more = ((prefix, passages), (f"{prefix}-claim", claims))
        names = replace(names, own_prefixes=(*names.own_prefixes, *more))
    return DocumentFiles(project.root, document, names)


def check_name(document: str) -> None:
    """Raise `CallError` if a document cannot have this name."""
    hint = "Use small letters, digits and single hyphens, as in: acme-report-2021"
    if document in RESERVED_NAMES:
        hint = f"These names are taken: {', '.join(sorted(RESERVED_NAMES))}."
    if document in RESERVED_NAMES or not FOLDER_NAME.fullmatch(document):
        raise CallError(f"a document cannot be called '{document}'", hint=hint)


def choose_prefix(names: Namespaces, document: str, wanted: str | None) -> str:
    """Return the prefix for a new document's passages: the one that is wanted, or one like its name.

    Raises `CallError` if the one that is wanted cannot be taken.
    """
    taken = names.prefixes.keys()
    if wanted is None:
        stem = document if document[0].isalpha() else f"d{document}"
        candidates = chain((stem,), (f"{stem}-{number}" for number in count(2)))
        return next(prefix for prefix in candidates if not {prefix, f"{prefix}-claim"} & taken)
    if not PREFIX.fullmatch(wanted) or wanted.endswith("-claim"):
        hint = "Use small letters, digits and hyphens, beginning with a letter."
        raise CallError(f"'{wanted}' cannot be a prefix", hint=hint)
    if {wanted, f"{wanted}-claim"} & taken:
        raise CallError(f"the prefix '{wanted}' is taken", hint="Name another one with --prefix.")
    return wanted


def register(root: Path, document: str, prefix: str) -> str:
    """Return the text of `project.toml` with a document's prefix; comments and all else stay.

    Raises `CallError` if the file is written in a way that nothing can be added to.
    """
    text = read_text(root / FILE_NAME, FILE_NAME)
    if document in tomllib.loads(text).get("documents", {}):
        return text
    entry = f'[documents.{document}]\nprefix = "{prefix}"\n'
    longer = f"{text.rstrip()}\n\n{entry}"
    try:
        tomllib.loads(longer)
    except tomllib.TOMLDecodeError:
        hint = f"Write the documents in {FILE_NAME} as tables: {' '.join(entry.split(chr(10)))}"
        raise CallError(f"{FILE_NAME} cannot be added to", hint=hint) from None
    return longer
