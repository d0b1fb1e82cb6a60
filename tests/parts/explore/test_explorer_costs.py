"""The explorer asks the book a few times, however many things it draws, and never the engine."""

import pytest
from flask import Flask

from digitech_kg.engine.request import QueryService
from page_costs import counted

MOST = 36


@pytest.mark.parametrize("selection", [pytest.param("", marks=pytest.mark.thorough), "thing=huawei&thing=china"])
def test_explorer_keeps_to_its_budget(
    selection: str, bundled_site: tuple[Flask, QueryService], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = bundled_site[0].test_client()
    client.get("/page/id/zte")
    with counted(monkeypatch) as costs:
        answer = client.get(f"/explore?{selection}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert costs.queries == []
    assert len(costs.statements) <= MOST
