"""Tokens: what they allow, how they are kept, and that a list which was tampered with lets nobody in."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digitech_kg import access
from digitech_kg.access import AccessToken, TokenStore, parse_expiry
from digitech_kg.errors import AccessFailure, CallError

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
NOTE = "https://w3id.org/digitech-kg/graph/note"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


class Clock:
    """A clock that is set by hand."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> TokenStore:
    return TokenStore(tmp_path, clock=clock)


def bearer(text: str) -> str:
    return f"Bearer {text}"


def tamper(store: TokenStore, change: Callable[[dict[str, object]], object]) -> None:
    document = json.loads(store.file.read_text())
    change(document["tokens"][0])
    store.file.write_text(json.dumps(document))


def test_without_any_token_nobody_is_known(store: TokenStore) -> None:
    assert not store.any()
    assert store.tokens() == []
    assert store.authenticate(bearer(f"dkg_{'0' * 12}_{'0' * 64}")) is None


def test_token_is_known_by_its_text_alone(store: TokenStore) -> None:
    text, made = store.create("anna", scopes=["write"])
    store.create("ben", scopes=["read"])
    assert store.any()
    assert store.authenticate(bearer(text)) == made
    assert store.authenticate(f"bearer  {text} ") == made
    assert [token.name for token in store.tokens()] == ["anna", "ben"]


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer dkg_",
        "Basic {text}",
        "{text}",
        "Bearer {text}0",
        "Bearer {text} {text}",
        "Bearer {upper}",
        "Bearer {other_secret}",
        "Bearer {other_id}",
        "Bearer ÅÆØ",
    ],
)
def test_anything_but_the_whole_token_is_nobody(store: TokenStore, header: str | None) -> None:
    text, _ = store.create("anna", scopes=["write"])
    other = {"other_secret": text[:-1] + ("0" if text[-1] != "0" else "1"), "other_id": "dkg_" + "0" * 12 + text[16:]}
    assert store.authenticate(header and header.format(text=text, upper=text.upper(), **other)) is None


def test_unknown_id_costs_the_same_hash_and_comparison(store: TokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = store.create("anna", scopes=["write"])
    calls: list[str] = []
    digest, compare = access.hashlib.blake2b, access.hmac.compare_digest
    monkeypatch.setattr(access.hashlib, "blake2b", lambda *a, **k: calls.append("hash") or digest(*a, **k))
    monkeypatch.setattr(access.hmac, "compare_digest", lambda a, b: calls.append("compare") or compare(a, b))
    for header in (text, text[:-64] + "0" * 64, f"dkg_{'0' * 12}_{'0' * 64}"):
        calls.clear()
        store.authenticate(bearer(header))
        assert calls == ["hash", "compare"]


def test_file_holds_no_secret_and_is_for_its_owner_alone(store: TokenStore) -> None:
    text, _ = store.create("anna", scopes=["write"])
    kept = store.file.read_text()
    assert text.split("_")[2] not in kept
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600
    assert store.open_to_others() is None


def test_equal_secrets_would_have_different_hashes(store: TokenStore) -> None:
    tokens = [store.create(name, scopes=["read"])[1] for name in ("anna", "ben")]
    assert access._digest("0" * 64, tokens[0].salt) != access._digest("0" * 64, tokens[1].salt)


def test_file_that_others_can_read_is_told_and_mended_by_the_next_change(store: TokenStore) -> None:
    store.create("anna", scopes=["write"])
    store.file.chmod(0o644)
    assert "0644" in (store.open_to_others() or "")
    store.create("ben", scopes=["read"])
    assert store.open_to_others() is None


def test_token_ends_at_its_time(store: TokenStore, clock: Clock) -> None:
    text, _ = store.create("anna", scopes=["write"], expires=NOW + timedelta(days=1))
    clock.now = NOW + timedelta(days=1, seconds=-1)
    assert store.authenticate(bearer(text))
    clock.now = NOW + timedelta(days=1)
    assert store.authenticate(bearer(text)) is None
    assert [token.name for token in store.tokens()] == ["anna"]


def test_revocation_is_seen_by_a_server_that_runs(store: TokenStore, tmp_path: Path) -> None:
    text, _ = store.create("anna", scopes=["write"])
    assert store.authenticate(bearer(text))
    TokenStore(tmp_path).revoke("anna")
    assert store.authenticate(bearer(text)) is None
    assert not store.any()


def test_token_made_elsewhere_is_known_at_once(store: TokenStore, tmp_path: Path) -> None:
    assert not store.any()
    text, _ = TokenStore(tmp_path).create("anna", scopes=["write"])
    assert store.authenticate(bearer(text))


@pytest.mark.parametrize(
    ("scopes", "asked", "allowed"),
    [
        (["read"], "read", True),
        (["read"], "write", False),
        (["write"], "read", True),
        (["write"], "write", True),
        (["write"], "admin", False),
        (["admin"], "write", True),
        (["admin"], "read", True),
        (["read", "write"], "write", True),
        (["admin"], "delete", False),
    ],
)
def test_scopes_imply_those_below(scopes: list[str], asked: str, allowed: bool) -> None:
    assert AccessToken("", "a", tuple(scopes), NOW, None).may(asked) is allowed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "", "scopes": ["read"]}, "cannot be a token's name"),
        ({"name": "a b", "scopes": ["read"]}, "cannot be a token's name"),
        ({"name": "a\n", "scopes": ["read"]}, "cannot be a token's name"),
        ({"name": "a", "scopes": ["write"], "expires": NOW}, "would have expired"),
    ],
)
def test_token_that_makes_no_sense_is_not_made(store: TokenStore, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(CallError, match=message):
        store.create(**arguments)  # type: ignore[arg-type]
    assert not store.file.exists()


def test_name_is_given_once(store: TokenStore) -> None:
    store.create("anna", scopes=["write"])
    with pytest.raises(CallError, match="there is a token anna already"):
        store.create("anna", scopes=["read"])
    store.revoke("anna")
    store.create("anna", scopes=["read"])


def test_unknown_name_cannot_be_revoked(store: TokenStore) -> None:
    with pytest.raises(CallError, match="no token anna"):
        store.revoke("anna")


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.update(scopes=["admin", "root"]),
        lambda row: row.update(scopes="admin"),
        lambda row: row.update(expires="2030-01-01"),
        lambda row: row.update(expires="9999-12-31T23:59:59-14:00"),
        lambda row: row.update(expires=7),
        lambda row: row.update(salt=""),
        lambda row: row.update(blake2b="00"),
        lambda row: row.update(scopes=None),
        lambda row: row.pop("expires"),
        lambda row: row.clear(),
    ],
)
def test_list_that_was_tampered_with_lets_nobody_in(store: TokenStore, change: Callable[..., object]) -> None:
    text, _ = store.create("anna", scopes=["write"])
    assert store.authenticate(bearer(text))
    tamper(store, change)
    for _ in range(2):
        with pytest.raises(AccessFailure, match=r"tokens\.json is not a list of tokens"):
            store.authenticate(bearer(text))
    with pytest.raises(AccessFailure):
        store.create("ben", scopes=["read"])


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"version": 3, "tokens": []}', b"\xff", b"[" * 99_999]
)
def test_file_that_is_no_list_lets_nobody_in(store: TokenStore, content: bytes) -> None:
    store.file.write_bytes(content)
    with pytest.raises(AccessFailure):
        store.any()
    assert store.file.read_bytes() == content


def test_two_records_of_one_name_let_nobody_in(store: TokenStore) -> None:
    store.create("anna", scopes=["write"])
    store.create("ben", scopes=["write"])
    tamper(store, lambda row: row.update(name="ben"))
    with pytest.raises(AccessFailure, match="same id or name"):
        store.any()


def test_commands_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from digitech_kg.access import TokenStore\n"
        "for n in range(10): TokenStore(Path(sys.argv[1])).create(f'{sys.argv[2]}-{n}', scopes=['write'])"
    )
    commands = [[sys.executable, "-c", program, str(tmp_path), name] for name in "abcd"]
    processes = [subprocess.Popen(command) for command in commands]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0, 0]
    assert len(TokenStore(tmp_path).tokens()) == 40
    assert {path.name for path in tmp_path.iterdir()} == {"tokens.json", "tokens.lock"}


def test_lock_of_a_process_that_died_holds_nobody_up(tmp_path: Path) -> None:
    program = (
        "import fcntl, os, signal, sys\n"
        "lock = open(sys.argv[1], 'w'); fcntl.flock(lock, fcntl.LOCK_EX); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "tokens.lock")], check=False)
    TokenStore(tmp_path).create("anna", scopes=["write"])


def test_failed_write_leaves_the_old_list(store: TokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = store.create("anna", scopes=["write"])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CallError, match="No space left"):
        store.create("ben", scopes=["write"])
    assert store.authenticate(bearer(text))
    assert sorted(path.name for path in store.file.parent.iterdir()) == ["tokens.json", "tokens.lock"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90d", NOW + timedelta(days=90)),
        ("2027-03-01", datetime(2027, 3, 2, tzinfo=UTC)),
    ],
)
def test_expiry_is_some_days_or_a_day(text: str, expected: datetime) -> None:
    assert parse_expiry(text, NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0d",
        "90",
        "90 days",
        "-1d",
        "12h",
        "9999-12-31",
        "9999-12-31T23:59:59-14:00",
        "2027-13-01",
        "2027-06-01T12:00",
    ],
)
def test_other_expiries_are_explained(text: str) -> None:
    with pytest.raises(CallError) as caught:
        parse_expiry(text, NOW)
    assert "90d" in (caught.value.hint or "")


def test_command_prints_the_token_alone(run: Run, tmp_path: Path) -> None:
    made = run("token", "create", "anna", "--scope", "write", "--expires", "90d", "--data-dir", str(tmp_path))
    assert made.returncode == 0, made.stderr
    assert "not shown again" in made.stderr
    token = TokenStore(tmp_path).authenticate(bearer(made.stdout.removesuffix("\n")))
    assert token is not None
    assert (token.name, token.scopes) == ("anna", ("write",))


def test_command_lists_tokens_without_secrets_and_warns(run: Run, tmp_path: Path) -> None:
    text, _ = TokenStore(tmp_path).create("anna", scopes=["write"])
    (tmp_path / "tokens.json").chmod(0o640)
    listed = run("token", "list", "--data-dir", str(tmp_path))
    assert listed.stdout.splitlines()[1].startswith("anna\twrite\t2")
    assert listed.stdout.endswith("\tnever\n")
    assert "chmod 600" in listed.stderr
    assert not any(part in listed.stdout for part in text.split("_")[1:])


def test_command_revokes(run: Run, tmp_path: Path) -> None:
    TokenStore(tmp_path).create("anna", scopes=["write"])
    assert run("token", "revoke", "anna", "--data-dir", str(tmp_path)).returncode == 0
    again = run("token", "revoke", "anna", "--data-dir", str(tmp_path))
    assert (again.returncode, "Traceback" in again.stderr) == (2, False)
    assert "there is no token anna" in again.stderr


def test_command_says_that_a_damaged_list_is_damaged(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("{}")
    result = run("token", "list", "--data-dir", str(tmp_path))
    assert (result.returncode, result.stdout) == (2, "")
    assert "is not a list of tokens: version is missing" in result.stderr
