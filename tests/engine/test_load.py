"""Many write and read at the same time, and every answer is of one version; `make soak` does the same for longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from soak.load import Load


@pytest.mark.parametrize("keep", ["1", pytest.param("20", marks=pytest.mark.thorough)])
def test_every_answer_is_of_the_version_that_it_names(tmp_path: Path, keep: str) -> None:
    load = Load(tmp_path, keep=keep)
    load.run(1, versions=7)
    assert len(load.record.written) >= 5
    assert len({version for version, _, _ in load.record.seen}) > 1
