"""What operators need: metrics, logs, request ids, the interface description, limits per client."""

import json
import threading
from pathlib import Path

import pytest

from conftest import Server, start_server, stop_server
from digitech_kg.commit.building import build
from digitech_kg.errors import Busy
from digitech_kg.settings import Settings, option_of, setting_fields
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import find_project
from digitech_kg.web.http.limits import ClientLimits

QUERY = "SELECT ?secret { ?secret ?p ?o } LIMIT 3"


def test_metrics_count_requests_by_route_and_outcome(server: Server) -> None:
    server.get("/healthz")
    counted = 'digitech_kg_requests_total{outcome="",route="/healthz",status="200"}'
    # A response is counted when it was sent, which its client may see first.
    texts = (server.get("/metrics").text for _ in range(100))
    text = next((text for text in texts if counted in text), "")
    assert counted in text
    assert "digitech_kg_engine_running" in text
    assert 'digitech_kg_request_seconds_bucket{le="0.1",route="/sparql"}' in text or "/sparql" not in text


def test_request_id_is_given_or_kept(server: Server) -> None:
    assert len(server.get("/healthz").headers["X-Request-Id"]) == 32
    assert server.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"
    assert server.get("/healthz", headers={"X-Request-Id": "a b\t"}).headers["X-Request-Id"] != "a b"


def test_log_line_has_id_duration_outcome_and_hash_but_no_query(tmp_path: Path) -> None:
    server = start_server(tmp_path, "--empty", "--log", "json")
    server.get("/sparql", params={"query": QUERY}, headers={"X-Request-Id": "find-me", "Authorization": "Bearer hush"})
    server.sparql("SELECT", headers={"X-Request-Id": "broken"})
    server.wait_for_line("broken")
    stop_server(server)
    logged = [json.loads(line) for line in server.said if line.startswith("{")]
    lines = {line["request_id"]: line for line in logged if "request_id" in line}
    record = lines["find-me"]
    assert (record["status"], record["outcome"], record["path"]) == (200, "answered", "/sparql")
    assert record["duration_ms"] > 0
    assert len(record["query_sha256"]) == 16
    assert lines["broken"]["outcome"] == "sparql syntax error"
    assert "secret" not in "".join(server.said)
    assert "hush" not in "".join(server.said)


def test_log_can_be_turned_off(tmp_path: Path) -> None:
    server = start_server(tmp_path, "--empty", "--log", "off")
    server.get("/about")
    stop_server(server)
    assert not [line for line in server.said if "/about" in line]


def test_checks_that_the_server_runs_are_not_logged(tmp_path: Path) -> None:
    server = start_server(tmp_path, "--empty")
    server.get("/healthz")
    server.get("/about")
    server.wait_for_line("/about")
    stop_server(server)
    assert [json.loads(line)["path"] for line in server.said if line.startswith("{")] == ["/about"]


def test_loopback_is_not_limited() -> None:
    limits = ClientLimits(concurrent=1, per_second=1)
    with limits.admit("127.0.0.1"), limits.admit("127.0.0.1"), limits.admit("::1"):
        pass


def test_client_over_its_concurrency_is_told_the_limit() -> None:
    limits = ClientLimits(concurrent=1, per_second=100)
    with limits.admit("192.0.2.1"), limits.admit("192.0.2.2"):
        with pytest.raises(Busy) as caught, limits.admit("192.0.2.1"):
            pass
        assert (caught.value.limit, caught.value.retry_after_s) == ("client_queries", 1)
    with limits.admit("192.0.2.1"):
        pass


def test_client_over_its_rate_is_told_the_limit() -> None:
    limits = ClientLimits(concurrent=10, per_second=2)
    for _ in range(2):
        with limits.admit("192.0.2.1"):
            pass
    with pytest.raises(Busy) as caught, limits.admit("192.0.2.1"):
        pass
    assert caught.value.limit == "client_rate"


def test_addresses_of_one_ipv6_network_are_one_client() -> None:
    limits = ClientLimits(concurrent=1, per_second=100)
    with limits.admit("2001:db8::1"), pytest.raises(Busy), limits.admit("2001:db8::2"):
        pass


def test_every_setting_is_an_option_with_help(run: object) -> None:
    text = " ".join(run("serve", "--help").stdout.split())  # type: ignore[operator]
    for name in setting_fields():
        assert option_of(name) in text


def test_option_that_turns_off_what_a_setting_does_says_so(run: object) -> None:
    text = " ".join(run("serve", "--help").stdout.split())  # type: ignore[operator]
    assert "--no-rewriting Turn this off: Rewrite queries so that the engine answers them faster." in text


def test_settings_are_all_documented() -> None:
    docs = (Path(__file__).parents[2] / "docs/engine.md").read_text(encoding="utf-8")
    elsewhere = "host port default_graph public_url log engine engine_refresh trusted_proxies text"
    limits = Settings.__dataclass_fields__.keys() - set(elsewhere.split())
    assert [name for name in limits if option_of(name) not in docs] == []


def test_new_snapshots_under_load_fail_no_request(small_project: Path, tmp_path: Path) -> None:
    project, repository = find_project(small_project), SnapshotRepository(tmp_path / "kg")
    server = start_server(tmp_path / "kg", "--project", str(small_project), "--log", "off")
    versions: set[str] = set()
    failures: list[str] = []
    done = threading.Event()

    def keep_asking(client: int) -> None:
        number = 0
        while not done.is_set():
            number += 1
            response = server.sparql(f"SELECT ?s {{ ?s ?p ?o }} LIMIT 5 # {client}-{number}")
            versions.add(response.headers.get("Dataset-Version", ""))
            if response.status_code != 200:
                failures.append(response.text)

    clients = [threading.Thread(target=keep_asking, args=(client,)) for client in range(4)]
    for client in clients:
        client.start()
    try:
        published = {build(project, repository, force=True).version for _ in range(2)}
        # Whoever notices a new version opens it, and is answered from the one before meanwhile, like the others.
        answers = (server.sparql("ASK {}").headers["Dataset-Version"] for _ in range(1000))
        assert any(version in published for version in answers)
    finally:
        done.set()
        for client in clients:
            client.join()
    stop_server(server)
    assert failures == []
    assert versions & published
