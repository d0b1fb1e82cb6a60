"""The command `history`: the published versions."""

from __future__ import annotations

import sys

import click

from digitech_kg.cli.differences import describe_change
from digitech_kg.cli.options import Place, in_any_dataset
from digitech_kg.cli.output import print_json, print_lines, print_rows
from digitech_kg.commit.patches import version_patch
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
@in_any_dataset
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The newest N versions.  [default: all]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "text", "json", "patch"]),
    help="table or json for the list; text, json or patch for one version.  [default: table, text]",
)
def history(place: Place, version: str | None, limit: int | None, form: str | None) -> None:
    """List the published versions, newest first, or show what VERSION changed.

    VERSION is a name, a number, or a time: the version that was current then. What a version changed is kept for good;
    its data is kept as long as serve --keep says.

    Examples: digitech-kg history --limit 10;  digitech-kg history 3;  digitech-kg history 3 --format patch
    """
    fitting = ("table", "json") if version is None else ("text", "json", "patch")
    if form is not None and form not in fitting:
        what = "the list" if version is None else "one version"
        raise CallError(f"--format {form} is not for {what}", hint=f"Choose {' or '.join(fitting)}.")
    if version is not None and limit is not None:
        raise CallError("--limit is for the list of versions", hint="Leave VERSION or --limit out.")
    repository = place.published
    if version is not None:
        _show_version(repository, repository.at(version), form or "text")
        return
    manifests = repository.history()[::-1][:limit]
    if form == "json":
        print_json([version_document(repository, m) for m in manifests])
    else:
        _show_table(repository, manifests)


def _show_version(repository: SnapshotRepository, manifest: Manifest, form: str) -> None:
    if form == "patch":
        sys.stdout.buffer.writelines(version_patch(repository, manifest))
    elif form == "json":
        topics = topics_document(group_change(repository.written(manifest.version), manifest.names))
        print_json({**version_document(repository, manifest), "topics": topics})
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
    print_lines(describe_change(repository.change(manifest.version), manifest.names, kept))


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
