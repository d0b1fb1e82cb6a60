"""Load a whole project: all quads and saved questions, or every fault of every file at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from digitech_kg.errors import CallError, Fault, SourceError
from digitech_kg.namespaces import OWL, RDF, TERMS, Namespaces, value_of
from digitech_kg.sources.project import Project, SourceFile
from digitech_kg.sources.saved_queries import SavedQuery, parse_saved_query
from digitech_kg.sources.turtle import ParsedFile, parse_turtle


@dataclass(frozen=True)
class Sources:
    """What the files say: quads in file order, saved questions, and where each subject is described."""

    project: Project
    quads: list[Quad]
    queries: tuple[SavedQuery, ...]
    files: tuple[ParsedFile, ...]

    def place_of(self, subject: str) -> str | None:
        """Return `file:line` of the block that describes the subject with this IRI; None if no file has one."""
        for parsed in self.files:
            line = parsed.line_of(subject)
            if line is not None:
                return f"{parsed.source.name}:{line}"
        return None


def load_sources(project: Project, extra: Iterable[SourceFile] = ()) -> Sources:
    """Parse all files of the project, and any `extra` ones as if they were its own; check that they fit together.

    Raises `SourceError` with every fault of every file: syntax, undeclared terms of the ontology's namespace,
    references to things that nothing describes, claims described twice, and faulty query headers.
    """
    files = [parse_turtle(source) for source in (*project.source_files(), *extra)]
    queries, query_faults = _load_queries(project)
    if not any(parsed.faults for parsed in files):
        _check_references(files, project.names)
        _check_described_once(files, project.names)
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
        query, found = parse_saved_query(path, name, project.names)
        queries += [query] if query else []
        faults += found
        if path.stem in first:
            faults.append(Fault(name, f"{first[path.stem]} has this name already", "Give it another name.", 1))
        first.setdefault(path.stem, name)
    return queries, faults


def _check_references(files: Iterable[ParsedFile], names: Namespaces) -> None:
    """An IRI of the project's own, or a term of the ontology, that nothing describes is a slip of the pen."""
    described = {quad.subject.value for f in files for quad in f.quads if isinstance(quad.subject, NamedNode)}
    own = (TERMS, *(names.prefixes[kind] for kind in ("id", "claim", "passage")))
    for parsed in files:
        reported: set[tuple[str, str]] = set()
        for quad in parsed.quads:
            subject = value_of(quad.subject)
            for term in (quad.predicate, quad.object):
                if not isinstance(term, NamedNode) or term.value in described:
                    continue
                if term.value.startswith(own) and (subject, term.value) not in reported:
                    reported.add((subject, term.value))
                    _report_unknown(parsed, subject, term.value, described, names)


def _report_unknown(parsed: ParsedFile, subject: str, iri: str, described: set[str], names: Namespaces) -> None:
    close = difflib.get_close_matches(iri, described, n=1, cutoff=0.85)
    where = "the ontology does not have" if iri.startswith(TERMS) else "no file describes"
    mend = f"Did you mean {names.shorten(close[0])}?" if close else "Describe it, or correct the name."
    what = f"{names.shorten(subject)} points at {names.shorten(iri)}, which {where}"
    parsed.fault(what, mend, subject=subject)


def _check_described_once(files: Iterable[ParsedFile], names: Namespaces) -> None:
    """A claim or passage has its block in one file, and a thing has one in each graph, so there is one place to edit.

    A document may add to a thing that is described elsewhere.
    """
    first: dict[tuple[str, str], ParsedFile] = {}
    once = tuple(names.prefixes[kind] for kind in ("claim", "passage"))
    things = names.prefixes["id"]
    for parsed in files:
        typed = {value_of(q.subject) for q in parsed.quads if q.predicate == RDF.type and q.object != OWL.Class}
        for subject in sorted(s for s in typed if s.startswith((*once, things))):
            graph = "" if subject.startswith(once) else parsed.source.graph.value
            other = first.setdefault((subject, graph), parsed)
            if other is not parsed:
                place = f"{other.source.name}:{other.line_of(subject)}"
                what = f"{names.shorten(subject)} is described in two files"
                parsed.fault(what, f"It is also described at {place}. Keep one block, or rename one.", subject=subject)


def load_extra_files(project: Project, files: Iterable[Path]) -> tuple[SourceFile, ...]:
    """Return the files that are not the project's own already. Raises `CallError` for one that is not there."""
    own = {source.path.resolve() for source in project.source_files()}
    extra = []
    for path in files:
        if not path.is_file():
            raise CallError(f"there is no file {path}", hint="Name Turtle files that exist.")
        if path.resolve() not in own:
            extra.append(SourceFile(path, str(path), project.names.graphs["draft"]))
    return tuple(extra)
