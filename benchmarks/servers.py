"""What is compared: this service, the bare engine in a process, Oxigraph's own server, and rdflib-endpoint."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from client import Closed, Connection, Endpoint, Failed
from pyoxigraph import DefaultGraph

from digitech_kg.commit.building import create_empty
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.importing import find_import_file
from digitech_kg.commit.request import Commit, Import
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.repository import SnapshotRepository

_JSON = "application/sparql-results+json"
#: How long a query may take.
_PATIENCE_S = 30.0
BIN = Path(sys.executable).parent


@dataclass
class Data:
    """One data set as files and as stores, in a directory of its own."""

    file: Path
    quads: int
    named_graphs: bool
    directory: Path = field(init=False)

    def __post_init__(self) -> None:
        self.directory = self.file.parent

    def create(self) -> Path:
        """Make a new data directory for this service, without data, and return it."""
        target = self.directory / "digitech-kg"
        create_empty(SnapshotRepository(target), Namespaces("https://w3id.org/digitech-kg/"))
        return target

    def publish(self) -> Path:
        """Import the data into a new data directory for this service, and return it."""
        target = self.create()
        write = Import((find_import_file(self.file),), DefaultGraph())
        Committer(SnapshotRepository(target)).commit(write, Commit("import"))
        return target


class Contender:
    """A server in a process of its own, bound to one core."""

    def __init__(self, name: str, command: list[str], url: str, cores: set[int], directory: Path | None = None) -> None:
        self.name, self._directory = name, directory
        self.endpoint = Endpoint(url)
        self._command, self._cores = command, cores
        self._connection: Connection | None = None
        self.start()

    def start(self) -> None:
        """Start the process and wait for its first answer."""
        started = time.perf_counter()
        self.process = subprocess.Popen(
            self._command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=self._directory,
            preexec_fn=lambda: os.sched_setaffinity(0, self._cores),
        )
        self._wait_for_an_answer()
        self.start_s = time.perf_counter() - started

    def _wait_for_an_answer(self) -> None:
        """Ask until the server answers; its first answer ends its start."""
        request = self.endpoint.request("ASK { ?s ?p ?o }", accept=_JSON)
        for _ in range(30_000):
            if self.process.poll() is not None:
                raise Failed(f"{self.name} ended with {self.process.returncode}")
            try:
                connection = Connection(self.endpoint)
                connection.ask(request)
                connection.close()
            except (OSError, Failed):
                time.sleep(0.01)
            else:
                return
        raise Failed(f"{self.name} gave no answer within five minutes")

    def ask(self, request: bytes) -> float:
        """Send a request over the open connection, and return the seconds until the whole reply was there.

        Raises `TimeoutError` after half a minute.
        """
        if self._connection is None:
            self._connection = Connection(self.endpoint, timeout_s=_PATIENCE_S)
        try:
            return self._connection.ask(request)[1]
        except (Closed, ConnectionError):
            # It was idle while others had their turns; some servers keep a connection for a few seconds only.
            self._connection = Connection(self.endpoint, timeout_s=_PATIENCE_S)
            return self._connection.ask(request)[1]

    def restart(self) -> None:
        """End the process, busy or not, and start it again."""
        self.process.kill()
        self.process.wait()
        self._connection = None
        self.start()

    def memory_bytes(self) -> int:
        """Return the memory of the process and its children; what they share is counted once (PSS)."""
        return sum(_proportional_size(pid) for pid in _family(self.process.pid))

    def stop(self) -> None:
        """End the server: politely first."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_this_service(data: Data, cores: set[int]) -> Contender:
    """Start this service over the data."""
    port = free_port()
    default_graph = "union" if data.named_graphs else "own"
    directory = data.directory / "digitech-kg"
    command = [sys.executable, "-m", "digitech_kg", "serve", "--empty", "--data-dir", str(directory)]
    command += ["--port", str(port), "--default-graph", default_graph, "--query-timeout", "300"]
    return Contender("digitech-kg", command, f"http://127.0.0.1:{port}/sparql", cores)


def start_oxigraph(data: Data, cores: set[int]) -> Contender:
    """Start Oxigraph's own server over RocksDB; load the data first if it isn't loaded yet."""
    program, location = str(BIN / "oxigraph"), data.directory / "oxigraph"
    if not location.exists():
        load = [program, "load", "--location", str(location), "--file", str(data.file), "--format", "nq"]
        subprocess.run(load, check=True, capture_output=True)
        subprocess.run([program, "optimize", "--location", str(location)], check=True, capture_output=True)
    port = free_port()
    command = [program, "serve", "--location", str(location), "--bind", f"127.0.0.1:{port}"]
    command += ["--union-default-graph"] if data.named_graphs else []
    return Contender("oxigraph", command, f"http://127.0.0.1:{port}/query", cores)


def start_rdflib_endpoint(data: Data, cores: set[int]) -> Contender:
    """Start rdflib-endpoint over rdflib's own store; it reads the file at every start."""
    file = data.file
    if not data.named_graphs:
        file = data.file.with_suffix(".nt")
        shutil.copyfile(data.file, file)
    port = free_port()
    command = [str(BIN / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), str(file)]
    return Contender("rdflib-endpoint", command, f"http://127.0.0.1:{port}/", cores)


def virtuoso_is_there() -> bool:
    """Whether Virtuoso is installed; on Debian it is in the package virtuoso-opensource-7."""
    return shutil.which("virtuoso-t") is not None and shutil.which("isql-vt") is not None


def start_virtuoso(data: Data, cores: set[int]) -> Contender:
    """Start Virtuoso over the data, which it loads first."""
    directory, sql, http = data.directory / "virtuoso", free_port(), free_port()
    directory.mkdir()
    ini = Path(__file__).with_name("virtuoso.ini").read_text()
    (directory / "store.ini").write_text(ini.format(sql_port=sql, http_port=http))
    command = [str(shutil.which("virtuoso-t")), "-f", "+configfile", "store.ini"]
    found = Contender("virtuoso", command, f"http://127.0.0.1:{http}/sparql", cores, directory)
    load = f"DB.DBA.TTLP_MT(file_open('{data.file}'), '', 'https://example.org/', 512); checkpoint;"
    isql = [str(shutil.which("isql-vt")), f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"]
    subprocess.run(isql, check=True, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return found


class BareEngine:
    """The engine in a process without a server: the best that any server over it can reach."""

    name = "engine"

    def __init__(self, data: Data, cores: set[int]) -> None:
        started = time.perf_counter()
        command = [sys.executable, str(Path(__file__).parent / "bare.py"), str(data.directory / "digitech-kg")]
        self.process = subprocess.Popen(
            [*command, "union" if data.named_graphs else "own"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
        self.ask("ASK {}")
        self.start_s = time.perf_counter() - started

    def ask(self, query: str) -> float:
        """Evaluate and serialize a query, and return the seconds that it took there."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(query.replace("\n", " ") + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def memory_bytes(self) -> int:
        """Return the memory of the process (PSS)."""
        return _proportional_size(self.process.pid)

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[int]:
    children = [
        child for task in Path(f"/proc/{pid}/task").glob("*") for child in (task / "children").read_text().split()
    ]
    return [pid, *(member for child in children for member in _family(int(child)))]


def _proportional_size(pid: int) -> int:
    try:
        match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return 0  # It has ended since it was found.
    return int(match[1]) * 1024 if match else 0
