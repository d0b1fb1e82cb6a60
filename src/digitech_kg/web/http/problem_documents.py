"""The problem document of an error (RFC 9457): what a program gets in place of an answer."""

from __future__ import annotations

import logging
import uuid
from typing import Any, Final

from digitech_kg.errors import Busy, DigitechError, InternalError, NotReady
from digitech_kg.messages import Message

#: Where a request's environment holds the error to answer it with.
REFUSED: Final = "digitech_kg.refused"
_LOG = logging.getLogger("digitech_kg.web")


def problem_document(error: DigitechError) -> dict[str, Any]:
    """Return the members of the problem document of an error."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    if error.hint:
        document["hint"] = error.hint
    return {**document, **error.extra()}


def problem_headers(error: DigitechError) -> dict[str, str]:
    """Return the headers that go with an error's status."""
    if isinstance(error, Busy | NotReady):
        return {"Retry-After": str(error.retry_after_s)}
    challenge = getattr(error, "challenge", None)
    return {"WWW-Authenticate": challenge} if challenge else {}


def incident(error: Exception) -> InternalError:
    """Log an unexpected error, and return the error for the client, which has the number in the log."""
    number = uuid.uuid4().hex[:12]
    _LOG.error("incident %s", number, exc_info=error)
    return InternalError(
        Message("the server failed unexpectedly; the log has the details under {number}", number=number)
    )
