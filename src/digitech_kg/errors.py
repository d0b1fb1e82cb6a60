"""The errors of the project: each says what is wrong, where, and what to do.

The core raises them; the command line maps `exit_code`, the web layer maps `status`, each in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class DigitechError(Exception):
    """Base of all errors that are somebody's to mend, so no traceback is shown for them."""

    #: 1 = the data is at fault, 2 = the call is.
    exit_code = 2
    #: HTTP status of the problem document.
    status = 500
    #: Short human name of the kind of problem (RFC 9457 `title`).
    title = "Error"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def extra(self) -> dict[str, object]:
        """Give members for the problem document beyond title, status and detail."""
        return {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors of a process of ours are raised again in the one that asked it."""
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[DigitechError], args: tuple[Any, ...], state: dict[str, Any]) -> DigitechError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class InternalError(DigitechError):
    """The program failed; its log has more."""

    title = "Internal error"


class CallError(DigitechError):
    """The command or request cannot be carried out as it was made."""

    status = 400
    title = "Bad request"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file: where, what, and how to mend it. Lines and columns count from 1."""

    file: str
    what: str
    mend: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.what}\n    {self.mend}"


class SourceError(DigitechError):
    """Files cannot be turned into a dataset; `faults` has every fault of every file."""

    exit_code = 1
    status = 422
    title = "Faulty source files"

    def __init__(self, faults: Sequence[Fault], *, where: str = "the project's files") -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in {where}")


class InvalidData(DigitechError):
    """The dataset violates the shapes, so it is not published; `report` has what is wrong, where there is one."""

    exit_code = 1
    status = 422
    title = "Data violates the shapes"

    def __init__(self, message: str, *, hint: str | None = None, report: Any = None) -> None:
        super().__init__(message, hint=hint)
        self.report = report


class InconsistentData(DigitechError):
    """The statements and axioms contradict each other, so everything would follow from them."""

    exit_code = 1
    status = 422
    title = "Data contradicts itself"


class ReasonerFailure(DigitechError):
    """A reasoner cannot be run or did not finish."""

    status = 500
    title = "Reasoner failure"


class QuerySyntaxError(DigitechError):
    """A query or update is not SPARQL; the line and column count from 1."""

    status = 400
    title = "SPARQL syntax error"

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        place = f"line {line}, column {column}: " if line is not None else ""
        super().__init__(place + message, hint="Mend the query at the place named and send it again.")
        self.line, self.column = line, column

    def extra(self) -> dict[str, object]:
        return {key: value for key, value in (("line", self.line), ("column", self.column)) if value is not None}


class NotAcceptable(DigitechError):
    """No format that the client accepts can carry this kind of result."""

    status = 406
    title = "Not acceptable"

    def __init__(self, message: str, *, available: Sequence[str]) -> None:
        super().__init__(message, hint="Ask for one of the media types in 'available', or leave the Accept header out.")
        self.available = tuple(available)

    def extra(self) -> dict[str, object]:
        return {"available": list(self.available)}


class Forbidden(DigitechError):
    """The request is understood and will not be carried out."""

    status = 403
    title = "Forbidden"


class AccessFailure(DigitechError):
    """It cannot be told who may do what, so nobody may."""

    status = 503
    title = "Access cannot be checked"


class NotAuthenticated(DigitechError):
    """The request needs a token, or the one that it has is not taken; `challenge` is its `WWW-Authenticate`."""

    status = 401
    title = "Not authenticated"

    def __init__(self, message: str, *, hint: str, challenge: str) -> None:
        super().__init__(message, hint=hint)
        self.challenge = challenge


class InsufficientScope(Forbidden):
    """The token is known and does not allow this; `scope` and, where one is concerned, `graph` say what is missing."""

    title = "Insufficient scope"

    def __init__(self, message: str, *, hint: str, challenge: str, scope: str, graph: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.challenge, self.scope, self.graph = challenge, scope, graph

    def extra(self) -> dict[str, object]:
        return {key: value for key, value in (("scope", self.scope), ("graph", self.graph)) if value is not None}


class LimitExceeded(DigitechError):
    """A query ran into a limit; nothing of its result is given."""

    status = 507
    title = "Limit exceeded"

    def __init__(self, message: str, *, limit: str, value: float, unit: str, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.limit, self.value, self.unit = limit, value, unit

    def extra(self) -> dict[str, object]:
        return {"limit": self.limit, "value": self.value, "unit": self.unit}


class QueryTimeout(LimitExceeded):
    """A query was stopped at its deadline."""

    status = 504
    title = "Query timeout"


class Busy(LimitExceeded):
    """All workers are taken and the queue is full, or the client has asked for too much."""

    status = 429
    title = "Too many requests"
    retry_after_s = 1


class NotReady(DigitechError):
    """What was asked for is being made."""

    status = 503
    title = "Not ready yet"
    retry_after_s = 5


class EngineFailure(DigitechError):
    """The engine failed in a way that is not the query's fault."""

    status = 500
    title = "Engine failure"


class EngineStopped(EngineFailure):
    """The process that a query ran in was ended from outside; another one answers whoever asks next."""

    status = 503
    title = "Engine stopped"
    retry_after_s = 1

    def __init__(self) -> None:
        hint = "Ask again: it is started anew. If it is stopped again, the machine lacks memory for this query."
        super().__init__("the query engine was stopped", hint=hint)

    def __reduce__(self) -> tuple[Any, ...]:
        return EngineStopped, ()


class TooLarge(DigitechError):
    """A request body is larger than is read."""

    status = 413
    title = "Request body too large"


class UnsupportedMediaType(DigitechError):
    """A request body is of a type that means nothing here."""

    status = 415
    title = "Unsupported media type"


class RemoteFailure(DigitechError):
    """Another server that was asked gave no usable answer."""

    status = 502
    title = "Remote failure"


class NotFound(DigitechError):
    """There is nothing under the name that was asked for."""

    status = 404
    title = "Not found"


class Gone(DigitechError):
    """There was something under the name that was asked for, and it is no longer kept."""

    status = 410
    title = "Gone"


class Conflict(DigitechError):
    """What the caller built upon has changed meanwhile."""

    exit_code = 1
    status = 409
    title = "Conflict"


class Overtaken(Conflict):
    """Somebody else has published a version meanwhile."""


class PreconditionFailed(DigitechError):
    """The state of the data is not the one that the request was made for."""

    status = 412
    title = "Precondition failed"


class StorageFailure(DigitechError):
    """The disk does not take, or does not give, what belongs to the data directory."""

    status = 507
    title = "Storage failure"
