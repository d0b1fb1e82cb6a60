"""Send a request to a remote store and return its whole answer in time, or raise the error that a client gets."""

from __future__ import annotations

from collections.abc import Sequence

from digitech_kg.errors import Busy, LimitExceeded, QueryTimeout, RemoteFailure
from digitech_kg.http_client import (
    HttpClient,
    HttpError,
    HttpRequest,
    NoConnection,
    Received,
    TimedOut,
    TooLong,
    Unreachable,
    without_credentials,
)


class RemoteClient:
    """A pool of connections to one store. Thread-safe; `close` it at the end."""

    def __init__(self, url: str, *, connections: int) -> None:
        self._url = url
        self.shown_url = without_credentials(url)
        self._client = HttpClient(connections=connections)
        self._connections = connections

    @property
    def running(self) -> int:
        """The number of requests under way."""
        return self._client.running

    def post(self, parameters: Sequence[tuple[str, str]], *, accept: str, timeout_s: float, ceiling: int) -> Received:
        """Send form parameters and return the answer.

        Raises `QueryTimeout`, `LimitExceeded` above `ceiling` bytes, `Busy` if no connection is free, `RemoteFailure`.
        """
        fields: dict[str, str | list[str]] = {}
        for name, value in parameters:
            fields[name] = [*fields.get(name, []), value]
        request = HttpRequest("POST", self._url, {"Accept": accept}, form=fields)
        try:
            return self._client.send(request, timeout_s=timeout_s, max_bytes=ceiling)
        except TimedOut:
            raise QueryTimeout(
                f"the remote store did not answer within {timeout_s:.3g} seconds",
                limit="timeout_s",
                value=timeout_s,
                unit="seconds",
                hint="Name more of the things you look for, remove paths with * or +, or add a LIMIT in a subquery.",
            ) from None
        except NoConnection:
            raise Busy(
                f"all {self._connections} connections to the remote store are in use",
                limit="workers",
                value=self._connections,
                unit="connections",
                hint="Ask again in a moment.",
            ) from None
        except TooLong:
            raise too_large(ceiling) from None
        except Unreachable as error:
            message = f"can't reach the store at {self.shown_url}: {error!s}"
            hint = "Ask again later; the operator of this server should check that the store is running."
            raise RemoteFailure(message, hint=hint) from None
        except HttpError as error:
            message = f"the store at {self.shown_url} gave no whole answer: {error!s}"
            raise RemoteFailure(message) from None

    def close(self) -> None:
        """Close the connections; requests that still run fail."""
        self._client.close()


def too_large(ceiling: int) -> LimitExceeded:
    """Return the error for a result above `ceiling` bytes."""
    return LimitExceeded(
        f"the result is larger than {ceiling:,} bytes",
        limit="result_bytes",
        value=ceiling,
        unit="bytes",
        hint="Add a LIMIT, select fewer columns, or read the rows in pages.",
    )
