"""Run the application under granian."""

import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from werkzeug.middleware.proxy_fix import ProxyFix

from digitech_kg.engine.request import QueryService
from digitech_kg.engine.service import SnapshotService
from digitech_kg.errors import CallError
from digitech_kg.hooks import load_hook
from digitech_kg.namespaces import Namespaces
from digitech_kg.processes import notice_signals
from digitech_kg.settings import Settings
from digitech_kg.snapshot.manifest import parse_keep
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.web.app import create_app
from digitech_kg.web.http.assets import keep_compiled_templates
from digitech_kg.web.http.middleware import configure_logging

#: Between two templates that are compiled beforehand.
_PAUSE_S = 0.1
#: The connections that are held at a time; browsers hold some that they do not use.
_CONNECTIONS = 4096


def open_service(data_dir: Path, settings: Settings, names: Namespaces) -> QueryService:
    """Start query workers over the current snapshot of a data directory, or connect to the remote store set."""
    if settings.engine:
        service: QueryService = load_hook("query_service", names)(settings, names)
        return service
    repository = SnapshotRepository(data_dir, keep=parse_keep(settings.keep))
    open_federation = load_hook("federation", names)
    federation = open_federation(settings) if open_federation else None
    return SnapshotService(repository, settings, federation=federation)


def free_port(host: str, port: int) -> int:
    """Return a port that can be listened on: `port` itself, or any if it is 0. Raises `CallError` if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            hint = "Stop the program that uses the port, or choose another one with --port (0 finds a free one)."
            raise CallError(f"can't listen on {host}:{port}: {reason}", hint=hint) from error
        return int(probe.getsockname()[1])


def serve(
    data_dir: Path, settings: Settings, names: Namespaces, *, listening: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGINT or SIGTERM; running requests are finished first.

    `listening` is called, in the server's own process, once connections are accepted.
    """
    server = Server(
        "digitech_kg.web",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        # One process holds the connections and the caches; the queries run in the engine's own processes.
        workers=1,
        # A thread waits for each query that runs or is queued, and for each body still to come (`Middleware`);
        # the others keep answering meanwhile.
        blocking_threads=2 * (settings.workers + settings.queue_length) + 8,
        respawn_failed_workers=True,
        workers_kill_timeout=int(settings.query_timeout) + 5,
        # Connections that say nothing cost little; the next ones wait.
        backlog=_make_room(_CONNECTIONS),
        log_level=LogLevels.error,
        websockets=False,
    )
    server.serve(target_loader=partial(_load, data_dir, settings, names, listening), wrap_loader=False)


def _make_room(connections: int) -> int:
    """Allow this process as many open connections, or as many as the system lets it have, and return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= 2 * connections:
        return connections
    soft = 2 * connections if hard == resource.RLIM_INFINITY else min(2 * connections, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft // 2


def _load(data_dir: Path, settings: Settings, names: Namespaces, listening: Callable[[], None]) -> Any:
    """Make the application inside the server's process; the server listens as soon as it has it."""
    # Until granian takes signals here, a request to stop would reach the handler of its main process, which is deaf.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit())
    notice_signals()
    configure_logging(settings.log)
    app = create_app(open_service(data_dir, settings, names), settings, data_dir)
    keep_compiled_templates(app)
    app.extensions["write_service"].prepare()
    if count := settings.trusted_proxies:
        # Anybody can send the headers of proxies, so they are read only where all requests come through proxies.
        app.wsgi_app = ProxyFix(app.wsgi_app, count, count, count, x_prefix=count)  # type: ignore[method-assign]
    threading.Thread(target=_when_accepting, args=(app, settings, listening), daemon=True).start()
    return app


def _when_accepting(app: Flask, settings: Settings, listening: Callable[[], None]) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    answers = False
    # There is no time limit: whoever started the server is waiting for its address. Connections are accepted before
    # requests are answered, when the server can't be stopped yet.
    while not answers:
        time.sleep(0.01)
        with suppress(OSError, HTTPException), closing(HTTPConnection(host, settings.port)) as connection:
            connection.request("GET", "/healthz")
            answers = connection.getresponse().status == HTTPStatus.OK
    listening()
    # The first page is not to wait for its templates, nor for those of other pages.
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
        time.sleep(_PAUSE_S)


def describe_address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"
