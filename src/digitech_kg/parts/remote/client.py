"""Ask a remote store: send a request, tell whole results from everything else that it may send, and convert them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from html import unescape
from typing import IO

from pyoxigraph import parse, parse_query_results, serialize

from digitech_kg.engine.request import BoundedWriter
from digitech_kg.errors import Busy, LimitExceeded, QuerySyntaxError, QueryTimeout, RemoteFailure
from digitech_kg.formats import Format, Kind, by_name
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


_TAIL_BYTES = 200
#: What is asked of the store for each kind of result, best first. CSV is never asked for: it loses types, and
#: nothing in it shows where it ends.
_ASKED = {
    Kind.SOLUTIONS: (by_name("json"), by_name("xml")),
    Kind.GRAPH: (by_name("ntriples"), by_name("turtle"), by_name("rdfxml")),
}
#: How a whole document of a format ends; the parsers take some documents without their last bracket or tag.
_ENDS = {
    "json": re.compile(rb"\}\s*$"),
    "xml": re.compile(rb"</(\w+:)?sparql\s*>\s*$"),
    "rdfxml": re.compile(rb"(</(\w+:)?RDF\s*>|/>)\s*$"),
}

#: A label of a blank node in JSON may be any string (SPARQL 1.1 Query Results JSON Format, section 3.2.2), and Virtuoso
#: writes `nodeID://b1`; the parser takes only labels of Turtle. Quotation marks inside strings are escaped, so this
#: matches the members of a term alone.
_BLANK_NODE = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")([^"{}\\]+)(")')
#: Labels that stay; those that look like ours do not, so that no two nodes become one.
_KEPT = re.compile(rb"(?!x[0-9a-f]+$)[A-Za-z0-9][A-Za-z0-9_]*$")


def accept_header(kind: Kind) -> str:
    """Return the Accept header for a kind of result."""
    ranks = enumerate(_ASKED[kind])
    return ", ".join(f"{fmt.media_type};q={1 - rank / 10:g}" if rank else fmt.media_type for rank, fmt in ranks)


def check_status(received: Received) -> None:
    """Raise the error that a status other than 200 stands for."""
    status = received.status
    if status == 200:
        rows = received.headers.get("x-sparql-maxrows")
        if rows is not None:
            raise _cut(rows)
        return
    said = _said(received)
    if status == 400:
        raise QuerySyntaxError(f"the remote store refuses the query: {said}")
    raise _failure(status, said, received)


def _failure(status: int, said: str, received: Received) -> RemoteFailure:
    if status in (408, 504):
        hint = "Name more of the things you look for, or remove paths with * or +."
        return RemoteFailure(f"the remote store gave up: {said}", hint=hint, status=504)
    if 300 <= status < 400:
        where = received.headers.get("location", "nowhere")[:200]
        hint = "The operator of this server should set the real address of the store."
        return RemoteFailure(f"the remote store redirects to {where}, which is not followed", hint=hint)
    if status == 206:
        return RemoteFailure("the remote store gave only a part of the result", hint="Ask for less at once.")
    return RemoteFailure(f"the remote store answered with status {status}: {said}")


def _cut(rows: str) -> LimitExceeded:
    """Virtuoso sends this header with a result that it has cut to `ResultSetMaxRows`, and no other sign."""
    return LimitExceeded(
        f"the remote store cuts results to {rows[:20]} rows, and this one is longer",
        limit="remote_rows",
        value=int(rows) if rows.isdigit() else 0,
        unit="rows",
        hint="Read the rows in pages with ORDER BY, LIMIT and OFFSET.",
    )


def _said(received: Received) -> str:
    """Return the first paragraph of an error's text, without tags and of bounded length."""
    text = received.body.read().decode("utf-8", "replace")
    if received.media_type == "text/html":
        text = unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE))
    paragraph = re.split(r"\r?\n\s*\r?\n", text.strip())[0]
    return " ".join(paragraph.split())[:400] or "nothing more"


def source_format(received: Received, kind: Kind) -> Format:
    """Return the format that an answer is in. Raises `RemoteFailure` if it is none of those asked for."""
    for fmt in _ASKED[kind]:
        if received.media_type in (fmt.media_type, *fmt.aliases):
            break
    else:
        asked = " or ".join(fmt.media_type for fmt in _ASKED[kind])
        said = f"'{received.media_type[:100]}'" if received.media_type else "nothing"
        raise RemoteFailure(f"the remote store was asked for {asked} and answered with {said}")
    if fmt.name not in _ENDS and not received.framed:
        raise RemoteFailure("the remote store gives no length, so its answer may be incomplete")
    return fmt


def convert(received: Received, source: Format, target: Format, *, ceiling: int) -> tuple[bytes | IO[bytes], int]:
    """Read a result to its end and write it in another format; return the bytes or a file with them, and their number.

    Only results that were read completely are passed on. Raises `RemoteFailure` for a document that is broken or cut,
    `LimitExceeded` above `ceiling` bytes.
    """
    _check_end(received, source)
    writer = BoundedWriter(ceiling=ceiling)
    try:
        if source.kind is Kind.SOLUTIONS:
            body = io.BytesIO(relabel_blank_nodes(received.body.read())) if source.name == "json" else received.body
            parse_query_results(body, source.serializer).serialize(writer, target.serializer)  # type: ignore[arg-type]
        else:
            triples = (quad.triple for quad in parse(received.body, source.rdf))
            serialize(triples, writer, target.rdf)  # type: ignore[arg-type]
        return writer.finish(), writer.length
    except (SyntaxError, ValueError, OSError) as error:
        if writer.overflowed:
            raise too_large(ceiling) from None
        reason = " ".join(str(error).split())[:300]
        raise RemoteFailure(f"the remote store's answer is not valid {source.media_type}: {reason}") from None


def relabel_blank_nodes(results: bytes) -> bytes:
    """Return the same JSON results in which every blank node has a plain label.

    >>> relabel_blank_nodes(b'{"x": {"type": "bnode", "value": "n:1"}}')
    b'{"x": {"type": "bnode", "value": "x6e3a31"}}'
    """

    def relabel(match: re.Match[bytes]) -> bytes:
        label = match[2] if _KEPT.match(match[2]) else b"x" + match[2].hex().encode()
        return match[1] + label + match[3]

    return _BLANK_NODE.sub(relabel, results)


def _check_end(received: Received, source: Format) -> None:
    pattern = _ENDS.get(source.name)
    if pattern is None:
        return
    received.body.seek(max(0, received.length - _TAIL_BYTES))
    whole = pattern.search(received.body.read())
    received.body.seek(0)
    if not whole:
        raise RemoteFailure(f"the remote store's answer is not complete {source.media_type}: the end is missing")
