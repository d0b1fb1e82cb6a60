"""Whether what a write leads to may be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import RdfFormat, Store

from digitech_kg.build import Rules
from digitech_kg.errors import InvalidData
from digitech_kg.namespaces import GRAPH
from digitech_kg.triple_store import dump, union_ntriples
from digitech_kg.validation import Report, Result, Severity, join_reports, validate


@dataclass(frozen=True)
class Verdict:
    """The results of a validation, told apart by whether they were there before the write."""

    report: Report
    known: frozenset[Result]

    @property
    def results(self) -> frozenset[Result]:
        """All results."""
        return frozenset(self.report.results)

    @property
    def blocking(self) -> tuple[Result, ...]:
        """The violations that the write would add."""
        return tuple(result for result in self.report.violations if result not in self.known)

    @property
    def old(self) -> tuple[Result, ...]:
        """The violations that were there before."""
        return tuple(result for result in self.report.violations if result in self.known)

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
        count = len(self.blocking)
        message = f"the result would have {count} new violation{'' if count == 1 else 's'} of the shapes"
        hint = "Nothing was changed. Mend what the report names and send it again."
        return InvalidData(message, hint=hint, report=self.report)


class Gate:
    """Validates by the rules that are kept beside a snapshot."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def validate(self, store: Store) -> Report:
        """Validate a whole dataset."""
        reports = []
        if self._rules.data:
            reports.append(validate(union_ntriples(store, without=GRAPH.inferred), self._rules.data))
        if self._rules.ontology:
            reports.append(validate(dump(store, RdfFormat.N_TRIPLES, GRAPH.ontology), self._rules.ontology))
        return join_reports(reports)

    def check(self, store: Store, known: frozenset[Result]) -> Verdict:
        """Validate a dataset; `known` are the results of the version before."""
        return Verdict(self.validate(store), known)


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
