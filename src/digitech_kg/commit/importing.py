"""Import files of any RDF format in one write. The engine loads large ones."""

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import IO, Final, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, parse

from digitech_kg.book import BOOK_FILE, book_quads, write_book
from digitech_kg.commit.attempt import Attempt, as_stored
from digitech_kg.commit.graphs import check_body, check_lengths
from digitech_kg.commit.publication import write_files_of_parts
from digitech_kg.commit.request import Import, RdfFile
from digitech_kg.errors import CallError, Fault, SourceError
from digitech_kg.formats import Kind, by_name, of_kind
from digitech_kg.iteration import batched, grouped
from digitech_kg.namespaces import GraphName, Namespaces
from digitech_kg.processes import die_with_parent, run_or_refuse
from digitech_kg.snapshot.changes import Change, iter_pieces, write_quads
from digitech_kg.snapshot.manifest import graph_key
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import create_store, iter_graph, open_read_only

_FORMATS: Final = of_kind(Kind.GRAPH, Kind.DATASET)
#: Extensions that files have beside those of the table of formats.
_SPOKEN: Final = {"owl": "rdfxml", "json": "jsonld", "ntriples": "nt", "nquads": "nq"}
#: Bytes from which on files are loaded by the engine instead of being read into memory.
LARGE: Final = 16_000_000
_LONGEST_LOAD_S: Final = 24 * 3600.0
_TOO_LARGE: Final = "Nothing was changed. Load it in parts, or on a machine with more memory."
#: By how much packed files grow.
_PACKED: Final = 8
#: About how many bytes of a file a quad takes.
BYTES_OF_QUAD: Final = 150
#: Quads of a file that are in memory at a time.
_BATCH: Final = 10_000
_COUNT: Final = "SELECT ?g (COUNT(*) AS ?count) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?g"


def find_import_file(path: Path, format_name: str | None = None) -> RdfFile:
    """Return a file with its format, by its name unless told. Raises `CallError` if that is not known."""
    packed = path.suffix == ".gz"
    extension = (path.with_suffix("") if packed else path).suffix.lstrip(".").lower()
    wanted = format_name or _SPOKEN.get(extension, extension)
    try:
        return RdfFile(path, by_name(wanted, _FORMATS), packed)
    except CallError as error:
        names = ", ".join(fmt.name for fmt in _FORMATS)
        raise CallError(f"the name of {path} does not say its format", hint=f"Give --format: {names}.") from error


def import_files(write: Import, attempt: Attempt) -> None:
    """Bring files into the store of an attempt; large ones are loaded by the engine.

    Raises `SourceError` with every fault of every file, `CallError` for triples without a graph to go to.
    """
    names_graphs = {file.format.rdf.supports_datasets for file in write.files}
    # Otherwise the graphs that files name would not fit the request.
    is_clear = names_graphs == {write.graph is None} and not (write.strict or (write.replace and write.graph is None))
    (_load_files if is_clear and _unpacked_size(write.files) >= LARGE else _add_files)(write, attempt)


def _add_files(write: Import, attempt: Attempt) -> None:
    faults, quads, target = list[Fault](), dict[Quad, None](), attempt.target
    base = attempt.settings.names.base if write.strict else None
    for file in write.files:
        with _collecting_faults(file, faults), _open_unpacked(file) as stream:
            found = _quads(file, stream, write.graph, base)
            # In a store literals get the form that they will have in the dataset.
            quads |= as_stored(_of_body(found, file, stream, write.graph) if write.strict else found)
    if faults:
        raise SourceError(faults, where="the files")
    if write.replace:
        named: dict[GraphName, list[Quad]] = {write.graph: []} if write.graph is not None else {}
        wanted = named | grouped((quad.graph_name, quad) for quad in quads)
        for graph, own in wanted.items():
            target.replace(graph, own)
    else:
        target.add(quads)
    if write.strict and write.files and isinstance(write.graph, NamedNode):
        # A graph that is written is there, though it is empty.
        target.store.add_graph(write.graph)


def _unpacked_size(files: Sequence[RdfFile]) -> int:
    return sum(file.path.stat().st_size * (_PACKED if file.packed else 1) for file in files)


def _of_body(quads: Iterable[Quad], file: RdfFile, stream: IO[bytes], graph: GraphName | None) -> Iterator[Quad]:
    """Yield quads of a body. Raises what `check_body` and `check_lengths` do, `CallError` for those of other graphs."""
    check_body(stream, file.format.name)
    for quad in quads:
        if quad.graph_name != graph:
            hint = "Send triples without graph names, or each graph on its own. digitech-kg import takes graphs."
            message = f"the body names the graph {quad.graph_name}, but the request says which one it is for"
            raise CallError(message, hint=hint)
        yield check_lengths(quad)


def _quads(file: RdfFile, stream: IO[bytes], graph: GraphName | None, base: str | None = None) -> Iterator[Quad]:
    for quad in parse(stream, format=file.format.rdf, base_iri=_base_of(graph) or base, rename_blank_nodes=True):
        if not isinstance(quad.graph_name, DefaultGraph):
            yield quad
        elif graph is not None:
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
        else:
            raise _without_graph(file)


def _base_of(graph: GraphName | None) -> str | None:
    return graph.value if isinstance(graph, NamedNode) else None


def _without_graph(file: RdfFile) -> CallError:
    hint = "Name the graph: --graph graph:NAME, --graph IRI, or --graph default."
    return CallError(f"{file.path} holds triples that name no graph", hint=hint)


def _load_files(load: Import, attempt: Attempt) -> None:
    """Have the engine load files into the store of an attempt; what changes is written to its directory.

    That takes one core. The other one writes the book and files of parts meanwhile, unless most of it is there already.
    """
    target, previous, failed = attempt.target, attempt.previous, Event()
    assert previous is not None  # noqa: S101 - only a build can be the first version
    if load.replace and load.graph is not None:
        target.store.clear_graph(load.graph)
    attempt.has_files = not load.replace and _unpacked_size(load.files) > previous.manifest.quads * BYTES_OF_QUAD
    with ThreadPoolExecutor(2) as beside:
        written = list[Future[None]]()
        if attempt.has_files:
            names = attempt.settings.names
            quads = _quads_of_book(load, names, previous, failed)
            written.append(beside.submit(write_book, attempt.directory / BOOK_FILE, quads, names))
        try:
            with target.given_away() as directory:
                faults = run_or_refuse(
                    "the import", load_into_store, directory, load, timeout_s=_LONGEST_LOAD_S, hint=_TOO_LARGE
                )
            if faults:
                raise SourceError(faults, where="the files")
            if attempt.has_files:
                written.append(beside.submit(write_files_of_parts, attempt, None, Change()))
            _note_difference(load, attempt, previous)
        except BaseException:
            failed.set()
            raise
        for each in written:
            each.result()


def _note_difference(load: Import, attempt: Attempt, previous: Snapshot) -> None:
    """Write what came and went to the directory of an attempt."""
    target, directory = attempt.target, attempt.directory
    rows = cast(QuerySolutions, target.store.query(_COUNT))
    counts = {(row["g"] or DefaultGraph()): int(cast(Literal, row["count"]).value) for row in rows}
    known = previous.manifest.graphs
    changed = [load.graph] if load.graph is not None else [g for g in counts if counts[g] != known.get(graph_key(g), 0)]
    if load.graph is None and DefaultGraph() in changed:
        raise _without_graph(load.files[0])
    old = open_read_only(previous.store)
    come, gone = _lines_not_in(old, target.store, changed, counts), _lines_not_in(target.store, old, changed, {})
    target.note_loaded(write_quads(directory / "added.nq.gz", come), write_quads(directory / "removed.nq.gz", gone))


def _lines_not_in(
    other: Store, store: Store, graphs: Iterable[GraphName], counts: Mapping[GraphName, int]
) -> Iterator[tuple[GraphName, bytes]]:
    """Yield the quads of these graphs of a store that another one doesn't have; of some their number is known."""
    for graph in graphs:
        quads, there = (each.quads_for_pattern(None, None, None, graph) for each in (store, other))
        if graph in counts and next(there, None) is None:
            pieces = iter_graph(store, graph, counts[graph])  # Much faster than one by one.
        else:
            pieces = iter_pieces(quad for quad in quads if quad not in other)
        yield from ((graph, piece) for piece in pieces)


def _quads_of_book(load: Import, names: Namespaces, previous: Snapshot, failed: Event) -> Iterator[Quad]:
    """Yield what was there and what files say, in the engine's spelling. Raises an error once loading them failed."""
    yield from book_quads(open_read_only(previous.store), names)
    for file in load.files:
        with _open_unpacked(file) as stream:
            for quads in batched(_quads(file, stream, load.graph), _BATCH):
                yield from as_stored(quads)
                if failed.is_set():
                    raise InterruptedError("nobody needs the book any more")


def load_into_store(directory: Path, load: Import) -> list[Fault]:
    """Load files into a store; return what is wrong with them.

    Runs in a process of its own, so that all the memory that the engine's loader takes is free afterwards.
    """
    die_with_parent()
    store, faults = create_store(directory), list[Fault]()
    for file in load.files:
        with _collecting_faults(file, faults), _open_unpacked(file) as stream:
            store.bulk_load(stream, format=file.format.rdf, base_iri=_base_of(load.graph), to_graph=load.graph)
    store.flush()
    return faults


@contextmanager
def _collecting_faults(file: RdfFile, faults: list[Fault]) -> Iterator[None]:
    try:
        yield
    except SourceError as error:
        faults += error.faults
    except SyntaxError as error:
        reason, mend = str(error.msg).split(": ", 1)[-1], "Correct the file at this place."
        if "remote contexts" in reason:
            reason, mend = "its @context is an address, and none is fetched", "Write out the @context, or send Turtle."
        what = f"is not valid {file.format.name}: {reason}"
        faults.append(Fault(str(file.path), what, mend, error.lineno, error.offset))
    except (OSError, EOFError, zlib.error) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        faults.append(Fault(str(file.path), what, "Give a complete, readable file."))
    except ValueError as error:
        mend = "Give a complete file in the format that its name says, or give --format."
        faults.append(Fault(str(file.path), f"is not valid {file.format.name}: {error}", mend))


def _open_unpacked(file: RdfFile) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(file.path)) if file.packed else file.path.open("rb")
