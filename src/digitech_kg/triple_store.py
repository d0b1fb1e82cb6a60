"""The one module that opens pyoxigraph stores: on disk to publish, in memory or read-only to query."""

import errno
import fcntl
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from digitech_kg.errors import CallError
from digitech_kg.namespaces import NUMBERS, VOCABULARIES, XSD, GraphName, value_of

#: Bytes of a dump that are taken in at a time.
_PIECE: Final = 1 << 22
#: Bytes that the engine may be ahead of who reads a dump; without rights of its own a process may ask for no more.
_PIPE: Final = 1 << 20
_PREDICATES: Final = "SELECT DISTINCT ?p { ?s ?p ?o }"


def create_store(directory: Path) -> Store:
    return Store(str(directory))


def open_read_only(directory: Path) -> Store:
    """Open a published store; no other process may write to it.

    Raises `CallError` if the directory holds no store.
    """
    if not directory.is_dir():
        raise _no_store(directory)
    try:
        return Store.read_only(str(directory))
    except OSError as error:
        hint = "Build it again: digitech-kg build --force."
        raise CallError(f"the store in {directory} cannot be opened: {error}", hint=hint) from error


def open_checkpoint(directory: Path, copy: Path) -> Store:
    """Copy a published store, by hard links to its tables, and open the copy for writing.

    The engine's own way to do so opens the store first, which takes the longer the larger it is. A published store is
    closed and its tables never change; all other files are small.
    """
    if not directory.is_dir():
        raise _no_store(directory)
    copy.mkdir()
    for file in directory.iterdir():
        if file.suffix == ".sst":
            (copy / file.name).hardlink_to(file)
        elif file.name not in ("LOCK", "LOG"):
            shutil.copyfile(file, copy / file.name)
    return Store(str(copy))


def _no_store(directory: Path) -> CallError:
    return CallError(f"there is no store in {directory}", hint="Build it again: digitech-kg build --force.")


def load_in_memory(directory: Path) -> Store:
    """Copy a published store into memory: queries run about twice as fast there.

    Quads that are read together are put there together: those of one predicate, sorted by subject. A scan of a
    predicate then takes half to two thirds of the time, and joins by subject gain a little too. What came last is read
    first, so they are put there from Z to A.
    """
    store, published = Store(), open_read_only(directory)
    # Loading a dump instead would give the blank nodes other labels.
    for predicate in _predicates(published):
        quads = published.quads_for_pattern(None, predicate, None, None)
        store.bulk_extend(sorted(quads, key=lambda quad: value_of(quad.subject), reverse=True))
    match_named_graphs(store, published)
    return store


def _predicates(store: Store) -> list[NamedNode]:
    """Return the predicates of a store from Z to A; the engine would sort all triples by them."""
    found = cast(QuerySolutions, store.query(_PREDICATES, use_default_graph_as_union=True))
    predicates = [cast(NamedNode, solution["p"]) for solution in found]
    return sorted(predicates, key=lambda predicate: predicate.value, reverse=True)


def count_distinct(store: Store, end: str, predicate: NamedNode) -> int:
    """Return how many terms are the subject (`end` is "s") or the object ("o") of a triple with a predicate."""
    query = f"SELECT (COUNT(DISTINCT ?{end}) AS ?count) {{ ?s {predicate} ?o }}"
    solution = next(cast(QuerySolutions, store.query(query, use_default_graph_as_union=True)))
    return int(cast(Literal, solution["count"]).value)


def count_by_iri(store: Store, query: str) -> dict[str, int]:
    """Return the numbers that a query of terms and numbers has for IRIs, sorted by these."""
    rows = ((term, cast(Literal, count)) for term, count in cast(QuerySolutions, store.query(query)))
    return dict(sorted((term.value, int(count.value)) for term, count in rows if isinstance(term, NamedNode)))


def match_named_graphs(store: Store, published: Store) -> None:
    """Have a store in memory name the graphs that a published one names, empty ones too, and no others."""
    wanted = set(published.named_graphs())
    for graph in set(store.named_graphs()) ^ wanted:
        if graph in wanted:
            store.add_graph(graph)
        else:
            store.remove_graph(graph)


def dump(store: Store, fmt: RdfFormat, graph: NamedNode | DefaultGraph | None = None) -> bytes:
    """Return all quads in a format for datasets, or the triples of one graph in a format for graphs."""
    return store.dump(format=fmt, from_graph=graph, prefixes=VOCABULARIES) or b""


def iter_graph(store: Store, graph: GraphName, count: int) -> Iterator[bytes]:
    """Yield all quads of a graph, of which there are `count`, as N-Quads, many whole lines at a time.

    The engine writes them to a pipe in a thread of its own, and another one reads what comes next meanwhile. Raises
    `OSError` if the engine can't read them all.
    """
    read, write = os.pipe()
    if sys.platform.startswith("linux"):
        # In the usual 64 KB the writer would wait for a reader that waits for other threads.
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, _PIPE)
    end = b" .\n" if isinstance(graph, DefaultGraph) else f" {graph} .\n".encode()
    with ThreadPoolExecutor(2) as beside, os.fdopen(read, "rb") as pipe:
        dumped = beside.submit(_dump, store, graph, write)
        rest, left, coming = b"", count, beside.submit(pipe.read, _PIECE)
        while piece := coming.result():
            coming = beside.submit(pipe.read, _PIECE)
            # A line break in a literal is escaped, so this ends a line.
            lines, newline, rest = (rest + piece).rpartition(b"\n")
            left -= lines.count(b"\n") + len(newline)
            yield (lines + newline).replace(b" .\n", end)
        # When all is written the engine flushes the file, and fails as it's a pipe. Only before that it matters.
        if left:
            dumped.result()
            raise OSError(errno.EIO, f"{left:,} of {count:,} quads of {graph} can't be read")


def _dump(store: Store, graph: GraphName, handle: int) -> None:
    try:
        store.dump(f"/dev/fd/{handle}", RdfFormat.N_TRIPLES, from_graph=graph)
    finally:
        os.close(handle)


def store_of(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.bulk_extend(quads)
    return store


def stored_spellings(literals: Iterable[Literal]) -> dict[Literal, Literal]:
    """Return how a store writes each literal: it keeps the values of numbers and times, not their spelling."""
    places = {NamedNode(f"x:{number}"): literal for number, literal in enumerate(dict.fromkeys(literals))}
    store = store_of(Quad(place, place, literal) for place, literal in places.items())
    return {places[quad.predicate]: quad.object for quad in store if isinstance(quad.object, Literal)}


#: A value of each datatype that is looked at.
_SAMPLES: Final = dict.fromkeys((*NUMBERS, XSD.boolean.value), "1") | {
    XSD[name].value: "2000-01-01T00:00:00"[:length]
    for name, length in (("dateTime", 19), ("date", 10), ("gYearMonth", 7), ("gYear", 4))
}


def ill_typed(literals: Iterable[Literal]) -> frozenset[Literal]:
    """Return the literals that the engine can't compare with a value of their datatype, as they aren't one."""
    known = (it for it in dict.fromkeys(literals) if it.datatype.value in _SAMPLES)
    pairs = " ".join(f"({it} {Literal(_SAMPLES[it.datatype.value], datatype=it.datatype)})" for it in known)
    query = f"SELECT ?it {{ VALUES (?it ?value) {{ {pairs} }} BIND(?it = ?value AS ?told) FILTER(!BOUND(?told)) }}"
    return frozenset(row["it"] for row in cast(QuerySolutions, Store().query(query)))


def sorted_nquads(store: Store) -> bytes:
    """Return the quads as N-Quads, one line each, lines sorted: equal datasets give equal bytes."""
    return b"".join(sorted(dump(store, RdfFormat.N_QUADS).splitlines(keepends=True)))
