"""The commands `serve`, `token create`, `token list` and `token revoke`."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import click

from digitech_kg.access import SCOPES, AccessToken, TokenStore, parse_expiry
from digitech_kg.cli.options import Place, in_any_dataset, in_dataset, setting_options
from digitech_kg.cli.output import print_rows, steps
from digitech_kg.commit.building import build, create_empty
from digitech_kg.errors import CallError, Conflict
from digitech_kg.hooks import OneOf, find_hook
from digitech_kg.http_client import without_credentials
from digitech_kg.namespaces import Namespaces
from digitech_kg.settings import Settings
from digitech_kg.snapshot.manifest import parse_keep
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sources.document_texts import read_texts
from digitech_kg.sources.project import find_project
from digitech_kg.web.http.assets import scripts_are_built
from digitech_kg.web.server import describe_address, free_port
from digitech_kg.web.server import serve as run_server


@click.command()
@in_dataset
@click.option(
    "--empty", is_flag=True, help="Serve any data instead of a project: that of the data directory, or none at first."
)
@setting_options(*(field.name for field in dataclasses.fields(Settings)))
def serve(place: Place, **values: Any) -> None:
    """Serve the graph: SPARQL endpoint and pages. Builds first if the files have changed.

    With --engine the data stays in another SPARQL store, and nothing is built.

    Example: digitech-kg serve --port 8080 --query-timeout 10
    """
    settings = Settings(**values).checked()
    settings = dataclasses.replace(settings, port=free_port(settings.host, settings.port))
    snapshot: Snapshot | None = None
    if place.empty:
        if place.project_dir is not None:
            hint = "Leave out one of the two."
            raise CallError("--empty means no project, but --project names one", hint=hint)
        snapshot = create_empty(SnapshotRepository(place.directory), find_project().names)
    elif not settings.engine:
        snapshot = _build(place, parse_keep(settings.keep))
    names = snapshot.names if snapshot else place.project.names
    _check_parts(settings, names)
    if settings.engine:
        click.echo(f"Serving the data of the store at {without_credentials(settings.engine)}", err=True)
    elif snapshot is not None:
        # Report an unknown document or an unreadable file before anything is served.
        read_texts(settings.text, names.graphs.documents_among(snapshot.manifest.graphs))
        click.echo(f"Serving {snapshot.manifest.quads:,} quads of snapshot {snapshot.version}", err=True)
    if not scripts_are_built():
        what = "The scripts of the pages aren't built: the graph isn't drawn, and buttons such as Copy are missing."
        click.echo(f"{what} Build them in the checkout with: pip install -e .", err=True)

    def say_where() -> None:
        click.echo(f"Open {describe_address(settings)} (stop with Ctrl-C)", err=True)

    run_server(place.directory, settings, names, listening=say_where)


def _build(place: Place, keep: int | None) -> Snapshot:
    """Publish the project's present state. If online edits would be lost, keep what is published.

    Raises `Conflict` if the data belongs to no project, since the project then couldn't be shown.
    """
    repository = SnapshotRepository(place.directory, keep=keep)
    try:
        with steps() as step:
            return build(place.project, repository, step=step)
    except Conflict as conflict:
        current = repository.current()
        if current is None or not current.manifest.derives:
            raise
        click.echo(f"The files have changed, and {conflict.message}; it is served unchanged. {conflict.hint}", err=True)
        return current


def _check_parts(settings: Settings, names: Namespaces) -> None:
    """Raise `CallError` for an option whose part is switched off."""
    needed: tuple[tuple[str, object, OneOf], ...] = (
        ("--engine", settings.engine, "query_service"),
        ("--service-allow", settings.service_allow, "federation"),
    )
    for option, value, hook in needed:
        if value and not find_hook(hook, names):
            hint = f"Switch it on again in project.toml, or leave out {option}."
            raise CallError(f"{option} needs a part that is switched off", hint=hint)


_COLUMNS = ("name", "scopes", "created", "expires")


@click.group()
def token() -> None:
    """Make, list and revoke the tokens that allow writing over HTTP.

    Without any token the service is read-only. A running server notices a change at once.
    """


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    required=True,
    help="What it allows: admin includes write, write includes read; can be repeated.",
)
@click.option("--expires", metavar="90d|DATE", help="Days until it expires, or the date.  [default: never]")
@in_any_dataset
def create(place: Place, name: str, scopes: tuple[str, ...], expires: str | None) -> None:
    """Make a token and print it. It is shown only once: just its hash is kept.

    Example: digitech-kg token create anna --scope write --expires 90d
    """
    until = parse_expiry(expires, datetime.now(UTC)) if expires else None
    text, made = _token_store(place).create(name, scopes=scopes, expires=until)
    click.echo(text)
    click.echo(f"Token {name} allows {_allowance(made)}. Keep it safe: it is not shown again.", err=True)


@token.command("list")
@in_any_dataset
def list_tokens(place: Place) -> None:
    """List the tokens: names, scopes and times, never secrets."""
    rows = [_row(each) for each in _token_store(place).tokens()]
    print_rows(_COLUMNS, rows)
    if not rows:
        click.echo("There is no token, so the service is read-only.", err=True)


@token.command()
@click.argument("name")
@in_any_dataset
def revoke(place: Place, name: str) -> None:
    """Revoke a token: the next request with it is refused.

    Example: digitech-kg token revoke anna
    """
    _token_store(place).revoke(name)
    click.echo(f"Token {name} is revoked.", err=True)


def _token_store(place: Place) -> TokenStore:
    """Return the tokens of a data directory, and warn if others can read them."""
    store = TokenStore(place.directory)
    if warning := store.open_to_others():
        click.echo(f"Warning: {warning}", err=True)
    return store


def _row(each: AccessToken) -> tuple[str, ...]:
    expires = "never" if each.expires is None else f"{each.expires:%Y-%m-%d %H:%M}Z"
    if each.is_expired(datetime.now(UTC)):
        expires += " (expired)"
    return each.name, " ".join(each.scopes), f"{each.created:%Y-%m-%d %H:%M}Z", expires


def _allowance(made: AccessToken) -> str:
    until = f"until {made.expires:%Y-%m-%d %H:%M} UTC" if made.expires else "without end"
    return f"{', '.join(made.scopes)} {until}"
