"""What was computed for a unit of a dataset is kept, and found again."""

import os
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.commit import results
from digitech_kg.commit.results import ResultStore


def quads(number: int) -> list[Quad]:
    return [Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal(number))]


def test_what_every_build_uses_is_computed_once(tmp_path: Path) -> None:
    store, computed = ResultStore(tmp_path), list[int]()

    def compute(number: int) -> list[Quad]:
        computed.append(number)
        return quads(number)

    for _build in range(2):
        for number in range(300):
            assert store.quads(f"{number:064}", lambda number=number: compute(number)) == tuple(quads(number))
    assert computed == list(range(300))


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ResultStore(tmp_path)
    for number in range(3):
        store.quads(str(number), lambda number=number: quads(number))
        os.utime(tmp_path / f"{number}.gz", (number, number))
    left = tmp_path / "x.4711"
    left.write_bytes(b"left by a process that was killed")
    os.utime(left, (1, 1))
    monkeypatch.setattr(results, "_KEPT_BYTES", 2 * (tmp_path / "2.gz").stat().st_size)
    store.quads("3", lambda: quads(3))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2.gz", "3.gz"]
