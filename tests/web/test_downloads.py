"""Files that take longer to write than a request may wait."""

from __future__ import annotations

import threading

import pytest

from digitech_kg.errors import NotReady
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.pages import downloads


def test_file_is_written_though_nobody_waits_and_then_forgotten(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    class Slow:
        def __init__(self, _: Snapshot) -> None:
            pass

        def find(self, _: str) -> None:
            return None

        def get(self, _: str) -> str:
            released.wait(60)
            return "written"

    monkeypatch.setattr(downloads, "_PATIENCE_S", 0)
    monkeypatch.setattr(downloads, "KeptFiles", Slow)
    writer = downloads._Writer()
    with pytest.raises(NotReady):
        writer.get(snapshot, "nquads")
    (running,) = writer._running.values()
    released.set()
    writer._executor.shutdown(wait=True)
    assert running.result() == "written"  # type: ignore[comparison-overlap]
    assert not writer._running
