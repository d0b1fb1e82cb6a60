"""A polite client for Wikidata's query service.

One request at a time, a pause between two to the same host, `Retry-After` honoured up to a ceiling, back-off on faults
that pass, no redirect to another host, and a limit on size.
"""

from __future__ import annotations

import email.utils
import json
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from digitech_kg.errors import CallError, DigitechError
from digitech_kg.http_client import BadAddress, HttpClient, HttpError, HttpRequest, Redirected, TooLong

#: A service that wants us to wait for longer is left alone.
_LONGEST_WAIT_S = 120.0
#: These pass by themselves.
_PASSING = frozenset({429, 500, 502, 503, 504})


class ServiceFailure(DigitechError):
    """A service elsewhere did not give what it was asked for."""

    status = 502
    title = "Service failure"


def user_agent(contact: str) -> str:
    """Return the name that services see; those of Wikimedia refuse clients that give no contact."""
    # Header fields are in ASCII (RFC 9110, section 5.5).
    told = contact.encode("ascii", "replace").decode()
    return f"digitech-kg/{version('digitech-kg')} (https://w3id.org/digitech-kg/; {told})"


class PoliteClient(AbstractContextManager["PoliteClient"]):
    """Fetches documents one by one; use it in a `with`."""

    def __init__(
        self,
        *,
        contact: str = "no contact given",
        pause_s: float = 1.0,
        retries: int = 4,
        timeout_s: float = 60.0,
        max_bytes: int = 20 * 1024 * 1024,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = HttpClient(use_proxies=True, same_host_redirects=3)
        self._agent, self._pause_s, self._retries, self._wait = user_agent(contact), pause_s, retries, wait
        self._limits: dict[str, Any] = {"timeout_s": timeout_s, "max_bytes": max_bytes}
        self._last: dict[str, float] = {}

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get_json(self, url: str, form: Mapping[str, str]) -> Any:
        """Return the JSON document that comes back for a form. Raises `ServiceFailure` that says what came instead."""
        headers = {"User-Agent": self._agent, "Accept": "application/sparql-results+json"}
        body = self._fetch(HttpRequest("POST", url, headers, form=form))
        try:
            # Strictly: Wikidata appends a stack trace to a result that was cut at its deadline.
            return json.loads(body)
        except ValueError as error:
            raise ServiceFailure(f"{url} gave no whole JSON document: {error}", hint="Try again later.") from error

    def _fetch(self, request: HttpRequest) -> bytes:
        problem, url = "", request.url
        for attempt in range(self._retries + 1):
            self._keep_pause(url)
            problem, wanted, passing = "", None, True
            try:
                received = self._client.send(request, **self._limits)
            except Redirected as error:
                message = f"{url} redirects to another host or too often, at last to {error.host}"
                raise ServiceFailure(message, hint="Give the address of that host.") from error
            except BadAddress as error:
                raise CallError(f"{url} is not a web address: {error}", hint="Give an http(s) address.") from error
            except TooLong as error:
                raise ServiceFailure(f"{url} sends {error}", hint="Ask for less at a time.") from error
            except HttpError as error:
                problem = str(error)
            else:
                body = received.read()
                if received.status == 200:
                    return body
                problem, wanted = f"HTTP status {received.status}", _retry_after(received.headers.get("Retry-After"))
                passing = received.status in _PASSING
            if not passing:
                break
            delay = wanted if wanted is not None else min(2.0**attempt, 30.0) * random.uniform(0.5, 1.0)  # noqa: S311
            if delay > _LONGEST_WAIT_S:
                problem += f", and it asks to wait for {delay:.0f} s"
                break
            if attempt < self._retries:
                self._wait(delay)
        raise ServiceFailure(f"{url} failed: {problem}", hint="Nothing was written. Try again later.")

    def _keep_pause(self, url: str) -> None:
        host = url.split("/", 3)[2] if "://" in url else url
        due = self._last.get(host, 0.0) + self._pause_s - time.monotonic()
        if due > 0:
            self._wait(due)
        self._last[host] = time.monotonic()


def _retry_after(value: str | None) -> float | None:
    """Seconds, or a date (RFC 9110, section 10.2.3)."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    # A date that ends in -0000 comes without a zone, and is in UTC.
    return max((until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
