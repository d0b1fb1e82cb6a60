"""The commands `token create`, `token list` and `token revoke`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from digitech_kg.access import SCOPES, Token, TokenStore, parse_expiry
from digitech_kg.cli.options import Place, in_any_dataset
from digitech_kg.cli.output import print_rows

_COLUMNS = ("name", "scopes", "created", "expires")


@click.group()
def token() -> None:
    """Make, list and revoke the tokens that allow writing over HTTP.

    Without any token the service is read-only. A running server sees a change at once.
    """


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    required=True,
    help="What it allows: admin includes write, write includes read; may be repeated.",
)
@click.option("--expires", metavar="90d|DATE", help="When it ends: in so many days, or a date.  [default: never]")
@in_any_dataset
def create(place: Place, name: str, scopes: tuple[str, ...], expires: str | None) -> None:
    """Make a token and print it: it is shown this once, only its hash is kept.

    Example: digitech-kg token create anna --scope write --expires 90d
    """
    until = parse_expiry(expires, datetime.now(UTC)) if expires else None
    text, made = _store(place).create(name, scopes=scopes, expires=until)
    click.echo(text)
    click.echo(f"Token {name} allows {_say(made)}. Keep it safe: it is not shown again.", err=True)


@token.command("list")
@in_any_dataset
def list_tokens(place: Place) -> None:
    """List the tokens: names, scopes and times, never secrets."""
    rows = [_row(each) for each in _store(place).tokens()]
    print_rows(_COLUMNS, rows)
    if not rows:
        click.echo("There is no token, so the service is read-only.", err=True)


@token.command()
@click.argument("name")
@in_any_dataset
def revoke(place: Place, name: str) -> None:
    """Take a token back: the next request with it is refused.

    Example: digitech-kg token revoke anna
    """
    _store(place).revoke(name)
    click.echo(f"Token {name} is revoked.", err=True)


def _store(place: Place) -> TokenStore:
    """Return the tokens of a data directory, and warn if others can read them."""
    store = TokenStore(place.directory)
    if warning := store.open_to_others():
        click.echo(f"Warning: {warning}", err=True)
    return store


def _row(each: Token) -> tuple[str, ...]:
    expires = "never" if each.expires is None else f"{each.expires:%Y-%m-%d %H:%M}Z"
    if each.is_expired(datetime.now(UTC)):
        expires += " (expired)"
    return each.name, " ".join(each.scopes), f"{each.created:%Y-%m-%d %H:%M}Z", expires


def _say(made: Token) -> str:
    until = f"until {made.expires:%Y-%m-%d %H:%M} UTC" if made.expires else "without end"
    return f"{', '.join(made.scopes)} {until}"
