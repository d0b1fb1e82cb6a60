"""What the tests of links share: a small project whose things are linked to Wikidata."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"


@pytest.fixture
def linked(small_project: Path) -> Path:
    """A project to write into."""
    return shutil.copytree(DATA / "linked", small_project, dirs_exist_ok=True)
