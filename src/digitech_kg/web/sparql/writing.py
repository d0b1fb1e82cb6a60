"""Carry out a write over HTTP: check the token and the rate, have it written, answer with the new version."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from flask import Response
from werkzeug.http import parse_etags

from digitech_kg.access import AccessToken, TokenStore
from digitech_kg.commit.process import WriterProcess, incoming_directory
from digitech_kg.commit.request import Commit, Outcome, Write
from digitech_kg.engine.request import QueryService, wanted_version
from digitech_kg.engine.service import SnapshotService
from digitech_kg.errors import AccessFailure, CallError, EngineFailure, Forbidden, StorageFailure
from digitech_kg.settings import MIB, Settings
from digitech_kg.sparql_text.checks import check_size
from digitech_kg.web.http.auth import require
from digitech_kg.web.http.limits import ClientLimits, is_unannounced, read_body, take_unannounced
from digitech_kg.web.http.middleware import REQUEST_ID
from digitech_kg.web.sparql.protocol import FORM, Parameters, parse_update, read_parameters

_LONGEST_MESSAGE: Final = 2000
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


def media_type_of(environ: Mapping[str, Any]) -> str:
    """Return the media type of a request's body, without its parameters."""
    return str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()


def may_write_unannounced(environ: Mapping[str, Any]) -> bool:
    """Whether a request brings credentials and a form whose length it doesn't announce: it may be an update."""
    return media_type_of(environ) == FORM and is_unannounced(environ) and "HTTP_AUTHORIZATION" in environ


def parse_commit(environ: Mapping[str, Any], parameters: Parameters, *, action: str, author: str) -> Commit:
    """Return who makes a write, why, and under which conditions."""
    told = dict(parameters)
    message, dry_run = told.get("message", ""), told.get("dryRun", "false").lower()
    if len(message) > _LONGEST_MESSAGE:
        message = f"the message is longer than {_LONGEST_MESSAGE} characters"
        raise CallError(message, hint="Write a shorter message.")
    if dry_run not in _TRUTH:
        raise CallError("dryRun is neither true nor false", hint="Leave out dryRun to write.")
    return Commit(
        action=action,
        author=author,
        message=message.strip(),
        request_id=environ.get(REQUEST_ID, ""),
        if_match=_tags(environ.get("HTTP_IF_MATCH"), are_weak=False),
        if_none_match=_tags(environ.get("HTTP_IF_NONE_MATCH"), are_weak=True),
        dry_run=_TRUTH[dry_run],
    )


def _tags(header: str | None, *, are_weak: bool) -> tuple[str, ...]:
    """Return the entity tags of a header, or an asterisk for any, as `Commit` has them.

    A header without any, such as one that is empty or has weak tags only, has a tag that fits nothing.
    """
    if header is None or header.strip() == "*":
        return ("*",) if header else ()
    # An asterisk in quotation marks is a tag like others, and no version has it or an empty one.
    return tuple(tag for tag in parse_etags(header).as_set(include_weak=are_weak) if tag and tag != "*") or ("",)


_LOG = logging.getLogger("digitech_kg.writing")


class WriteService:
    """Accepts writes for one service from those who have a token in `data_dir`."""

    def __init__(
        self, service: QueryService, settings: Settings, data_dir: Path, texts: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`texts` are those of documents, by name, with which the quotations in a write are compared."""
        self._service = service
        most, rate = settings.token_writes, settings.token_rate
        self._writes = ClientLimits(concurrent=most, per_second=rate, who="token", what="writes")
        self._data_dir, self._longest = data_dir, settings.update_size * MIB
        self._tokens = TokenStore(data_dir)
        self._writer: WriterProcess | None = None
        if isinstance(service, SnapshotService):
            self._writer = WriterProcess(service.repository, settings, texts)

    @contextmanager
    def admit(self, environ: dict[str, Any]) -> Iterator[AccessToken]:
        """Yield the token of a request that may write, and count it while it writes.

        Raises what `require` raises, and `Busy` for a token that writes too often. A `StorageFailure` of the
        block goes to the log, and its cause no further.
        """
        if self._writer is None:
            hint = "Write to the store itself."
            raise Forbidden("this service is read-only: its data is in another store", hint=hint)
        token = require(environ, self._tokens)
        with self._writes.admit_name(token.name):
            if is_unannounced(environ):
                take_unannounced(environ)
            try:
                yield token
            except StorageFailure as error:
                # Where the data is stored is the operator's business.
                _LOG.error("%s", error.message)
                hint = "Nothing was changed. Tell the operator (the log says why), and send it again later."
                raise StorageFailure("the service can't store the data", hint=hint) from error

    def receive_form(self, environ: dict[str, Any]) -> None:
        """Read a form of unannounced length whole, for somebody who may write. Raises what `require` raises."""
        require(environ, self._tokens)
        take_unannounced(environ)

    def update(self, environ: dict[str, Any]) -> Response:
        """Carry out the update of a request. Raises what `admit`, `parse_update` and the writer raise."""
        with self.admit(environ) as token:
            parameters = read_parameters(environ, read_body(environ, self._longest))
            operation = parse_update(parameters)
            check_size(operation.text, self._longest)
            commit = parse_commit(environ, parameters, action="update", author=token.name)
            return outcome_response(self.write(operation, commit))

    def write(self, write: Write, commit: Commit) -> Outcome:
        """Carry out a write; queries after it see the new version. Raises what the writer raises."""
        if self._writer is None:
            raise CallError("this service can't write")
        if wanted_version() is not None:
            raise CallError("the past can't be written to", hint="Leave out asOf.")
        outcome = self._writer.write(write, commit)
        if outcome.published and isinstance(self._service, SnapshotService):
            # The write is done; the next request opens the version if that fails now.
            with suppress(EngineFailure):
                self._service.follow()
        return outcome

    def incoming_directory(self) -> AbstractContextManager[Path]:
        """Return a directory for the bodies of a write; it is gone after the block. Raises `StorageFailure`."""
        return incoming_directory(self._data_dir)

    def prepare(self) -> None:
        """Get ready for the first write in the background, if there is a token that may write."""
        if self._writer is not None and self.takes_writes():
            # Bodies that a server left which was killed go.
            with suppress(StorageFailure), self.incoming_directory():
                pass
            self._writer.prepare()

    def takes_writes(self) -> bool:
        """Whether there is a token at all that could allow a write."""
        try:
            return self._writer is not None and self._tokens.any()
        except AccessFailure:
            return False


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
