"""Other SPARQL stores on loopback, started from nothing, loaded with N-Quads, and ended by their handle."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

VIRTUOSO_INI = """\
[Database]
DatabaseFile = store.db
ErrorLogFile = store.log
LockFile = store.lck
TransactionFile = store.trx
xa_persistent_file = store.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
MaxCheckpointRemap = 2000
Striping = 0
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CaseMode = 2
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = .
MaxClientConnections = 20
Charset = UTF-8
EnabledGzipContent = 1
[SPARQL]
ResultSetMaxRows = {max_rows}
"""


def free_port() -> int:
    """Give a port on loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_line(process: subprocess.Popen[str], wanted: str) -> None:
    """Read what a process says until a line holds `wanted`."""
    said = []
    for line in process.stdout or ():
        said.append(line)
        if wanted in line:
            return
    raise AssertionError(f"{process.args} ended with {process.wait()} and said: {''.join(said)}")


@contextmanager
def running(command: list[str], ready: str, directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a server while the block runs; it is ready when it has said `ready`."""
    process = subprocess.Popen(
        command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True
    )
    try:
        wait_for_line(process, ready)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def oxigraph(quads: Path, directory: Path) -> Iterator[str]:
    """Give the query address of Oxigraph's server over the quads of a file, in memory."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"]
    with running(command, "Listening", directory):
        url = f"http://127.0.0.1:{port}"
        headers = {"Content-Type": "application/n-quads"}
        requests.post(f"{url}/store", data=quads.read_bytes(), headers=headers, timeout=60).raise_for_status()
        yield f"{url}/query"


def virtuoso_is_there() -> bool:
    return shutil.which("virtuoso-t") is not None and shutil.which("isql-vt") is not None


@contextmanager
def virtuoso(quads: Path, directory: Path, *, max_rows: int = 1_000_000) -> Iterator[str]:
    """Give the query address of Virtuoso 7 over the quads of a file, in a database in `directory`."""
    sql_port, http_port = free_port(), free_port()
    ini = directory / "store.ini"
    ini.write_text(VIRTUOSO_INI.format(sql_port=sql_port, http_port=http_port, max_rows=max_rows))
    shutil.copy(quads, directory / "graph.nq")
    load = "DB.DBA.TTLP_MT(file_open('graph.nq'), '', 'http://example.org/', 512);"
    with running(["virtuoso-t", "-f", "+configfile", str(ini)], "Server online", directory):
        subprocess.run(
            [str(shutil.which("isql-vt")), f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={load}"],
            check=True,
            capture_output=True,
            timeout=60,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        yield f"http://127.0.0.1:{http_port}/sparql"
