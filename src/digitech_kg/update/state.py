"""What a writer keeps of the current version, so that the next write costs only what it touches."""

from __future__ import annotations

from pyoxigraph import Quad

from digitech_kg.build import Rules
from digitech_kg.description import Census, describe
from digitech_kg.namespaces import GRAPH
from digitech_kg.snapshot import Change, Snapshot
from digitech_kg.triple_store import open_read_only
from digitech_kg.update.delta import TrackedStore
from digitech_kg.update.gate import Gate, Known
from digitech_kg.update.inference import Inferences


class State:
    """Counts, inferences, description and validation results of one version.

    They go ahead with a write that is being carried out; `accept` keeps that, `undo` takes it back.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        store = open_read_only(snapshot.store)
        manifest = snapshot.manifest
        self.version = snapshot.version
        self.gate = Gate(Rules.read(snapshot.directory))
        self.gate.prepare()
        self.results: Known = self.gate.validate(store) if manifest.validation else (frozenset(), frozenset())
        self._snapshot = snapshot
        self._census = Census(store)
        self._description = frozenset(describe(self._census)) if manifest.derives else frozenset()
        self._counted = Change()
        self._described = self._description
        self._inferences: Inferences | None = None
        self._inferred = False
        if manifest.derives and manifest.reasoning != "none":
            self._inferences = Inferences(store)

    def infer(self, target: TrackedStore) -> str:
        """Bring the inferred graph up to date; give by what means."""
        if self._inferences is None:
            self._inferences = Inferences(open_read_only(self._snapshot.store))
        self._inferred = True
        return self._inferences.update(target, target.change)

    def describe(self, change: Change) -> Change:
        """Give how the description changes when the dataset changes."""
        self._counted = change.only(lambda quad: quad.graph_name != GRAPH.catalog)
        self._count(self._counted)
        self._described = frozenset[Quad](describe(self._census))
        return Change(self._described - self._description, self._description - self._described)

    def _count(self, change: Change) -> None:
        for quad in change.removed:
            self._census.remove(quad)
        for quad in change.added:
            self._census.add(quad)

    def accept(self, snapshot: Snapshot, results: Known) -> None:
        """Go on from what was published."""
        self.version, self.results, self._snapshot = snapshot.version, results, snapshot
        self._description, self._counted, self._inferred = self._described, Change(), False

    def undo(self) -> None:
        """Return to the version that is still the current one."""
        self._count(self._counted.inverted())
        self._described, self._counted = self._description, Change()
        if self._inferred:
            # They are read again when they are needed.
            self._inferences, self._inferred = None, False
