"""The command `issue`, on a small project with one issue."""

import subprocess
from collections.abc import Callable

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from conftest import Workshop

Run = Callable[..., "subprocess.CompletedProcess[str]"]
_ISSUE = """@prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix id: <https://w3id.org/digitech-kg/id/> .
@prefix issue: <https://w3id.org/digitech-kg/issue/> . @prefix note: <https://w3id.org/digitech-kg/claim/note/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix topic: <https://w3id.org/digitech-kg/topic/> .
issue:owner a dk:Issue ; rdfs:label "The owner"@en ; dk:question "Does a state own it?"@en ;
  dk:issueKind dk:factual ; dk:hasTopic topic:trade ; dk:deniedBy note:acme-not-state-owned ."""
_TOPIC = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix id: <https://w3id.org/digitech-kg/id/> .
@prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix topic: <https://w3id.org/digitech-kg/topic/> .
topic:trade a skos:Concept ; skos:prefLabel "Trade"@en . id:paint-trade dk:hasTopic topic:trade ."""


@pytest.fixture(scope="module")
def with_issue(built_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    workshop = built_workshop.copy_to(tmp_path_factory.mktemp("issue"))
    graphs = workshop.current().names.graphs
    texts = ((_ISSUE, graphs.issues), (_TOPIC, graphs.topics))
    workshop.edit(*(Quad(*q.triple, graph) for text, graph in texts for q in parse(text, RdfFormat.TURTLE)))
    return workshop


def test_issues_are_listed_with_how_many_answer_what(with_issue: Workshop, run: Run) -> None:
    assert run("issue", "list", *with_issue.options).stdout.splitlines() == [
        "issue\tquestion\tyes\tno\tboth\topen",
        "owner\tDoes a state own it?\t0\t1\t0\t0",
    ]


def test_claims_under_the_topics_are_proposed_as_turtle(with_issue: Workshop, run: Run) -> None:
    result = run("issue", "propose", "owner", *with_issue.options)
    names = with_issue.current().names
    (triple,) = parse(result.stdout, RdfFormat.TURTLE)
    assert names.shorten(triple.subject.value) == "issue:owner"
    assert triple.object == names.claim("note", "acme-active-in-paint")
    assert "    # Acme works in the paint trade." in result.stdout.splitlines()
    assert result.stderr == "1 main claim and 0 parts\n"


def test_an_issue_that_is_not_there_is_an_error_of_the_call(with_issue: Workshop, run: Run) -> None:
    result = run("issue", "propose", "ownership", *with_issue.options)
    assert result.returncode == 2
    assert "there is no issue 'ownership'" in result.stderr
