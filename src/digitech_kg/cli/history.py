"""The commands `history` and `revert`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from digitech_kg.cli.differences import describe_change
from digitech_kg.cli.messages import print_rows
from digitech_kg.cli.options import current_snapshot, data_dir_option, empty_option, find_data_dir, project_option
from digitech_kg.cli.writing import author_option, carry_out, dry_run_option, message_option, open_for_writing
from digitech_kg.commit import Commit, Revert
from digitech_kg.commit.changes.patches import version_patch
from digitech_kg.errors import CallError
from digitech_kg.snapshot import (
    Manifest,
    SnapshotRepository,
    group_change,
    measure_all,
    measure_version,
    topics_document,
    version_document,
)

_COLUMNS = ("version", "time", "author", "action", "message", "added", "removed", "results", "data", "disk")


@click.command()
@click.argument("version", required=False)
@project_option
@data_dir_option
@empty_option
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The newest N versions.  [default: all]")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["table", "text", "json", "patch"]),
    help="table or json for the list; text, json or patch for one version.  [default: table, text]",
)
def history(
    version: str | None,
    project_dir: Path | None,
    data_dir: Path | None,
    empty: bool,
    limit: int | None,
    format_name: str | None,
) -> None:
    """List the published versions, newest first, or show what VERSION changed.

    VERSION is a name, a number, or a time: the version that was current then. What a version changed is kept for good;
    its data is kept as long as serve --keep says.

    Examples: digitech-kg history --limit 10;  digitech-kg history 3;  digitech-kg history 3 --format patch
    """
    fitting = ("table", "json") if version is None else ("text", "json", "patch")
    if format_name is not None and format_name not in fitting:
        hint = f"Choose {' or '.join(fitting)}."
        raise CallError(
            f"--format {format_name} is not for {'the list' if version is None else 'one version'}", hint=hint
        )
    if version is not None and limit is not None:
        raise CallError("--limit is for the list of versions", hint="Leave VERSION or --limit out.")
    repository = SnapshotRepository(find_data_dir(project_dir, data_dir, empty))
    current_snapshot(repository)
    if version is not None:
        _show_version(repository, repository.at(version), format_name or "text")
        return
    manifests = repository.history()[::-1][:limit]
    if format_name == "json":
        click.echo(json.dumps([version_document(repository, m) for m in manifests], ensure_ascii=False, indent=2))
    else:
        _show_table(repository, manifests)


@click.command()
@click.argument("version")
@project_option
@data_dir_option
@empty_option
@dry_run_option
@message_option
@author_option
def revert(
    version: str,
    project_dir: Path | None,
    data_dir: Path | None,
    empty: bool,
    dry_run: bool,
    message: str,
    author: str,
) -> None:
    """Take back what VERSION changed, as a new version that is validated like any write.

    Versions in between stay as they are; if they changed the same again, nothing is done. Exit status 1 then, and if
    the result would not be valid.

    Example: digitech-kg revert 3 --dry-run
    """
    repository = open_for_writing(project_dir, data_dir, empty)
    found = repository.at(version)
    reason = message or f"Reverts version {found.version}"
    carry_out(repository, Revert(found.version), Commit("revert", author, reason, dry_run=dry_run))


def _show_version(repository: SnapshotRepository, manifest: Manifest, format_name: str) -> None:
    if format_name == "patch":
        sys.stdout.buffer.writelines(version_patch(repository, manifest))
    elif format_name == "json":
        topics = topics_document(group_change(repository.written(manifest.version), manifest.names))
        document = {**version_document(repository, manifest), "topics": topics}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show_text(repository, manifest)


def _show_text(repository: SnapshotRepository, manifest: Manifest) -> None:
    click.echo(f"version {manifest.version}, {manifest.created}, {manifest.action} by {manifest.author or 'operator'}")
    click.echo(f"after   {manifest.previous or 'nothing: the first version'}")
    for name, value in (("message", manifest.message), ("request", manifest.request_id)):
        if value:
            click.echo(f"{name} {value}")
    click.echo(f"results {_results(manifest)}; {manifest.added:,} quads added, {manifest.removed:,} removed\n")
    kept = repository.find(manifest.version) if repository.has_data(manifest.version) else repository.current()
    for line in describe_change(repository.change(manifest.version), manifest.names, kept):
        click.echo(line)


def _show_table(repository: SnapshotRepository, manifests: list[Manifest]) -> None:
    print_rows(_COLUMNS, [_row(repository, manifest) for manifest in manifests])
    count, kept = len(repository.history()), len(repository.versions())
    size = _size(measure_all(repository))
    click.echo(f"{count:,} versions, the data of {kept:,} is kept; together they take {size} on disk", err=True)


def _row(repository: SnapshotRepository, manifest: Manifest) -> tuple[str, ...]:
    return (
        manifest.version,
        manifest.created.removesuffix("+00:00") + "Z",
        manifest.author or "operator",
        manifest.action,
        " ".join(manifest.message.split()),
        f"{manifest.added:,}",
        f"{manifest.removed:,}",
        _results(manifest),
        "kept" if repository.has_data(manifest.version) else "gone",
        _size(measure_version(repository, manifest.version)),
    )


def _results(manifest: Manifest) -> str:
    return ", ".join(f"{count:,} {severity}" for severity, count in manifest.validation.items()) or "conforms"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
