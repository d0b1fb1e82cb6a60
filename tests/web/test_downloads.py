"""Files that take longer to write than a request may wait."""

from __future__ import annotations

import threading
from typing import cast

import pytest

from digitech_kg.errors import NotReady
from digitech_kg.exports.writing import KeptFiles
from digitech_kg.web.pages import about as downloads


def test_a_file_waits_for_another_one_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, released, got = threading.Event(), threading.Event(), list[object]()

    class Slow:
        def find(self, _: str) -> None:
            return None

        def get(self, _: str) -> str:
            begun.set()
            released.wait(60)
            return "written"

    monkeypatch.setattr(downloads, "_PATIENCE_S", 0)
    files, lock = cast("KeptFiles", Slow()), threading.Lock()
    first = threading.Thread(target=lambda: got.append(downloads.find_or_write(files, "nquads", lock)))
    first.start()
    assert begun.wait(60)
    with pytest.raises(NotReady):
        downloads.find_or_write(files, "trig", lock)
    released.set()
    first.join(60)
    assert got == ["written"]
    assert downloads.find_or_write(files, "trig", lock) == "written"  # type: ignore[comparison-overlap]
