"""What is shipped: a wheel and a source archive that need neither a checkout, nor Node.js, nor a network."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from conftest import ROOT

#: Where no program lies: a build that needs Node.js or npm fails.
BARE = {"PATH": "/nowhere", "LANG": "C.UTF-8"}


def build(source: Path, target: Path, *options: str) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(target), *options]
    ended = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=120, env=BARE)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_carries_project_bundle_and_translations(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    held = names(wheel)
    for folder, pattern in (("ontology", "*.ttl"), ("data", "**/*.*"), ("shapes", "*.ttl")):
        files = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).glob(pattern) if p.is_file()}
        assert files, folder
        assert {f"digitech_kg/project/{name}" for name in files} <= held
    static = (ROOT / "src/digitech_kg/web/static").rglob("*")
    assert {p.relative_to(ROOT / "src").as_posix() for p in static if p.is_file()} <= held
    assert any(re.search(r"static/dist/editor-\w+\.js$", name) for name in held)
    assert "digitech_kg/web/translations/nb/LC_MESSAGES/messages.po" in held
    assert not [name for name in held if "node_modules" in name or "__pycache__" in name or name.startswith("tests")]


def test_source_archive_makes_the_same_wheel_without_node(built: Path, wheel: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    assert {"Makefile", "README.md", "tests", "frontend", "docs"} <= {path.name for path in source.iterdir()}
    assert not (source / "frontend" / "node_modules").exists()
    build(source, tmp_path / "again", "-t", "wheel")
    (again,) = (tmp_path / "again").glob("*.whl")
    assert names(again) == names(wheel)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own that holds the wheel; what it depends on is borrowed, so that no network is needed."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    command = [*pip, "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, timeout=120)
    # A folder named like this is searched, but the links to checkouts that lie in it are not followed.
    (packages / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder


@pytest.fixture
def served(installed: Path, data_dir: Path, tmp_path: Path) -> Iterator[str]:
    """The address of what is installed, started from a folder that has nothing to do with it.

    The data are there, unless a file of the project differs from the checkout's: then it builds them.
    """
    program = installed / "bin" / "digitech-kg"
    command = [program, "serve", "--port", "0", "--data-dir", shutil.copytree(data_dir, tmp_path / "data")]
    process = subprocess.Popen(command, cwd=tmp_path, env=BARE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if match := re.match(r"Open (http://\S+?)/ ", line):
            break
    else:
        raise AssertionError("".join(said))
    yield match[1]
    process.terminate()
    process.communicate(timeout=60)


def test_what_is_installed_serves_everything_from_any_folder(served: str, installed: Path) -> None:
    def get(path: str) -> requests.Response:
        answer = requests.get(served + path, headers={"Accept": "text/html"}, timeout=60)
        assert answer.status_code == 200, path
        return answer

    assert "Huawei" in get("/page/id/huawei").text
    assert "Stridsspørsmål" in get("/?lang=nb").text
    assert "No document contradicts itself." in get("/about").text
    for path in ("/sparql", "/about"):
        (script,) = re.findall(r'<script type="module" src="([^"]+)"', get(path).text)
        assert get(script).headers["Content-Type"].startswith("text/javascript")
    code = "import digitech_kg; print(digitech_kg.__file__)"
    found = subprocess.run(
        [installed / "bin" / "python", "-c", code], capture_output=True, text=True, env=BARE, cwd="/"
    )
    assert Path(found.stdout.strip()).is_relative_to(installed)
