"""The command `compare`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from books import book_of
from comparison.example import example_book, publish_example
from comparison.fixtures import NAMES, ONTOLOGY, document_quads, quads_of
from digitech_kg.cli import asking as module
from digitech_kg.errors import CallError, NotFound


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("compared")
    publish_example(directory)
    return directory


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(module.compare, [*arguments, "--data-dir", str(data_dir)], catch_exceptions=True)


def test_two_documents_begin_with_how_much_they_have_in_common(data_dir: Path) -> None:
    result = run(data_dir, "brief", "memo")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == [
        "“NUPI brief”: 5 claims, 3 of them on what the other speaks of",
        "“Memo”: 3 claims, 3 of them on what the other speaks of",
    ]
    assert [line for line in result.stdout.splitlines() if line.endswith(": 1")] == [
        "In tension: 1",
        "The first is firmer: 1",
        "Agree: 1",
    ]


def test_each_pair_is_told_with_sentences_passages_and_reason(data_dir: Path) -> None:
    lines = run(data_dir, "brief", "memo").stdout.splitlines()
    start = lines.index("In tension: 1")
    assert set(lines[start + 2 : start + 4]) == {
        "  Huawei is not state-owned. (NUPI brief, p. 1)",
        "  According to analysts, Huawei is probably state-owned. (Memo, p. 1)",
    }
    assert lines[start + 4].startswith("  Why: What “NUPI brief” says goes against what “Memo” says.")


def test_issues_on_which_both_documents_take_a_side_come_before_claims() -> None:
    places = {
        "owned": ("brief affirms asserted", "memo denies withReserve", "paper denies asserted"),
        "risky": ("brief affirms asserted", "memo leavesOpen", "paper denies asserted"),
        "ours": ("brief affirms asserted", "paper denies asserted"),
    }
    said = "id:acme dk:hasOwnershipKind id:state-ownership"
    quads = [quad for name in ("brief", "memo", "paper") for quad in document_quads(name, said)]
    for issue, positions in places.items():
        quads += quads_of(f'issue:{issue} a dk:Issue ; dk:question "Is it {issue}?"@en .', "issues")
        for document, answer, *firmness in map(str.split, positions):
            place = f"a dk:Position ; dk:onIssue issue:{issue} ; dk:positionOf id:{document} ; dk:answer dk:{answer}"
            best = "".join(f"dk:firmness dk:{how} ; " for how in firmness) + f"dk:bestClaim claim:{document}\\/c1"
            quads += quads_of(f"<urn:{issue}-{document}> {place} ; {best} .", "positions")
    lines = list(module.tell_documents(book_of(quads, NAMES), ["brief", "memo"]))
    start = lines.index("\nIssues on which both take a side: 1")
    assert lines[start + 1 :] == ["\n  Is it owned?", "  Yes: c1 (brief, c1)", "  No, with a reserve: c1 (memo, c1)"]


def test_of_two_things_claims_of_both_come_before_those_of_one_only(data_dir: Path) -> None:
    lines = run(data_dir, "id:huawei", "id:tencent").stdout.splitlines()
    assert lines[0] == "Of Huawei and Tencent: 0 main claims"
    assert "Of Huawei only: 6 main claims" in lines
    start = lines.index("Of Tencent only: 2 main claims")
    assert "  Tencent belongs to the apps sector. (NUPI brief, p. 5)" in lines[start + 1 : start + 3]


def test_what_names_both_of_two_things_stands_once() -> None:
    shared = quads_of(ONTOLOGY + 'id:acme rdfs:label "Acme"@en . id:bolt rdfs:label "Bolt"@en .', "things")
    brief = document_quads("brief", "id:acme id:is-rival-of id:bolt", "id:bolt id:is-rival-of id:acme")
    things = [NAMES.thing(name).value for name in ("acme", "bolt")]
    lines = list(module.tell_things(book_of([*shared, *brief], NAMES), things))
    assert "Of Acme and Bolt: 2 main claims" in lines
    assert "Of Acme only: 0 main claims" in lines
    assert "Of Bolt only: 0 main claims" in lines


@pytest.mark.parametrize("name", ["id:huawei", "id/huawei", "huawei", "Huawei", "https://example.org/kg/id/huawei"])
def test_a_thing_is_found_by_short_name_path_iri_or_label(name: str) -> None:
    assert example_book().find_thing(name) == NAMES.thing("huawei").value


def test_a_thing_whose_name_has_a_colon_is_found_by_it() -> None:
    things = quads_of('id:going rdfs:label "Leave"@en . id:act rdfs:label "Plan 5: leave"@en .', "things")
    assert book_of(things, NAMES).find_thing("Plan 5: leave") == NAMES.thing("act").value


@pytest.mark.parametrize(
    ("names", "told", "hint"),
    [
        (("brief", "mem"), "no document 'mem'", "Did you mean: memo? "),
        (("id:huawai", "id:tencent"), "no thing 'id:huawai'", "Did you mean: id:huawei?"),
        (("brief", "brief"), "with itself", "Name two."),
        (("id:tencent", "brief"), "a document can't be compared with a thing", "Name two documents"),
        (("id:brief", "id:tencent"), "a document can't be compared with a thing", "Name two documents"),
        (("id:huawei", "id/huawei"), "with itself", "Name two."),
    ],
)
def test_a_faulty_call_is_told_what_was_meant(data_dir: Path, names: tuple[str, str], told: str, hint: str) -> None:
    error = run(data_dir, *names).exception
    assert isinstance(error, NotFound | CallError)
    assert error.exit_code == 2
    assert told in error.message
    assert (error.hint or "").startswith(hint)
