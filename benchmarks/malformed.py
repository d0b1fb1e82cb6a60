"""Malformed requests of every kind: each gets an answer, and none a 500."""

import contextlib
import random
import re
import socket
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote

from runaways import NORMAL
from target import Target


@dataclass
class Outcome:
    """What came back."""

    requests: int
    statuses: Counter[object] = field(default_factory=Counter)
    #: Requests that had no answer, or an answer that says that the server is at fault.
    bad: list[str] = field(default_factory=list)
    still_healthy: bool = False
    left: list[int] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Whether the aims are met."""
        return not self.bad and self.still_healthy and not self.left


def send_malformed(requests: int, seed: int) -> Outcome:
    """Send malformed requests, the same for the same seed."""
    target, outcome = Target("--query-timeout", "2"), Outcome(requests)
    chance = random.Random(seed)  # noqa: S311
    for _ in range(requests):
        raw = _malformed(chance)
        status = _send(target, raw)
        outcome.statuses[status] += 1
        if status == "no answer" or (isinstance(status, int) and status >= 500 and status not in (504, 507)):
            outcome.bad.append(repr(raw[:300]))
    outcome.still_healthy = target.ask("ASK {}")[0] == 200
    outcome.left = target.stop()
    return outcome


def to_text(outcome: Outcome) -> str:
    """Return the outcome as Markdown."""
    counts = sorted(outcome.statuses.items(), key=str)
    verdict = "The server answers as before." if outcome.still_healthy else "The server does not answer any more."
    return "\n".join([
        f"{outcome.requests:,} malformed requests (escapes, charsets, parameters, headers, methods, NULs, nesting):",
        "",
        f"| answer | {' | '.join(str(status) for status, _ in counts)} |",
        "|---" * (len(counts) + 1) + "|",
        f"| requests | {' | '.join(f'{count:,}' for _, count in counts)} |",
        "",
        verdict,
        *(f"- bad: `{request}`" for request in outcome.bad[:5]),
    ])  # fmt: skip


def _malformed(chance: random.Random) -> bytes:
    junk = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 60)))
    query = chance.choice(["ASK {}", "SELECT * {", "SELECT", "", NORMAL, "\x00", "ASK {" + "{" * 300, "é" * 50])
    parts = {
        "query": [quote(query), "%zz", "%ff%fe", quote(junk), quote(query) + "&query=" + quote(query)],
        "other": ["", "&timeout=x", "&format=yaml", "&default-graph-uri=%00", "&nonsense=1", "&" + "a=b&" * 1200],
    }
    target = "/sparql?query=" + chance.choice(parts["query"]) + chance.choice(parts["other"])
    if chance.random() < 0.3:
        target = "/" + quote(junk)
    method = chance.choice(["GET", "GET", "POST", "PUT", "HEAD", "OPTIONS", "QUERY", "DELETE"])
    headers = ["Host: x", "Connection: close"]
    body = b""
    if method in ("POST", "QUERY", "PUT"):
        body = chance.choice([junk, query.encode(), b"query=" + junk, b"query=%zz", b"update=x"])
        types = ["application/sparql-query", "application/x-www-form-urlencoded", "text/plain", "\xe9", ""]
        headers.append(f"Content-Type: {chance.choice(types)}")
        headers.append(f"Content-Length: {len(body)}")
    headers.append(
        "Accept: " + chance.choice(["*/*", "image/png", "text/turtle;q=x", ",,,;;;", "a/b;q=2", "text/html"])
    )
    headers.append("Accept-Encoding: " + chance.choice(["gzip;q=0", "zstd", "x" * 100, "gzip, ,;q"]))
    headers.append("If-None-Match: " + chance.choice(["*", '"', "W/", '"x", "y']))
    headers += [f"X-{i}: {i}" for i in range(chance.choice([0, 0, 0, 40]))]
    return f"{method} {target} HTTP/1.1\r\n".encode() + "\r\n".join(headers).encode("latin-1") + b"\r\n\r\n" + body


def _send(target: Target, raw: bytes) -> object:
    with socket.create_connection((target.host, target.port), timeout=30) as connection:
        connection.sendall(raw)
        answer = b""
        with contextlib.suppress(OSError):
            while b"\r\n" not in answer and (piece := connection.recv(4096)):
                answer += piece
    match = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(match[1]) if match else "no answer"
