"""What the tests of links share: a small project whose things are linked to Wikidata."""

import shutil
from pathlib import Path

import pytest

from conftest import make_small_project
from digitech_kg.commit.building import build
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import find_project

DATA = Path(__file__).parent / "data"


@pytest.fixture
def linked(small_project: Path) -> Path:
    """A project to write into."""
    return shutil.copytree(DATA / "linked", small_project, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of that project."""
    folder = tmp_path_factory.mktemp("linked")
    root = shutil.copytree(DATA / "linked", make_small_project(folder / "project"), dirs_exist_ok=True)
    build(find_project(root), SnapshotRepository(folder / "data"))
    return folder / "data"
