"""Files named on the command line, taken as further data of a project."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from digitech_kg.errors import CallError
from digitech_kg.sources.project import Project, SourceFile


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
