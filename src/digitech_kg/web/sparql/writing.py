"""The steps of every write over HTTP: token, rate, writer, and the switch to the new version."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Response

from digitech_kg.access import Token, TokenStore
from digitech_kg.commit import Commit, Outcome, Write
from digitech_kg.commit.changes.incoming import incoming_directory, remove_abandoned
from digitech_kg.commit.writing.process import WriterProcess
from digitech_kg.commit.writing.remote import RemoteWriter
from digitech_kg.engine import QueryService, SnapshotService
from digitech_kg.engine.versions import wanted_version
from digitech_kg.errors import AccessFailure, CallError, EngineFailure, Forbidden, StorageFailure
from digitech_kg.messages import Message
from digitech_kg.settings import Settings
from digitech_kg.web.http.auth import require
from digitech_kg.web.http.clients import ClientLimits

_MIB = 1024 * 1024
_LOG = logging.getLogger("digitech_kg.writing")


class WriteService:
    """Accepts writes for one service from those who have a token in `data_dir`."""

    def __init__(self, service: QueryService, settings: Settings, data_dir: Path) -> None:
        self._service = service
        self._writes = ClientLimits(
            concurrent=settings.token_writes,
            per_second=settings.token_rate,
            who=Message("token"),
            what=Message("writes"),
        )
        self._data_dir = data_dir
        self._tokens = TokenStore(data_dir)
        self._writer = _writer_of(service, settings)

    @contextmanager
    def admit(self, environ: Mapping[str, Any], graph: str | None = None) -> Iterator[Token]:
        """Yield the token of a request that may write, to `graph` if one is named, and count it while it writes.

        Raises what `auth.require` raises, and `Busy` for a token that writes too often. A `StorageFailure` of the
        block goes to the log, and its cause no further.
        """
        if self._writer is None:
            hint = "The operator can allow writing with --engine-update. Or write to the store itself."
            raise Forbidden("this service is read-only: its data is in another store", hint=hint)
        token = require(environ, self._tokens, "write", graph)
        with self._writes.admit_name(token.name):
            try:
                yield token
            except StorageFailure as error:
                # Where the data is stored is the operator's business.
                _LOG.error("%s", error.message)
                hint = "Nothing was changed. Tell the operator (the log says why), and send it again later."
                raise StorageFailure("the service can't store the data", hint=hint) from error

    def write(self, write: Write, commit: Commit) -> Outcome:
        """Carry out a write; queries after it see the new version. Raises what the writer raises."""
        if self._writer is None:
            raise CallError("this service can't write")
        if wanted_version() is not None:
            raise CallError("the past can't be written to", hint="Leave out asOf.")
        outcome = self._writer.write(write, commit)
        if outcome.published:
            # What is written is written; whoever asks next opens it if it could not be opened now.
            with suppress(EngineFailure):
                self._service.follow()
        return outcome

    def incoming_directory(self) -> AbstractContextManager[Path]:
        """Return a directory for the bodies of a write; it is gone after the block. Raises `StorageFailure`."""
        return incoming_directory(self._data_dir)

    def prepare(self) -> None:
        """Get ready for the first write, if there is a token that may write; does not wait for it."""
        if self._writer is not None and self.takes_writes():
            remove_abandoned(self._data_dir)
            self._writer.prepare()

    def takes_writes(self) -> bool:
        """Whether there is a token at all that could allow a write."""
        try:
            return self._writer is not None and self._tokens.any()
        except AccessFailure:
            return False

    def close(self) -> None:
        """End the writer's process."""
        if self._writer is not None:
            self._writer.close()


def _writer_of(service: QueryService, settings: Settings) -> WriterProcess | RemoteWriter | None:
    if isinstance(service, SnapshotService):
        return WriterProcess(
            service.repository,
            keep=settings.keep,
            union_default_graph=service.union_default_graph,
            timeout_s=settings.write_timeout,
            memory_bytes=settings.total_memory * _MIB,
            update_memory_bytes=settings.query_memory * _MIB,
            queue_length=settings.queue_length,
        )
    if settings.engine_update:
        return RemoteWriter(settings.engine_update, service, timeout_s=settings.write_timeout)
    return None


def outcome_response(outcome: Outcome, *, status: int = 200, location: str = "") -> Response:
    """Return the answer to a write: what changed, as JSON."""
    document = {key: value for key, value in asdict(outcome).items() if value is not None}
    document["graphs"] = {name: {"added": a, "removed": r} for name, (a, r) in outcome.graphs.items()}
    if not outcome.published and outcome.difference is None:
        document["note"] = "Nothing changed: the data to add was already there, and the data to remove was not there."
    response = Response(json.dumps(document, ensure_ascii=False), status=status, content_type="application/json")
    response.headers["Dataset-Version"] = outcome.version
    if location:
        response.headers["Location"] = location
    return response
