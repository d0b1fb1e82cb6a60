"""A server of our own on loopback, to attack."""

import contextlib
import http.client
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlencode


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
        """Send a query over a connection of its own, and return the status and the body."""
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
        """Return the ids of the server's process and all below it."""
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            with contextlib.suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    todo += map(int, (task / "children").read_text().split())
        return found

    def resident_mib(self) -> float:
        """Return the memory of all processes; shared memory is counted once (PSS)."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
                total += int(found[1]) if found else 0
        return total / 1024

    def stop(self) -> list[int]:
        """End the server, and return the processes that are left of it."""
        pids = self.processes()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        left = [pid for pid in pids if Path(f"/proc/{pid}/exe").exists()]
        self.directory.cleanup()
        return left
