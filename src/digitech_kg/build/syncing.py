"""Bring changed files into a dataset that was edited online."""

from __future__ import annotations

from collections.abc import Callable

from digitech_kg.build.merging import merge_edits, quads_of_files
from digitech_kg.build.pipeline import BuildResult, build_snapshot
from digitech_kg.build.reasoning import Reasoning
from digitech_kg.errors import CallError
from digitech_kg.snapshot import Change, Snapshot, SnapshotRepository
from digitech_kg.sources import Project


def sync_project(
    project: Project,
    repository: SnapshotRepository,
    *,
    reasoning: Reasoning | None = None,
    step: Callable[[str], None] = lambda _: None,
    message: str = "",
) -> BuildResult:
    """Publish what the project's files say now together with the online writes that they do not have yet.

    Nothing is published if the files are those that the current version was made from. Raises `EditsCollide` if the
    store has moved on in the same things, `CallError` if it holds data of no project, and what `build_snapshot` raises.
    """

    def keep_edits(current: Snapshot) -> Change:
        if not current.manifest.derives:
            hint = "Name the project's own data directory with --data-dir; for other data there is digitech-kg import."
            raise CallError(f"{repository.data_dir} holds data of no project", hint=hint)
        step("comparing files and store")
        return merge_edits(current, quads_of_files(project))

    return build_snapshot(
        project, repository, reasoning=reasoning, step=step, keep_edits=keep_edits, action="sync", message=message
    )
