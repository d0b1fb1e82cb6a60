"""What the tests share: the bundled project's snapshot, and a real server over it on loopback."""

import fcntl
import gc
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseServer
from typing import IO, Any, TypeVar

import pytest
import requests
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page
from pyoxigraph import Quad, Store

from commands import SHARED_RESULTS, Forked, command_server, share_results
from digitech_kg.api import Graph
from digitech_kg.commit.building import build
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit
from digitech_kg.commit.results import Checks, ResultStore
from digitech_kg.engine.request import QueryService
from digitech_kg.exports.writing import keep_file, kept_path
from digitech_kg.namespaces import Namespaces
from digitech_kg.settings import Settings, default_data_dir
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sources.loading import load_sources
from digitech_kg.sources.project import Project, find_project
from digitech_kg.triple_store import load_in_memory
from digitech_kg.validation.report import Report, report_of
from digitech_kg.web import create_app
from digitech_kg.web.server import open_service
from screens import open_browser, open_page, screens_of

ROOT = Path(__file__).parent.parent
#: The brief's text, its passages, and W3C test data; tests that need it skip where it is absent.
SHARED = ROOT.parent / "shared"
SMALL_PROJECT = Path(__file__).parent / "data" / "small_project"
#: Temporary files are kept here if there is that much room: a commit waits for the disk sixty times, memory is at once.
_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - the folders in it are pytest's, of each user's own
_Background = TypeVar("_Background", bound=BaseServer)


#: For servers that are asked little: to have the bundled graph in memory takes seconds.
ON_DISK = ("--in-memory-quads", "0")
#: Fixtures that take the bundled graph, a server or a process: what uses one of them is not in `make quick`.
_SLOW_FIXTURES = frozenset(
    [
        "browser",
        "data_dir",
        "enrich",
        "graph",
        "hostile",
        "run",
        "server",
        "small_project",
        "snapshot",
        "built_workshop",
    ]
)
#: Files whose tests start servers or processes of their own, or read all of the bundled project.
_SLOW_FILES = frozenset(
    f"test_{name}"
    for name in [
        "api",
        "clients",
        "conformance",
        "copies",
        "crashes",
        "cut_bodies",
        "document_pages",
        "empty",
        "enrich",
        "equal_answers",
        "federation",
        "hooks",
        "journey",
        "load",
        "new_project",
        "observation",
        "operations",
        "other_data",
        "owl",
        "packaging",
        "pairs",
        "pools",
        "reason_command",
        "remote_engine",
        "remote_faults",
        "remote_writing",
        "shapes",
        "soak",
        "storage_faults",
        "stored_pages",
        "unfinished_documents",
        "worked_example",
        "write_access",
        "writing",
    ]
)


# Little of what is loaded and collected is garbage: to look for it takes a quarter of that time.
gc.disable()


def pytest_configure(config: pytest.Config) -> None:
    """Have temporary files in memory where that has room and programs may be run from it, unless TMPDIR says where.

    Hypothesis makes the same examples each time, however long that takes; others with `--thorough`.
    """
    is_chance = config.getoption("thorough")
    settings.register_profile(
        "here", deadline=None, derandomize=not is_chance, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("here")
    if "TMPDIR" not in os.environ and _MEMORY.is_dir():
        room = os.statvfs(_MEMORY)
        if room.f_bavail * room.f_frsize > _ROOM and not room.f_flag & os.ST_NOEXEC:
            os.environ["TMPDIR"] = str(_MEMORY)
            tempfile.tempdir = None
    if SHARED_RESULTS not in os.environ:
        # The processes of a run have one together, which goes with the one that began it.
        results = tempfile.TemporaryDirectory(prefix="digitech-kg-results-", ignore_cleanup_errors=True)
        config.add_cleanup(results.cleanup)
        os.environ[SHARED_RESULTS] = results.name
        # What `make data` has computed by the same code, as the names of the files tell, needn't be computed again.
        kept = default_data_dir(find_project()) / "results"
        # A file may go meanwhile.
        with suppress(FileNotFoundError, shutil.Error):
            shutil.copytree(kept, results.name, dirs_exist_ok=True)
    share_results()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-screens", action="store_true", help="look at every page, and on all four screens")
    parser.addoption("--thorough", action="store_true", help="run what `make test` leaves out, and only that")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a `screen` runs on those of its mark, without one on a narrow and a wide one; or on all."""
    if "screen" in metafunc.fixturenames:
        metafunc.parametrize("screen", screens_of(metafunc.definition, every=metafunc.config.getoption("all_screens")))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what is asked for, mark as slow what needs more than a small fixture, and put it first."""
    kept: dict[bool, list[pytest.Item]] = {True: [], False: []}
    every, thorough = config.getoption("all_screens"), config.getoption("thorough")
    for item in items:
        kept[every or bool(item.get_closest_marker("thorough")) is thorough].append(item)
    config.hook.pytest_deselected(items=kept[False])
    items[:] = kept[True]
    for item in items:
        takes = set(getattr(item, "fixturenames", ()))
        # pySHACL takes a second for each; the examples of `api` build the bundled graph.
        lingers = "both_validators" in item.name or item.name.endswith("[digitech_kg.api]")
        if _SLOW_FIXTURES & takes or item.path.stem in _SLOW_FILES or lingers:
            item.add_marker(pytest.mark.slow)
    # The files with slow tests come first: what is quick fills the gaps that they leave at the end. The very first one
    # has the bundled graph built; those that need none keep the other process busy meanwhile.
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    bundled = {item.path for item in items if "data_dir" in getattr(item, "fixturenames", ())}
    first = min(bundled, default=None)
    items.sort(key=lambda item: (item.path != first, item.path not in slow, item.path in bundled))


def pytest_collection_finish() -> None:
    """Have Python look for no garbage in what is loaded by now, which takes a twentieth of the time of many tests."""
    gc.collect()
    gc.freeze()
    gc.enable()
    # Most of what tests make is quads and texts, which refer to nothing: it is enough to look among them seldom.
    gc.set_threshold(50_000, 20, 20)


@dataclass(frozen=True)
class Server:
    """A running server: its base address (without a slash at the end), process and data directory."""

    url: str
    process: Forked
    data_dir: Path
    #: What the server writes to stderr, line by line, as it comes.
    said: list[str]
    reader: threading.Thread

    def get(self, path: str, **options: object) -> requests.Response:
        return requests.get(self.url + path, timeout=60, allow_redirects=False, **options)  # type: ignore[arg-type]

    def post(self, path: str, **options: object) -> requests.Response:
        return requests.post(self.url + path, timeout=60, allow_redirects=False, **options)  # type: ignore[arg-type]

    def sparql(self, query: str, **options: object) -> requests.Response:
        return self.get("/sparql", params={"query": query}, **options)

    def wait_for_line(self, text: str) -> None:
        """Ask how the server is until its log has a line with a text; requests are logged after they are answered."""
        for _ in range(5000):
            if any(text in line for line in list(self.said)):
                return
            self.get("/healthz")
        raise AssertionError(f"no line with {text!r} in {''.join(self.said)}")


def start_server(data_dir: Path, *arguments: str, **options: Any) -> Server:
    """Start `digitech-kg serve` on a free port and wait until it says where it listens.

    `options` are those of `CommandServer.start`.
    """
    command = ("serve", "--port", "0", "--data-dir", str(data_dir), *arguments)
    process, stderr = command_server().start(*command, **{"env": dict(os.environ), **options})
    said: list[str] = []
    for line in stderr:
        said.append(line)
        if match := re.match(r"Open (http://\S+?)/ ", line):
            # Somebody has to go on reading, or the server stops when the pipe is full.
            reader = threading.Thread(target=_read_to_end, args=(stderr, said), daemon=True)
            reader.start()
            return Server(match[1], process, data_dir, said, reader)
    stderr.close()
    raise AssertionError(f"the server ended with {process.wait()} and said: {''.join(said)}")


def _read_to_end(stderr: IO[str], said: list[str]) -> None:
    with stderr:
        said.extend(stderr)


def stop_server(server: Server) -> int:
    """Ask a server to stop and give its exit status."""
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGTERM)
    status = server.process.wait(timeout=60)
    server.reader.join(timeout=60)
    return status


@contextmanager
def in_background(server: _Background) -> Iterator[_Background]:
    """Have a server of the test's own answer meanwhile; it has ended afterwards."""
    # How often it looks whether it should stop: a test would wait for that at its end.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def project() -> Project:
    return find_project()


@pytest.fixture(scope="session")
def names(project: Project) -> Namespaces:
    """The names of the bundled project."""
    return project.names


@pytest.fixture(scope="session")
def ontology() -> list[Quad]:
    """The packaged ontology, which all projects have; the small one is read a second sooner than the bundled one."""
    small = find_project(SMALL_PROJECT)
    return [quad for quad in load_sources(small).quads if quad.graph_name == small.names.graphs.ontology]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Path:
    """The bundled graph, built once in a run: whichever process comes first builds it, and each has its copy."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "bundled"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if SnapshotRepository(shared).current() is None:
            build(project, SnapshotRepository(shared))
        downloads = downloads_in(shared)
        downloads.mkdir(exist_ok=True)
    copy = shutil.copytree(
        shared, tmp_path_factory.mktemp("data"), dirs_exist_ok=True, ignore=shutil.ignore_patterns(downloads.name)
    )
    # Each takes a second or two: what one process writes the other one finds.
    downloads_in(copy).symlink_to(downloads)
    return copy


def downloads_in(data_dir: Path) -> Path:
    """Return the folder of the downloads of the present version."""
    current = SnapshotRepository(data_dir).current()
    assert current is not None
    return current.directory / "downloads"


@pytest.fixture
def at_the_usual_place(data_dir: Path, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the bundled graph where programs look that name no data directory, in a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(data_dir, default_data_dir(project))


@pytest.fixture(scope="session")
def snapshot(data_dir: Path) -> Snapshot:
    current = SnapshotRepository(data_dir).current()
    assert current is not None
    return current


@pytest.fixture(scope="session")
def in_memory(snapshot: Snapshot) -> Store:
    """The bundled graph in memory: to put it there takes seconds, so tests leave it as it is."""
    return load_in_memory(snapshot.store)


@pytest.fixture(scope="session")
def download(snapshot: Snapshot) -> Callable[[str], Path]:
    """Give the file of a download of the bundled graph, written once, and here: a process of its own starts slowly."""

    def find(name: str) -> Path:
        path = kept_path(snapshot, name)
        with path.with_name(f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                keep_file(snapshot, name)
        return path

    return find


@pytest.fixture(scope="session")
def graph(project: Project, snapshot: Snapshot) -> Iterator[Graph]:
    with Graph(project, snapshot, Settings(query_timeout=60)) as opened:
        # What a few queries gain by having all in memory is less than it takes to get it there.
        opened.in_memory = False
        yield opened


@pytest.fixture(scope="session")
def server(data_dir: Path) -> Iterator[Server]:
    running = start_server(data_dir, "--query-timeout", "20")
    yield running
    stop_server(running)


@pytest.fixture(scope="session")
def bundled_site(data_dir: Path, names: Namespaces) -> Iterator[tuple[Flask, QueryService]]:
    """The site over the bundled graph in this process, and what it asks."""
    # Pages are made from the book; to have the graph in memory for a few queries takes seconds.
    settings = Settings(workers=1, in_memory_quads=0)
    service = open_service(data_dir, settings, names)
    yield create_app(service, settings, data_dir), service
    service.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; a test is skipped where there is none."""
    with open_browser() as running:
        yield running


@pytest.fixture
def reader(screen: str, browser: Browser, server: Server) -> Iterator[Page]:
    """Somebody at the start page, who may use the clipboard."""
    with open_page(browser, server.url, screen) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
        page.goto("/")
        yield page


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as a user does, in a process of its own."""

    def call(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return command_server().run(*arguments, **{"env": {**os.environ, "COLUMNS": "100"}, **options})

    return call


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project of its own: the packaged ontology and shapes, one document of one sentence, one thing, two claims."""
    return make_small_project(tmp_path / "project")


def find_nothing(*_: object) -> Report:
    """Validate nothing: for what is computed only to be compared, as to look at the shapes takes longest."""
    return report_of((), Namespaces("https://w3id.org/digitech-kg/"))


def make_small_project(root: Path) -> Path:
    """Write the files of the small project into a new directory; give it."""
    return shutil.copytree(SMALL_PROJECT, root)


@dataclass(frozen=True)
class Workshop:
    """A small project that is built, and its data directory."""

    root: Path
    data_dir: Path

    @property
    def project(self) -> Project:
        return find_project(self.root)

    @property
    def repository(self) -> SnapshotRepository:
        return SnapshotRepository(self.data_dir)

    @property
    def note(self) -> Path:
        return self.root / "data" / "documents" / "note" / "note.ttl"

    @property
    def options(self) -> tuple[str, ...]:
        return ("--project", str(self.root), "--data-dir", str(self.data_dir))

    def copy_to(self, directory: Path) -> "Workshop":
        """Copy the project and its data; give the copy."""
        found = Workshop(directory / "project", directory / "kg")
        shutil.copytree(self.root, found.root)
        shutil.copytree(self.data_dir, found.data_dir)
        return found

    def current(self) -> Snapshot:
        found = self.repository.current()
        assert found is not None
        return found

    def edit(self, *added: Quad, removed: Iterable[Quad] = (), message: str = "", author: str = "anna") -> str:
        """Write to the store as people do online, and give the version's name."""
        write = Change(frozenset(added), frozenset(removed))
        outcome = Committer(self.repository).commit(write, Commit("update", author, message))
        assert outcome.published
        return outcome.version


@pytest.fixture
def results_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is computed in each data directory, as users have it."""
    monkeypatch.setattr(ResultStore, "beside", lambda data_dir: ResultStore(data_dir / "results"))


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check nothing that this process builds or writes: to look at the shapes takes longest. Commands still check."""
    monkeypatch.setattr(Checks, "start", lambda *_args, **_options: None)


@pytest.fixture(scope="session")
def built_workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    directory = tmp_path_factory.mktemp("workshop")
    found = Workshop(make_small_project(directory / "project"), directory / "kg")
    build(found.project, found.repository)
    return found


@pytest.fixture
def workshop(built_workshop: Workshop, tmp_path: Path) -> Workshop:
    """A small project of the test's own, built already."""
    return built_workshop.copy_to(tmp_path / "workshop")
