"""Pages read the book in few statements and leave the engine alone: `[pages]` of budgets.toml has the limits."""

import tomllib
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conftest import ROOT
from digitech_kg.engine.request import QueryService
from page_costs import counted

LIMITS: dict[str, dict[str, int]] = tomllib.loads((ROOT / "budgets.toml").read_text(encoding="utf-8"))["pages"]
#: A page of each kind that has much to show.
PAGES = {
    "thing": "/page/id/huawei",
    "claim": "/page/claim/nupi-digi-tech/huawei-not-state-owned",
    "passage": "/page/passage/nupi-digi-tech/p02.s01",
    "document": "/document/nupi-digi-tech",
    "described_document": "/page/id/nupi-digi-tech",
    "dataset": "/page/dataset",
    "start": "/",
    "documents": "/documents",
    "things": "/things",
    "data": "/data",
    "about": "/about",
    "compare": "/compare?a=id/huawei&b=id/zte",
    "issues": "/issues",
    "issue": "/issue/exclude-suppliers",
    "topics": "/topics",
    "topic": "/topic/us-sanctions",
    "claims": "/claims?sort=weight",
    "predictions": "/claims?kind=prediction",
    "recommendations": "/claims?kind=recommendation",
    "search": "/search?q=huawei",
}
#: The same statement may come so often, as one for each part of a page does, but not once for each claim. Names and all
#: other values are read by one statement.
MOST_ALIKE = 10


@pytest.fixture
def client(bundled_site: tuple[Flask, QueryService]) -> FlaskClient:
    return bundled_site[0].test_client()


@pytest.mark.parametrize("kind", LIMITS)
def test_page_costs_no_more_than_its_budget(kind: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is read once per version, such as names of documents, isn't counted: the order of tests would matter. The
    # first address differs from the second, as whole pages are kept too.
    client.get(PAGES[kind] + ("&" if "?" in PAGES[kind] else "?") + "first", headers={"Accept": "text/html"})
    with counted(monkeypatch) as costs:
        answer = client.get(PAGES[kind], headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert len(costs.queries) <= LIMITS[kind]["queries"], costs.queries
    assert len(costs.statements) <= LIMITS[kind]["statements"], costs.statements
    assert max(Counter(costs.statements).values(), default=0) <= MOST_ALIKE


def test_what_is_asked_is_counted(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as costs:
        client.get("/data/id/zte.ttl")
        client.get("/page/id/alibaba?counted", headers={"Accept": "text/html"})
    assert costs.queries
    assert costs.statements
