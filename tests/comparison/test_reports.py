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


def test_two_things_are_compared_point_by_point() -> None:
    report = example_reader().compare_things("id:huawei", "id:tencent")
    assert [(point.predicate.text, point.state, point.is_disputed) for point in report.points] == [
        ("ownership", "same", True),
        ("ownership", "alone", True),
        ("sector", "different", False),
        ("leads", "alone", False),
    ]
    assert [pair.kind for pair in report.pairs] == ["inTensionWith", "firmerThan", "corroborates"]


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


def test_a_property_that_holds_both_ways_is_one_point_whichever_thing_comes_first() -> None:
    shared = quads_of(ONTOLOGY + 'id:bolt rdfs:label "Bolt"@en .', "things")
    brief, memo = (
        document_quads(name, f"{one} id:is-rival-of {other}")
        for name, one, other in (("brief", "id:acme", "id:bolt"), ("memo", "id:bolt", "id:acme"))
    )
    reader = ComparisonReader(book_of([*shared, *brief, *memo], NAMES))
    report = reader.compare_things("id:acme", "id:bolt")
    assert len(report.points) == 1
