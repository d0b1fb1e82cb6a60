"""Tokens as values: what one allows, and how its secret is made, hashed and checked. No file is touched here.

A token reads `dkg_<id>_<secret>`. The id finds its record, so that checking a token is one hash and one comparison
however many tokens there are. The secret has 256 random bits, so a fast hash is safe: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pyoxigraph import NamedNode

from digitech_kg.errors import CallError
from digitech_kg.namespaces import Namespaces

#: What each scope allows, by itself and through the scopes that it implies.
_IMPLIED = {
    "read": frozenset({"read"}),
    "write": frozenset({"read", "write"}),
    "admin": frozenset({"read", "write", "admin"}),
}
#: Scopes from the least to the most.
SCOPES = tuple(_IMPLIED)
#: Stands for the default graph where a graph's IRI is asked for.
DEFAULT_GRAPH = "default"
#: Stands for the whole dataset: what touches more than a token's graphs needs a token without such a limit.
EVERY_GRAPH = "*"

_TEXT = re.compile(r"dkg_([0-9a-f]{12})_([0-9a-f]{64})", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}", re.ASCII)
_SPAN = re.compile(r"([1-9][0-9]{0,5})([hdwy])", re.ASCII)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "y": 24 * 365}
_SALT_BYTES, _DIGEST_BYTES = 16, 32


@dataclass(frozen=True, slots=True)
class Token:
    """Who somebody is and what that allows; holds nothing secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    #: IRIs, or `DEFAULT_GRAPH`; empty means every graph.
    graphs: tuple[str, ...]
    created: datetime
    #: The first moment at which it no longer counts; None means never.
    expires: datetime | None

    def may(self, scope: str, graph: str | None = None) -> bool:
        """Whether it allows `scope` in a graph (an IRI, `DEFAULT_GRAPH` or `EVERY_GRAPH`); None asks for any graph."""
        if not any(scope in _IMPLIED[own] for own in self.scopes):
            return False
        return graph is None or not self.graphs or graph in self.graphs

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires is not None and now >= self.expires


@dataclass(frozen=True, slots=True)
class Record:
    """A token as it is kept: with the salted hash of its secret."""

    token: Token
    salt: bytes
    digest: bytes

    def matches(self, secret: str) -> bool:
        """Whether the secret is this token's, in a time that does not depend on where the two differ."""
        return hmac.compare_digest(_digest(secret, self.salt), self.digest)


#: What the secret of an unknown id is compared with, so that it takes as long as one of a known id.
NOBODY = Record(Token("", "", (), (), datetime.min.replace(tzinfo=UTC), None), bytes(_SALT_BYTES), bytes(_DIGEST_BYTES))


def make_token(
    name: str, *, scopes: Iterable[str], graphs: Iterable[str] = (), expires: datetime | None = None, now: datetime
) -> tuple[str, Record]:
    """Return a new token's text, which is nowhere else, and its record. Raises `CallError` for what makes no sense."""
    check_name(name)
    kept_scopes, kept_graphs = _check_scopes(scopes), tuple(dict.fromkeys(graphs))
    if kept_graphs and "admin" in kept_scopes:
        hint = "Make two tokens: one with --scope write for the graphs, one with --scope admin without --graph."
        raise CallError("an admin token is for the whole dataset and cannot be limited to graphs", hint=hint)
    if expires is not None and expires <= now:
        raise CallError(f"the token would have expired on {expires:%Y-%m-%d}", hint="Name a time to come.")
    identifier, secret = secrets.token_hex(6), secrets.token_hex(32)
    token = Token(identifier, name, kept_scopes, kept_graphs, now.replace(microsecond=0), expires)
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"dkg_{identifier}_{secret}", Record(token, salt, _digest(secret, salt))


def check_name(name: str) -> None:
    """Raise `CallError` for what cannot be the name of a token, or of the author of a version."""
    if not _NAME.fullmatch(name):
        hint = "Use up to 64 letters, digits and . _ @ + -, beginning with a letter or digit."
        raise CallError(f"{name!r} cannot be a token's name or an author's", hint=hint)


def split_token(text: str) -> tuple[str, str] | None:
    """Return the id and the secret of a token's text, or None if it isn't one."""
    match = _TEXT.fullmatch(text)
    return (match[1], match[2]) if match else None


def parse_expiry(text: str, now: datetime) -> datetime:
    """Return the end of a span (`12h`, `90d`, `8w`, `1y`), of a day (`2027-01-31`) or a moment with its time zone.

    Raises `CallError` for anything else.

    >>> parse_expiry("90d", datetime(2026, 1, 1, tzinfo=UTC)).date().isoformat()
    '2026-04-01'
    >>> parse_expiry("2027-01-31", datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    '2027-02-01T00:00:00+00:00'
    """
    hint = "Give a span such as 12h, 90d, 8w or 1y, a day such as 2027-01-31, or a moment such as 2027-01-31T12:00:00Z."
    try:
        if span := _SPAN.fullmatch(text):
            return now.replace(microsecond=0) + timedelta(hours=int(span[1]) * _HOURS[span[2]])
        moment = datetime.fromisoformat(text)
        if len(text) == len("2027-01-31"):
            return moment.replace(tzinfo=UTC) + timedelta(days=1)
        if moment.tzinfo is None:
            raise CallError(f"{text!r} names no time zone", hint=hint)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CallError(f"{text!r} isn't a time at which a token can expire", hint=hint) from error


def _check_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    asked = set(scopes)
    if unknown := sorted(asked - set(SCOPES)):
        raise CallError(f"there is no scope {', '.join(unknown)}", hint=f"Scopes are {', '.join(SCOPES)}.")
    if not asked:
        raise CallError("the token would allow nothing", hint=f"Give it a scope with --scope: {', '.join(SCOPES)}.")
    return tuple(scope for scope in SCOPES if scope in asked)


def parse_graph(text: str, names: Namespaces) -> str:
    """Return the graph that an IRI or CURIE names, or `DEFAULT_GRAPH`. Raises `CallError` if it may not be written."""
    if text == DEFAULT_GRAPH:
        return text
    iri = names.expand(text)
    if iri is None or re.search(r"[\s<>\"{}|\\^`\x00-\x20]", iri):
        hint = "Give an absolute IRI, a name such as graph:things, or default for the default graph."
        raise CallError(f"{text!r} isn't a graph's name", hint=hint)
    if names.graphs.is_derived(NamedNode(iri)):
        hint = "Leave it out: it is computed anew from the other graphs after every write."
        raise CallError(f"nobody writes to {names.shorten(iri)}, it is a derived graph", hint=hint)
    return iri


def _digest(secret: str, salt: bytes) -> bytes:
    data = secret.encode("ascii")
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES, salt=salt, person=b"digitech-kg").digest()
