"""Make a dataset what a project's files say: build, sync, and what `serve` does when it starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digitech_kg.commit.request import Commit, Outcome, ProjectFiles
from digitech_kg.commit.road import Committer
from digitech_kg.errors import Conflict
from digitech_kg.snapshot import Snapshot, SnapshotRepository
from digitech_kg.sources import Project

Step = Callable[[str], None]


@dataclass(frozen=True)
class BuildResult:
    """The current snapshot after a build, and what the build did."""

    snapshot: Snapshot
    outcome: Outcome


def build(
    project: Project,
    repository: SnapshotRepository,
    *,
    edits: str = "conflict",
    force: bool = False,
    infers: bool = True,
    message: str = "",
    step: Step = lambda _: None,
) -> BuildResult:
    """Publish what the project's files say, unless the current version was built from the same input.

    `edits` is that of `ProjectFiles`. Raises what `Committer.commit` raises; nothing is published then.
    """
    write = ProjectFiles(project, edits=edits, force=force, infers=infers)
    action = "sync" if edits == "keep" else "build"
    outcome = Committer(repository, step=step).commit(write, Commit(action, message=message))
    snapshot = repository.current()
    assert snapshot is not None  # noqa: S101 - one was published just now, or before
    return BuildResult(snapshot, outcome)


def build_or_keep(
    project: Project, repository: SnapshotRepository, *, infers: bool = True, step: Step = lambda _: None
) -> tuple[Snapshot, Conflict | None]:
    """Build; where that would lose online edits, return the current snapshot and the reason instead."""
    try:
        return build(project, repository, infers=infers, step=step).snapshot, None
    except Conflict as conflict:
        current = repository.current()
        if current is None:
            raise
        return current, conflict
