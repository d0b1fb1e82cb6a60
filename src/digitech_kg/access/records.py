"""The file of tokens: JSON that is checked when it is read, since a list that was tampered with opens the door."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digitech_kg.access.tokens import SCOPES, Record, Token
from digitech_kg.errors import AccessFailure

_VERSION = 1


def write_records(records: Iterable[Record]) -> bytes:
    """Return the content of the file, by name."""
    rows = [_to_row(record) for record in sorted(records, key=lambda record: record.token.name)]
    return (json.dumps({"version": _VERSION, "tokens": rows}, indent=2) + "\n").encode("utf-8")


def read_records(file: Path) -> dict[str, Record]:
    """Return the records of a file by id.

    Raises `AccessFailure` if it cannot be read or any record is not as `write_records` writes it: no token counts then.
    """
    try:
        document = json.loads(file.read_bytes())
        if document["version"] != _VERSION:
            raise ValueError(f"version {document['version']!r} is not known")
        records = [_from_row(row) for row in document["tokens"]]
        found = {record.token.id: record for record in records}
        if len(found) < len(records) or len({record.token.name for record in records}) < len(records):
            raise ValueError("two tokens have the same id or name")
    except OSError as error:
        hint = "Run the service as the user that owns the file, or make its tokens again."
        raise AccessFailure(f"the tokens in {file} cannot be read: {error.strerror}", hint=hint) from error
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        hint = "Put the file back from a copy, or delete it and make the tokens again; no token is taken until then."
        raise AccessFailure(f"{file} is not a list of tokens: {_say(error)}", hint=hint) from error
    return found


def _to_row(record: Record) -> dict[str, Any]:
    token = record.token
    return {
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        "graphs": list(token.graphs),
        "created": token.created.isoformat(),
        "expires": token.expires and token.expires.isoformat(),
        "salt": record.salt.hex(),
        "blake2b": record.digest.hex(),
    }


def _from_row(row: dict[str, Any]) -> Record:
    created, expires = (
        text and datetime.fromisoformat(text).astimezone(UTC) for text in (row["created"], row["expires"])
    )
    token = Token(row["id"], row["name"], tuple(row["scopes"]), tuple(row["graphs"]), created, expires)
    record = Record(token, bytes.fromhex(row["salt"]), bytes.fromhex(row["blake2b"]))
    is_whole = (len(token.id), len(record.salt), len(record.digest)) == (12, 16, 32) and token.name
    # What is written again as it was read has everything that it should have, and of the right kind.
    if not is_whole or _to_row(record) != row:
        raise ValueError("a token is not as it was written")
    if unknown := set(token.scopes) - set(SCOPES):
        raise ValueError(f"there is no scope {min(unknown)!r}")
    if not all(token.graphs):
        raise ValueError("a graph has no name")
    return record


def _say(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
