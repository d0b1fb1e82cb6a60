"""Files of any RDF format, and patches, as one write."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeVar

from pyoxigraph import DefaultGraph, NamedNode, Quad, parse

from digitech_kg.commit.patches import EXTENSION, read_patch
from digitech_kg.commit.request import Patch
from digitech_kg.commit.tracked_store import as_stored
from digitech_kg.errors import CallError, Fault, SourceError
from digitech_kg.formats import Format, Kind, by_name, of_kind
from digitech_kg.namespaces import GraphName
from digitech_kg.snapshot import PIECE, Change, QuadFile, QuadSorter, in_pieces, storage_failure

_FORMATS: Final = of_kind(Kind.GRAPH, Kind.DATASET)
#: Extensions that files have beside those of the table of formats.
_SPOKEN: Final = {"owl": "rdfxml", "json": "jsonld", "ntriples": "nt", "nquads": "nq"}
#: Quads after which it is told how far reading has come.
_STEP: Final = 5000
#: Told how many bytes of all files are read.
Progress = Callable[[int], None]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file to read: its format is None for a patch."""

    path: Path
    format: Format | None
    packed: bool


def find_import_file(path: Path, format_name: str | None = None) -> ImportFile:
    """Return a file with its format, by its name unless told. Raises `CallError` if either is not known."""
    if not path.is_file():
        raise CallError(f"there is no file {path}", hint="Name RDF files that exist.")
    packed = path.suffix == ".gz"
    extension = (path.with_suffix("") if packed else path).suffix.lstrip(".").lower()
    wanted = format_name or _SPOKEN.get(extension, extension)
    if wanted in (EXTENSION, "patch"):
        return ImportFile(path, None, packed)
    try:
        return ImportFile(path, by_name(wanted, _FORMATS), packed)
    except CallError as error:
        names = ", ".join([*(fmt.name for fmt in _FORMATS), "patch"])
        raise CallError(f"the name of {path} does not tell its format", hint=f"Give --format: {names}.") from error


def read_import(
    files: Sequence[ImportFile],
    graph: GraphName | None,
    directory: Path,
    *,
    replace: bool,
    told: Progress = lambda _: None,
) -> Patch:
    """Return what files say as one write: triples go to `graph`, quads to the graphs that they name.

    With `replace`, nothing else stays in these graphs. What is too large for memory is kept in a directory, unless
    there are patches among the files. Raises `SourceError` with every fault of every file, `CallError` for triples
    without a graph to go to.
    """
    done, faults = 0, list[Fault]()
    target = _Target(graph, directory, keeps_all=any(file.format is None for file in files))
    for file in files:
        try:
            _read(file, target, _after(done, told))
        except SourceError as error:
            faults += error.faults
        except (OSError, EOFError, zlib.error) as error:
            what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
            faults.append(_fault(file, what, "Give a whole, readable file."))
        done += file.path.stat().st_size
    if faults:
        raise SourceError(faults, where="the files")
    return Patch(target.change(), frozenset(target.graphs) if replace else frozenset())


class _Target:
    """Takes what files say one after the other."""

    def __init__(self, graph: GraphName | None, directory: Path, *, keeps_all: bool) -> None:
        self.graph, self.graphs = graph, {graph} if graph is not None else set[GraphName]()
        self._directory, self._keeps_all = directory, keeps_all
        self._few = Change()
        self._many = QuadSorter(directory)

    def add(self, quads: Iterable[Quad]) -> None:
        for piece in in_pieces(quads):
            # In a store literals get the form that they will have in the dataset.
            stored = as_stored(piece)
            self.graphs |= {quad.graph_name for quad in stored}
            if len(piece) == PIECE and not self._keeps_all:
                self._sort(stored)
            else:
                self.apply(Change(frozenset(stored)))

    def apply(self, change: Change) -> None:
        # Not what `then` gives: a file may remove what was never there, and a later one add it all the same.
        before = self._few
        self._few = Change(
            (before.added - change.removed) | change.added, (before.removed - change.added) | change.removed
        )

    def change(self) -> Change:
        if not self._many:
            return self._few
        self._sort(self._few.added)
        return Change(QuadFile.of(self._many.lines(), self.graphs, self._directory))

    def _sort(self, quads: Iterable[Quad]) -> None:
        try:
            self._many.add(quads)
        except OSError as error:
            raise storage_failure("write to", self._directory, error) from error


def _read(file: ImportFile, target: _Target, told: Progress) -> None:
    with file.path.open("rb") as raw, _unpacked(raw, file.packed) as stream:
        if file.format is None:
            target.apply(read_patch(_told(stream, lambda: told(raw.tell())), str(file.path)))
        else:
            target.add(_told(_quads(file, stream, file.format, target.graph), lambda: told(raw.tell())))


def _quads(file: ImportFile, stream: IO[bytes], fmt: Format, graph: GraphName | None) -> Iterator[Quad]:
    base = graph.value if isinstance(graph, NamedNode) else None
    try:
        for quad in parse(stream, format=fmt.rdf, base_iri=base, rename_blank_nodes=True):
            if not isinstance(quad.graph_name, DefaultGraph):
                yield quad
            elif graph is not None:
                yield Quad(quad.subject, quad.predicate, quad.object, graph)
            else:
                hint = "Name the graph: --graph graph:NAME, --graph IRI, or --graph default."
                raise CallError(f"{file.path} holds triples that name no graph", hint=hint)
    except SyntaxError as error:
        what = f"is not valid {fmt.name}: {str(error.msg).split(': ', 1)[-1]}"
        fault = Fault(str(file.path), what, "Mend the file at this place.", error.lineno, error.offset)
        raise SourceError([fault]) from None
    except ValueError as error:
        mend = "Give a whole file in the format that its name tells, or tell it with --format."
        raise SourceError([_fault(file, f"is not valid {fmt.name}: {error}", mend)]) from None


@contextmanager
def _unpacked(raw: IO[bytes], packed: bool) -> Iterator[IO[bytes]]:
    if not packed:
        yield raw
        return
    with gzip.GzipFile(fileobj=raw) as stream:
        yield stream  # type: ignore[misc]


def _after(done: int, told: Progress) -> Progress:
    return lambda count: told(done + count)


def _told(items: Iterable[_Item], tell: Callable[[], None]) -> Iterator[_Item]:
    for number, item in enumerate(items):
        if number % _STEP == 0:
            tell()
        yield item
    tell()


def _fault(file: ImportFile, what: str, mend: str) -> Fault:
    return Fault(str(file.path), what, mend)
