"""Parse one Turtle file into quads, and find the line on which a subject is described."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from digitech_kg.errors import Fault, SourceError
from digitech_kg.sources.files import read_text
from digitech_kg.sources.project import SourceFile

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass
class ParsedFile:
    """The quads of one file in order, its faults, and its text to find lines in."""

    source: SourceFile
    text: str
    quads: list[Quad] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        return dict(_PREFIX.findall(self.text))

    @cached_property
    def _lines(self) -> dict[str, int]:
        """Line number by the text that begins an unindented line, first occurrence."""
        lines: dict[str, int] = {}
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line[:1] not in ("", " ", "\t", "#", "@"):
                lines.setdefault(line.split(None, 1)[0], number)
        return lines

    def line_of(self, subject: str) -> int | None:
        """Return the line, from 1, on which the block of the subject with this IRI begins."""
        names = [f"<{subject}>"]
        names += [f"{p}:{subject[len(ns) :]}" for p, ns in self._prefixes.items() if subject.startswith(ns)]
        return next((self._lines[name] for name in names if name in self._lines), None)

    def fault(self, what: str, mend: str, *, subject: str | None = None) -> None:
        """Record a fault at the block of `subject`."""
        line = self.line_of(subject) if subject else None
        self.faults.append(Fault(self.source.name, what, mend, line))


def parse_turtle(source: SourceFile) -> ParsedFile:
    """Read and parse a file; what cannot be read and a syntax error, with line and column, become faults.

    Blank nodes get labels made from the file's name and their order, so that the same file gives the same quads.
    """
    try:
        text = read_text(source.path, source.name)
    except SourceError as error:
        return ParsedFile(source, "", faults=list(error.faults))
    parsed = ParsedFile(source, text)
    try:
        parsed.quads.extend(_with_stable_blank_nodes(source, text))
    except SyntaxError as error:
        what = str(error.args[0]).split(": ", 1)[-1]
        mend = "Mend the Turtle at this place; what follows it in this file was not read."
        parsed.faults.append(Fault(source.name, what, mend, error.lineno, error.offset))
    return parsed


def _with_stable_blank_nodes(source: SourceFile, text: str) -> Iterator[Quad]:
    stem = hashlib.sha256(source.name.encode()).hexdigest()[:8]
    labels: dict[BlankNode, BlankNode] = {}

    def stable(term: NamedNode | BlankNode) -> NamedNode | BlankNode:
        if not isinstance(term, BlankNode):
            return term
        return labels.setdefault(term, BlankNode(f"b{stem}n{len(labels)}"))

    for quad in parse(text, RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise SyntaxError("triple terms (RDF 1.2) are not supported in project files")
        obj = stable(value) if isinstance(value, NamedNode | BlankNode) else value
        yield Quad(stable(subject), quad.predicate, obj, source.graph)
