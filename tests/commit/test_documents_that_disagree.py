"""Two documents may contradict each other; one that contradicts itself is refused."""

import pytest
from pyoxigraph import Literal, Quad

from conftest import Workshop
from digitech_kg.commit.building import build
from digitech_kg.errors import InconsistentData
from digitech_kg.namespaces import DK, RDF
from digitech_kg.triple_store import open_read_only

_HEAD = """@prefix dk: <https://w3id.org/digitech-kg/ontology#> .
@prefix id: <https://w3id.org/digitech-kg/id/> .
@prefix memo: <https://w3id.org/digitech-kg/passage/memo/> .
@prefix memo-claim: <https://w3id.org/digitech-kg/claim/memo/> .
@prefix note: <https://w3id.org/digitech-kg/passage/note/> .
@prefix note-claim: <https://w3id.org/digitech-kg/claim/note/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
_MEMO = (
    _HEAD
    + """
id:memo a dk:Document ; rdfs:label "Memo"@en ; dk:describedIn memo:s01 .
memo:s01 a dk:Sentence ; dk:isPartOf id:memo ; dk:orderInDocument 1 ; dk:startOffset 0 ; dk:endOffset 20 ;
    dk:pageLabel "1" ; dk:pageIsEstimated false ;
    dk:textHash "a3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" .
memo-claim:acme-state-owned a dk:Claim ; dk:subject id:acme ; dk:predicate dk:hasOwnershipKind ;
    dk:object id:state-ownership ; dk:statedIn memo:s01 .
"""
)


def add_memo(workshop: Workshop) -> None:
    folder = workshop.root / "data" / "documents" / "memo"
    folder.mkdir()
    (folder / "memo.ttl").write_text(_MEMO, encoding="utf-8")
    toml = workshop.root / "project.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '\n[documents.memo]\nprefix = "memo"\n', encoding="utf-8")


def test_a_document_that_contradicts_another_is_published(workshop: Workshop) -> None:
    add_memo(workshop)
    result = build(workshop.project, workshop.repository)
    names = result.names
    store = open_read_only(result.store)
    denied, claimed = names.claim("note", "acme-not-state-owned"), names.claim("memo", "acme-state-owned")
    assert Quad(denied, DK.contradicts, claimed, names.graphs.comparison) in store
    assert Quad(claimed, DK.contradicts, denied, names.graphs.comparison) in store


def test_each_document_has_the_graphs_that_it_has_alone(workshop: Workshop) -> None:
    alone = workshop.current()
    graphs = alone.names.graphs
    before = {
        g: set(open_read_only(alone.store).quads_for_pattern(None, None, None, g)) for g in graphs.derived_of("note")
    }
    add_memo(workshop)
    together = build(workshop.project, workshop.repository)
    store = open_read_only(together.store)
    for graph, quads in before.items():
        assert set(store.quads_for_pattern(None, None, None, graph)) == quads
    acme = together.names.thing("acme")
    assert list(store.quads_for_pattern(acme, RDF.type, DK.StateOwnedCompany, graphs.inferred("memo")))
    assert list(store.quads_for_pattern(acme, RDF.type, DK.NotStateOwnedCompany, graphs.inferred("note")))


def test_a_document_that_contradicts_itself_is_refused_with_claims_and_passages(workshop: Workshop) -> None:
    text = workshop.note.read_text(encoding="utf-8")
    text += """
note-claim:acme-state-owned a dk:Claim ; dk:subject id:acme ; dk:predicate dk:hasOwnershipKind ;
    dk:object id:state-ownership ; dk:statedIn note:s01 .
"""
    workshop.note.write_text(text, encoding="utf-8")
    before = workshop.current().version
    with pytest.raises(InconsistentData) as refused:
        build(workshop.project, workshop.repository)
    place = " (data/documents/note/note.ttl:"
    for named in (f"note-claim:acme-not-state-owned{place}", f"note-claim:acme-state-owned{place}", "note:s01"):
        assert named in str(refused.value)
    assert workshop.current().version == before


def test_a_write_that_makes_a_document_contradict_itself_changes_nothing(workshop: Workshop) -> None:
    names = workshop.current().names
    graph, claim = names.graphs.document("note"), names.claim("note", "acme-state-owned")
    quads = [
        Quad(claim, RDF.type, DK.Claim, graph),
        Quad(claim, DK.subject, names.thing("acme"), graph),
        Quad(claim, DK.predicate, DK.hasOwnershipKind, graph),
        Quad(claim, DK.object, names.thing("state-ownership"), graph),
        Quad(claim, DK.statedIn, names.passage("note", "s01"), graph),
        Quad(claim, DK.cue, Literal("is"), graph),
    ]
    before = workshop.current().version
    with pytest.raises(InconsistentData):
        workshop.edit(*quads)
    assert workshop.current().version == before
