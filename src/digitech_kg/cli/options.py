"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from digitech_kg.build import Reasoning
from digitech_kg.errors import CallError
from digitech_kg.reasoning import LARGEST_FOR_HERMIT, REASONERS
from digitech_kg.settings import default_data_dir, setting_fields
from digitech_kg.snapshot import Manifest, Snapshot, SnapshotRepository
from digitech_kg.sources import Project, find_project

_Command = TypeVar("_Command", bound=Callable[..., Any])

project_option = click.option(
    "--project",
    "project_dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Project folder with ontology/, data/ and shapes/.  [default: the bundled one]",
)
data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    envvar="DIGITECH_KG_DATA_DIR",
    help="Where snapshots are kept.  [default: a folder in the user's cache]",
)
empty_option = click.option("--empty", is_flag=True, help="For serve --empty without --data-dir.")

no_reasoning_option = click.option(
    "--no-reasoning", is_flag=True, help="Infer nothing: faster, and questions that need inference find less."
)
reasoner_option = click.option(
    "--reasoner",
    type=click.Choice(["auto", *sorted(REASONERS)]),
    default="auto",
    show_default=True,
    help=f"auto is hermit up to {LARGEST_FOR_HERMIT:,} premises, above that rl.",
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
            option = click.option(
                f"--{name.replace('_', '-')}",
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


def locate(project_dir: Path | None, data_dir: Path | None) -> tuple[Project, Path]:
    """Give the project and its data directory. Raises `CallError` if there is no such project."""
    project = find_project(project_dir)
    return project, data_dir or default_data_dir(project)


def find_data_dir(project_dir: Path | None, data_dir: Path | None, empty: bool) -> Path:
    """Give the data directory of a project, or that of `serve --empty`. Raises `CallError` if there is no project."""
    if empty:
        return data_dir or default_data_dir(None)
    return locate(project_dir, data_dir)[1]


def current_snapshot(repository: SnapshotRepository) -> Snapshot:
    """Give the current snapshot. Raises `CallError` if nothing was published yet."""
    snapshot = repository.current()
    if snapshot is None:
        raise CallError(f"no snapshot is published in {repository.data_dir}", hint="Run: digitech-kg build")
    return snapshot


def reasoning_of(data_dir: Path, reasoner: str, no_reasoning: bool) -> Reasoning | None:
    """Give how a build is to reason; results are kept in the data directory."""
    return None if no_reasoning else Reasoning(reasoner, data_dir / "reasoning")


def warn_without_inferences(manifest: Manifest, no_reasoning: bool) -> None:
    """Say on stderr that a snapshot has no inferences although they were wanted, and why."""
    if manifest.reasoning == "none" and not no_reasoning:
        click.echo(f"Warning: the graph has no inferences. {manifest.reasoning_note}", err=True)
