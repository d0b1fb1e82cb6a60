"""What a reader is told of two documents or two things."""

from __future__ import annotations

import pytest

from books import book_of
from comparison.example import example_book, example_reader
from comparison.fixtures import NAMES, ONTOLOGY, document_quads, quads_of
from digitech_kg.comparison.reports import ComparisonReader, Tally
from digitech_kg.errors import CallError, NotFound


def test_two_documents_are_told_by_what_their_claims_are_to_each_other() -> None:
    report = example_reader().compare_documents("brief", "memo")
    assert (report.first.text, report.second.text) == ("NUPI brief", "Memo")
    assert report.tally == Tally(in_tension=1, firmer=1, corroborates=1)
    assert (report.only_first, report.only_second) == (2, 0)
    assert [pair.kind for pair in report.pairs] == ["inTensionWith", "firmerThan", "corroborates"]


def test_a_pair_has_sentences_passages_documents_and_the_reason() -> None:
    pair = example_reader().compare_documents("brief", "memo").pairs[0]
    told = {
        said.document_label.text: (said.sentence.text, [p.text for p in said.passages])
        for said in (pair.first, pair.second)
    }
    assert told == {
        "NUPI brief": ("Huawei is not state-owned.", ["p. 1"]),
        "Memo": ("According to analysts, Huawei is probably state-owned.", ["p. 1"]),
    }
    assert pair.reason.startswith(
        "What “NUPI brief” says goes against what “Memo” says. “Memo” puts it only as probable."
    )


def test_of_two_things_what_is_said_of_each_alone_is_told() -> None:
    report = example_reader().compare_things("id:huawei", "id:tencent")
    assert [thing.text for thing in report.things] == ["Huawei", "Tencent"]
    assert report.both == ()
    assert {claim.sentence.text for claim in report.alone[1]} == {
        "Tencent is not state-owned.",
        "Tencent belongs to the apps sector.",
    }
    assert [pair.kind for pair in report.pairs] == ["inTensionWith", "firmerThan", "corroborates"]


def test_what_names_both_of_two_things_stands_once() -> None:
    shared = quads_of(ONTOLOGY + 'id:bolt rdfs:label "Bolt"@en .', "things")
    brief = document_quads("brief", "id:acme id:is-rival-of id:bolt", "id:bolt id:is-rival-of id:acme")
    report = ComparisonReader(book_of([*shared, *brief], NAMES)).compare_things("id:acme", "id:bolt")
    assert len(report.both) == 2
    assert report.alone == ((), ())


@pytest.mark.parametrize("name", ["id:huawei", "id/huawei", "huawei", "Huawei", "https://example.org/kg/id/huawei"])
def test_a_thing_is_found_by_short_name_path_iri_or_label(name: str) -> None:
    assert example_book().find_thing(name) == NAMES.thing("huawei").value


def test_an_unknown_document_is_answered_with_one_that_is_spelt_alike() -> None:
    with pytest.raises(NotFound, match="there is no document 'breif'") as raised:
        example_reader().compare_documents("breif", "memo")
    assert raised.value.hint == "Did you mean: brief?"
    assert raised.value.exit_code == 2


def test_an_unknown_thing_is_answered_with_one_that_is_spelt_alike() -> None:
    with pytest.raises(NotFound, match="there is no thing 'id:huawai'") as raised:
        example_reader().compare_things("id:huawai", "id:tencent")
    assert raised.value.hint == "Did you mean: id:huawei?"


def test_nothing_is_compared_with_itself() -> None:
    with pytest.raises(CallError, match="with itself"):
        example_reader().compare_documents("brief", "brief")
    with pytest.raises(CallError, match="with itself"):
        example_reader().compare_things("id:huawei", "Huawei")
