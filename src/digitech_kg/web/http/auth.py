"""Who sends a request, and whether they may: bearer tokens in the `Authorization` header, nothing else.

https://www.rfc-editor.org/rfc/rfc6750
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from digitech_kg.access import DEFAULT_GRAPH, EVERY_GRAPH, Token, TokenStore
from digitech_kg.errors import REALM, AccessFailure, Forbidden, InsufficientScope, NotAuthenticated

_HOW = "Send the header Authorization: Bearer TOKEN; the operator makes tokens with digitech-kg token create."
_LOG = logging.getLogger("digitech_kg.access")


def authenticate(environ: Mapping[str, Any], tokens: TokenStore) -> Token | None:
    """Return the token that a WSGI request brings; None if it brings no credentials.

    Raises `NotAuthenticated` for credentials that are not accepted: another scheme, a token in the address (which ends
    up in logs and histories), one that is unknown, expired or revoked. Raises `AccessFailure` if tokens can't be read.
    """
    # RFC 6750, section 2.3, describes this way and advises against it.
    if "access_token" in parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True):
        raise _refused("a token in the address is not accepted, because logs show it: revoke it", "invalid_request")
    header = environ.get("HTTP_AUTHORIZATION", "").strip()
    if not header:
        return None
    if header.partition(" ")[0].lower() != "bearer":
        raise NotAuthenticated("only bearer tokens are accepted, not names and passwords", hint=_HOW, challenge=REALM)
    try:
        token = tokens.authenticate(header)
    except AccessFailure as error:
        raise _hide(error) from error
    if token is None:
        raise _refused("the token is unknown, expired or revoked", "invalid_token")
    return token


def require(environ: Mapping[str, Any], tokens: TokenStore, scope: str, graph: str | None = None) -> Token:
    """Return the token of a request that needs `scope`, in a graph if one is named (see `Token.may`).

    Raises `Forbidden` where no token exists at all, `NotAuthenticated` as `authenticate` and without credentials, or
    `InsufficientScope` that says what is missing.
    """
    token = authenticate(environ, tokens)
    if token is None:
        try:
            exists = tokens.any()
        except AccessFailure as error:
            raise _hide(error) from error
        if not exists:
            hint = "The operator can allow writing: digitech-kg token create NAME --scope write"
            raise Forbidden("this service is read-only: no token exists that allows writing", hint=hint)
        raise NotAuthenticated(f"this needs a token with the scope {scope}", hint=_HOW, challenge=REALM)
    check_scope(token, scope, graph)
    return token


def check_scope(token: Token, scope: str, graph: str | None = None) -> None:
    """Raise `InsufficientScope` unless a token allows `scope` in a graph."""
    if token.may(scope, graph):
        return
    if not token.may(scope):
        scopes = ", ".join(token.scopes)
        message = f"the token {token.name} doesn't have the scope {scope}, only {scopes}"
        hint = f"Ask the operator for one: digitech-kg token create NAME --scope {scope}"
        raise InsufficientScope(message, hint=hint, scope=scope)
    allowed = ", ".join(_name(own) for own in token.graphs)
    message = f"the token {token.name} has the scope {scope} for {allowed} only, not for {_name(graph or '')}"
    limited = "Change only those graphs, or ask the operator for a token that is not limited to them."
    raise InsufficientScope(message, hint=limited, scope=scope, graph=graph)


def _name(graph: str) -> str:
    return {DEFAULT_GRAPH: "the default graph", EVERY_GRAPH: "the whole dataset"}.get(graph) or f"<{graph}>"


def _refused(message: str, error: str) -> NotAuthenticated:
    # Quotes in a challenge would have to be escaped; our messages have none.
    challenge = f'{REALM}, error="{error}", error_description="{message}"'
    return NotAuthenticated(message, hint=_HOW, challenge=challenge)


def _hide(error: AccessFailure) -> AccessFailure:
    """Log for the operator what is wrong with the file of tokens; the client learns only that something is."""
    _LOG.error("%s", error.message)
    return AccessFailure(
        "the tokens can't be read, so nobody can write", hint="Tell the operator. The log has the details."
    )
