"""Attack a server of one's own on loopback: runaway queries beside a normal client, and malformed requests.

Run `make attack`. Everything is bounded in count and time; the exit status is 1 if an aim is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urlencode

RUNAWAYS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i",
    "SELECT * { ?a (!<urn:x>|^!<urn:x>)* ?b . ?b (!<urn:x>|^!<urn:x>)* ?c }",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), '(a|a?)+(b|b?)+c$') . ?x ?y ?z }",
    "SELECT * { VALUES ?x {" + " ".join(f"'{i}'" for i in range(20_000)) + "} ?a ?b ?c . ?d ?e ?f }",
)
NORMAL = (
    "PREFIX dk: <https://w3id.org/digitech-kg/ontology#> SELECT ?c ?s { ?c a dk:Company ; dk:isInSector ?s } "
    "ORDER BY ?c # "
)


class Target:
    """A server in a process of its own."""

    def __init__(self, *options: str) -> None:
        self.directory = tempfile.TemporaryDirectory()
        command = [sys.executable, "-m", "digitech_kg", "serve", "--port", "0", "--data-dir", self.directory.name]
        self.process = subprocess.Popen([*command, "--log", "off", *options], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr or ():
            if match := re.match(r"Open http://([\d.]+):(\d+)/", line):
                self.host, self.port = match[1], int(match[2])
                threading.Thread(target=lambda: list(self.process.stderr or ()), daemon=True).start()
                return
        raise SystemExit("the server did not start")

    def ask(self, query: str, **parameters: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            path = "/sparql?" + urlencode({"query": query, **parameters})
            if len(path) > 60_000:
                connection.request("POST", "/sparql", query, {"Content-Type": "application/sparql-query"})
            else:
                connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def processes(self) -> list[int]:
        """The ids of the server's process and all below it."""
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            with contextlib.suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    todo += map(int, (task / "children").read_text().split())
        return found

    def resident_mib(self) -> float:
        """Memory of all processes, shared pages counted once for each."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return total * 4096 / 2**20

    def stop(self) -> list[int]:
        """End the server; give the processes that are left of it."""
        pids = self.processes()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        left = [pid for pid in pids if Path(f"/proc/{pid}/exe").exists()]
        self.directory.cleanup()
        return left


def normal_latencies(target: Target, seconds: float, tag: str) -> list[float]:
    """Ask a small query that no cache knows, again and again for a time; milliseconds each."""
    taken, end, number = [], time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        started = time.perf_counter()
        status, _ = target.ask(f"{NORMAL}{tag}{number}")
        taken.append((time.perf_counter() - started) * 1000)
        assert status == 200, status
        time.sleep(0.02)
    return taken


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def run_away(queries: int, clients: int) -> bool:
    """Let `clients` send `queries` runaway queries beside a normal client; give whether the aims are met."""
    target = Target("--query-timeout", "6", "--query-memory", "300")
    normal_latencies(target, 1, "warm")
    quiet = normal_latencies(target, 5, "quiet")
    before = target.resident_mib()
    todo = [RUNAWAYS[i % len(RUNAWAYS)] + f" # {i}" for i in range(queries)]
    statuses: Counter[int] = Counter()
    longest = 0.0
    lock = threading.Lock()

    def client() -> None:
        nonlocal longest
        while True:
            with lock:
                if not todo:
                    return
                query = todo.pop()
            started = time.monotonic()
            status, _ = target.ask(query)
            with lock:
                statuses[status] += 1
                longest = max(longest, time.monotonic() - started)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    beside: list[float] = []
    most = before
    while any(thread.is_alive() for thread in threads):
        beside += normal_latencies(target, 1, f"beside{len(beside)}-")
        most = max(most, target.resident_mib())
    time.sleep(0.5)
    after, workers = target.resident_mib(), len(target.processes())
    left = target.stop()
    ratio = p95(beside) / p95(quiet)
    print(f"quiet:  p50 {statistics.median(quiet):.1f} ms, p95 {p95(quiet):.1f} ms ({len(quiet)} queries)")
    print(f"beside: p50 {statistics.median(beside):.1f} ms, p95 {p95(beside):.1f} ms ({len(beside)} queries)")
    print(f"ratio of p95: {ratio:.2f} (aim: at most 3)")
    print(f"runaway answers: {dict(statuses)}; longest {longest:.1f} s of 6 s allowed (aim: at most 7)")
    print(f"memory: {before:.0f} MiB before, {most:.0f} MiB at most, {after:.0f} MiB after; {workers} processes")
    print(f"left running after the end: {left}")
    return ratio <= 3 and longest <= 7 and not left and 200 not in statuses


def fuzz(requests: int, seed: int) -> bool:
    """Send malformed requests; give whether each got an answer and none a 500."""
    target = Target("--query-timeout", "2")
    chance = random.Random(seed)  # noqa: S311
    statuses: Counter[object] = Counter()
    bad: list[str] = []
    for _ in range(requests):
        raw = _malformed(chance)
        status = _send(target, raw)
        statuses[status] += 1
        if status == "no answer" or (isinstance(status, int) and status >= 500 and status not in (504, 507)):
            bad.append(repr(raw[:300]))
    healthy = target.ask("ASK {}")[0] == 200
    left = target.stop()
    print(f"{requests} malformed requests: {dict(sorted(statuses.items(), key=str))}; still healthy: {healthy}")
    for line in bad[:5]:
        print("  ", line)
    return not bad and healthy and not left


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=100, help="runaway queries in all")
    parser.add_argument("--clients", type=int, default=20, help="clients that send them")
    parser.add_argument("--requests", type=int, default=10_000, help="malformed requests")
    parser.add_argument("--seed", type=int, default=1, help="of the malformed requests")
    options = parser.parse_args()
    met = [run_away(options.queries, options.clients), fuzz(options.requests, options.seed)]
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
