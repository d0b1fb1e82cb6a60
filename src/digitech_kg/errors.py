"""The errors of the project: each says what is wrong, where, and what to do.

The core raises them; the command line maps `exit_code`, the web layer maps `status`, each in one place. Programs tell
errors apart by `code`, people read `message` and `hint`. Both are English texts.
"""

import copyreg
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self


class DigitechError(Exception):
    """Base of all errors with a known cause: they are shown as a message, without a traceback."""

    #: Programs tell errors apart by it: the name of the class, unless the class or the place that raises has its own.
    code = "error"
    #: 1 = the data is at fault, 2 = the call is.
    exit_code = 2
    #: HTTP status of the problem document.
    status = 500
    #: Short human name of the kind of problem (RFC 9457 `title`).
    title = "Error"
    #: The attributes that are members of the problem document, unless they are None.
    members: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        """Derive code and title from the name of the class, unless it gives its own: `not-found` and “Not found”."""
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()
        if "code" not in cls.__dict__:
            cls.code = words
        if "title" not in cls.__dict__:
            cls.title = words.replace("-", " ").capitalize()

    def __init__(
        self, message: str, *, hint: str | None = None, code: str | None = None, status: int = 0, **details: Any
    ) -> None:
        """Make an error; `details` become the attributes that its class names."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.code
        self.status = status or self.status
        self.__dict__.update(details)

    def extra(self) -> dict[str, object]:
        """Return members for the problem document beyond title, status and detail."""
        return {name: value for name in self.members if (value := getattr(self, name)) is not None}

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep all members when an error crosses from one process to another, whatever its class is made from."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class InternalError(DigitechError):
    """The program failed; the log has the details."""


class CallError(DigitechError):
    """The command or request is wrong and can't be carried out."""

    code = "bad-request"
    status = 400
    title = "Bad request"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in one file: where it is, what is wrong, and how to correct it. Lines and columns count from 1."""

    file: str
    what: str
    mend: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.what}\n    {self.mend}"


class SourceError(DigitechError):
    """Source files are faulty; `faults` has every fault of every file."""

    code = "faulty-sources"
    exit_code = 1
    status = 422
    title = "Faulty source files"

    def __init__(self, faults: Sequence[Fault], *, where: str = "the project's files") -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(f"{'1 fault' if count == 1 else f'{count} faults'} in {where}")


class InvalidData(DigitechError):
    """The dataset violates the shapes, so it is not published; `report` says what is wrong, if there is one."""

    exit_code = 1
    status = 422
    title = "Data violates the shapes"
    report: Any = None


class InconsistentData(DigitechError):
    """The statements and axioms contradict each other, so anything would follow from them."""

    exit_code = 1
    status = 422
    title = "Data contradicts itself"


class ReasonerFailure(DigitechError):
    """The reasoner that gives a second opinion can't be run."""


class QuerySyntaxError(DigitechError):
    """A query or update is not valid SPARQL; lines and columns count from 1."""

    code = "syntax-error"
    status = 400
    title = "SPARQL syntax error"
    members = ("line", "column", "found", "suggestion")
    #: The words at that place, and what was probably meant.
    found: str | None = None
    suggestion: str | None = None

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        hint: str = "Correct the query at this place and send it again.",
    ) -> None:
        super().__init__(message if line is None else f"line {line}, column {column}: {message}", hint=hint)
        self.what, self.line, self.column = message, line, column


class NotAcceptable(DigitechError):
    """No format that the client accepts can carry this kind of result."""

    status = 406
    members = ("available",)

    def __init__(self, message: str, *, available: Sequence[str]) -> None:
        hint = "Ask for one of the media types in 'available', or leave out the Accept header."
        super().__init__(message, hint=hint)
        self.available = tuple(available)


class Forbidden(DigitechError):
    """The request is valid, but is not allowed."""

    status = 403


class AccessFailure(DigitechError):
    """The file of tokens can't be used, so nobody can write."""

    status = 503
    title = "Access can't be checked"


#: How a `WWW-Authenticate` header begins (RFC 6750, section 3).
REALM: Final = 'Bearer realm="digitech-kg"'


class NotAuthenticated(DigitechError):
    """The request has no token or an invalid one; `challenge` is the `WWW-Authenticate` header of the answer."""

    status = 401
    challenge: str


class InsufficientScope(Forbidden):
    """The token does not allow this; `scope` is the one that is missing."""

    members = ("scope",)
    scope: str

    @property
    def challenge(self) -> str:
        return f'{REALM}, error="insufficient_scope", scope="{self.scope}"'


class LimitExceeded(DigitechError):
    """A query exceeded a limit; no part of its result is returned."""

    status = 507
    members = ("limit", "value", "unit")
    limit: str
    value: float
    unit: str


class QueryTimeout(LimitExceeded):
    status = 504

    @classmethod
    def of(cls, what: str, seconds: float, hint: str, *, limit: str = "timeout_s") -> Self:
        """Return the error for what was stopped after so many seconds."""
        message = f"{what} was stopped after {seconds:g} second{'' if seconds == 1 else 's'}"
        return cls(message, limit=limit, value=seconds, unit="seconds", hint=hint)


class Busy(LimitExceeded):
    """The queue is full, or the client has sent too many requests."""

    code = "too-many-requests"
    status = 429
    title = "Too many requests"
    retry_after_s = 1


class NotReady(DigitechError):
    status = 503
    title = "Not ready yet"
    retry_after_s = 5


class EngineFailure(DigitechError):
    """The engine failed in a way that is not the query's fault."""


class EngineStopped(EngineFailure):
    """The process that ran a query was ended from outside; the next query gets a new one."""

    status = 503
    retry_after_s = 1

    def __init__(self) -> None:
        hint = "Ask again: the engine restarts. If it stops again, the machine has too little memory for this query."
        super().__init__("the query engine was stopped", hint=hint)


class LengthRequired(DigitechError):
    status = 411


class TooLarge(DigitechError):
    status = 413
    title = "Request body too large"


class UnsupportedMediaType(DigitechError):
    status = 415


class RemoteFailure(DigitechError):
    """Another server gave no usable answer."""

    status = 502


class NotFound(DigitechError):
    status = 404


#: From 0 to 1; below this, names have little more than their beginning in common.
_LIKENESS: Final = 0.7


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question with the names that are spelt like `name`, and a space; "" if there are none."""
    close = difflib.get_close_matches(name, sorted(known), n=3, cutoff=_LIKENESS)
    return f"Did you mean: {', '.join(close)}? " if close else ""


def name_some(names: Sequence[str], most: int = 5) -> str:
    """Return the first names, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def not_there(kind: str, name: str, known: Iterable[str], see: str = "") -> NotFound:
    """Return the error for a name that nothing of a kind has; it lists names with a similar spelling.

    `see` says where all names are listed; without it they follow.
    """
    names = sorted(known)
    there = f"There are: {', '.join(names)}." if names else "There is none yet."
    code = f"unknown-{kind.rpartition(' ')[2]}"
    return NotFound(f"there is no {kind} '{name[:80]}'", hint=did_you_mean(name, names) + (see or there), code=code)


class Gone(DigitechError):
    """The requested thing existed, but is no longer kept."""

    status = 410


class Conflict(DigitechError):
    """The data has changed since the caller read it."""

    exit_code = 1
    status = 409


class PreconditionFailed(DigitechError):
    """The data is no longer in the state that the request was made for."""

    status = 412


class StorageFailure(DigitechError):
    """The data directory can't be written or read."""

    status = 507
