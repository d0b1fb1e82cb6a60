"""The command `serve`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from digitech_kg.cli.messages import Steps
from digitech_kg.cli.options import (
    data_dir_option,
    locate,
    no_reasoning_option,
    project_option,
    setting_options,
)
from digitech_kg.commit import build_or_keep, create_empty
from digitech_kg.engine.remote_http import without_credentials
from digitech_kg.errors import CallError
from digitech_kg.settings import Settings, default_data_dir
from digitech_kg.snapshot import Retention, Snapshot, SnapshotRepository
from digitech_kg.sources import find_project
from digitech_kg.web.server import describe_address, free_port
from digitech_kg.web.server import serve as run_server

_NAMES = tuple(f.name for f in dataclasses.fields(Settings))


@click.command()
@project_option
@data_dir_option
@click.option(
    "--empty", is_flag=True, help="Serve any data instead of a project: what the data directory has, or nothing."
)
@no_reasoning_option
@setting_options(*_NAMES)
def serve(
    project_dir: Path | None,
    data_dir: Path | None,
    empty: bool,
    no_reasoning: bool,
    **values: Any,
) -> None:
    """Serve the graph: SPARQL endpoint and pages. Builds first if the files have changed.

    With --engine the data stays in another SPARQL store; nothing is built then.

    Example: digitech-kg serve --port 8080 --query-timeout 10
    """
    settings = Settings(**values).checked()
    settings = dataclasses.replace(settings, port=free_port(settings.host, settings.port))
    snapshot: Snapshot | None
    if empty:
        directory, snapshot = _open_without_project(project_dir, data_dir)
        names = snapshot.names if snapshot else find_project().names
    else:
        project, directory = locate(project_dir, data_dir)
        names = project.names
        snapshot = None if settings.engine else _build(settings, project_dir, data_dir, no_reasoning)
    if settings.engine:
        click.echo(f"Serving what the store at {without_credentials(settings.engine)} holds", err=True)
    elif snapshot is not None:
        click.echo(f"Serving {snapshot.manifest.quads:,} quads of snapshot {snapshot.version}", err=True)

    def say_where() -> None:
        click.echo(f"Open {describe_address(settings)} (stop with Ctrl-C)", err=True)

    run_server(directory, settings, names, listening=say_where)


def _build(settings: Settings, project_dir: Path | None, data_dir: Path | None, no_reasoning: bool) -> Snapshot:
    """Publish the project's present state, unless online edits would be lost: then what is published goes on."""
    project, directory = locate(project_dir, data_dir)
    repository = SnapshotRepository(directory, retention=Retention.parse(settings.keep))
    steps = Steps()
    try:
        snapshot, kept = build_or_keep(project, repository, infers=not no_reasoning, step=steps)
    finally:
        steps.done()
    if kept is not None:
        click.echo(f"The files have changed, and {kept.message}; it is served as it is. {kept.hint}", err=True)
    return snapshot


def _open_without_project(project_dir: Path | None, data_dir: Path | None) -> tuple[Path, Snapshot]:
    """Return the data directory and its current snapshot; one without any quads if there is none yet."""
    if project_dir is not None:
        raise CallError("--empty means no project, but --project names one", hint="Leave one of the two out.")
    directory = data_dir or default_data_dir(None)
    repository = SnapshotRepository(directory)
    return directory, create_empty(repository, find_project().names)
