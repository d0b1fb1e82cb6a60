"""The command `serve`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from digitech_kg.build import build_snapshot
from digitech_kg.cli.data import Steps
from digitech_kg.cli.options import (
    data_dir_option,
    locate,
    no_reasoning_option,
    project_option,
    reasoner_option,
    reasoning_of,
    setting_options,
    warn_without_inferences,
)
from digitech_kg.engine.remote_http import without_credentials
from digitech_kg.settings import Settings
from digitech_kg.snapshot import SnapshotRepository
from digitech_kg.sources import Project
from digitech_kg.web.server import describe_address, free_port
from digitech_kg.web.server import serve as run_server

_NAMES = tuple(f.name for f in dataclasses.fields(Settings))


@click.command()
@project_option
@data_dir_option
@reasoner_option
@no_reasoning_option
@setting_options(*_NAMES)
def serve(project_dir: Path | None, data_dir: Path | None, reasoner: str, no_reasoning: bool, **values: Any) -> None:
    """Serve the graph: SPARQL endpoint and pages. Builds first if the files have changed.

    With --engine the data stays in another SPARQL store; nothing is built then.

    Example: digitech-kg serve --port 8080 --query-timeout 10
    """
    settings = Settings(**values).checked()
    settings = dataclasses.replace(settings, port=free_port(settings.host, settings.port))
    project, directory = locate(project_dir, data_dir)
    if settings.engine:
        click.echo(f"Serving what the store at {without_credentials(settings.engine)} holds", err=True)
    else:
        _build(project, directory, reasoner, no_reasoning)

    def say_where() -> None:
        click.echo(f"Open {describe_address(settings)} (stop with Ctrl-C)", err=True)

    run_server(directory, settings, listening=say_where)


def _build(project: Project, directory: Path, reasoner: str, no_reasoning: bool) -> None:
    """Publish the project's present state and say what it is."""
    steps = Steps()
    try:
        reasoning = reasoning_of(directory, reasoner, no_reasoning)
        result = build_snapshot(project, SnapshotRepository(directory), reasoning=reasoning, step=steps)
    finally:
        steps.done()
    manifest = result.snapshot.manifest
    warn_without_inferences(manifest, no_reasoning)
    click.echo(f"Serving {manifest.quads:,} quads of snapshot {manifest.version}", err=True)
