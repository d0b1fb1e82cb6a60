"""The copy of the current version that a write changes, with a record of what was changed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from digitech_kg.commit.files import FilesContent, VersionSettings
from digitech_kg.description.census import GraphCensus
from digitech_kg.namespaces import RDF, XSD, GraphName
from digitech_kg.snapshot.changes import Change, QuadFile
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import create_store, open_checkpoint, store_of

_TEXT = (XSD.string, RDF.langString)
#: The quads of some graphs, in the order in which they were read.
KnownGraphs = Mapping[GraphName, Iterable[Quad]]
#: From so many quads on it is faster to write tables of their own.
_BULK: Final = 10_000
_NONE: Final[KnownGraphs] = MappingProxyType({})


class TrackedStore:
    """Writes to a store, and gives the net change since it was opened.

    A graph is read from the store once, however often it is asked for; `known` are graphs that have been read before.
    """

    def __init__(self, store: Store, known: KnownGraphs = _NONE, directory: Path | None = None) -> None:
        """`directory` is where the store is, if it's on disk."""
        self.store, self._directory = store, directory
        self._added = self._removed = frozenset[Quad]()
        self._large: tuple[QuadFile, QuadFile] | None = None
        self._graphs = {graph: dict.fromkeys(quads) for graph, quads in known.items()}

    @property
    def change(self) -> Change:
        """What is in the store now and was not before, and the other way round."""
        if self._large is None:
            return Change(self._added, self._removed)
        return Change(self._large[0].joined(self._added), self._large[1].joined(self._removed))

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads; those that are there already stay."""
        stored = as_stored(quads)
        # Nothing has to be looked up in graphs that were not there.
        there = {graph for graph in {quad.graph_name for quad in stored} if self.has_graph(graph)}
        new = [quad for quad in stored if quad.graph_name not in there or quad not in self.store]
        # This store is thrown away if anything fails, so what is not done as a whole does no harm.
        (self.store.bulk_extend if len(new) > _BULK else self.store.extend)(new)
        for quad in new:
            if quad.graph_name in self._graphs:
                self._graphs[quad.graph_name][quad] = None
        self._note(frozenset(new), frozenset())

    def note_loaded(self, added: QuadFile, removed: QuadFile) -> None:
        """Take note of quads that were loaded, and of those that went for them, too many to be in memory.

        None of them is to be removed or added again.
        """
        self._large = added, removed
        for graph in {*added.by_graph, *removed.by_graph}:
            self._graphs.pop(graph, None)

    def remove(self, quads: Iterable[Quad]) -> None:
        """Remove quads; missing ones are ignored."""
        gone = [quad for quad in as_stored(quads) if quad in self.store]
        for quad in gone:
            self.store.remove(quad)
            if quad.graph_name in self._graphs:
                del self._graphs[quad.graph_name][quad]
        self._note(frozenset(), frozenset(gone))

    def update(self, text: str, base_iri: str, graphs: Collection[GraphName]) -> None:
        """Have the engine carry out an update of these graphs, which are compared to know what it changes."""
        before = frozenset(self.quads(*graphs))
        self.store.update(text, base_iri=base_iri)
        for graph in graphs:
            self._graphs.pop(graph, None)
        after = frozenset(self.quads(*graphs))
        self._note(after - before, before - after)

    def _note(self, come: frozenset[Quad], gone: frozenset[Quad]) -> None:
        """Take note of quads that were not there just now, and of quads that were."""
        added, removed = self._added, self._removed
        self._added, self._removed = (added - gone) | (come - removed), (removed - come) | (gone - added)

    def apply(self, change: Change) -> None:
        self.remove(change.removed)
        self.add(change.added)

    def replace(self, graph: GraphName, quads: Iterable[Quad]) -> None:
        """Make a graph hold these quads and no others; a graph without quads goes."""
        wanted, there = frozenset(quads), frozenset(self.quads(graph))
        self.apply(Change(wanted - there, there - wanted))
        if not wanted and isinstance(graph, NamedNode):
            self.store.remove_graph(graph)

    @contextmanager
    def given_away(self) -> Iterator[Path]:
        """Yield the directory of the store, which another process may write to until the end of the block."""
        directory = self._directory
        assert directory is not None  # noqa: S101 - only stores on disk are given away
        self.close()
        yield directory
        self.store = create_store(directory)

    def close(self) -> None:
        """Write everything out and let go of the store; the change stays known."""
        if "store" in self.__dict__:
            self.store.flush()
            del self.store

    def quads(self, *graphs: GraphName) -> list[Quad]:
        """Return the quads of some graphs, one graph after the other."""
        for graph in graphs:
            if graph not in self._graphs:
                self._graphs[graph] = dict.fromkeys(self.store.quads_for_pattern(None, None, None, graph))
        return [quad for graph in graphs for quad in self._graphs[graph]]

    def known(self, most: int) -> KnownGraphs:
        """Return the graphs that have been asked for, as they are now, but none with more than `most` quads."""
        return {graph: quads for graph, quads in self._graphs.items() if len(quads) <= most}

    def has_graph(self, graph: GraphName) -> bool:
        """Whether there is such a graph, even an empty one; the default graph is always there."""
        if isinstance(graph, DefaultGraph) or self.store.contains_named_graph(graph):
            return True
        return next(self.store.quads_for_pattern(None, None, None, graph), None) is not None


def as_stored(quads: Iterable[Quad]) -> dict[Quad, None]:
    """Return quads, each once, as a store gives them back: it keeps values, so it may write a literal otherwise."""
    kept, values = list[Quad](), list[Quad]()
    for quad in quads:
        term = quad.object
        is_value = term.datatype not in _TEXT if isinstance(term, Literal) else isinstance(term, Triple)
        (values if is_value else kept).append(quad)
    return dict.fromkeys(chain(kept, store_of(values) if values else ()))


@dataclass
class Attempt:
    """A copy of the version before to write to, closed before it is published."""

    previous: Snapshot | None
    directory: Path
    settings: VersionSettings
    known: KnownGraphs = field(default_factory=dict)
    files: FilesContent | None = None
    #: An earlier version that comes back as a whole, with its settings.
    restored: Snapshot | None = None
    #: Whether the book and the files of parts are there already, written while much is loaded: of that, and of what was
    #: there before.
    has_files: bool = False
    #: The counts of each graph by its IRI, and how the project's own graphs differ from its files.
    censuses: Mapping[str, GraphCensus] = field(default_factory=dict)
    edits: Change = field(default_factory=Change)

    def __post_init__(self) -> None:
        place = self.directory / "store"
        store = open_checkpoint(self.previous.store, place) if self.previous else create_store(place)
        self.target = TrackedStore(store, self.known, place)

    @property
    def to_update(self) -> tuple[Path | None, Change]:
        """The directory whose book and files of parts are brought up to date, and by which change; None for none."""
        change = self.target.change
        if self.has_files and isinstance(change.added, QuadFile) and isinstance(change.removed, QuadFile):
            return self.directory, Change(change.added.few, change.removed.few)
        return self.previous.directory if self.previous else None, change
