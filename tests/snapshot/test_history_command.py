"""`history` and `revert` on the command line."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from bundled import GRAPHS, NAMES, PREFIXES
from conftest import Workshop
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit
from digitech_kg.errors import CallError, NotFound
from digitech_kg.exports.writing import keep_by_process
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.grouping import group_change
from digitech_kg.snapshot.manifest import parse_keep
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.triple_store import open_read_only
from publishing import publish_quads

Run = Callable[..., "subprocess.CompletedProcess[str]"]
ACME = NamedNode(PREFIXES["id"] + "acme")
CLAIM = NamedNode(PREFIXES["claim"] + "note/acme-active-in-paint")
NOTE = GRAPHS["note"]


def text(subject: NamedNode, predicate: NamedNode, value: str) -> Quad:
    graph = NOTE if subject == CLAIM else GRAPHS.things
    return Quad(subject, predicate, Literal(value, language="en"), graph)


PAINT, RED, BLUE = (text(ACME, SKOS.definition, f"A maker of {name}.") for name in ("paint", "red paint", "blue paint"))
COMMENT = text(CLAIM, RDFS.comment, "Acme works in the paint trade.")


def definitions(workshop: Workshop) -> set[Quad]:
    store = open_read_only(workshop.current().store)
    return set(store.quads_for_pattern(ACME, SKOS.definition, None))


@pytest.fixture(scope="module")
def changed_in(built_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    found = built_workshop.copy_to(tmp_path_factory.mktemp("changed"))
    found.edit(RED, removed=[PAINT], message="Red from now on")
    return found


@pytest.fixture
def changed(changed_in: Workshop, tmp_path: Path) -> Workshop:
    """A workshop in whose second version a definition changed."""
    return changed_in.copy_to(tmp_path / "workshop")


def test_table_lists_versions_newest_first(run: Run, changed: Workshop) -> None:
    result = run("history", *changed.options)
    assert result.returncode == 0
    header, newest, oldest = (line.split("\t") for line in result.stdout.splitlines())
    assert header[:5] == ["version", "time", "author", "action", "message"]
    assert newest[2:5] == ["anna", "update", "Red from now on"]
    assert (oldest[0][:7], oldest[2:4], newest[8]) == ("000001-", ["operator", "build"], "kept")
    assert "2 versions, the data of 2 is kept" in result.stderr


def test_limit_shows_the_newest(run: Run, changed: Workshop) -> None:
    _header, only = run("history", "--limit", "1", *changed.options).stdout.splitlines()
    assert only.startswith(changed.current().version)


@pytest.mark.usefixtures("unchecked")
def test_difference_is_a_line_for_each_quad(run: Run, workshop: Workshop) -> None:
    workshop.edit(RED, text(CLAIM, RDFS.comment, "Acme sells paint."), removed=[PAINT, COMMENT])
    result = run("history", "2", *workshop.options)
    assert result.stdout.split("\n\n")[1].splitlines()[:4] == [
        '+ note-claim:acme-active-in-paint rdfs:comment "Acme sells paint."@en graph:note',
        '- note-claim:acme-active-in-paint rdfs:comment "Acme works in the paint trade."@en graph:note',
        '- id:acme skos:definition "A maker of paint."@en graph:things',
        '+ id:acme skos:definition "A maker of red paint."@en graph:things',
    ]
    assert "Quads that follow from it:" in result.stdout


@pytest.mark.usefixtures("unchecked")
def test_revert_takes_one_version_back_and_leaves_later_ones(run: Run, changed: Workshop) -> None:
    changed.edit(text(CLAIM, RDFS.comment, "Acme sells paint."), removed=[COMMENT])
    result = run("revert", "2", "--author", "ben", *changed.options)
    assert result.returncode == 0, result.stderr
    newest = changed.current().manifest
    assert (newest.action, newest.author, newest.message[:16]) == ("revert", "ben", "Reverts version ")
    assert definitions(changed) == {PAINT}
    edits = changed.current().edits()
    assert edits == Change(
        frozenset({text(CLAIM, RDFS.comment, "Acme sells paint."), PAINT}), frozenset({COMMENT, RED})
    )
    assert "nothing changes" in run("revert", "2", *changed.options).stdout


def test_revert_of_the_revert_brings_it_back(changed: Workshop, run: Run) -> None:
    for number in ("2", "3"):
        assert run("revert", number, *changed.options).returncode == 0
    assert definitions(changed) == {RED}


def test_revert_shows_first_what_it_would_do(run: Run, changed: Workshop) -> None:
    version = changed.current().version
    result = run("revert", "2", "--dry-run", *changed.options)
    assert '+ id:acme skos:definition "A maker of paint."@en' in result.stdout
    assert changed.current().version == version


@pytest.mark.usefixtures("unchecked")
def test_what_changed_again_later_is_not_reverted(run: Run, changed: Workshop) -> None:
    version = changed.edit(BLUE, removed=[RED])
    result = run("revert", "2", *changed.options)
    assert result.returncode == 1
    assert "later versions changed the same again: id:acme" in result.stderr
    assert changed.current().version == version


def test_revert_is_gated_like_any_write(run: Run, workshop: Workshop) -> None:
    dye, claim = NamedNode(PREFIXES["id"] + "dye"), NamedNode(PREFIXES["claim"] + "note/acme-active-in-dye")
    passage = NamedNode(PREFIXES["passage"] + "note/s01")
    labels = (Literal(label, language=tag) for label, tag in (("dye", "en"), ("farge", "nb"), ("染料", "zh-hans")))
    workshop.edit(
        Quad(dye, RDF.type, DK.Field, NOTE),
        *(Quad(dye, RDFS.label, label, NOTE) for label in labels),
        text(dye, SKOS.definition, "Colours for cloth."),
        Quad(dye, DK.describedIn, passage, NOTE),
    )
    said = {RDF.type: DK.Claim, DK.subject: ACME, DK.predicate: DK.isActiveIn, DK.object: dye}
    said[DK.statedIn] = passage
    quads = [Quad(claim, predicate, value, NOTE) for predicate, value in said.items()]
    comment = Literal("Acme makes dye.", language="en")
    version = workshop.edit(*quads, Quad(claim, RDFS.comment, comment, NOTE))
    # The claim would be left with an object that nothing describes.
    result = run("revert", "2", *workshop.options)
    assert result.returncode == 1
    assert "note-claim:acme-active-in-dye" in result.stderr
    assert "Nothing was changed" in result.stderr
    assert workshop.current().version == version


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["history", "9"], "there is no version 9"),
        (["history", "1", "--limit", "2"], "--limit is for the list"),
        (["revert", "9"], "there is no version 9"),
        (["revert", "1"], "is the first"),
        (["revert", "../1"], "there is no version ../1"),
    ],
)
def test_call_that_makes_no_sense_exits_with_2(run: Run, workshop: Workshop, arguments: list[str], words: str) -> None:
    result = run(*arguments, *workshop.options)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_empty_data_directory_says_what_to_do(run: Run, tmp_path: Path) -> None:
    result = run("history", "--empty", "--data-dir", str(tmp_path / "kg"))
    assert result.returncode == 2
    assert "no version is published" in result.stderr


@pytest.fixture(scope="module")
def pruned_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = SnapshotRepository(tmp_path_factory.mktemp("pruned"), keep=2)
    publish_quads([RED], repository)
    for number in range(4):
        change = Change(frozenset({text(ACME, SKOS.note, str(number))}))
        Committer(repository).commit(change, Commit(message=f"No. {number}"))
    return repository.data_dir


@pytest.fixture
def pruned(pruned_in: Path, tmp_path: Path) -> SnapshotRepository:
    """Six versions of no project, of which the last two keep their data."""
    return SnapshotRepository(shutil.copytree(pruned_in, tmp_path / "kg"), keep=2)


def test_version_without_data_still_tells_what_it_changed(run: Run, pruned: SnapshotRepository) -> None:
    options = ("--empty", "--data-dir", str(pruned.data_dir))
    rows = [line.split("\t") for line in run("history", *options).stdout.splitlines()[1:]]
    assert [row[8] for row in rows] == ["kept", "kept", "gone", "gone", "gone", "gone"]
    assert 'skos:note "0"@en graph:things' in run("history", "3", *options).stdout


def test_command_lets_no_version_go(run: Run, pruned: SnapshotRepository, tmp_path: Path) -> None:
    options = ("--empty", "--data-dir", str(pruned.data_dir))
    assert run("revert", "6", *options).returncode == 0
    assert len(pruned.versions()) == 3


def test_download_brings_no_version_back_whose_time_is_over(pruned: SnapshotRepository) -> None:
    snapshot = pruned.resolve("5")
    Committer(pruned).commit(Change(removed=frozenset({RED})), Commit())
    assert not snapshot.directory.exists()
    with pytest.raises(CallError):
        keep_by_process(snapshot, "nquads")
    assert not snapshot.directory.exists()


def test_history_is_told_whatever_else_is_left_of_a_version(pruned: SnapshotRepository) -> None:
    gone = pruned.history()[1].version
    (pruned.data_dir / "snapshots" / gone / "downloads").mkdir(parents=True)
    assert len(pruned.change(gone)) == 1


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 5000 + "-aa", "1-" + "a" * 5000, "\0"])
def test_name_of_no_version_is_not_found(pruned: SnapshotRepository, version: str) -> None:
    for look_up in (pruned.at, pruned.manifest, pruned.resolve):
        with pytest.raises(NotFound):
            look_up(version)


def test_what_is_kept_is_all_or_a_number_of_versions() -> None:
    assert [parse_keep(text) for text in ("all", "100", "2")] == [None, 100, 2]
    with pytest.raises(CallError):
        parse_keep("30d")


def test_claims_stand_below_the_things() -> None:
    change = Change(frozenset({text(CLAIM, RDFS.comment, "x"), RED}))
    assert [edit.resource for edit in group_change(change, NAMES)] == [ACME.value, CLAIM.value]
