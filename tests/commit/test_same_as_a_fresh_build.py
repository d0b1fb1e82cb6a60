"""Whatever is written, the derived graphs are those that a fresh build of the same content has."""

import random

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from commit.test_documents_that_disagree import add_memo
from conftest import Workshop, find_nothing
from digitech_kg.commit.attempt import TrackedStore
from digitech_kg.commit.building import assemble, build
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.derived_graphs import DerivedGraphs, recompute
from digitech_kg.commit.files import VersionSettings
from digitech_kg.commit.request import Commit, SparqlUpdate
from digitech_kg.commit.results import Checks, ResultStore
from digitech_kg.errors import DigitechError
from digitech_kg.namespaces import DK, RDF, RDFS, XSD, Namespaces
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only, store_of
from small import HEADER, claim_text, company_text, delete, insert

_COMPANIES = ("acme", "bolt", "crate")
_TRUE = Literal("true", datatype=XSD.boolean)


def derived_quads(snapshot: Snapshot) -> set[Quad]:
    """The derived graphs of a version, but not its description."""
    graphs = snapshot.names.graphs
    quads = open_read_only(snapshot.store)
    return {q for q in quads if graphs.is_derived(q.graph_name) and q.graph_name != graphs.catalog}


def built_afresh(snapshot: Snapshot) -> set[Quad]:
    """What the derived graphs hold if all is computed from what is written by hand, without any result kept."""
    graphs = snapshot.names.graphs
    target = TrackedStore(store_of(q for q in open_read_only(snapshot.store) if not graphs.is_derived(q.graph_name)))
    settings, shared = VersionSettings.of(snapshot), target.quads(*graphs.shared)
    derived = DerivedGraphs(settings, shared, ResultStore(), validator=find_nothing)
    with Checks() as checks:
        recompute(target, derived, None, checks)
    return {q for q in target.store if graphs.is_derived(q.graph_name)}


def counted(workshop: Workshop) -> int:
    return workshop.current().manifest.validation.get("warning", 0)


def test_a_version_counts_the_warnings_of_all_it_has(workshop: Workshop) -> None:
    results = ResultStore.beside(workshop.data_dir)
    found = len(assemble(workshop.project, results=results).results)
    fresh = Workshop(workshop.root, workshop.data_dir.with_name("fresh"))
    build(fresh.project, fresh.repository)
    assert (counted(fresh), found > 0) == (found, True)
    build(fresh.project, fresh.repository, force=True)
    assert counted(fresh) == found
    committer = Committer(fresh.repository, texts={"note": "Another text."})
    before = counted(fresh)
    text = claim_text("unsaid", rest=' ; dk:cue "should"')
    committer.commit(insert(company_text("beach"), "things"), Commit())
    committer.commit(insert(text), Commit())
    foreign = Quad(NamedNode("http://e.org/s"), RDFS.label, Literal("a"), NamedNode("http://e.org/g"))
    committer.commit(Change(frozenset({foreign})), Commit())
    for file, said in (("things/beach.ttl", company_text("beach")), ("documents/note/unsaid.ttl", text)):
        (workshop.root / "data" / file).write_text(HEADER + said, encoding="utf-8")
    assert counted(fresh) == len(assemble(workshop.project, results=results).results) > before
    committer.commit(delete("note-claim:unsaid"), Commit())
    committer.commit(delete("id:beach", "things"), Commit())
    assert counted(fresh) == before


def random_claim(names: Namespaces, chance: random.Random, document: str) -> frozenset[Quad]:
    """A claim on who owns or does what, perhaps denied, perhaps with a reserve."""
    graph, iri = names.graphs.document(document), names.claim(document, f"claim-{chance.randrange(6)}")
    company = names.thing(chance.choice(_COMPANIES))
    predicate, value = chance.choice([("hasOwnershipKind", "state-ownership"), ("isActiveIn", "paint-trade")])
    quads = [
        Quad(iri, RDF.type, DK.Claim, graph),
        Quad(iri, DK.subject, company, graph),
        Quad(iri, DK.predicate, DK[predicate], graph),
        Quad(iri, DK.object, names.thing(value), graph),
        Quad(iri, DK.statedIn, names.passage(document, "s01"), graph),
    ]
    if chance.random() < 0.5:
        quads.append(Quad(iri, DK.negated, _TRUE, graph))
    if chance.random() < 0.3:
        quads.append(Quad(iri, DK.subjectQuantifier, DK.many, graph))
    return frozenset(quads)


def with_companies(workshop: Workshop) -> Namespaces:
    names = workshop.current().names
    graph = names.graphs.things
    quads = []
    for company in _COMPANIES[1:]:
        iri = names.thing(company)
        quads += [Quad(iri, RDF.type, DK.Company, graph), Quad(iri, RDFS.label, Literal(company, language="en"), graph)]
    workshop.edit(*quads)
    return names


def random_issue(names: Namespaces, chance: random.Random, claims: list[NamedNode]) -> frozenset[Quad]:
    """An issue with some of the claims on its sides."""
    issue, graph = NamedNode(names.prefixes["issue"] + "ownership"), names.graphs.issues
    facts: list[tuple[NamedNode, NamedNode | Literal]] = [
        (RDF.type, DK.Issue),
        (RDFS.label, Literal("Ownership", language="en")),
        (DK.question, Literal("Does it own?", language="en")),
        (DK.issueKind, chance.choice([DK.factual, DK.normative])),
    ]
    for claim in claims:
        if chance.random() < 0.7:
            facts.append((chance.choice([DK.affirmedBy, DK.deniedBy, DK.touchedBy]), claim))
    return frozenset(Quad(issue, prop, value, graph) for prop, value in facts)


def random_edit(names: Namespaces, chance: random.Random, store: Store) -> Change:
    """Return an edit that writes a claim or an issue anew, or deletes a claim."""
    found = {(q.subject, q.graph_name) for q in store.quads_for_pattern(None, RDF.type, DK.Claim, None)}
    claims = sorted((pair for pair in found if isinstance(pair[0], NamedNode)), key=str)
    if (kind := chance.random()) < 0.2:
        claim, graph = chance.choice(claims)
        return Change(frozenset(), frozenset(store.quads_for_pattern(claim, None, None, graph)))
    if kind < 0.6:
        added = random_claim(names, chance, chance.choice(["note", "memo"]))
    else:
        added = random_issue(names, chance, [claim for claim, _ in claims])
    before = {q for a in added for q in store.quads_for_pattern(a.subject, None, None, a.graph_name)}
    return Change(added, frozenset(before - added))


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("edits", [6, pytest.param(30, marks=pytest.mark.thorough)])
def test_random_edits_of_two_documents_and_an_issue_leave_what_a_fresh_build_has(
    workshop: Workshop, edits: int
) -> None:
    add_memo(workshop)
    build(workshop.project, workshop.repository)
    names, chance = with_companies(workshop), random.Random(2)  # noqa: S311 - it has to be repeatable
    committer, written, deleted, seen = Committer(workshop.repository), 0, 0, set[NamedNode]()
    for _ in range(edits):
        change = random_edit(names, chance, open_read_only(workshop.current().store))
        try:
            published = committer.commit(change, Commit()).published
        except DigitechError:
            continue  # Two claims of a document contradict each other, or something is incomplete.
        written += published
        deleted += published and not change.added
        found = derived_quads(workshop.current())
        seen |= {q.graph_name for q in found if isinstance(q.graph_name, NamedNode)}
        if published and written % 2 == 0:
            assert found == built_afresh(workshop.current())
    assert written >= edits // 2
    assert deleted
    assert {names.graphs.positions, names.graphs.comparison} <= seen


@pytest.mark.usefixtures("unchecked")
def test_deleting_an_unrelated_claim_keeps_inferred_classes(workshop: Workshop) -> None:
    names = workshop.current().names
    wanted = (names.thing("acme"), RDF.type, DK.NotStateOwnedCompany, names.graphs.inferred("note"))
    assert list(open_read_only(workshop.current().store).quads_for_pattern(*wanted))
    update = SparqlUpdate(f"DELETE WHERE {{ GRAPH ?g {{ {names.claim('note', 'acme-active-in-paint')} ?p ?o }} }}")
    Committer(workshop.repository).commit(update, Commit())
    assert list(open_read_only(workshop.current().store).quads_for_pattern(*wanted))


def comment(workshop: Workshop, text: str) -> None:
    names = workshop.current().names
    workshop.edit(Quad(names.thing("note"), RDFS.comment, Literal(text, language="en"), names.graphs.document("note")))


@pytest.mark.usefixtures("unchecked")
def test_results_kept_on_disk_give_the_same_graphs_and_a_damaged_one_is_computed_again(
    workshop: Workshop, results_of_its_own: None
) -> None:
    build(workshop.project, workshop.repository, force=True)
    assert (workshop.data_dir / "results").is_dir()
    comment(workshop, "Shorter.")
    assert derived_quads(workshop.current()) == built_afresh(workshop.current())
    for path in (workshop.data_dir / "results").iterdir():
        path.write_bytes(b"no longer what it was")
    comment(workshop, "Short.")
    assert derived_quads(workshop.current()) == built_afresh(workshop.current())


@pytest.mark.usefixtures("unchecked")
def test_a_document_that_goes_takes_its_derived_graphs_along(workshop: Workshop) -> None:
    names = workshop.current().names
    graph = names.graphs.document("note")
    Committer(workshop.repository).commit(SparqlUpdate(f"DROP GRAPH {graph}"), Commit())
    store = open_read_only(workshop.current().store)
    assert not [q for q in store if q.graph_name in names.graphs.derived_of("note")]
