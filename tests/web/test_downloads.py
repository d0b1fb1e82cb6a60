"""Files that take longer to write than a request may wait."""

from __future__ import annotations

import threading

import pytest

from digitech_kg.errors import NotReady
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.pages import about as downloads


def test_a_file_waits_for_another_one_only_so_long(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, released, got = threading.Event(), threading.Event(), list[object]()

    class Slow:
        def __init__(self, _: Snapshot) -> None:
            pass

        def find(self, _: str) -> None:
            return None

        def get(self, _: str) -> str:
            begun.set()
            released.wait(60)
            return "written"

    monkeypatch.setattr(downloads, "_PATIENCE_S", 0)
    monkeypatch.setattr(downloads, "KeptFiles", Slow)
    writer = downloads._Writer()
    first = threading.Thread(target=lambda: got.append(writer.get(snapshot, "nquads")))
    first.start()
    assert begun.wait(60)
    with pytest.raises(NotReady):
        writer.get(snapshot, "trig")
    released.set()
    first.join(60)
    assert got == ["written"]
    assert writer.get(snapshot, "trig") == "written"  # type: ignore[comparison-overlap]
