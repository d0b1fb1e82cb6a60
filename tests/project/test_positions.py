"""Where the documents of the bundled project stand on its issues, and how they stand to each other there.

`tests/data/relations_on_issues.tsv` has relations that a reader finds between two documents: the issue on which they
meet, and what the first position is to the second. Without a kind, one of the two takes no side.
"""

import csv

import pytest
from pyoxigraph import Store

from bundled import NAMES
from conftest import ROOT
from digitech_kg.claims.languages import LANGUAGES
from digitech_kg.namespaces import DK, RDF, RDFS
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only

with (ROOT / "tests/data/relations_on_issues.tsv").open(encoding="utf-8", newline="") as file:
    RELATIONS = list(csv.DictReader(file, delimiter="\t"))
KINDS = (DK.contradicts, DK.inTensionWith, DK.agreesWith, DK.agreesInPartWith, DK.firmerThan)


@pytest.fixture(scope="module")
def store(snapshot: Snapshot) -> Store:
    return open_read_only(snapshot.store)


@pytest.mark.parametrize("row", RELATIONS, ids=lambda row: row["about"])
def test_two_documents_meet_on_an_issue(row: dict[str, str], store: Store) -> None:
    first, second = (NAMES.position(row["issue"], row[end]) for end in ("first", "second"))
    graph = NAMES.graphs.positions
    for position in (first, second):
        assert list(store.quads_for_pattern(position, DK.answer, None, None))
    found = [kind for kind in KINDS if list(store.quads_for_pattern(first, kind, second, graph))]
    assert found == ([DK[row["kind"]]] if row["kind"] else [])


def test_every_issue_is_told_in_each_language_and_says_what_would_settle_it(store: Store) -> None:
    issues = [quad.subject for quad in store.quads_for_pattern(None, RDF.type, DK.Issue, NAMES.graphs.issues)]
    assert len(issues) >= 30
    for issue in issues:
        for prop in (RDFS.label, DK.question, DK.wouldBeSettledBy):
            texts = store.quads_for_pattern(issue, prop, None, None)
            assert {quad.object.language for quad in texts} >= set(LANGUAGES), issue


def test_who_is_silent_was_searched(store: Store) -> None:
    silent = [quad.subject for quad in store.quads_for_pattern(None, DK.answer, DK.silent, None)]
    assert silent
    for position in silent:
        assert list(store.quads_for_pattern(position, DK.lookedFor, None, None))
        document = position.value.rpartition("/")[2]
        whole = store.quads_for_pattern(NAMES.thing(document), DK.extentRead, DK.whole, None)
        assert list(whole), document
