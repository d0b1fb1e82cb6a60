"""What every write over HTTP goes through: the token, its rate, the writer, and the switch to the new version."""

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
from digitech_kg.engine import QueryService, SnapshotService
from digitech_kg.engine.moments import wanted_version
from digitech_kg.errors import AccessFailure, CallError, EngineFailure, Forbidden, StorageFailure
from digitech_kg.settings import Settings
from digitech_kg.update import Commit, Outcome, RemoteWriter, Write, WriterProcess
from digitech_kg.update.incoming import incoming_directory, remove_abandoned
from digitech_kg.web.http.auth import require
from digitech_kg.web.http.clients import ClientLimits

_LOG = logging.getLogger("digitech_kg.writing")


class WriteDesk:
    """Takes writes for one service; who may write, the tokens in `data_dir` say."""

    def __init__(self, service: QueryService, settings: Settings, data_dir: Path) -> None:
        self._service = service
        self._writes = ClientLimits(
            concurrent=settings.token_writes, per_second=settings.token_rate, who="token", what="writes"
        )
        self._data_dir = data_dir
        self._tokens = TokenStore(data_dir)
        self._writer = _writer_of(service, settings)

    @contextmanager
    def admit(self, environ: Mapping[str, Any], graph: str | None = None) -> Iterator[Token]:
        """Give the token of a request that may write, to `graph` if one is named, and count it while it writes.

        Raises what `auth.require` raises, and `Busy` for a token that writes too often. A `StorageFailure` of the
        block goes to the log, and its cause no further.
        """
        if self._writer is None:
            hint = "Its operator can open it with --engine-update, or you write to the store itself."
            raise Forbidden("this service is read-only: its data is in another store", hint=hint)
        token = require(environ, self._tokens, "write", graph)
        with self._writes.admit_name(token.name):
            try:
                yield token
            except StorageFailure as error:
                # Where the data is stored is the operator's business.
                _LOG.error("%s", error.message)
                hint = "Nothing was changed. Tell the operator, whose log says why, and send it again later."
                raise StorageFailure("the service cannot store what you write", hint=hint) from error

    def write(self, write: Write, commit: Commit) -> Outcome:
        """Carry out a write; whoever asks afterwards is answered from the new version. Raises what the writer does."""
        if self._writer is None:
            raise CallError("this service does not write")
        if wanted_version() is not None:
            raise CallError("the past cannot be written to", hint="Leave asOf and Accept-Datetime out.")
        outcome = self._writer.write(write, commit)
        if outcome.published:
            # What is written is written; whoever asks next opens it if it could not be opened now.
            with suppress(EngineFailure):
                self._service.follow()
        return outcome

    def incoming_directory(self) -> AbstractContextManager[Path]:
        """Give a directory for the bodies of a write; it is gone after the block. Raises `StorageFailure`."""
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
            memory_bytes=settings.total_memory * 1024 * 1024,
            queue_length=settings.queue_length,
        )
    if settings.engine_update:
        return RemoteWriter(settings.engine_update, service, timeout_s=settings.write_timeout)
    return None


def outcome_response(outcome: Outcome, *, status: int = 200, location: str = "") -> Response:
    """Give the answer to a write: what changed, as JSON."""
    document = {key: value for key, value in asdict(outcome).items() if value is not None}
    document["graphs"] = {name: {"added": a, "removed": r} for name, (a, r) in outcome.graphs.items()}
    if not outcome.published and outcome.difference is None:
        document["note"] = "Nothing changed: what was to be added is there, and what was to be removed is not."
    response = Response(json.dumps(document, ensure_ascii=False), status=status, content_type="application/json")
    response.headers["Dataset-Version"] = outcome.version
    if location:
        response.headers["Location"] = location
    return response
