"""A validation report as values: what SHACL section 3.6 describes, grouped and printed for curators.

https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum

from rdflib import RDF, SH, BNode, Graph, Literal
from rdflib.term import Node

from digitech_kg.namespaces import PREFIXES, shorten


class Severity(IntEnum):
    """How bad a result is: a Violation keeps data from being published."""

    INFO = 0
    WARNING = 1
    VIOLATION = 2


_IRI = re.compile(r"<?(https?://[^\s<>]+[\w/#])>?")
_SEVERITIES = {str(SH[s.name.capitalize()]): s for s in Severity}
# A value that is not of its datatype is what reports are about; rdflib would log a traceback for each.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One validation result; IRIs are absolute, `path` and `value` are None where SHACL gives none."""

    focus_node: str
    path: str | None
    value: str | None
    severity: Severity
    message: str
    source_shape: str | None


@dataclass(frozen=True)
class Report:
    """All results of one validation, sorted; `graph` is the W3C report itself."""

    results: tuple[Result, ...]
    graph: Graph

    @property
    def conforms(self) -> bool:
        """Whether there is no Violation; warnings do not keep data from being published."""
        return not self.violations

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that keep data from being published."""
        return tuple(r for r in self.results if r.severity == Severity.VIOLATION)

    def counts(self) -> dict[str, int]:
        """Give the number of results by severity name, for those that occur."""
        return dict(sorted(Counter(r.severity.name.lower() for r in self.results).items()))

    def to_turtle(self) -> str:
        """Give the W3C report."""
        return self.graph.serialize(format="turtle")

    def to_json(self) -> str:
        """Give `{"conforms": …, "results": [{focusNode, path, value, severity, message, sourceShape}]}`."""
        names = {"focus_node": "focusNode", "source_shape": "sourceShape"}
        rows = [{names.get(k, k): v for k, v in asdict(result).items()} for result in self.results]
        for row in rows:
            row["severity"] = Severity(row["severity"]).name.capitalize()
        return json.dumps({"conforms": self.conforms, "results": rows}, indent=2, ensure_ascii=False)

    def to_text(self, place_of: Callable[[str], str | None] = lambda _: None) -> str:
        """Give a report for people: grouped by file, then focus node. `place_of` gives `file:line` of an IRI."""
        if not self.results:
            return "conforms: no result from any shape\n"
        groups: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
        for result in self.results:
            place = place_of(result.focus_node) or "(no file)"
            groups[place.split(":", 1)[0]][f"{place} {shorten(result.focus_node)}"].append(result)
        lines = []
        for file in sorted(groups):
            lines.append(file)
            for node in sorted(groups[file]):
                lines.append(f"  {node}")
                lines += [f"    {r.severity.name.lower()}: {r.message}" for r in groups[file][node]]
        counts = ", ".join(f"{n} {name}{'s' if n != 1 else ''}" for name, n in self.counts().items())
        return "\n".join([*lines, "", ("conforms with " if self.conforms else "does not conform: ") + counts]) + "\n"


def join_reports(reports: Iterable[Report]) -> Report:
    """Give the results of several validations as one report; it conforms if all of them do."""
    found = list(reports)
    graph = Graph()
    for report in found:
        for triple in report.graph:
            # The report itself is one node with one verdict; its results are kept whole.
            if triple[1] not in (SH.result, SH.conforms) and triple[2] != SH.ValidationReport:
                graph.add(triple)
    node = BNode()
    graph.add((node, RDF.type, SH.ValidationReport))
    graph.add((node, SH.conforms, Literal(all(report.conforms for report in found))))
    for result in graph.subjects(RDF.type, SH.ValidationResult):
        graph.add((node, SH.result, result))
    return read_report(graph)


def keep_focus_nodes(report: Report, focus_nodes: Collection[str]) -> Report:
    """Give a report with the results of these focus nodes (IRIs, labels of blank nodes, texts) alone."""
    kept, dropped = Graph(), set()
    for node, focus_node in report.graph.subject_objects(SH.focusNode):
        if str(focus_node) not in focus_nodes:
            dropped.add(node)
    violation = any(r.severity == Severity.VIOLATION and r.focus_node in focus_nodes for r in report.results)
    for triple in report.graph:
        if triple[1] == SH.conforms:
            kept.add((triple[0], SH.conforms, Literal(not violation)))
        elif triple[0] not in dropped and triple[2] not in dropped:
            kept.add(triple)
    return read_report(kept)


def read_report(graph: Graph) -> Report:
    """Give the report that a W3C validation report graph describes."""
    results = [_read_result(graph, node) for node in graph.subjects(RDF.type, SH.ValidationResult)]
    for prefix in ("dk", "id", "claim", "shape", "sh"):
        graph.bind(prefix, PREFIXES[prefix])
    return Report(tuple(sorted(results, key=_sort_key)), graph)


def _sort_key(result: Result) -> tuple[str, ...]:
    return (result.focus_node, result.path or "", result.value or "", result.message, result.source_shape or "")


def _with_short_names(message: str) -> str:
    """Validators write IRIs into messages in different ways; people know them by their CURIEs."""
    return _IRI.sub(lambda match: shorten(match[1]), message)


def _read_result(graph: Graph, node: Node) -> Result:
    def text(prop: Node) -> str | None:
        value = graph.value(node, prop)
        return None if value is None or (isinstance(value, BNode) and prop != SH.focusNode) else str(value)

    severity = str(graph.value(node, SH.resultSeverity))
    messages = sorted({_with_short_names(str(m)) for m in graph.objects(node, SH.resultMessage)})
    return Result(
        focus_node=text(SH.focusNode) or "",
        path=text(SH.resultPath),
        value=text(SH.value),
        severity=_SEVERITIES.get(severity, Severity.VIOLATION),
        message="; ".join(messages) or "violates a shape that has no message",
        source_shape=text(SH.sourceShape),
    )


def parse_ntriples(data: bytes | str) -> Graph:
    """Give a graph whose blank nodes keep the labels that they are written with, so that reports and data agree."""
    return Graph().parse(data=data, format="nt", bnode_context=_AsWritten())


class _AsWritten(dict[str, str]):
    """What the parser looks the label of a blank node up in: gives the label itself."""

    def get(self, label: str, _default: object = None) -> str:
        return label
