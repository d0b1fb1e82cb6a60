"""The layout of a project: which file goes into which named graph."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode

from digitech_kg.errors import CallError, Fault, SourceError
from digitech_kg.namespaces import DERIVED_GRAPHS, GRAPH

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Turtle file, its name relative to the project, and the graph that its triples go into."""

    path: Path
    name: str
    graph: NamedNode


@dataclass(frozen=True)
class Project:
    """A folder with `ontology/`, `data/` and `shapes/`."""

    root: Path

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The names of the document folders under `data/`, sorted."""
        reserved = {"external", "links", "queries"}
        folders = (p for p in (self.root / "data").iterdir() if p.is_dir() and p.name not in reserved)
        return tuple(sorted(p.name for p in folders if any(p.glob("*.ttl"))))

    def source_files(self) -> Iterator[SourceFile]:
        """Yield the Turtle files that make up the dataset, sorted by name within each graph.

        Raises `SourceError` for folders whose names cannot be those of graphs.
        """
        # Alignments are for those who ask for them: loaded, they would make a reasoner draw conclusions of no use here.
        modules = self._folder("ontology", GRAPH.ontology)
        yield from (source for source in modules if source.path.name != "alignments.ttl")
        yield from self._folder("data", GRAPH.catalog)
        external = sorted(p.name for p in (self.root / "data/external").glob("*") if any(p.glob("*.ttl")))
        names = [*self.documents, *(f"external/{name}" for name in external)]
        if faulty := [name for name in names if not _can_be_graph(name)]:
            mend = "Name the folder otherwise: with letters, digits and hyphens, not like a graph that is derived."
            raise SourceError([Fault(f"data/{name}", "is no name of a graph", mend) for name in faulty])
        for name in names:
            yield from self._folder(f"data/{name}", GRAPH[name])

    def _folder(self, name: str, graph: NamedNode) -> Iterator[SourceFile]:
        for path in sorted((self.root / name).glob("*.ttl")):
            yield SourceFile(path, f"{name}/{path.name}", graph)

    def shape_files(self) -> tuple[Path, ...]:
        """Give the files of SHACL shapes that data has to satisfy, sorted."""
        return tuple(sorted((self.root / "shapes").glob("*.ttl")))

    def query_files(self) -> tuple[Path, ...]:
        """Give the saved questions, those in folders too, sorted by name."""
        return tuple(sorted((self.root / "data/queries").rglob("*.rq"), key=lambda path: path.stem))

    def link_files(self) -> tuple[Path, ...]:
        """Give the curated mapping files, sorted; those below `data/links/review/` are not loaded."""
        return tuple(sorted((self.root / "data/links").glob("*.sssom.tsv")))

    def input_digest(self) -> str:
        """Give the SHA-256 of all that a build reads: the project's files and this package's own code."""
        digest = hashlib.sha256()
        inputs = [f.path for f in self.source_files()] + [*self.shape_files(), *self.query_files(), *self.link_files()]
        code = sorted(p for p in _PACKAGE.rglob("*.py") if "web" not in p.relative_to(_PACKAGE).parts)
        for path in [*inputs, *code]:
            content = _content_of(path)
            digest.update(f"{path.name} {len(content)}\n".encode() + content)
        return digest.hexdigest()


def _can_be_graph(name: str) -> bool:
    try:
        return GRAPH[name] not in DERIVED_GRAPHS | {GRAPH.ontology}
    except ValueError:
        return False


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        # Whoever loads the file says what is wrong with it.
        return b""


def find_project(root: Path | None = None) -> Project:
    """Give the project at `root`, or the one that comes with the package.

    In a source checkout that is the checkout itself, in an installed wheel the copy inside the package.
    Raises `CallError` if the folder is missing or has not the layout.
    """
    candidates = [root] if root is not None else [_PACKAGE.parent.parent, _PACKAGE / "project"]
    for candidate in candidates:
        if all((candidate / name).is_dir() for name in ("ontology", "data", "shapes")):
            return Project(candidate.resolve())
    where = candidates[0]
    if root is not None and not where.exists():
        raise CallError(f"there is no folder {where}", hint="Name the folder that holds ontology/, data/ and shapes/.")
    raise CallError(f"{where} is no project", hint="A project is a folder with ontology/, data/ and shapes/ in it.")
