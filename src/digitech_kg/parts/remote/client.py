"""Send queries to a remote store, and check that its answers are whole results.

The local engine accepts only SPARQL 1.1. A remote store may accept more at the same address: updates, pragmas before
the query, and functions that fetch pages or run code. Such queries are refused before they are sent.
"""

import io
import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from typing import IO

from pyoxigraph import parse, parse_query_results, serialize

from digitech_kg.engine.request import BoundedWriter, too_large
from digitech_kg.errors import (
    Busy,
    DigitechError,
    Forbidden,
    LimitExceeded,
    QuerySyntaxError,
    QueryTimeout,
    RemoteFailure,
)
from digitech_kg.formats import Format, Kind, by_name
from digitech_kg.http_client import (
    HttpError,
    NoConnection,
    Received,
    TimedOut,
    TooLong,
    Unreachable,
    without_credentials,
)
from digitech_kg.sparql_text.mistakes import error_at
from digitech_kg.sparql_text.tokens import (
    UPDATES,
    Prologue,
    Token,
    iter_tokens,
    read_prologue,
    replace_codepoint_escapes,
)


def failure_of(error: HttpError, url: str, *, timeout_s: float, ceiling: int, connections: int) -> DigitechError:
    """Return what is told of a request to the store at an address that came to nothing."""
    shown = without_credentials(url)
    match error:
        case TimedOut():
            message = f"the remote store did not answer within {timeout_s:.3g} seconds"
            hint = "Name more of the things you look for, remove paths with * or +, or add a LIMIT in a subquery."
            return QueryTimeout(message, limit="timeout_s", value=timeout_s, unit="seconds", hint=hint)
        case NoConnection():
            message = f"all {connections} connections to the remote store are in use"
            hint = "Ask again in a moment."
            return Busy(message, limit="workers", value=connections, unit="connections", hint=hint)
        case TooLong():
            return too_large(ceiling)
        case Unreachable():
            hint = "Ask again later; the operator of this server should check that the store is running."
            return RemoteFailure(f"can't reach the store at {shown}: {error!s}", hint=hint)
    return RemoteFailure(f"the store at {shown} gave no complete answer: {error!s}")


_TAIL_BYTES = 200
#: What is asked of the store for each kind of result, best first. CSV is never asked for: it loses types.
_ASKED = {Kind.SOLUTIONS: (by_name("json"),), Kind.GRAPH: (by_name("ntriples"), by_name("turtle"))}
#: How a whole document in JSON ends; the parser takes some without their last bracket.
_END = re.compile(rb"\}\s*$")

#: A label of a blank node in JSON may be any string (SPARQL 1.1 Query Results JSON Format, section 3.2.2), and Virtuoso
#: writes `nodeID://b1`; the parser takes only labels of Turtle. Quotation marks inside strings are escaped, so this
#: matches the members of a term alone.
_BLANK_NODE = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")([^"{}\\]+)(")')
#: Labels that stay; those that look like ours do not, so that no two nodes become one.
_KEPT = re.compile(rb"(?!x[0-9a-f]+$)[A-Za-z0-9][A-Za-z0-9_]*$")


def accept_header(kind: Kind) -> str:
    ranks = enumerate(_ASKED[kind])
    return ", ".join(f"{fmt.media_type};q={1 - rank / 10:g}" if rank else fmt.media_type for rank, fmt in ranks)


def check_status(received: Received) -> None:
    """Raise the error that a status other than 200 stands for."""
    status, rows = received.status, received.headers.get("x-sparql-maxrows")
    if status == 200 and rows is not None:
        # Virtuoso says so of a result that it has cut to `ResultSetMaxRows`, and gives no other sign.
        message = f"the remote store truncates results to {rows[:20]} rows, and this one is longer"
        hint = "Read the rows in pages with ORDER BY, LIMIT and OFFSET."
        value = int(rows) if rows.isdigit() else 0
        raise LimitExceeded(message, limit="remote_rows", value=value, unit="rows", hint=hint)
    if status == 200:
        return
    said = _error_text(received)
    if status == 400:
        raise QuerySyntaxError(f"the remote store refuses the query: {said}")
    if status in (408, 504):
        hint = "Name more of the things you look for, or remove paths with * or +."
        raise RemoteFailure(f"the remote store gave up: {said}", hint=hint, status=504)
    if 300 <= status < 400:
        hint = "The operator of this server should set the real address of the store."
        raise RemoteFailure("the remote store redirects to another address, which is not followed", hint=hint)
    raise RemoteFailure(f"the remote store answered with status {status}: {said}")


def _error_text(received: Received) -> str:
    """Return the first paragraph of an error's text, without tags and of bounded length."""
    text = received.body.read().decode("utf-8", "replace")
    if received.media_type == "text/html":
        text = unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE))
    paragraph = re.split(r"\r?\n\s*\r?\n", text.strip())[0]
    return " ".join(paragraph.split())[:400] or "nothing more"


def source_format(received: Received, kind: Kind) -> Format:
    """Return the format that an answer is in. Raises `RemoteFailure` if it is none of those asked for."""
    fmt = next((f for f in _ASKED[kind] if received.media_type in (f.media_type, *f.aliases)), None)
    if fmt is None:
        asked = " or ".join(fmt.media_type for fmt in _ASKED[kind])
        raise RemoteFailure(f"the remote store was asked for {asked} and answered '{received.media_type[:100]}'")
    if fmt.name != "json" and not received.framed:
        raise RemoteFailure("the remote store gives no length, so its answer may be incomplete")
    return fmt


def convert(received: Received, source: Format, target: Format, *, ceiling: int) -> tuple[bytes | IO[bytes], int]:
    """Read a result to its end and write it in another format; return the bytes or a file with them, and their number.

    Only results that were read completely are passed on. Raises `RemoteFailure` for a document that is broken or cut,
    `LimitExceeded` above `ceiling` bytes.
    """
    writer = BoundedWriter(ceiling=ceiling)
    try:
        if source.kind is Kind.SOLUTIONS:
            body = relabel_blank_nodes(received.body.read())
            if not _END.search(body, max(0, len(body) - _TAIL_BYTES)):
                raise ValueError("the end is missing")
            parse_query_results(io.BytesIO(body), source.serializer).serialize(writer, target.serializer)  # type: ignore[arg-type]
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


_FORMS = {"SELECT": Kind.SOLUTIONS, "ASK": Kind.SOLUTIONS, "CONSTRUCT": Kind.GRAPH, "DESCRIBE": Kind.GRAPH}
#: Names of functions built into stores: Virtuoso's procedures, and classes that Jena loads.
_BUILT_IN = ("bif:", "sql:", "java:", *(f"http://www.openlinksw.com/schemas/{name}#" for name in ("bif", "sql")))
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")


def with_base(text: str, base_iri: str) -> str:
    """Return the query with relative IRIs to be resolved against `base_iri`, unless it names a base itself.

    A remote store would take its own address as the base. The addition is on the query's own first line, so that
    line numbers in error messages stay right.

    >>> with_base("DESCRIBE <id/huawei>", "https://w3id.org/digitech-kg/")
    'BASE <https://w3id.org/digitech-kg/> DESCRIBE <id/huawei>'
    """
    relative = any(token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in iter_tokens(text))
    return f"BASE <{base_iri}> {text}" if relative else text


def check_forwardable(text: str) -> Kind:
    """Return what the query's form yields, solutions or a graph.

    Raises `QuerySyntaxError` for text that isn't a query or uses an undeclared prefix, `Forbidden` for updates and for
    names of functions that belong to a store.
    """
    tokens = list(iter_tokens(text))
    prologue = read_prologue(tokens)
    first = tokens[prologue.length] if prologue.length < len(tokens) else Token("end", "", len(text))
    form = first.text.upper()
    if form not in _FORMS and form not in UPDATES:
        message = "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after BASE and PREFIX"
        raise error_at(replace_codepoint_escapes(text), first.start, message, "Correct the query at this place.")
    # A store may replace escapes at another moment.
    as_written = list(iter_tokens(text, replace_escapes=False)) if "\\" in text else []
    for token in (*tokens, *as_written):
        if token.kind == "word" and token.text.upper() in UPDATES:
            hint = "Send it as an update, or send a query instead."
            raise Forbidden(f"{token.text.upper()} is an update", hint=hint)
    named = ((token, token.text.lstrip("<")) for token in as_written if token.kind in ("iri", "name"))
    for token, iri in chain(_named_iris(text, tokens, prologue), named):
        if iri.lower().startswith(_BUILT_IN):
            message = f"{token.text[:200]} is a function of the remote store, which may not be called"
            raise Forbidden(message, hint="Use the functions of SPARQL 1.1.")
    return _FORMS[form]


def _named_iris(text: str, tokens: list[Token], prologue: Prologue) -> Iterator[tuple[Token, str]]:
    """Yield the tokens that stand for an IRI with the IRI that they stand for."""
    for token in tokens:
        if (iri := prologue.iri(token)) is not None:
            yield token, iri
            yield token, prologue.resolve(iri)
        elif token.kind == "name" and not token.text.startswith("_:"):
            message = f"the prefix '{token.text.partition(':')[0][:100]}:' is not declared"
            raise error_at(replace_codepoint_escapes(text), token.start, message, "Add a PREFIX line at the top.")
