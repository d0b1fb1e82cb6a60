"""Bearer tokens and what they allow, kept as salted hashes in one JSON file of the data directory.

A token reads `dkg_<id>_<secret>`. The id finds its record, so that checking a token is one hash and one comparison
however many tokens there are. The secret has 256 random bits, so a fast hash is safe: there is nothing to guess.

Servers read the file for each request with a token, and the command line writes it. It is replaced as a whole, so a
reader sees the old list or the new one; writers take turns by a lock of the operating system, so two commands at once
lose nothing and a dead one holds none. What is read is checked: a list that was tampered with would open the door.
"""

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from digitech_kg.errors import AccessFailure, CallError
from digitech_kg.sources.files import sync

#: From the least to the most: each allows what those before it do.
SCOPES: Final = ("read", "write", "admin")

_TEXT: Final = re.compile(r"dkg_([0-9a-f]{12})_([0-9a-f]{64})", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}", re.ASCII)
_DAYS: Final = re.compile(r"([1-9][0-9]{0,5})d", re.ASCII)
_SALT_BYTES, _DIGEST_BYTES = 16, 32
#: The id, the salt and the hash of a token.
_HASHED: Final = re.compile(rf"[0-9a-f]{{12}} [0-9a-f]{{{2 * _SALT_BYTES}}} [0-9a-f]{{{2 * _DIGEST_BYTES}}}")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A person's name and what they may do, with the salted hash of the secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    #: The first moment at which it no longer counts; None means never.
    expires: datetime | None
    #: In hexadecimal digits, as is the hash.
    salt: str = field(default="00" * _SALT_BYTES, repr=False)
    blake2b: str = field(default="00" * _DIGEST_BYTES, repr=False)

    def may(self, scope: str) -> bool:
        return any(scope in SCOPES[: SCOPES.index(own) + 1] for own in self.scopes)

    def is_expired(self, now: datetime) -> bool:
        return self.expires is not None and now >= self.expires

    def matches(self, secret: str) -> bool:
        """Whether the secret is this token's, in a time that does not depend on where the two differ."""
        return hmac.compare_digest(_digest(secret, self.salt), self.blake2b)


#: What the secret of an unknown id is compared with, so that it takes as long as one of a known id.
_NOBODY: Final = AccessToken("", "", (), datetime.min.replace(tzinfo=UTC), None)


def check_name(name: str) -> None:
    """Raise `CallError` for what cannot be the name of a token, or of the author of a version."""
    if not _NAME.fullmatch(name):
        hint = "Use up to 64 letters, digits and . _ @ + -, beginning with a letter or digit."
        raise CallError(f"{name!r} cannot be a token's name or an author's", hint=hint)


def parse_expiry(text: str, now: datetime) -> datetime:
    """Return the end of a number of days (`90d`) or of a day (`2027-01-31`). Raises `CallError` for anything else.

    >>> parse_expiry("90d", datetime(2026, 1, 1, tzinfo=UTC)).date().isoformat()
    '2026-04-01'
    >>> parse_expiry("2027-01-31", datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    '2027-02-01T00:00:00+00:00'
    """
    try:
        if days := _DAYS.fullmatch(text):
            return now.replace(microsecond=0) + timedelta(days=int(days[1]))
        return datetime.combine(date.fromisoformat(text), time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        hint = "Give a number of days such as 90d, or a date such as 2027-01-31."
        raise CallError(f"{text!r} isn't a time at which a token can expire", hint=hint) from error


def _digest(secret: str, salt: str) -> str:
    data, salted = secret.encode("ascii"), bytes.fromhex(salt)
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES, salt=salted, person=b"digitech-kg").hexdigest()


_FILE, _LOCK = "tokens.json", "tokens.lock"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class TokenStore:
    """The tokens of one data directory, as its file has them now."""

    def __init__(self, data_dir: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.file = data_dir / _FILE
        self._data_dir, self._clock = data_dir, clock

    def any(self) -> bool:
        """Whether there is a token at all; without one nobody can write. Raises `AccessFailure` as `authenticate`."""
        return bool(_read_tokens(self.file))

    def tokens(self) -> list[AccessToken]:
        """Return all tokens, expired ones included, by name. Raises `AccessFailure` as `authenticate`."""
        return sorted(_read_tokens(self.file).values(), key=lambda token: token.name)

    def authenticate(self, authorization: str | None) -> AccessToken | None:
        """Return the token of an `Authorization` header; None without a known token that hasn't expired.

        Only the `Bearer` scheme is known (RFC 6750, section 2.1). An id that is unknown takes as long as a secret that
        is wrong. Raises `AccessFailure` if the file of tokens cannot be read or is not what was written.
        """
        scheme, _, text = (authorization or "").strip().partition(" ")
        parts = _TEXT.fullmatch(text.strip()) if scheme.lower() == "bearer" else None
        if parts is None:
            return None
        token = _read_tokens(self.file).get(parts[1], _NOBODY)
        if not token.matches(parts[2]) or token is _NOBODY or token.is_expired(self._clock()):
            return None
        return token

    def create(self, name: str, *, scopes: Collection[str], expires: datetime | None = None) -> tuple[str, AccessToken]:
        """Keep a new token with some of `SCOPES`; give its text, which is kept nowhere, and what it allows.

        Raises `CallError` if the name is taken or something makes no sense, `AccessFailure` as `authenticate`.
        """
        check_name(name)
        kept, now = tuple(scope for scope in SCOPES if scope in scopes), self._clock()
        if expires is not None and expires <= now:
            raise CallError(f"the token would have expired on {expires:%Y-%m-%d}", hint="Give a time in the future.")
        identifier, secret, salt = secrets.token_hex(6), secrets.token_hex(32), secrets.token_hex(_SALT_BYTES)
        token = AccessToken(identifier, name, kept, now.replace(microsecond=0), expires, salt, _digest(secret, salt))
        with self._changing() as tokens:
            if any(other.name == name for other in tokens.values()):
                hint = f"Choose another name, or revoke the old one: digitech-kg token revoke {name}"
                raise CallError(f"there is a token {name} already", hint=hint)
            tokens[identifier] = token
        return f"dkg_{identifier}_{secret}", token

    def revoke(self, name: str) -> None:
        """Take a token back. Raises `CallError` if there is none of this name."""
        with self._changing() as tokens:
            found = next((token for token in tokens.values() if token.name == name), None)
            if found is None:
                raise CallError(f"there is no token {name}", hint="See which there are: digitech-kg token list")
            del tokens[found.id]

    def open_to_others(self) -> str | None:
        """Say so if other users of the machine can read or replace the file of tokens, else give None."""
        try:
            mode = stat.S_IMODE(self.file.stat().st_mode)
        except OSError:
            # Reading it reports what is wrong.
            return None
        if not mode & _OTHERS:
            return None
        return f"{self.file} is open to other users (mode {mode:04o}); close it: chmod 600 {self.file}"

    @contextmanager
    def _changing(self) -> Iterator[dict[str, AccessToken]]:
        """Yield what is in the file now, by id, and replace the file by what that becomes; other writers wait.

        The whole file takes the place of the old one, so that it lasts through a power cut.
        """
        folder = self._data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _open_private(folder / _LOCK, folder) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                tokens = _read_tokens(self.file)
                yield tokens
                rows = [_to_row(token) for token in sorted(tokens.values(), key=lambda token: token.name)]
                with TemporaryDirectory(prefix=f".{_FILE}-", dir=folder) as place:
                    pending = Path(place, _FILE)
                    with _open_private(pending, folder) as out:
                        out.write((json.dumps({"version": _VERSION, "tokens": rows}, indent=2) + "\n").encode())
                    sync(pending)
                    pending.replace(self.file)
                sync(folder)
        except OSError as error:
            hint = "Name another directory with --data-dir, make room, or run the command as the user that serves it."
            raise CallError(f"cannot keep tokens in {folder}: {error.strerror}", hint=hint) from error


def _open_private(path: Path, like: Path) -> IO[bytes]:
    """Open a file to write, for its owner alone: what root makes for a service is for the owner of `like` to read."""
    file = open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 - the caller closes it
    if os.geteuid() == 0:
        owner = like.stat()
        os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
    return file


_VERSION: Final = 2


def _read_tokens(file: Path) -> dict[str, AccessToken]:
    """Return the tokens of a file by id; none if there is no file.

    Raises `AccessFailure` if it cannot be read or any is not as it was written: no token counts then.
    """
    try:
        document = json.loads(file.read_bytes())
        if document["version"] != _VERSION:
            raise ValueError(f"version {document['version']!r} is not known")
        tokens = [_from_row(row) for row in document["tokens"]]
        found = {token.id: token for token in tokens}
        if len(found) < len(tokens) or len({token.name for token in tokens}) < len(tokens):
            raise ValueError("two tokens have the same id or name")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        hint = "Run the service as the user that owns the file, or make its tokens again."
        raise AccessFailure(f"the tokens in {file} cannot be read: {error.strerror}", hint=hint) from error
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        hint = "Restore the file from a copy, or delete it and make the tokens again; until then no token is accepted."
        raise AccessFailure(f"{file} is not a list of tokens: {reason}", hint=hint) from error
    return found


def _to_row(token: AccessToken) -> dict[str, Any]:
    times = {"created": token.created.isoformat(), "expires": token.expires and token.expires.isoformat()}
    return {**asdict(token), "scopes": list(token.scopes), **times}


def _from_row(row: dict[str, Any]) -> AccessToken:
    times = {name: row[name] and datetime.fromisoformat(row[name]).astimezone(UTC) for name in ("created", "expires")}
    token = AccessToken(**{**row, "scopes": tuple(row["scopes"]), **times})
    # A row that is written again just as it was read has all its fields, each of the right type.
    if not _HASHED.fullmatch(f"{token.id} {token.salt} {token.blake2b}") or not token.name or _to_row(token) != row:
        raise ValueError("a token is not as it was written")
    if unknown := set(token.scopes) - set(SCOPES):
        raise ValueError(f"there is no scope {min(unknown)!r}")
    return token
