"""An issue, or a position that somebody wrote, with a fault is refused, and the fault is named."""

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from conftest import Workshop
from digitech_kg.errors import InvalidData
from digitech_kg.namespaces import DK
from digitech_kg.triple_store import open_read_only

_HEAD = """@prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix id: <https://w3id.org/digitech-kg/id/> .
@prefix issue: <https://w3id.org/digitech-kg/issue/> . @prefix note: <https://w3id.org/digitech-kg/claim/note/> .
@prefix on: <https://w3id.org/digitech-kg/position/owner/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
_ISSUE = """issue:owner a dk:Issue ; rdfs:label "The owner"@en ; dk:question "Does a state own it?"@en ;
  dk:issueKind dk:factual ; dk:deniedBy note:acme-not-state-owned ."""


_REASON = 'dk:positionReason "So."@en'


def issue_quads(workshop: Workshop, text: str) -> list[Quad]:
    graph = workshop.current().names.graphs.issues
    return [Quad(*q.triple, graph) for q in parse(_HEAD + text, RdfFormat.TURTLE)]


def test_an_issue_without_a_fault_is_published_with_its_position(workshop: Workshop) -> None:
    workshop.edit(*issue_quads(workshop, _ISSUE + ' on:note a dk:Position ; dk:openPoint "Who does?"@en .'))
    names = workshop.current().names
    store = open_read_only(workshop.current().store)
    assert Quad(names.position("owner", "note"), DK.answer, DK.denies, names.graphs.positions) in store


@pytest.mark.parametrize(
    ("replaced", "by", "told"),
    [
        ("dk:issueKind dk:factual ;", "", "one dk:issueKind"),
        ('"Does a state own it?"@en', '"Eier en stat den?"@nb', "no question in “en”"),
        ("note:acme-not-state-owned", "note:missing", "nothing but claims of documents"),
        ("note:acme-not-state-owned", "note:acme-not-state-owned ; dk:affirmedBy note:acme-not-state-owned", "both"),
        ("owned .", f"owned . on:note a dk:Position ; dk:answer dk:affirms ; {_REASON} .", "firmer than the claims"),
        ("owned .", "owned . on:note a dk:Position ; dk:answer dk:touches .", "dk:positionReason"),
        ("owned .", 'owned . on:note a dk:Position ; dk:answer dk:silent ; dk:lookedFor "own" .', "is not silent"),
        ("owned .", "owned . on:note a dk:Position ; dk:answer dk:silent .", "modelled whole"),
        ("owned .", "owned . on:note a dk:Position ; dk:answer dk:silent .", "searched for"),
        ("owned .", "owned . on:memo a dk:Position ; dk:answer dk:touches .", "position/ISSUE/DOCUMENT"),
        ("owned .", "owned . on:note a dk:Position ; dk:bestClaim note:missing .", "dk:bestClaim names no claim"),
    ],
)
def test_an_issue_with_a_fault_is_refused(workshop: Workshop, replaced: str, by: str, told: str) -> None:
    assert replaced in _ISSUE
    with pytest.raises(InvalidData) as refused:
        workshop.edit(*issue_quads(workshop, _ISSUE.replace(replaced, by)))
    assert any(told in result.message for result in refused.value.report.results)
