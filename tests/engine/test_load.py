"""Many write and read at the same time, and every answer is of one version; `make soak` does the same for longer."""

from pathlib import Path

import pytest

from soak.load import Load


@pytest.mark.parametrize(("keep", "versions"), [("1", 4), pytest.param("20", 7, marks=pytest.mark.thorough)])
def test_every_answer_is_of_the_version_that_it_names(tmp_path: Path, keep: str, versions: int) -> None:
    load = Load(tmp_path, keep=keep)
    load.run(1, versions=versions)
    assert len(load.record.written) >= versions - 2
    assert len({version for version, _, _ in load.record.seen}) > 1
