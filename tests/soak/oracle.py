"""pySHACL over all of the data, as the truth that the gate is held against, and reports in a form that compares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import rdflib.plugins.sparql.processor as processor
from rdflib import RDF, SH, BNode

from digitech_kg.validation import Report

#: Validators put the IRIs into messages with or without brackets.
_IRI = re.compile(r"<(https?:[^>\s]*)>")
#: Focus node, path, component, value, severity, messages.
Finding = tuple[str, str, str, str, str, tuple[str, ...]]


def findings(report: Report) -> set[Finding]:
    """Give what a report found, without what validators name differently: blank nodes that stand for paths."""
    found = set()
    for result in report.graph.subjects(RDF.type, SH.ValidationResult):
        path = report.graph.value(result, SH.resultPath)
        parts = [report.graph.value(result, p) for p in (SH.focusNode, SH.sourceConstraintComponent, SH.value)]
        focus, component, value = (str(part or "") for part in parts)
        severity = str(report.graph.value(result, SH.resultSeverity))
        messages = tuple(sorted(_IRI.sub(r"\1", str(m)) for m in report.graph.objects(result, SH.resultMessage)))
        found.add((focus, "" if isinstance(path, BNode) else str(path or ""), component, value, severity, messages))
    return found


@contextmanager
def queries_parsed_once() -> Iterator[None]:
    """Let rdflib parse the same query text once; pySHACL gives it each constraint again for every focus node."""
    parse, translate = processor.parseQuery, processor.translateQuery
    translated: dict[tuple[object, ...], tuple[object, Any]] = {}

    def translate_once(query: Any, base: Any = None, init_ns: Any = None) -> Any:
        key = (id(query), base, tuple(sorted((init_ns or {}).items())))
        if key not in translated:
            # The query is kept as well, so that nothing else gets its id.
            translated[key] = (query, translate(query, base, init_ns))
        return translated[key][1]

    processor.parseQuery, processor.translateQuery = cache(parse), translate_once
    try:
        yield
    finally:
        processor.parseQuery, processor.translateQuery = parse, translate
