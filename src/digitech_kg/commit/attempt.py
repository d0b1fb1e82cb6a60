"""One attempt at a version: a copy of the version before to write to, and what holds for it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from digitech_kg.book import BookWriter
from digitech_kg.commit.files import NO_RULES, FilesChange, Rules
from digitech_kg.commit.tracked_store import KnownGraphs, TrackedStore
from digitech_kg.namespaces import GraphName, Namespaces
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import create_store, open_checkpoint


@dataclass(frozen=True)
class VersionSettings:
    """What holds for a version: its names and shapes, and whether anything is derived and inferred."""

    names: Namespaces
    rules: Rules = NO_RULES
    derives: bool = False
    infers: bool = False

    @classmethod
    def of(cls, snapshot: Snapshot) -> VersionSettings:
        """Return the settings of a published version."""
        manifest = snapshot.manifest
        return cls(manifest.names, Rules.read(snapshot.directory), manifest.derives, manifest.infers)


@dataclass
class Attempt:
    """A copy of the version before to write to, closed before it is published."""

    previous: Snapshot | None
    directory: Path
    settings: VersionSettings
    files: FilesChange | None = None
    known: KnownGraphs = field(default_factory=dict)
    #: The version whose settings hold: the one before, unless an earlier one comes back.
    base: Snapshot | None = None
    #: The book, if it is written already while much is loaded, with all that came but without what was there before.
    book: BookWriter | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        place = self.directory / "store"
        store = open_checkpoint(self.previous.store, place) if self.previous else create_store(place)
        self.target = TrackedStore(store, self.known, place)

    @property
    def version_before(self) -> str:
        """The name of the version before; "" if there is none."""
        return self.previous.version if self.previous else ""

    @property
    def is_new_ground(self) -> bool:
        """Whether other files, shapes or languages may hold, which judge otherwise of what hasn't changed."""
        return self.files is not None or self.base is not self.previous

    @property
    def inputs(self) -> str:
        """What tells the input of the last build from another."""
        if self.files is not None:
            return self.files.inputs
        return self.base.manifest.inputs_sha256 if self.base else ""

    def is_mostly_new(self, moved: Mapping[GraphName, int]) -> bool:
        """Whether more quads of the project's graphs come or go than there were: its book is then written anew."""
        graphs = self.settings.names.graphs
        own = sum(count for graph, count in moved.items() if not graphs.is_foreign(graph))
        return self.previous is None or own > self.previous.manifest.quads

    def edits(self, written: Change) -> Change:
        """Return how the project's own graphs in the new version differ from its files."""
        if self.files is not None or self.base is None:
            return Change()
        if self.base is not self.previous:
            return self.base.edits()
        graphs = self.settings.names.graphs
        return self.base.edits().then(written.of_graphs(lambda graph: not graphs.is_foreign(graph)))

    def close(self) -> None:
        """Let go of the files that are written to."""
        self.target.close()
        if self.book is not None:
            self.book.close()

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note how long a step takes; several of one name count together."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = round(self.seconds.get(step, 0.0) + time.perf_counter() - started, 4)
