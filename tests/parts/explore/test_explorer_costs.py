"""The explorer asks the book a few times, however many things it draws, and never the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundled import NAMES
from digitech_kg.settings import Settings
from digitech_kg.web import create_app
from digitech_kg.web.server import open_service
from page_costs import counted

MOST = 36


@pytest.mark.parametrize("selection", [pytest.param("", marks=pytest.mark.thorough), "thing=huawei&thing=china"])
def test_explorer_keeps_to_its_budget(selection: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(workers=1)
    service = open_service(data_dir, settings, NAMES)
    client = create_app(service, settings, data_dir).test_client()
    client.get("/page/id/zte")
    with counted(monkeypatch) as costs:
        answer = client.get(f"/explore?{selection}", headers={"Accept": "text/html"})
    service.close()
    assert answer.status_code == 200
    assert costs.queries == []
    assert len(costs.statements) <= MOST
