"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from digitech_kg.errors import CallError
from digitech_kg.settings import default_data_dir, option_of, setting_fields
from digitech_kg.snapshot import Snapshot, SnapshotRepository
from digitech_kg.sources import Project, find_project
from digitech_kg.sources.configuration import FILE_NAME

_Command = TypeVar("_Command", bound=Callable[..., Any])

project_option = click.option(
    "--project",
    "project_dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of a project.  [default: the current one if it has a project.toml, else the bundled one]",
)
data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    envvar="DIGITECH_KG_DATA_DIR",
    help="Where snapshots are kept.  [default: a folder in the user's cache]",
)
empty_option = click.option("--empty", is_flag=True, help="Use the data of serve --empty; not needed with --data-dir.")

no_reasoning_option = click.option(
    "--no-reasoning", is_flag=True, help="Infer nothing: faster, and questions that need inference find less."
)


def setting_options(*names: str) -> Callable[[_Command], _Command]:
    """Add one option per named setting, with default, unit and help from the table of settings."""

    def decorate(command: _Command) -> _Command:
        for name in reversed(names):
            row = setting_fields()[name]
            unit, default = row["unit"], row["default"]
            many = isinstance(default, tuple)
            kind = click.Choice(unit.split("|")) if "|" in unit else str if many else type(default)
            metavar = None if "|" in unit else unit.upper()
            if default is True:
                switch = click.option(
                    option_of(name), name, is_flag=True, flag_value=False, default=True, help=row["help"]
                )
                command = switch(command)
                continue
            option = click.option(
                option_of(name),
                name,
                multiple=many,
                type=kind,
                default=default,
                show_default=default not in ("", ()),
                metavar=metavar,
                help=row["help"],
            )
            command = option(command)
        return command

    return decorate


def find_project_here(root: Path | None, *, to_write: bool = False) -> Project:
    """Return the project at `root`, else the one in the current folder, else the bundled one if only to read it.

    Raises `CallError` if there is none.
    """
    here = Path.cwd()
    return find_project(root or (here if to_write or (here / FILE_NAME).is_file() else None))


def locate(project_dir: Path | None, data_dir: Path | None) -> tuple[Project, Path]:
    """Return the project and its data directory. Raises `CallError` if there is no such project."""
    project = find_project_here(project_dir)
    return project, data_dir or default_data_dir(project)


def find_data_dir(project_dir: Path | None, data_dir: Path | None, empty: bool) -> Path:
    """Return the data directory of a project, or that of `serve --empty`. Raises `CallError` if there is no project."""
    if empty:
        return data_dir or default_data_dir(None)
    return locate(project_dir, data_dir)[1]


def current_snapshot(repository: SnapshotRepository) -> Snapshot:
    """Return the current snapshot. Raises `CallError` if nothing was published yet."""
    snapshot = repository.current()
    if snapshot is None:
        raise CallError(f"no version is published in {repository.data_dir}", hint="Run: digitech-kg build")
    return snapshot
