"""Building and publishing: whole or not at all, the same from the same input, skipped when nothing changed."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Workshop, find_nothing
from digitech_kg.claims.clauses import read_sentence_patterns
from digitech_kg.claims.derivation import derive
from digitech_kg.claims.labels import read_labels
from digitech_kg.commit.building import assemble, build
from digitech_kg.errors import InvalidData, SourceError, StorageFailure
from digitech_kg.namespaces import OWL
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sources.project import Project, find_project
from digitech_kg.triple_store import open_read_only
from small import NAMES, content_digest, content_lines, content_of

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def note(root: Path) -> Path:
    return root / "data/documents/note/note.ttl"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.thorough
def test_same_input_gives_the_same_quads(project: Project, snapshot: Snapshot) -> None:
    # Another process has built the snapshot.
    assert content_lines(assemble(project).target.store) == content_lines(open_read_only(snapshot.store))


def test_another_process_builds_the_same_quads(run: Run, workshop: Workshop, tmp_path: Path) -> None:
    assert run("build", *workshop.options[:2], "--data-dir", str(tmp_path / "other")).returncode == 0
    built = SnapshotRepository(tmp_path / "other").current()
    assert built is not None
    assert content_of(built) == content_of(workshop.current())


@pytest.mark.usefixtures("unchecked")
def test_digest_is_that_of_the_content(workshop: Workshop) -> None:
    change(workshop.note, "Acme works", "Acme is at work")
    for snapshot in (workshop.current(), build(workshop.project, workshop.repository)):
        assert snapshot.manifest.content_digest == content_digest(snapshot)


def test_snapshot_holds_exactly_what_was_assembled(workshop: Workshop) -> None:
    snapshot = workshop.current()
    assert content_of(snapshot) == content_lines(assemble(workshop.project, validator=find_nothing).target.store)
    assert sum(snapshot.manifest.graphs.values()) == snapshot.manifest.quads


def test_statements_are_derived_from_values_however_a_file_writes_them(small_project: Path, tmp_path: Path) -> None:
    boolean = "<http://www.w3.org/2001/XMLSchema#boolean>"
    change(note(small_project), "dk:negated true", f'dk:negated "1"^^{boolean}')
    change(note(small_project), "dk:object id:paint-trade", "dk:value 007")
    store = assemble(find_project(small_project), validator=find_nothing).target.store
    derived = {quad for quad in store if quad.graph_name in NAMES.graphs.derived_of("note")[:2]}
    # What a write derives again, it derives from the store.
    written = [quad for quad in store if not NAMES.graphs.is_derived(quad.graph_name)]
    assert derived == set(derive(written, "note", NAMES, read_sentence_patterns(written), read_labels(written)))
    assert [str(q.object) for q in derived if q.predicate == OWL.targetIndividual] == [
        "<https://w3id.org/digitech-kg/id/state-ownership>"
    ]


def test_unchanged_input_is_not_built_again(workshop: Workshop) -> None:
    first = workshop.current()
    again = build(workshop.project, workshop.repository)
    assert again.version == first.version


@pytest.mark.usefixtures("unchecked")
def test_changed_file_gives_a_new_current_snapshot(workshop: Workshop) -> None:
    change(workshop.note, "Acme works in", "Acme is busy in")
    result = build(workshop.project, workshop.repository)
    assert workshop.repository.current_version() == result.version
    assert len(workshop.repository.versions()) == 2


def test_violation_publishes_nothing_and_says_where(workshop: Workshop) -> None:
    before = workshop.current()
    change(workshop.note, "    dk:predicate dk:isActiveIn ;\n", "")
    with pytest.raises(InvalidData) as caught:
        build(workshop.project, workshop.repository)
    assert "data/documents/note/note.ttl:8 note-claim:acme-active-in-paint" in caught.value.message
    assert workshop.current() == before


def test_a_mistake_that_contradicts_the_ontology_too_is_told_by_its_shape(workshop: Workshop) -> None:
    change(
        workshop.note,
        "    dk:predicate dk:isActiveIn ;\n",
        "    dk:certainty dk:norm ; dk:predicate dk:isActiveIn ;\n",
    )
    with pytest.raises(InvalidData) as caught:
        build(workshop.project, workshop.repository)
    assert "dk:certainty is one of" in caught.value.message


def test_faulty_file_publishes_nothing(small_project: Path, tmp_path: Path) -> None:
    repository = SnapshotRepository(tmp_path / "kg")
    note(small_project).write_text("oops", encoding="utf-8")
    with pytest.raises(SourceError):
        build(find_project(small_project), repository)
    assert repository.current() is None
    assert not list((tmp_path / "kg/snapshots").iterdir())


@pytest.mark.usefixtures("unchecked")
def test_leftover_of_a_dead_build_is_removed(small_project: Path, tmp_path: Path) -> None:
    repository = SnapshotRepository(tmp_path / "kg")
    leftover = tmp_path / "kg/snapshots/building-dead"
    leftover.mkdir()
    build(find_project(small_project), repository)
    assert not leftover.exists()


def test_directory_without_manifest_is_no_snapshot(workshop: Workshop) -> None:
    (workshop.data_dir / "snapshots/000009-half").mkdir()
    assert workshop.repository.versions() == [workshop.current().version]


@pytest.mark.usefixtures("unchecked")
def test_broken_manifest_is_built_again(workshop: Workshop) -> None:
    before = workshop.current()
    (before.directory / "manifest.json").write_text("{", encoding="utf-8")
    built = build(workshop.project, workshop.repository)
    assert built.manifest.content_digest == before.manifest.content_digest == content_digest(built)


@pytest.mark.usefixtures("unchecked")
def test_old_snapshots_beyond_the_number_kept_are_removed(workshop: Workshop) -> None:
    repository = SnapshotRepository(workshop.data_dir, keep=2)
    versions = [build(workshop.project, repository, force=True).version for _ in range(2)]
    assert repository.versions() == versions


def test_manifest_says_what_is_in_the_snapshot(snapshot_manifest: dict[str, object]) -> None:
    assert snapshot_manifest["infers"] is True
    graphs = snapshot_manifest["graphs"]
    assert isinstance(graphs, dict)
    names = {iri.removeprefix("https://w3id.org/digitech-kg/graph/") for iri in graphs}
    document = {"nupi-digi-tech", *(f"nupi-digi-tech/{part}" for part in ("statements", "evidence", "inferred"))}
    assert {"ontology", "things", *document, "catalog", "external/nupi-publications"} <= names


@pytest.fixture
def snapshot_manifest(data_dir: Path) -> dict[str, object]:
    snapshot = SnapshotRepository(data_dir).current()
    assert snapshot is not None
    return json.loads((snapshot.directory / "manifest.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_data_directory_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageFailure, match="can't use data directory"):
        SnapshotRepository(tmp_path / "file" / "kg")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_unwritable_data_directory_is_a_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageFailure, match="can't use data directory"):
        SnapshotRepository(tmp_path / "kg")
