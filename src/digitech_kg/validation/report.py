"""A validation report as values: what SHACL section 3.6 describes, grouped and printed for curators.

https://www.w3.org/TR/shacl/#validation-report
"""

import json
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, Final

from pyoxigraph import NamedNode
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node
from rdflib.util import from_n3

from digitech_kg.claims.model import in_text_order
from digitech_kg.namespaces import Namespaces, value_of


class Severity(IntEnum):
    """How bad a result is: a Violation keeps data from being published."""

    INFO = 0
    WARNING = 1
    VIOLATION = 2


_IRI: Final = re.compile(r"<?(https?://[^\s<>]+[\w/#])>?")
_SEVERITIES: Final = {str(SH[s.name.capitalize()]): s for s in Severity}
#: The prefixes that a report is written with.
_PREFIXES: Final = ("dk", "id", "claim", "passage", "shape", "sh")
# A value that is not of its datatype is what reports are about; rdflib would log a traceback for each.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result; IRIs are absolute, `path` and `value` are None where SHACL gives none."""

    focus_node: str
    path: str | None
    value: str | None
    severity: Severity
    message: str
    source_shape: str | None
    #: The IRI of the constraint component.
    constraint: str | None = None
    #: The value as N-Triples, to tell an IRI from a text.
    value_term: str | None = None

    def to_row(self) -> dict[str, str | None]:
        return {
            "focusNode": self.focus_node,
            "path": self.path,
            "value": self.value,
            "severity": self.severity.name.capitalize(),
            "message": self.message,
            "sourceShape": self.source_shape,
        }


def fault(
    focus: Any, path: NamedNode, value: Any, message: str, severity: Severity = Severity.VIOLATION, constraint: str = ""
) -> Result:
    """Return what no shape has found, of a thing and a value that are terms or texts."""
    term = None if value is None or isinstance(value, str) else str(value)
    subject, text = (getattr(each, "value", each) for each in (focus, value))
    return Result(subject, path.value, text, severity, message, None, constraint or None, term)


def warn(focus: Any, path: NamedNode, value: Any, message: str) -> Result:
    return fault(focus, path, value, message, Severity.WARNING)


@dataclass(frozen=True)
class Report:
    results: tuple[Result, ...]
    names: Namespaces

    @cached_property
    def graph(self) -> Graph:
        """The W3C report."""
        graph = _graph_of(self.results)
        for prefix in _PREFIXES:
            graph.bind(prefix, self.names.prefixes[prefix])
        return graph

    @property
    def conforms(self) -> bool:
        """Whether there is no Violation; warnings don't keep data from being published."""
        return not self.violations

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that keep data from being published."""
        return tuple(r for r in self.results if r.severity == Severity.VIOLATION)

    def counts(self) -> dict[str, int]:
        """Return the number of results by severity name, for those that occur."""
        return dict(sorted(Counter(r.severity.name.lower() for r in self.results).items()))

    def to_turtle(self) -> str:
        return self.graph.serialize(format="turtle")

    def to_json(self) -> str:
        """Return `{"conforms": …, "results": [{focusNode, path, value, severity, message, sourceShape}]}`."""
        rows = [result.to_row() for result in self.results]
        return json.dumps({"conforms": self.conforms, "results": rows}, indent=2, ensure_ascii=False)

    def to_text(self, place_of: Callable[..., str | None] = lambda *_: "") -> str:
        """Return a report for people: grouped by file, then focus node.

        `place_of` gives `file:line` of an IRI with a property and a value, None if no file has it, and "" if files
        don't matter.
        """
        if not self.results:
            return "conforms: the shapes find nothing\n"
        groups: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
        for result in self.results:
            place = place_of(result.focus_node, result.path, result.value)
            place = "(no file)" if place is None else place
            groups[place.split(":", 1)[0]][f"{place} {self._short(result.focus_node)}".strip()].append(result)
        lines = []
        for file in sorted(groups):
            lines += [file] if file else []
            # Line 9 comes before line 85, as in texts.
            for node in sorted(groups[file], key=in_text_order):
                lines.append(f"  {node}")
                lines += [f"    {r.severity.name.lower()}: {r.message}" for r in groups[file][node]]
        counts = ", ".join(f"{n} {name}{'s' if n != 1 else ''}" for name, n in self.counts().items())
        return "\n".join([*lines, "", ("conforms with " if self.conforms else "does not conform: ") + counts]) + "\n"

    def _short(self, node: str) -> str:
        return self.names.shorten(node) if ":" in node else f"_:{node}"


def report_of(results: Iterable[Result], names: Namespaces) -> Report:
    """Return a report of results, in whatever order and from however many validations; what reads the same is one."""
    distinct = {_sort_key(result): result for result in results}
    return Report(tuple(distinct[key] for key in sorted(distinct)), names)


def read_report(graph: Graph, names: Namespaces, focus: Set[Any] | None = None) -> Report:
    """Return the report that a W3C validation report graph describes: on the nodes in `focus`; None means on all."""
    nodes = graph.subjects(RDF.type, SH.ValidationResult)
    results = sorted((_read_result(graph, node, names) for node in nodes), key=_sort_key)
    looked_at = None if focus is None else {value_of(node) for node in focus}
    return Report(tuple(it for it in results if looked_at is None or it.focus_node in looked_at), names)


def _sort_key(result: Result) -> tuple[str, ...]:
    return (result.focus_node, result.path or "", result.value or "", result.message, result.source_shape or "")


def _read_result(graph: Graph, node: Node, names: Namespaces) -> Result:
    def text(prop: Node) -> str | None:
        value = graph.value(node, prop)
        return None if value is None or (isinstance(value, BNode) and prop != SH.focusNode) else str(value)

    severity = str(graph.value(node, SH.resultSeverity))
    value: Any = graph.value(node, SH.value)
    # Validators write IRIs into messages in different ways; people know them by their CURIEs.
    messages = {_IRI.sub(lambda m: names.shorten(m[1]), str(text)) for text in graph.objects(node, SH.resultMessage)}
    return Result(
        focus_node=text(SH.focusNode) or "",
        path=text(SH.resultPath),
        value=text(SH.value),
        severity=_SEVERITIES.get(severity, Severity.VIOLATION),
        message="; ".join(sorted(messages)) or "violates a shape that has no message",
        source_shape=text(SH.sourceShape),
        constraint=text(SH.sourceConstraintComponent),
        value_term=None if value is None else str(value.n3()),
    )


def _graph_of(results: Iterable[Result]) -> Graph:
    """Return a W3C report of results; a path that is more than a property is left out."""
    graph, report = Graph(), BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    for result in results:
        node = BNode()
        graph.add((report, SH.result, node))
        graph.add((node, RDF.type, SH.ValidationResult))
        graph.add((node, SH.focusNode, _node(result.focus_node)))
        graph.add((node, SH.resultSeverity, SH[result.severity.name.capitalize()]))
        graph.add((node, SH.resultMessage, Literal(result.message)))
        for prop, text in (
            (SH.resultPath, result.path),
            (SH.sourceShape, result.source_shape),
            (SH.sourceConstraintComponent, result.constraint),
        ):
            if text is not None:
                graph.add((node, prop, _node(text)))
        value = from_n3(result.value_term) if result.value_term is not None else None
        if isinstance(value, Node):
            graph.add((node, SH.value, value))
    graph.add((report, SH.conforms, Literal((None, SH.result, None) not in graph)))
    return graph


def _node(name: str) -> Node:
    return URIRef(name) if ":" in name else BNode(name)


def parse_ntriples(data: bytes) -> Graph:
    """Return a graph whose blank nodes keep the labels that they are written with, so that reports and data agree."""
    return Graph().parse(data=data, format="nt", bnode_context=_AsWritten())


class _AsWritten(dict[str, str]):
    """What the parser looks the label of a blank node up in: it is the label itself."""

    def get(self, label: str, _default: object = None) -> str:
        return label
