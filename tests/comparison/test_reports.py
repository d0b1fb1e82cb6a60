"""What a reader is told of two documents, two things, or one thing."""

from __future__ import annotations

import pytest

from comparison.example import example_reader, reader_of
from comparison.fixtures import NAMES, ONTOLOGY, document_quads, quads_of
from digitech_kg.comparison.reports import (
    Tally,
    compare_things,
    compare_two_documents,
)
from digitech_kg.errors import CallError, NotFound


def test_two_documents_are_told_by_what_their_claims_are_to_each_other() -> None:
    report = compare_two_documents(example_reader(), "brief", "memo")
    assert (report.first.text, report.second.text) == ("NUPI brief", "Memo")
    assert report.tally == Tally(in_tension=1, firmer=1, corroborates=1)
    assert (report.only_first, report.only_second) == (2, 0)
    assert [pair.kind for pair in report.pairs] == ["inTensionWith", "firmerThan", "corroborates"]


def test_a_pair_has_sentences_passages_documents_and_the_reason() -> None:
    pair = compare_two_documents(example_reader(), "brief", "memo").pairs[0]
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


def test_reasons_and_names_are_in_the_language_of_the_reader() -> None:
    pair = compare_two_documents(example_reader("nb"), "brief", "memo").pairs[0]
    assert pair.reason.startswith("Det «NUPI-brief» sier, går imot det «Notat» sier.")
    assert {pair.first.document_label.text, pair.second.document_label.text} == {"NUPI-brief", "Notat"}
    assert pair.first.sentence.language == "en"


def test_two_things_are_compared_point_by_point() -> None:
    report = compare_things(example_reader(), "id:huawei", "id:tencent")
    assert [(point.predicate.text, point.state, point.is_disputed) for point in report.points] == [
        ("ownership", "same", True),
        ("ownership", "alone", True),
        ("sector", "different", False),
        ("leads", "alone", False),
    ]
    assert [pair.kind for pair in report.pairs] == ["inTensionWith", "firmerThan", "corroborates"]


def test_more_than_two_things_stand_side_by_side() -> None:
    report = compare_things(example_reader(), "id:huawei", "id:tencent", "id:state-ownership")
    (sector,) = [point for point in report.points if point.predicate.text == "sector"]
    assert [len(claims) for claims in sector.said] == [2, 1, 0]
    assert sector.state == "different"


@pytest.mark.parametrize("name", ["id:huawei", "id/huawei", "huawei", "Huawei", "https://example.org/kg/id/huawei"])
def test_a_thing_is_found_by_short_name_path_iri_or_label(name: str) -> None:
    assert example_reader().book.find_thing(name) == NAMES.thing("huawei").value


def test_an_unknown_document_is_answered_with_one_that_is_spelt_alike() -> None:
    with pytest.raises(NotFound, match="there is no document 'breif'") as raised:
        compare_two_documents(example_reader(), "breif", "memo")
    assert raised.value.hint == "Did you mean: brief?"
    assert raised.value.exit_code == 2


def test_an_unknown_thing_is_answered_with_one_that_is_spelt_alike() -> None:
    with pytest.raises(NotFound, match="there is no thing 'id:huawai'") as raised:
        compare_things(example_reader(), "id:huawai", "id:tencent")
    assert raised.value.hint == "Did you mean: id:huawei?"


def test_nothing_is_compared_with_itself() -> None:
    with pytest.raises(CallError, match="with itself"):
        compare_two_documents(example_reader(), "brief", "brief")
    with pytest.raises(CallError, match="with itself"):
        compare_things(example_reader(), "id:huawei", "Huawei")


def test_a_property_that_holds_both_ways_is_one_point_whichever_thing_comes_first() -> None:
    shared = quads_of(ONTOLOGY + 'id:bolt rdfs:label "Bolt"@en .', "things")
    brief, memo = (
        document_quads(name, f"{one} id:is-rival-of {other}")
        for name, one, other in (("brief", "id:acme", "id:bolt"), ("memo", "id:bolt", "id:acme"))
    )
    report = compare_things(reader_of([*shared, *brief, *memo]), "id:acme", "id:bolt")
    assert len(report.points) == 1
