"""Check the token of a request that writes."""

import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from digitech_kg.access import AccessToken, TokenStore
from digitech_kg.errors import REALM, AccessFailure, Forbidden, InsufficientScope, NotAuthenticated

_SCOPE: Final = "write"
_HOW = "Send the header Authorization: Bearer TOKEN; the operator makes tokens with digitech-kg token create."
_LOG = logging.getLogger("digitech_kg.access")


def require(environ: Mapping[str, Any], tokens: TokenStore) -> AccessToken:
    """Return the token of a WSGI request that writes.

    Raises `NotAuthenticated` without credentials, and for those that are not accepted: another scheme, a token in the
    address (which ends up in logs and histories), one that is unknown, expired or revoked. Raises `Forbidden` where no
    token exists at all, `InsufficientScope` that says what is missing, `AccessFailure` if tokens can't be read.
    """
    # RFC 6750, section 2.3, describes this way and advises against it.
    if "access_token" in parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True):
        raise _refused("a token in the address is not accepted, because logs show it: revoke it", "invalid_request")
    header = environ.get("HTTP_AUTHORIZATION", "").strip()
    if header and header.partition(" ")[0].lower() != "bearer":
        raise NotAuthenticated("only bearer tokens are accepted, not names and passwords", hint=_HOW, challenge=REALM)
    try:
        token = tokens.authenticate(header) if header else None
        exists = bool(header) or tokens.any()
    except AccessFailure as error:
        # Faults of the file of tokens are for the operator only.
        _LOG.error("%s", error.message)
        hint = "Tell the operator; the log has the details."
        raise AccessFailure("the tokens can't be read, so nobody can write", hint=hint) from error
    if not exists:
        hint = "The operator can allow writing: digitech-kg token create NAME --scope write"
        raise Forbidden("this service is read-only: no token exists that allows writing", hint=hint)
    if not header:
        raise NotAuthenticated("this needs a token with the scope write", hint=_HOW, challenge=REALM)
    if token is None:
        raise _refused("the token is unknown, expired or revoked", "invalid_token")
    if not token.may(_SCOPE):
        message = f"the token {token.name} doesn't have the scope {_SCOPE}, only {', '.join(token.scopes)}"
        hint = f"Ask the operator for one: digitech-kg token create NAME --scope {_SCOPE}"
        raise InsufficientScope(message, hint=hint, scope=_SCOPE)
    return token


def _refused(message: str, error: str) -> NotAuthenticated:
    # Quotes in a challenge would have to be escaped; our messages have none.
    challenge = f'{REALM}, error="{error}", error_description="{message}"'
    return NotAuthenticated(message, hint=_HOW, challenge=challenge)
