"""Options that several commands share, and the project and data that they name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

import click

from digitech_kg.errors import CallError
from digitech_kg.settings import default_data_dir, option_of, setting_fields
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sources.project import PROJECT_FILE, Project, find_project

Command = Callable[..., Any]
#: An existing file.
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

_PROJECT = click.option(
    "--project",
    "project_dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of a project.  [default: the current one if it has a project.toml, else the bundled one]",
)
_DATA_DIR = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    envvar="DIGITECH_KG_DATA_DIR",
    help="Where snapshots are kept.  [default: a folder in the user's cache]",
)
_EMPTY = click.option("--empty", is_flag=True, help="Use the data of serve --empty; not needed with --data-dir.")


@dataclass(frozen=True)
class Place:
    """The project and the data directory that the options of a command name. Raises `CallError` if there are none."""

    project_dir: Path | None = None
    data_dir: Path | None = None
    empty: bool = False

    @cached_property
    def project(self) -> Project:
        """The project that is named, else the one in the current folder, else the bundled one."""
        here = Path.cwd()
        return find_project(self.project_dir or (here if (here / PROJECT_FILE).is_file() else None))

    @property
    def own_project(self) -> Project:
        """The project that is named or in the current folder: one that may be written to."""
        return find_project(self.project_dir or Path.cwd())

    @cached_property
    def directory(self) -> Path:
        """The data directory that is named, else that of the project, or of `serve --empty`."""
        project = None if self.empty else self.project
        return self.data_dir or default_data_dir(project)

    @cached_property
    def repository(self) -> SnapshotRepository:
        """The published versions. Commands remove none: the server or a build decides how many are kept."""
        return SnapshotRepository(self.directory, keep=None)

    @property
    def published(self) -> SnapshotRepository:
        _ = self.snapshot
        return self.repository

    @property
    def snapshot(self) -> Snapshot:
        snapshot = self.repository.current()
        if snapshot is None:
            raise CallError(f"no version is published in {self.directory}", hint="Run: digitech-kg build")
        return snapshot


def in_project(command: Command) -> Command:
    """Add the option that names a project; the command gets a `Place`."""
    return _PROJECT(_with_place(command))


def in_dataset(command: Command) -> Command:
    """Add the options that name a project and its data; the command gets a `Place`."""
    return _PROJECT(_DATA_DIR(_with_place(command)))


def in_any_dataset(command: Command) -> Command:
    """Add the options that name the data of a project or of `serve --empty`; the command gets a `Place`."""
    return _PROJECT(_DATA_DIR(_EMPTY(_with_place(command))))


def _with_place(command: Command) -> Command:
    @wraps(command)
    def run(*, project_dir: Path | None, data_dir: Path | None = None, empty: bool = False, **values: Any) -> Any:
        return command(Place(project_dir, data_dir, empty), **values)

    return run


def setting_options(*names: str) -> Callable[[Command], Command]:
    """Add one option per named setting, with default, unit and help from the table of settings."""

    def decorate(command: Command) -> Command:
        for name in reversed(names):
            row = setting_fields()[name]
            unit, default = row["unit"], row["default"]
            shown: dict[str, Any] = {"default": default, "help": row["help"]}
            if default is True:
                shown |= {"is_flag": True, "flag_value": False, "help": f"Turn this off: {row['help']}"}
            elif "|" in unit:
                shown |= {"type": click.Choice(unit.split("|")), "show_default": True}
            else:
                many = isinstance(default, tuple)
                shown |= {"multiple": many, "type": str if many else type(default), "metavar": unit.upper()}
                shown["show_default"] = default not in ("", ())
            command = click.option(option_of(name), name, **shown)(command)
        return command

    return decorate
