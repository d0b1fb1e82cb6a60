"""Requests with and without tokens: 401, 403 and 429 as RFC 6750 has them, and nothing of a token in what is said."""

import logging
from pathlib import Path

import pytest

from digitech_kg.access import TokenStore
from digitech_kg.errors import (
    AccessFailure,
    Busy,
    DigitechError,
    EngineStopped,
    Forbidden,
    InsufficientScope,
    NotAuthenticated,
)
from digitech_kg.web.http.auth import require
from digitech_kg.web.http.limits import ClientLimits
from digitech_kg.web.http.problems import problem_document, problem_headers, problem_reply

NOTE = "https://w3id.org/digitech-kg/graph/note"


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path)


@pytest.fixture
def text(store: TokenStore) -> str:
    return store.create("anna", scopes=["write"])[0]


def request(token: str = "", query: str = "", scheme: str = "Bearer ") -> dict[str, str]:
    return {"QUERY_STRING": query, **({"HTTP_AUTHORIZATION": scheme + token} if token else {})}


def refused(kind: type[DigitechError], environ: dict[str, str], store: TokenStore) -> DigitechError:
    with pytest.raises(kind) as caught:
        require(environ, store)
    return caught.value


def test_token_that_allows_it_is_given(store: TokenStore, text: str) -> None:
    assert require(request(text), store).name == "anna"


def test_without_any_token_the_service_is_read_only(store: TokenStore) -> None:
    error = refused(Forbidden, request(), store)
    assert (error.status, problem_headers(error)) == (403, {})
    assert "read-only" in error.message


def test_request_without_credentials_is_told_how_to_give_them(store: TokenStore, text: str) -> None:
    error = refused(NotAuthenticated, request(), store)
    assert problem_headers(error) == {"WWW-Authenticate": 'Bearer realm="digitech-kg"'}
    assert "Authorization: Bearer" in (error.hint or "")


def test_token_that_is_not_taken_is_401_with_invalid_token(store: TokenStore, text: str) -> None:
    store.revoke("anna")
    reply = problem_reply(refused(NotAuthenticated, request(text), store))
    challenge = dict(reply.headers)["WWW-Authenticate"]
    assert reply.status == 401
    assert challenge.startswith('Bearer realm="digitech-kg", error="invalid_token", error_description="')
    assert text.split("_")[2] not in repr(reply)


@pytest.mark.parametrize("scheme", ["Basic ", "Digest ", "bearer", ""])
def test_other_schemes_are_401(store: TokenStore, text: str, scheme: str) -> None:
    error = refused(NotAuthenticated, request(text, scheme=scheme), store)
    assert problem_headers(error)["WWW-Authenticate"].startswith('Bearer realm="digitech-kg"')


@pytest.mark.parametrize("query", ["access_token={}", "graph=x&access_token={}", "access%5Ftoken={}", "access_token="])
def test_token_in_the_address_is_refused_even_beside_a_header(store: TokenStore, text: str, query: str) -> None:
    error = refused(NotAuthenticated, request(text, query=query.format(text)), store)
    assert 'error="invalid_request"' in problem_headers(error)["WWW-Authenticate"]


def test_missing_scope_is_403_and_named(tmp_path: Path) -> None:
    store = TokenStore(tmp_path)
    reader, _ = store.create("reader", scopes=["read"])
    error = refused(InsufficientScope, request(reader), store)
    assert problem_headers(error) == {
        "WWW-Authenticate": 'Bearer realm="digitech-kg", error="insufficient_scope", scope="write"'
    }
    assert problem_document(error)["scope"] == "write"
    assert "only read" in error.message


def test_damaged_list_is_503_and_its_place_is_told_to_the_log_alone(
    store: TokenStore, text: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("digitech_kg"), "propagate", True)
    store.file.write_text("{")
    for environ in (request(text), request()):
        reply = problem_reply(refused(AccessFailure, environ, store))
        assert reply.status == 503
        assert str(store.file) not in repr(reply)
    assert str(store.file) in caplog.text
    assert text.split("_")[2] not in caplog.text


def test_token_is_limited_wherever_it_is_used_from() -> None:
    limits = ClientLimits(concurrent=1, per_second=100, who="token", what="writes")
    with limits.admit_name("anna"), limits.admit_name("ben"), pytest.raises(Busy) as caught, limits.admit_name("anna"):
        pass
    assert caught.value.limit == "token_writes"
    assert problem_headers(caught.value) == {"Retry-After": "1"}


def test_a_query_whose_process_was_ended_may_be_sent_again_soon() -> None:
    assert problem_headers(EngineStopped()) == {"Retry-After": "1"}


def test_token_over_its_rate_is_told_the_limit() -> None:
    limits = ClientLimits(concurrent=5, per_second=1, who="token", what="writes")
    with limits.admit_name("anna"):
        pass
    with pytest.raises(Busy, match="a token can send at most 1 writes per second"), limits.admit_name("anna"):
        pass
