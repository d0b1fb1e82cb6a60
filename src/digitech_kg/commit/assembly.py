"""A project's dataset with all that is derived, without publishing it: for commands that check or explain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass

from pyoxigraph import Quad, Store

from digitech_kg.commit.checks import Checks
from digitech_kg.commit.contents import Contents
from digitech_kg.commit.files.project_files import FilesContent, read_content
from digitech_kg.commit.parts import Parts
from digitech_kg.commit.recomputation import recompute
from digitech_kg.commit.results import ResultStore
from digitech_kg.commit.rules import load_rules
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.errors import InconsistentData
from digitech_kg.sources import Project, SourceFile
from digitech_kg.triple_store import store_of
from digitech_kg.validation import Report, Result, report_of, validate


@dataclass(frozen=True)
class Assembly:
    """All quads of a project, derived ones included, and what the shapes say of them."""

    project: Project
    content: FilesContent
    target: TrackedStore
    results: tuple[Result, ...]

    @property
    def store(self) -> Store:
        """The store with all quads."""
        return self.target.store

    @property
    def contents(self) -> Contents:
        """The quads by part: what is shared, documents, and what is outside of them."""
        return Contents(self.target, self.project.names)

    @property
    def quads(self) -> list[Quad]:
        """What files say, in the order of the files."""
        return self.content.sources.quads


def assemble(
    project: Project,
    *,
    extra: Iterable[SourceFile] = (),
    validator: Callable[..., Report] = validate,
    infers: bool = True,
) -> Assembly:
    """Read a project's files and `extra` ones, and derive, infer, validate and compare as a commit does.

    `validator` is another one than usual. Raises `SourceError` with all faults of the files, and `InconsistentData`
    with the claims of a document that contradicts itself and keeps the shapes.
    """
    content = read_content(project, tuple(extra))
    target = TrackedStore(store_of([*content.written, *content.catalog]))
    parts = Parts(project.names, load_rules(project), ResultStore(None), validator=validator, infers=infers)
    with Checks() as checks:
        try:
            recompute(target, parts, None, checks, timed=lambda _: nullcontext())
        except InconsistentData:
            # A shape says what is wrong in plainer words than a proof.
            if not report_of(checks.results(), project.names).violations:
                raise
        return Assembly(project, content, target, checks.results())
