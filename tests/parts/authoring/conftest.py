"""What the tests of authoring share: a project as `init` makes it, and a document in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from digitech_kg.cli.main import group
from digitech_kg.parts.authoring.documents import add_document, make_project
from digitech_kg.sources.project import Project, find_project

DATA = Path(__file__).parent / "data"
Command = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without documents."""
    make_project(tmp_path / "phones", "https://example.org/phones/", ("en",))
    return find_project(tmp_path / "phones")


@pytest.fixture
def with_note(project: Project) -> Project:
    """A project with one document, called note, which nothing is claimed of."""
    add_document(project, DATA / "note.txt", "note", title="Phones of Acme")
    return find_project(project.root)


@pytest.fixture(scope="session")
def command() -> Command:
    """Run a command; what it raises is raised here."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(group, [str(argument) for argument in arguments], catch_exceptions=False)

    return run


def texts_below(folder: Path) -> dict[str, str]:
    """Return the texts of all files in a folder, by name."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
