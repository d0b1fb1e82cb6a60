"""Planted contradictions are found by HermiT and explained by the axioms and claims in conflict."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.build import Reasoning, assemble, build_snapshot
from digitech_kg.errors import InconsistentData
from digitech_kg.namespaces import GRAPH, PREFIXES
from digitech_kg.reasoning import explain_inconsistency, infer, select_premises
from digitech_kg.reasoning.proofs import Theory, triples_of
from digitech_kg.snapshot import SnapshotRepository
from digitech_kg.sources import find_project

FAULTS = tomllib.loads((Path(__file__).parent / "data/reasoning/faults.toml").read_text(encoding="utf-8"))["fault"]


def plant(root: Path, turtle: str) -> None:
    note = root / "data/note/note.ttl"
    prefixes = {**PREFIXES, "note": PREFIXES["passage"] + "note/"}
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    note.write_text(head + note.read_text(encoding="utf-8") + turtle + "\n", encoding="utf-8")


@pytest.fixture(params=FAULTS, ids=lambda fault: fault["name"])
def faulty(request: pytest.FixtureRequest, small_project: Path) -> tuple[dict[str, Any], list[Quad]]:
    plant(small_project, request.param["turtle"])
    return request.param, list(assemble(find_project(small_project)).store)


def test_small_project_without_a_fault_is_consistent(small_project: Path) -> None:
    premises = select_premises(assemble(find_project(small_project)).store)
    assert infer(premises, "rl").consistent


def test_rules_find_the_contradiction_and_it_is_explained(faulty: tuple[dict[str, Any], list[Quad]]) -> None:
    fault, quads = faulty
    assert not infer(select_premises(quads), "rl").consistent
    message = explain_inconsistency(quads).message
    for name in fault["names"]:
        assert name in message


def test_hermit_finds_each_conflict_by_itself_contradictory(faulty: tuple[dict[str, Any], list[Quad]]) -> None:
    premises = select_premises(faulty[1])
    theory = Theory.of(premises)
    found = theory.contradictions(limit=10)
    smallest = [theory.leaves[n] for n in found.sets[0]]
    assert not infer(triples_of(smallest, premises), "hermit").consistent


def test_without_one_member_of_each_conflict_all_is_consistent(faulty: tuple[dict[str, Any], list[Quad]]) -> None:
    premises = select_premises(faulty[1])
    theory = Theory.of(premises)
    found = theory.contradictions(limit=60)
    assert found.complete
    broken = {min(leaves) for leaves in found.sets}
    kept = [leaf for number, leaf in enumerate(theory.leaves) if number not in broken]
    assert Theory.of(triples_of(kept, premises)).is_consistent()


def test_contradiction_beyond_the_rules_is_narrowed_down_with_hermit() -> None:
    """A union both of whose sides are excluded: only a reasoner that tries both sees it."""
    head = "@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    text = """:A a owl:Class ; owl:disjointWith :B , :C . :B a owl:Class . :C a owl:Class . :D a owl:Class .
        :i a owl:NamedIndividual , :A , :D , [ a owl:Class ; owl:unionOf ( :B :C ) ] ."""
    quads = [Quad(q.subject, q.predicate, q.object, GRAPH.ontology) for q in parse(head + text, RdfFormat.TURTLE)]
    assert infer(select_premises(quads), "rl").consistent
    message = explain_inconsistency(quads).message
    assert "1 conflict" in message
    assert message.count("Nothing is in two of the classes") == 2
    assert "<urn:x:D>" not in message


def test_build_refuses_a_contradiction_and_publishes_nothing(small_project: Path, tmp_path: Path) -> None:
    repository = SnapshotRepository(tmp_path / "kg")
    plant(small_project, FAULTS[2]["turtle"])
    with pytest.raises(InconsistentData, match="cannot all be true"):
        build_snapshot(find_project(small_project), repository, reasoning=Reasoning("rl"))
    assert repository.current() is None


def test_check_on_the_command_line_exits_with_1_and_names_the_claims(
    run: Callable[..., Any], small_project: Path, tmp_path: Path
) -> None:
    plant(small_project, FAULTS[2]["turtle"])
    options = ["--project", str(small_project), "--data-dir", str(tmp_path / "kg"), "--reasoner", "rl"]
    result = run("reason", "--check", *options)
    assert result.returncode == 1
    assert "claim:acme-state-owned" in result.stderr
    assert "Traceback" not in result.stderr
