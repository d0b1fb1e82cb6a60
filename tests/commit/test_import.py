"""Files come in as one version, or not at all."""

import gzip
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from books import book_of, logical_rows
from bundled import GRAPHS
from conftest import Workshop
from digitech_kg.book import book_quads, open_book
from digitech_kg.commit import importing
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.importing import find_import_file
from digitech_kg.commit.request import Commit, Import
from digitech_kg.errors import CallError, SourceError
from digitech_kg.namespaces import RDFS, XSD
from digitech_kg.parts.rewriting.statistics import read_statistics, statistics_of
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.triple_store import open_read_only
from publishing import publish_quads
from small import HEADER, NOTE, claim_text
from small import NAMES as SMALL

Run = Callable[..., "subprocess.CompletedProcess[str]"]
A, B, P = (NamedNode(f"http://example.org/{name}") for name in "abp")
ONE, TWO = GRAPHS["one"], GRAPHS["two"]


@pytest.fixture
def repository(tmp_path: Path) -> SnapshotRepository:
    """A data directory of no project: two graphs with one quad each."""
    found = SnapshotRepository(tmp_path / "kg")
    publish_quads([Quad(A, P, Literal("old"), ONE), Quad(A, P, Literal("other"), TWO)], found)
    return found


@pytest.fixture
def bring_in(run: Run, repository: SnapshotRepository) -> Run:
    def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run("import", *map(str, arguments), "--empty", "--data-dir", str(repository.data_dir))

    return call


def quads_in(repository: SnapshotRepository) -> set[Quad]:
    current = repository.current()
    assert current is not None
    return set(open_read_only(current.store))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("new.ttl", '<http://example.org/b> <http://example.org/p> "new" .'),
        ("new.nt", '<http://example.org/b> <http://example.org/p> "new" .'),
        (
            "new.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
            '<rdf:Description rdf:about="http://example.org/b"><e:p>new</e:p></rdf:Description></rdf:RDF>',
        ),
        ("new.jsonld", '{"@id": "http://example.org/b", "http://example.org/p": "new"}'),
        ("new.trig", '{ <http://example.org/b> <http://example.org/p> "new" }'),
        ("new.nq", f'<http://example.org/b> <http://example.org/p> "new" {ONE} .'),
        ("new.ttl.gz", gzip.compress(b'<http://example.org/b> <http://example.org/p> "new" .')),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("new.") else "",
)
def test_every_format_gives_the_same_quads(
    repository: SnapshotRepository, tmp_path: Path, name: str, content: str | bytes
) -> None:
    _import(repository, write(tmp_path / name, content), ONE, replace=False)
    change = repository.change(repository.current_version() or "")
    assert change == Change(frozenset({Quad(B, P, Literal("new"), ONE)}))


def test_several_files_are_one_version(bring_in: Run, repository: SnapshotRepository, tmp_path: Path) -> None:
    first = write(tmp_path / "first.ttl", '<http://example.org/b> <http://example.org/p> "1" .')
    second = write(tmp_path / "second.nq", f'<http://example.org/b> <http://example.org/p> "2" {TWO} .')
    result = bring_in(first, second, "--graph", "graph:one", "--message", "Two files", "--author", "anna")
    assert result.returncode == 0, result.stderr
    assert quads_in(repository) == {
        Quad(A, P, Literal("old"), ONE),
        Quad(A, P, Literal("other"), TWO),
        Quad(B, P, Literal("1"), ONE),
        Quad(B, P, Literal("2"), TWO),
    }
    newest = repository.history()[-1]
    assert (newest.number, newest.action, newest.author, newest.message) == (3, "import", "anna", "Two files")
    assert "2 quads added, 0 removed" in result.stdout


def test_replacing_leaves_nothing_else_in_the_graphs_that_are_meant(
    bring_in: Run, repository: SnapshotRepository, tmp_path: Path
) -> None:
    file = write(tmp_path / "new.ttl", '<http://example.org/b> <http://example.org/p> "new" .')
    assert bring_in(file, "--graph", ONE.value, "--replace").returncode == 0
    assert quads_in(repository) == {Quad(B, P, Literal("new"), ONE), Quad(A, P, Literal("other"), TWO)}


def test_dry_run_shows_the_difference_and_publishes_nothing(
    bring_in: Run, repository: SnapshotRepository, tmp_path: Path
) -> None:
    file = write(tmp_path / "new.ttl", '<http://example.org/b> <http://example.org/p> "new" .')
    before = repository.current_version()
    result = bring_in(file, "--graph", "default", "--replace", "--dry-run")
    assert result.returncode == 0
    assert '+ <http://example.org/b> <http://example.org/p> "new"' in result.stdout
    assert "would be published: 1 quad added, 0 removed" in result.stdout
    assert repository.current_version() == before


CUT = gzip.compress(b"<http://example.org/b> <http://example.org/p> 1 .")[:-12]
DAMAGED = gzip.compress(b"<urn:s> <urn:p> <urn:o> .\n" * 1000)
DAMAGED = DAMAGED[:20] + b"\xff" * 20 + DAMAGED[40:]


@pytest.mark.parametrize("content", [CUT, DAMAGED, b"no gzip"], ids=["cut", "damaged", "not compressed"])
def test_compressed_file_that_is_not_whole_is_a_fault(
    repository: SnapshotRepository, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(SourceError) as caught:
        _import(repository, write(tmp_path / "data.nt.gz", content), ONE, replace=False)
    assert [fault.file for fault in caught.value.faults] == [str(tmp_path / "data.nt.gz")]


def test_faults_of_all_files_are_told_and_nothing_comes_in(
    bring_in: Run, repository: SnapshotRepository, tmp_path: Path
) -> None:
    files = [
        write(tmp_path / "good.ttl", '<http://example.org/b> <http://example.org/p> "new" .'),
        write(tmp_path / "bad.ttl", "<http://example.org/b> <http://example.org/p>\n  oops ."),
        write(tmp_path / "cut.ttl.gz", gzip.compress(b"<http://example.org/b> <http://example.org/p> 1 .")[:-12]),
    ]
    before = repository.current_version()
    result = bring_in(*files, "--graph", "graph:one")
    assert result.returncode == 1
    assert "bad.ttl:2:" in result.stderr
    assert "cut.ttl.gz" in result.stderr
    assert "2 faults in the files" in result.stderr
    assert "Traceback" not in result.stderr
    assert repository.current_version() == before


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("absent.ttl", ["--graph", "graph:one"], "does not exist"),
        ("new.txt", ["--graph", "graph:one"], "does not say its format"),
        ("new.ttl", [], "holds triples that name no graph"),
        ("new.ttl", ["--graph", "nonsense"], "isn't a graph's name"),
        ("new.ttl", ["--graph", "graph:one", "--author", "a b"], "an author's"),
    ],
)
def test_call_that_makes_no_sense_is_refused(
    bring_in: Run, repository: SnapshotRepository, tmp_path: Path, name: str, options: list[str], words: str
) -> None:
    for there in ("new.ttl", "new.txt"):
        write(tmp_path / there, '<http://example.org/b> <http://example.org/p> "new" .')
    before = repository.current_version()
    result = bring_in(tmp_path / name, *options)
    assert result.returncode == 2
    assert words in result.stderr
    assert repository.current_version() == before


def test_context_from_elsewhere_is_not_fetched(repository: SnapshotRepository, tmp_path: Path) -> None:
    file = write(tmp_path / "new.jsonld", '{"@context": "http://127.0.0.1:9/context", "name": "x"}')
    with pytest.raises(SourceError, match="1 fault in the files") as caught:
        _import(repository, file, ONE, replace=False)
    assert "its @context is an address" in caught.value.faults[0].what


def test_nothing_is_published_before_there_is_a_dataset(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "new.ttl", '<http://example.org/b> <http://example.org/p> "new" .')
    result = run("import", str(file), "--graph", "graph:one", "--empty", "--data-dir", str(tmp_path / "none"))
    assert result.returncode == 2
    assert "no version is published" in result.stderr


def test_unknown_format_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(CallError) as caught:
        find_import_file(write(tmp_path / "x.ttl", ""), "word")
    assert "turtle" in (caught.value.hint or "")


def test_history_tells_what_came_in(run: Run, bring_in: Run, repository: SnapshotRepository, tmp_path: Path) -> None:
    file = write(tmp_path / "new.ttl", '<http://example.org/b> <http://example.org/p> "new"@en .')
    assert bring_in(file, "--graph", "graph:one").returncode == 0
    told = run("history", "3", "--empty", "--data-dir", str(repository.data_dir)).stdout
    assert f'<{P.value}> "new"@en graph:one' in told


def _import(repository: SnapshotRepository, file: Path, graph: NamedNode, *, replace: bool) -> None:
    Committer(repository).commit(Import((find_import_file(file),), graph, replace), Commit("import"))


def test_a_graph_without_an_iri_is_refused(bring_in: Run, repository: SnapshotRepository, tmp_path: Path) -> None:
    result = bring_in(write(tmp_path / "new.nq", f"{A} {P} {B} _:graph ."))
    assert result.returncode == 2
    assert "a graph is named by a blank node" in result.stderr
    assert len(quads_in(repository)) == 2


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize(
    "graph",
    [ONE, pytest.param(GRAPHS["new"], marks=pytest.mark.thorough)],
    ids=["graph that is there", "new graph"],
)
def test_what_is_too_large_for_memory_comes_in_like_what_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, graph: NamedNode, replace: bool
) -> None:
    # Values that a store writes otherwise, quads that come twice, and one that is there already.
    rows = [
        f'<http://example.org/{n % 40}> <http://example.org/p> "0{n % 50}"^^<{XSD.integer.value}> .' for n in range(99)
    ]
    file = write(tmp_path / "new.nt", "\n".join([*rows, f'{A} {P} "old" .', f'{A} {RDFS.label} "A"@en .']))
    versions = []
    for name, large in (("in memory", 1_000_000), ("by the engine", 1)):
        monkeypatch.setattr(importing, "LARGE", large)
        repository = SnapshotRepository(tmp_path / name)
        publish_quads([Quad(A, P, Literal("old"), ONE), Quad(B, P, Literal("gone"), ONE)], repository)
        _import(repository, file, graph, replace=replace)
        manifest = repository.manifest(repository.current_version() or "")
        change, current = repository.change(manifest.version), repository.current()
        assert current is not None
        assert read_statistics(current.directory) == statistics_of(open_read_only(current.store))
        figures = {**asdict(manifest), "created": "", "version": ""}
        figures["graph_versions"] = sorted(manifest.graph_versions)
        versions.append((quads_in(repository), change, figures, dict(logical_rows(open_book(current)))))
    assert versions[0] == versions[1]
    assert (Quad(B, P, Literal("gone"), ONE) in versions[1][0]) == (not replace or graph != ONE)


def test_book_and_counts_of_a_large_import_have_what_is_derived_from_it_too(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LARGE", 1)
    monkeypatch.setattr(importing, "BYTES_OF_QUAD", 0)
    text = HEADER.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + claim_text("new-1")
    _import(workshop.repository, write(tmp_path / "new.ttl", text), NOTE, replace=False)
    book, store = open_book(workshop.current()), open_read_only(workshop.current().store)
    assert dict(logical_rows(book)) == dict(logical_rows(book_of(book_quads(store, SMALL), SMALL)))
    assert book.search("said in a test")
    assert read_statistics(workshop.current().directory) == statistics_of(store)


def test_a_fault_of_a_file_that_the_engine_loads_is_told_with_its_line(
    repository: SnapshotRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LARGE", 1)
    file = write(tmp_path / "bad.nt", f'{A} {P} "x" .\n{A} {P} oops .\n')
    with pytest.raises(SourceError) as caught:
        _import(repository, file, ONE, replace=False)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == (str(file), 2)
    assert len(quads_in(repository)) == 2
