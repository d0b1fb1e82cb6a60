"""The table of settings, with the name, default, unit and help of each."""

import hashlib
import math
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import platformdirs

from digitech_kg.errors import CallError
from digitech_kg.snapshot.manifest import parse_keep
from digitech_kg.sources.project import Project

MIB: Final = 1024 * 1024
#: Numbers that may be 0.
_MAY_BE_ZERO: Final = ("port", "queue_length", "in_memory_quads", "trusted_proxies")


def _setting(default: Any, unit: str, text: str) -> Any:
    return field(default=default, metadata={"unit": unit, "help": text})


@dataclass(frozen=True)
class Settings:
    """How a server or command runs. Frozen: a changed setting is a new object."""

    host: str = _setting("127.0.0.1", "address", "Address to listen on.")
    port: int = _setting(8000, "port", "Port to listen on; 0 takes a free one.")
    query_timeout: float = _setting(30.0, "seconds", "Longest time for one query.")
    query_memory: int = _setting(1024, "MiB", "Memory that one query may take beyond the dataset.")
    result_size: int = _setting(256, "MiB", "Largest result of one query.")
    query_length: int = _setting(200_000, "characters", "Longest query text.")
    body_size: int = _setting(2, "MiB", "Largest request body.")
    update_size: int = _setting(16, "MiB", "Largest SPARQL update.")
    write_size: int = _setting(256, "MiB", "Largest graph that is written.")
    write_timeout: float = _setting(120.0, "seconds", "Longest time for one write.")
    keep: str = _setting("100", "versions", "Versions whose data is kept: all, or the last N.")
    total_memory: int = _setting(4096, "MiB", "Memory that all running queries may take together.")
    workers: int = _setting(48, "processes", "Queries that may run at the same time.")
    queue_length: int = _setting(32, "requests", "Queries that may wait for a worker; as many writes may wait.")
    client_queries: int = _setting(8, "queries", "Queries that one client may run at the same time.")
    client_rate: float = _setting(50.0, "queries/s", "Queries that one client may send per second.")
    token_writes: int = _setting(16, "writes", "Writes of one token that may run or wait at the same time.")
    token_rate: float = _setting(50.0, "writes/s", "Writes that one token may send per second.")
    cache_size: int = _setting(64, "MiB", "Memory for answers kept for repeated queries.")
    log: str = _setting("auto", "auto|json|text|off", "Access log on stderr; auto is text in a terminal, else JSON.")
    in_memory_quads: int = _setting(5_000_000, "quads", "Up to this size the dataset is held in memory.")
    rewriting: bool = _setting(True, "", "Rewrite queries so that the engine answers them faster.")
    default_graph: str = _setting("union", "union|own", "Default graph of a query without FROM.")
    text: tuple[str, ...] = _setting(
        (), "DOCUMENT=FILE", "Your own copy of a document's text, to show quotations from; may be repeated."
    )
    service_allow: tuple[str, ...] = _setting(
        (), "IRI", "Endpoint that SERVICE may call: an IRI, or a name that the documentation lists; may be repeated."
    )
    engine: str = _setting("", "URL", "SPARQL 1.1 endpoint that holds the data, instead of a snapshot built here.")
    engine_refresh: float = _setting(60.0, "seconds", "How long an answer of --engine may be kept by caches.")
    trusted_proxies: int = _setting(0, "number", "Reverse proxies in front whose X-Forwarded headers are believed.")
    public_url: str = _setting("", "URL", "Address under which visitors reach the server, if not the one listened on.")

    @property
    def union_default_graph(self) -> bool:
        return self.default_graph == "union"

    def checked(self) -> "Settings":
        """Return the settings. Raises `CallError` for a value that makes no sense, with the name of its option."""
        for name, value in vars(self).items():
            least = "of at least 0" if name in _MAY_BE_ZERO else "greater than 0"
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            # No number is greater than NaN.
            is_wrong = is_number and not (0 < value < math.inf)
            if is_wrong and not (value == 0 and name in _MAY_BE_ZERO):
                raise CallError(f"{option_of(name)} must be a number {least}", hint="Leave it out for the default.")
        parse_keep(self.keep)
        if self.engine:
            check_endpoint_url(self.engine)
            if self.service_allow:
                hint = "Leave one of them out."
                raise CallError("--service-allow is for the local engine, not for a store behind --engine", hint=hint)
        return self


def check_endpoint_url(url: str) -> None:
    """Raise `CallError` unless `url` is an absolute HTTP address."""
    hint = "Give the whole address, such as http://127.0.0.1:8890/sparql"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f<>\"{}|\\^`]", url):
        raise CallError("--engine isn't an HTTP address", hint=hint)


def option_of(name: str) -> str:
    """Return the option on the command line that changes a setting; what is on by default can be switched off."""
    negation = "no-" if setting_fields()[name]["default"] is True else ""
    return f"--{negation}{name.replace('_', '-')}"


def setting_fields() -> dict[str, dict[str, Any]]:
    """Return default, unit and help of each setting by name."""
    return {f.name: {"default": f.default, **f.metadata} for f in fields(Settings)}


def default_data_dir(project: Project | None) -> Path:
    """Return the directory in the user's cache where a project's snapshots go; None means `serve --empty`."""
    cache = Path(platformdirs.user_cache_dir("digitech-kg"))
    if project is None:
        return cache / "empty"
    return cache / f"{project.root.name}-{hashlib.sha256(str(project.root).encode()).hexdigest()[:8]}"
