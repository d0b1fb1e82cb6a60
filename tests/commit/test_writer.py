"""A write becomes the next version with all that follows from it, or nothing at all."""

import os
import random
import resource
from contextlib import ExitStack
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from conftest import Workshop, find_nothing
from digitech_kg.book import open_book
from digitech_kg.commit.building import assemble
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.process import WriterProcess
from digitech_kg.commit.request import Commit, Import, RdfFile, Revert, SparqlUpdate
from digitech_kg.errors import Forbidden, InconsistentData, InvalidData, LimitExceeded, PreconditionFailed
from digitech_kg.formats import by_name
from digitech_kg.namespaces import DK, OWL, RDF, RDFS
from digitech_kg.settings import Settings
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import Project, find_project
from digitech_kg.triple_store import open_read_only
from small import GRAPHS, HEADER, NOTE, claim, claim_text, company_text, content_lines, delete, insert, thing

BEACH = company_text("beach")


@pytest.fixture
def project(workshop: Workshop) -> Project:
    return workshop.project


@pytest.fixture
def repository(workshop: Workshop) -> SnapshotRepository:
    return workshop.repository


@pytest.fixture
def writer(repository: SnapshotRepository) -> Committer:
    return Committer(repository)


def store_of_current(repository: SnapshotRepository) -> Store:
    current = repository.current()
    assert current is not None
    return open_read_only(current.store)


def holds(repository: SnapshotRepository, pattern: str) -> bool:
    return bool(store_of_current(repository).query(f"{HEADER} ASK {{ {pattern} }}", use_default_graph_as_union=True))


def quads_of(repository: SnapshotRepository, graph: NamedNode) -> set[Quad]:
    return set(store_of_current(repository).quads_for_pattern(None, None, None, graph))


@pytest.mark.usefixtures("unchecked")
def test_a_plain_claim_becomes_a_statement_with_its_evidence(writer: Committer, repository: SnapshotRepository) -> None:
    outcome = writer.commit(insert(BEACH + claim_text("new", subject="beach")), Commit(author="ann", message="why"))
    assert outcome.published
    assert outcome.version == repository.current_version()
    assert outcome.graphs == {NOTE.value: (12, 0)}
    assert outcome.documents == ("note",)
    assert Quad(thing("beach"), DK.isActiveIn, thing("paint-trade"), GRAPHS.statements("note")) in quads_of(
        repository, GRAPHS.statements("note")
    )
    evidence = (
        "?a owl:annotatedSource id:beach ; a owl:Axiom ; dk:evidence note-claim:new . note-claim:new dk:sentence ?s"
    )
    assert holds(repository, f"GRAPH <{GRAPHS.evidence('note').value}> {{ {evidence} }}")
    assert holds(repository, f"GRAPH <{GRAPHS.inferred('note').value}> {{ id:beach a dk:Organisation }}")


@pytest.mark.usefixtures("unchecked")
def test_a_claim_with_a_reserve_stays_a_claim(writer: Committer, repository: SnapshotRepository) -> None:
    possible = claim_text("new", subject="beach", rest='; dk:certainty dk:possible ; dk:cue "may"')
    writer.commit(insert(BEACH + possible), Commit())
    assert not holds(repository, f"GRAPH <{GRAPHS.statements('note').value}> {{ id:beach ?p ?o }}")
    assert holds(repository, "GRAPH graph:note { note-claim:new ?p ?o }")


@pytest.mark.usefixtures("unchecked")
def test_a_statement_goes_with_its_last_claim(writer: Committer, repository: SnapshotRepository) -> None:
    statement = f"GRAPH <{GRAPHS.statements('note').value}> {{ id:acme dk:isActiveIn id:paint-trade }}"
    evidence = f"GRAPH <{GRAPHS.evidence('note').value}> {{ ?a owl:annotatedTarget id:paint-trade }}"
    writer.commit(insert(claim_text("new")), Commit())
    writer.commit(delete("note-claim:acme-active-in-paint"), Commit())
    assert holds(repository, statement)
    assert holds(repository, evidence)
    writer.commit(delete("note-claim:new"), Commit())
    assert not holds(repository, statement)
    assert not holds(repository, evidence)


@pytest.mark.usefixtures("unchecked")
def test_many_writes_lead_to_what_a_build_of_the_same_gives(
    project: Project, repository: SnapshotRepository, writer: Committer
) -> None:
    lots = random.Random(1)  # noqa: S311 - it has to be repeatable
    for number in range(4):
        rest = lots.choice(["", "; dk:negated true", '; dk:certainty dk:possible ; dk:cue "may"'])
        name = f"firm-{number}"
        first, second = (claim_text(f"new-{n}", subject=name, rest=rest) for n in (number, number + 10))
        writer.commit(insert(company_text(name) + first + second), Commit())
    writer.commit(delete("note-claim:new-3"), Commit())
    current = repository.current()
    assert current is not None
    assert {quad.subject for quad in current.edits().removed} == {claim("new-3")}
    file = project.root / "data" / "documents" / "note" / "edits.ttl"
    file.write_text("".join(f"{quad.triple} .\n" for quad in current.edits().added), encoding="utf-8")
    built = assemble(find_project(project.root), validator=find_nothing).target.store
    assert content_lines(open_read_only(current.store)) == content_lines(built)


def test_violations_are_refused_with_the_report_and_nothing_changes(
    writer: Committer, repository: SnapshotRepository
) -> None:
    before = repository.current_version()
    with pytest.raises(InvalidData) as caught:
        writer.commit(insert("note-claim:bare a dk:Claim ."), Commit())
    assert caught.value.report is not None
    assert {result.focus_node for result in caught.value.report.violations} == {claim("bare").value}
    assert repository.current_version() == before
    assert writer.commit(insert(claim_text("new")), Commit()).published


def test_a_write_that_breaks_another_thing_is_refused(writer: Committer) -> None:
    with pytest.raises(InvalidData) as caught:
        writer.commit(
            SparqlUpdate(f"{HEADER} DELETE WHERE {{ GRAPH graph:things {{ id:paint-trade a dk:Field }} }}"), Commit()
        )
    assert caught.value.report is not None
    assert any("acme-active-in-paint" in result.focus_node for result in caught.value.report.violations)


def test_a_contradiction_is_refused_with_its_explanation(writer: Committer, repository: SnapshotRepository) -> None:
    before = repository.current_version()
    denial = claim_text("new-1", rest="; dk:negated true")
    with pytest.raises(InconsistentData, match="contradicts itself") as caught:
        writer.commit(insert(denial), Commit())
    assert "note-claim:new-1" in caught.value.message
    assert repository.current_version() == before
    assert writer.commit(insert(claim_text("new-2")), Commit()).published


@pytest.mark.parametrize(
    "graph", ["note/statements", "note/evidence", "note/inferred", "things/inferred", "comparison", "catalog"]
)
def test_a_derived_graph_is_never_written(writer: Committer, graph: str) -> None:
    body = f"GRAPH <{GRAPHS[graph].value}> {{ <x:a> <x:b> 1 }}"
    with pytest.raises(Forbidden, match=f"graph/{graph}.* derived"):
        writer.commit(SparqlUpdate(f"INSERT DATA {{ {body} }}"), Commit())


def test_dropping_everything_is_refused_because_of_what_is_derived(writer: Committer) -> None:
    with pytest.raises(Forbidden, match="derived"):
        writer.commit(SparqlUpdate("DROP ALL"), Commit())


def test_a_dry_run_shows_the_difference_and_publishes_nothing(
    writer: Committer, repository: SnapshotRepository
) -> None:
    before = repository.current_version()
    outcome = writer.commit(insert(claim_text("new-1")), Commit(dry_run=True))
    assert not outcome.published
    assert outcome.difference is not None
    assert "new-1" in outcome.difference["added"]
    assert repository.current_version() == before


def test_a_write_that_changes_nothing_makes_no_version(writer: Committer, repository: SnapshotRepository) -> None:
    writer.commit(insert(claim_text("new-1")), Commit())
    before = repository.current_version()
    assert not writer.commit(insert(claim_text("new-1")), Commit()).published
    assert repository.current_version() == before


def test_a_version_tells_who_wrote_it_and_what_it_changed(writer: Committer, repository: SnapshotRepository) -> None:
    outcome = writer.commit(insert(claim_text("new-1")), Commit(author="ann", message="Because.", request_id="r1"))
    manifest = repository.manifest(outcome.version)
    assert (manifest.author, manifest.message, manifest.request_id) == ("ann", "Because.", "r1")
    assert manifest.previous == outcome.previous
    change = repository.change(outcome.version)
    assert (len(change.added), len(change.removed)) == (manifest.added, manifest.removed)
    assert claim("new-1") in {quad.subject for quad in change.added}


@pytest.mark.usefixtures("unchecked")
def test_replaying_the_changes_gives_the_current_version(writer: Committer, repository: SnapshotRepository) -> None:
    first = repository.current()
    assert first is not None
    quads = set(open_read_only(first.store))
    for number in range(3):
        outcome = writer.commit(insert(claim_text(f"new-{number}")), Commit())
        change = repository.change(outcome.version)
        quads = (quads - change.removed) | change.added
    assert quads == set(store_of_current(repository))


@pytest.mark.usefixtures("unchecked")
def test_reverting_a_version_takes_its_change_back(writer: Committer, repository: SnapshotRepository) -> None:
    outcome = writer.commit(insert(BEACH + claim_text("new-1", subject="beach")), Commit())
    writer.commit(insert(claim_text("new-2")), Commit())
    writer.commit(Revert(outcome.version), Commit(action="revert"))
    assert not holds(repository, "?s ?p ?o FILTER(?s = id:beach || ?s = note-claim:new-1)")
    assert holds(repository, "note-claim:new-2 ?p ?o")


@pytest.mark.usefixtures("unchecked")
def test_edits_are_what_was_touched_as_it_is_in_the_end(writer: Committer, repository: SnapshotRepository) -> None:
    writer.commit(insert(claim_text("new-1")), Commit())
    current = repository.current()
    assert current is not None
    assert {quad.subject for quad in current.edits().added} == {claim("new-1")}
    writer.commit(delete("note-claim:new-1"), Commit())
    after = repository.current()
    assert after is not None
    # The files may have taken the first one over in between.
    assert {quad.subject for quad in after.edits().removed} == {claim("new-1")}
    assert not after.edits().added


def put(tmp_path: Path, text: str, graph: str, **conditions: tuple[str, ...]) -> tuple[Import, Commit]:
    path = tmp_path / "body.ttl"
    path.write_text(text, encoding="utf-8")
    files = (RdfFile(path, by_name("turtle")),)
    return Import(files, NamedNode(graph), replace=True, strict=True), Commit(**conditions)


def test_a_write_to_what_has_changed_meanwhile_is_refused(writer: Committer, tmp_path: Path) -> None:
    first = writer.commit(*put(tmp_path, "<a:a> <a:b> 1 .", "http://e.org/g"))
    write, commit = put(tmp_path, "<a:a> <a:b> 2 .", "http://e.org/g", if_match=(f"{first.version}.turtle",))
    assert writer.commit(write, commit).published
    with pytest.raises(PreconditionFailed, match="is at version"):
        writer.commit(write, commit)


def test_a_write_elsewhere_leaves_a_graphs_tag_alone(writer: Committer, tmp_path: Path) -> None:
    first = writer.commit(*put(tmp_path, "<a:a> <a:b> 1 .", "http://e.org/g"))
    writer.commit(insert(claim_text("new-1")), Commit())
    write, commit = put(tmp_path, "<a:a> <a:b> 2 .", "http://e.org/g", if_match=(f"{first.version}.nt",))
    assert writer.commit(write, commit).published


def test_a_graph_that_must_not_exist_is_not_written_over(writer: Committer, tmp_path: Path) -> None:
    write, commit = put(tmp_path, "<a:a> <a:b> 1 .", "http://e.org/g", if_none_match=("*",))
    assert writer.commit(write, commit).published
    with pytest.raises(PreconditionFailed, match="exists already"):
        writer.commit(write, commit)


@pytest.mark.parametrize("tag", ["x", ""], ids=["some", "empty"])
def test_no_tag_fits_a_graph_that_does_not_exist(writer: Committer, tmp_path: Path, tag: str) -> None:
    with pytest.raises(PreconditionFailed, match="does not exist"):
        writer.commit(*put(tmp_path, "<a:a> <a:b> 1 .", "http://e.org/g", if_match=(tag,)))


def test_a_server_with_many_open_files_writes(repository: SnapshotRepository) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096) if hard > 0 else 4096, hard))
    process = WriterProcess(repository, Settings(write_timeout=60, total_memory=2048, query_memory=1024))
    try:
        with ExitStack() as files:
            for _ in range(1024):
                files.enter_context(Path(os.devnull).open("rb"))
            assert process.write(insert(claim_text("new-1")), Commit()).published
    finally:
        process.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("unchecked")
def test_an_axiom_that_is_written_leads_to_new_inferences(writer: Committer, repository: SnapshotRepository) -> None:
    firm = NamedNode("http://e.org/Firm")
    axioms = [
        Quad(firm, RDF.type, OWL.Class, GRAPHS.ontology),
        Quad(firm, RDFS.label, Literal("firm", language="en"), GRAPHS.ontology),
        Quad(DK.Company, RDFS.subClassOf, firm, GRAPHS.ontology),
    ]
    outcome = writer.commit(Change(frozenset(axioms)), Commit(action="import"))
    assert (outcome.published, outcome.documents) == (True, ("note",))
    assert Quad(thing("acme"), RDF.type, firm, GRAPHS.inferred("things")) in store_of_current(repository)


def test_what_changed_is_kept_longer_than_the_data(workshop: Workshop) -> None:
    repository = SnapshotRepository(workshop.data_dir, keep=2)
    writer = Committer(repository)
    versions = [writer.commit(insert(claim_text(f"new-{number}")), Commit()).version for number in range(3)]
    assert repository.versions() == versions[-2:]
    assert [manifest.version for manifest in repository.history()][1:] == versions
    assert repository.change(versions[0]).added


def test_a_claim_that_was_written_is_found_and_the_write_itself_is_not(
    writer: Committer, repository: SnapshotRepository
) -> None:
    writer.commit(insert(claim_text("new-1")), Commit(author="zacharias", message="Mentioned yesterday."))
    current = repository.current()
    assert current is not None
    book = open_book(current)
    assert [hit.iri for hit in book.search("said in a test")] == [claim("new-1").value]
    assert book.search("zacharias") == book.search("mentioned yesterday") == ()


def test_an_update_that_grows_without_end_is_stopped_and_the_next_is_carried_out(
    repository: SnapshotRepository,
) -> None:
    numbers = " ".join(map(str, range(300)))
    values = " ".join(f"VALUES ?{name} {{ {numbers} }}" for name in "abc")
    growing = (
        f"INSERT {{ GRAPH <x:g> {{ <x:s> <x:p> ?n }} }} WHERE {{ {values} BIND(?a + 300 * ?b + 90000 * ?c AS ?n) }}"
    )
    process = WriterProcess(repository, Settings(write_timeout=300, total_memory=4096, query_memory=256))
    try:
        with pytest.raises(LimitExceeded) as caught:
            process.write(SparqlUpdate(growing), Commit())
        assert (caught.value.limit, caught.value.value) == ("query_memory", 1 << 28)
        assert process.write(insert(claim_text("new")), Commit()).published
    finally:
        process.close()


def test_a_write_needs_no_place_to_wait(repository: SnapshotRepository) -> None:
    process = WriterProcess(repository, Settings(write_timeout=300, queue_length=0))
    try:
        assert process.write(insert(claim_text("alone")), Commit()).published
    finally:
        process.close()
