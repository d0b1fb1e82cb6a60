"""Whether what a write leads to may be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple

from digitech_kg.build import Rules
from digitech_kg.errors import InvalidData
from digitech_kg.namespaces import GRAPH, shorten
from digitech_kg.snapshot import Change
from digitech_kg.triple_store import dump, union_ntriples
from digitech_kg.validation import (
    DataGraph,
    Report,
    Result,
    Severity,
    affected_focus_nodes,
    join_reports,
    read_footprint,
    validate,
    validate_affected,
)

#: Results by part of the rules: those on all data, and those on the ontology alone.
Known = tuple[frozenset[Result], ...]


@dataclass(frozen=True)
class Verdict:
    """The results of a validation, told apart by whether they were there before the write."""

    #: On what the write touched.
    report: Report
    #: All results after the write, by part.
    parts: Known
    #: All results before the write.
    known: frozenset[Result]

    @property
    def results(self) -> frozenset[Result]:
        """All results after the write."""
        return frozenset().union(*self.parts)

    @property
    def blocking(self) -> tuple[Result, ...]:
        """The violations that the write would add."""
        return tuple(result for result in self.report.violations if result not in self.known)

    @property
    def old(self) -> tuple[Result, ...]:
        """The violations that were there before."""
        found = (r for r in self.results if r.severity == Severity.VIOLATION and r in self.known)
        return tuple(sorted(found, key=str))

    @property
    def warnings(self) -> tuple[Result, ...]:
        """The results that keep nothing from being published and were not there before."""
        found = (r for r in self.report.results if r.severity != Severity.VIOLATION)
        return tuple(result for result in found if result not in self.known)

    def counts(self) -> dict[str, int]:
        """Give the number of results by severity name, for those that occur."""
        return dict(sorted(Counter(result.severity.name.lower() for result in self.results).items()))

    def refusal(self) -> InvalidData:
        """Give the error for a write that would add violations."""
        first, count = self.blocking[0], len(self.blocking)
        message = f"the result would have {count} new violation{'' if count == 1 else 's'} of the shapes"
        message += f"; {shorten(first.focus_node)}: {first.message}"
        hint = "Nothing was changed. Mend what the report names and send it again."
        return InvalidData(message, hint=hint, report=self.report)


class Gate:
    """Validates by the rules that are kept beside a snapshot."""

    def __init__(self, rules: Rules) -> None:
        self._parts = (_Part(rules.data, without=GRAPH.inferred), _Part(rules.ontology, graph=GRAPH.ontology))

    def prepare(self) -> None:
        """Read the shapes, so that the first check need not."""
        for part in self._parts:
            part.prepare()

    def validate(self, store: Store) -> Known:
        """Give the results of validating a whole dataset, by part."""
        return tuple(frozenset(part.validate(store).results) for part in self._parts)

    def check(self, store: Store, change: Change, known: Known) -> Verdict:
        """Validate what a change can have changed; `known` are the results before it."""
        quads = change.added | change.removed
        found = [part.check(store, quads, before) for part, before in zip(self._parts, known, strict=True)]
        report = join_reports(report for report, _ in found)
        return Verdict(report, tuple(results for _, results in found), frozenset().union(*known))


class _Part:
    """Some shapes, and the part of a dataset that they see."""

    def __init__(self, shapes: bytes, *, graph: NamedNode | None = None, without: NamedNode | None = None) -> None:
        self._shapes, self._graph, self._without = shapes, graph, without

    def prepare(self) -> None:
        if self._shapes:
            read_footprint(self._shapes)
            validate(b"", self._shapes)

    def validate(self, store: Store) -> Report:
        if not self._shapes:
            return join_reports([])
        if self._graph is not None:
            return validate(dump(store, RdfFormat.N_TRIPLES, self._graph), self._shapes)
        return validate(union_ntriples(store, without=self._without), self._shapes)

    def check(
        self, store: Store, changed: frozenset[Quad], known: frozenset[Result]
    ) -> tuple[Report, frozenset[Result]]:
        """Give the report on what the change can have changed, and all results after it."""
        if not self._shapes:
            return join_reports([]), frozenset()
        data = DataGraph(store, graph=self._graph, without=self._without)
        nodes = affected_focus_nodes(read_footprint(self._shapes), data, changed)
        if nodes is None:
            report = self.validate(store)
            return report, frozenset(report.results)
        report = validate_affected(self._shapes, data, nodes) if nodes else join_reports([])
        names = {node.value if not isinstance(node, Triple) else str(node) for node in nodes}
        return report, frozenset(r for r in known if r.focus_node not in names) | frozenset(report.results)


def words_of(results: Iterable[Result]) -> tuple[dict[str, Any], ...]:
    """Give results as they stand in an answer."""
    return tuple(
        {
            "focusNode": result.focus_node,
            "path": result.path,
            "value": result.value,
            "severity": result.severity.name.capitalize(),
            "message": result.message,
            "sourceShape": result.source_shape,
        }
        for result in results
    )
