"""Files that take longer to write than a request may wait."""

import threading
from pathlib import Path

import pytest

from conftest import Workshop
from digitech_kg.errors import NotReady
from digitech_kg.exports.writing import kept_path
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.pages import about as downloads


def test_a_file_waits_for_another_one_only_so_long(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, lock = workshop.current(), threading.Lock()
    begun, released, got = threading.Event(), threading.Event(), list[Path]()

    def write_slowly(snapshot: Snapshot, name: str) -> None:
        begun.set()
        released.wait(60)
        path = kept_path(snapshot, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text("written")

    monkeypatch.setattr(downloads, "_PATIENCE_S", 0)
    monkeypatch.setattr(downloads, "keep_by_process", write_slowly)
    first = threading.Thread(target=lambda: got.append(downloads.find_or_write(snapshot, "nquads", lock)))
    first.start()
    assert begun.wait(60)
    with pytest.raises(NotReady):
        downloads.find_or_write(snapshot, "trig", lock)
    released.set()
    first.join(60)
    assert [path.read_text() for path in got] == ["written"]
    assert downloads.find_or_write(snapshot, "trig", lock).read_text() == "written"
