"""Load a whole project: all quads and saved questions, or every fault of every file at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from digitech_kg.errors import Fault, SourceError
from digitech_kg.namespaces import BASE, OWL, PREFIXES, RDF, shorten, value_of
from digitech_kg.sources.project import Project, SourceFile
from digitech_kg.sources.saved_queries import SavedQuery, parse_saved_query
from digitech_kg.sources.turtle import ParsedFile, parse_turtle

#: IRIs below these must be described by the project itself: a reference to one that is not is a slip of the pen.
_OWN = tuple(BASE + part for part in ("id/", "claim/", "passage/"))
_TERM = PREFIXES["dk"]


@dataclass(frozen=True)
class Sources:
    """What the files say: quads in file order, saved questions, and where each subject is described."""

    project: Project
    quads: list[Quad]
    queries: tuple[SavedQuery, ...]
    files: tuple[ParsedFile, ...]

    def place_of(self, subject: str) -> str | None:
        """Give `file:line` of the block that describes the subject with this IRI, if a file has one."""
        for parsed in self.files:
            line = parsed.line_of(subject)
            if line is not None:
                return f"{parsed.source.name}:{line}"
        return None


def load_sources(project: Project, extra: Iterable[SourceFile] = ()) -> Sources:
    """Parse all files of the project, and any `extra` ones as if they were its own; check that they fit together.

    Raises `SourceError` with every fault of every file: syntax, undeclared terms of the ontology's namespace,
    references to things that nothing describes, things described twice, and faulty query headers.
    """
    files = [parse_turtle(source) for source in (*project.source_files(), *extra)]
    queries, query_faults = _load_queries(project)
    if not any(parsed.faults for parsed in files):
        _check_references(files)
        _check_described_once(files)
    faults = [fault for parsed in files for fault in parsed.faults] + query_faults
    if faults:
        raise SourceError(faults)
    quads = [quad for parsed in files for quad in parsed.quads]
    return Sources(project, quads, tuple(queries), tuple(files))


def _load_queries(project: Project) -> tuple[list[SavedQuery], list[Fault]]:
    queries, faults = [], []
    first: dict[str, str] = {}
    for path in project.query_files():
        name = path.relative_to(project.root).as_posix()
        query, found = parse_saved_query(path, name)
        queries += [query] if query else []
        faults += found
        if path.stem in first:
            faults.append(Fault(name, f"{first[path.stem]} has this name already", "Give it a name of its own.", 1))
        first.setdefault(path.stem, name)
    return queries, faults


def _check_references(files: Iterable[ParsedFile]) -> None:
    described = {quad.subject.value for f in files for quad in f.quads if isinstance(quad.subject, NamedNode)}
    for parsed in files:
        reported: set[tuple[str, str]] = set()
        for quad in parsed.quads:
            subject = value_of(quad.subject)
            for term in (quad.predicate, quad.object):
                if not isinstance(term, NamedNode) or term.value in described:
                    continue
                if term.value.startswith((_TERM, *_OWN)) and (subject, term.value) not in reported:
                    reported.add((subject, term.value))
                    _report_unknown(parsed, subject, term.value, described)


def _report_unknown(parsed: ParsedFile, subject: str, iri: str, described: set[str]) -> None:
    close = difflib.get_close_matches(iri, described, n=1, cutoff=0.85)
    where = "the ontology declares" if iri.startswith(_TERM) else "any file describes"
    mend = f"Did you mean {shorten(close[0])}?" if close else "Describe it, or mend the name."
    parsed.fault(f"{shorten(subject)} points at {shorten(iri)}, which is nothing that {where}", mend, subject=subject)


def _check_described_once(files: Iterable[ParsedFile]) -> None:
    """A thing or claim has its block in one file, so that there is one place to edit it."""
    first: dict[str, ParsedFile] = {}
    for parsed in files:
        typed = {value_of(q.subject) for q in parsed.quads if q.predicate == RDF.type and q.object != OWL.Class}
        for subject in sorted(s for s in typed if s.startswith(_OWN)):
            other = first.setdefault(subject, parsed)
            if other is not parsed:
                place = f"{other.source.name}:{other.line_of(subject)}"
                parsed.fault(
                    f"{shorten(subject)} is described in two files", f"Merge it into {place}.", subject=subject
                )
