"""The command `compare`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comparison.example import publish_example
from digitech_kg.cli import asking as module
from digitech_kg.errors import NotFound


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("compared")
    publish_example(directory)
    return directory


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(module.compare, [*arguments, "--data-dir", str(data_dir)], catch_exceptions=True)


def test_two_documents_begin_with_what_was_found_in_a_sentence(data_dir: Path) -> None:
    result = run(data_dir, "brief", "memo")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "“NUPI brief” and “Memo” do not contradict each other. "
        "They are in tension on 1, agree on 1 and put 1 with different firmness. "
        "2 claims of “NUPI brief” and 0 of “Memo” meet no other.\n"
    )


def test_each_pair_is_told_with_sentences_passages_and_reason(data_dir: Path) -> None:
    lines = run(data_dir, "brief", "memo").stdout.splitlines()
    start = lines.index("In tension")
    assert set(lines[start + 2 : start + 4]) == {
        "  Huawei is not state-owned. (NUPI brief, p. 1)",
        "  According to analysts, Huawei is probably state-owned. (Memo, p. 1)",
    }
    assert lines[start + 4].startswith("  Why: What “NUPI brief” says goes against what “Memo” says.")


def test_of_two_things_claims_of_both_come_before_those_of_one_only(data_dir: Path) -> None:
    lines = run(data_dir, "id:huawei", "id:tencent").stdout.splitlines()
    assert lines[0] == "Of Huawei and Tencent: 0 main claims"
    assert "Of Huawei only: 6 main claims" in lines
    start = lines.index("Of Tencent only: 2 main claims")
    assert "  Tencent belongs to the apps sector. (NUPI brief, p. 5)" in lines[start + 1 : start + 3]


def test_programs_get_json(data_dir: Path) -> None:
    report = json.loads(run(data_dir, "brief", "memo", "--format", "json").stdout)
    assert report["tally"] == {"contradicts": 0, "in_tension": 1, "differs": 0, "firmer": 1, "corroborates": 1}
    assert report["pairs"][0]["first"]["sentence"]["text"]


def test_an_unknown_name_is_an_error_of_the_call(data_dir: Path) -> None:
    error = run(data_dir, "brief", "mem").exception
    assert isinstance(error, NotFound)
    assert (error.exit_code, error.hint) == (2, "Did you mean: memo?")
