"""A write becomes the next version with all that follows from it, or nothing at all."""

from __future__ import annotations

import os
import random
import resource
from contextlib import ExitStack
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from digitech_kg.access import DEFAULT_GRAPH
from digitech_kg.build import Reasoning, assemble, build_snapshot
from digitech_kg.build.publication import content_lines
from digitech_kg.description.search_index import FILE_NAME, find
from digitech_kg.errors import Forbidden, InconsistentData, InvalidData, PreconditionFailed
from digitech_kg.namespaces import DK, GRAPH, OWL, PREFIXES, RDF
from digitech_kg.snapshot import Change, Retention, SnapshotRepository
from digitech_kg.sources import Project, find_project
from digitech_kg.triple_store import open_read_only
from digitech_kg.update import (
    Commit,
    GraphWrite,
    Outcome,
    Patch,
    Payload,
    Revert,
    SparqlUpdate,
    Writer,
    WriterProcess,
)

HEADER = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
HEADER += f"PREFIX note: <{PREFIXES['passage']}note/>\n"
CLAIM = """claim:new-{0} a dk:Claim ; rdfs:comment "Said in a test."@en ; dk:certainty dk:{1} ; dk:object id:{2} ;
  dk:predicate dk:isActiveIn ; dk:statedIn note:s01 ; dk:subject id:{3} {4} ."""
COMPANY = """id:{0} a dk:Company ; rdfs:label "{0}"@en , "{0}"@nb , "极"@zh-Hans ; skos:definition "A firm."@en ;
  dk:describedIn note:s01 ."""
BEACH = COMPANY.format("beach")


@pytest.fixture
def project(small_project: Path) -> Project:
    return find_project(small_project)


@pytest.fixture
def repository(project: Project, tmp_path: Path) -> SnapshotRepository:
    found = SnapshotRepository(tmp_path / "data")
    build_snapshot(project, found, reasoning=Reasoning("rl"))
    return found


@pytest.fixture
def writer(repository: SnapshotRepository) -> Writer:
    return Writer(repository)


def insert(body: str, graph: str = "note") -> SparqlUpdate:
    return SparqlUpdate(f"{HEADER} INSERT DATA {{ GRAPH graph:{graph} {{ {body} }} }}")


def claim(number: int, certainty: str = "asserted", *, subject: str = "acme", rest: str = "") -> str:
    cue = '; dk:hedgeCue "may"' if certainty == "hedged" else ""
    return CLAIM.format(number, certainty, "paint-trade", subject, cue + rest)


def store_of_current(repository: SnapshotRepository) -> Store:
    current = repository.current()
    assert current is not None
    return open_read_only(current.store)


def holds(repository: SnapshotRepository, pattern: str) -> bool:
    return bool(store_of_current(repository).query(f"{HEADER} ASK {{ {pattern} }}", use_default_graph_as_union=True))


def test_an_asserted_claim_becomes_a_statement_with_its_evidence(
    writer: Writer, repository: SnapshotRepository
) -> None:
    outcome = writer.write(insert(BEACH + claim(1, subject="beach")), Commit(author="ann", message="why"))
    assert outcome.published
    assert outcome.version == repository.current_version()
    assert outcome.graphs == {PREFIXES["graph"] + "note": (13, 0)}
    assert holds(repository, "GRAPH graph:statements { id:beach dk:isActiveIn id:paint-trade }")
    assert holds(
        repository, "GRAPH graph:evidence { ?a owl:annotatedSource id:beach ; a owl:Axiom ; dk:evidence claim:new-1 }"
    )
    assert holds(repository, "GRAPH graph:inferred { id:beach a dk:Organisation }") or holds(
        repository, "GRAPH graph:inferred { id:beach ?p ?o }"
    )


def test_a_hedged_claim_stays_a_claim(writer: Writer, repository: SnapshotRepository) -> None:
    writer.write(insert(BEACH + claim(1, "hedged", subject="beach")), Commit())
    assert not holds(repository, "GRAPH graph:statements { id:beach ?p ?o }")
    assert holds(repository, "GRAPH graph:note { claim:new-1 ?p ?o }")


def test_a_statement_goes_with_its_last_claim(writer: Writer, repository: SnapshotRepository) -> None:
    writer.write(insert(claim(1)), Commit())
    first = SparqlUpdate(f"{HEADER} DELETE WHERE {{ GRAPH graph:note {{ claim:acme-active-in-paint ?p ?o }} }}")
    writer.write(first, Commit())
    assert holds(repository, "GRAPH graph:statements { id:acme dk:isActiveIn id:paint-trade }")
    assert holds(repository, "GRAPH graph:evidence { ?a owl:annotatedSource id:acme ; dk:evidence claim:new-1 }")
    writer.write(SparqlUpdate(f"{HEADER} DELETE WHERE {{ GRAPH graph:note {{ claim:new-1 ?p ?o }} }}"), Commit())
    assert not holds(repository, "GRAPH graph:statements { id:acme dk:isActiveIn id:paint-trade }")
    assert not holds(repository, "GRAPH graph:evidence { ?a owl:annotatedTarget id:paint-trade }")


@pytest.mark.parametrize("seed", range(4))
def test_many_writes_lead_to_what_a_build_of_the_same_gives(
    project: Project, repository: SnapshotRepository, writer: Writer, seed: int
) -> None:
    lots = random.Random(seed)  # noqa: S311
    for number in range(6):
        certainty = lots.choice(["asserted", "asserted", "hedged"])
        rest = "; dk:negated true" if lots.random() < 0.3 else ""
        name = f"firm-{seed}-{number}"
        first = claim(number, certainty, subject=name, rest=rest)
        second = claim(number + 10, certainty, subject=name, rest=rest)
        writer.write(insert(COMPANY.format(name) + first + second), Commit())
    writer.write(
        SparqlUpdate(f"{HEADER} DELETE WHERE {{ GRAPH graph:note {{ claim:new-{lots.randrange(6)} ?p ?o }} }}"),
        Commit(),
    )
    current = repository.current()
    assert current is not None
    built = assemble(project, reasoning=Reasoning("rl"), edits=current.edits()).store
    assert sorted(content_lines(open_read_only(current.store))) == sorted(content_lines(built))
    catalog = {quad for quad in built if quad.graph_name == GRAPH.catalog}
    assert catalog <= set(open_read_only(current.store))


def test_new_violations_are_refused_with_the_report_and_nothing_changes(
    writer: Writer, repository: SnapshotRepository
) -> None:
    before = repository.current_version()
    with pytest.raises(InvalidData) as caught:
        writer.write(insert("claim:bare a dk:Claim ."), Commit())
    assert any(result.focus_node.endswith("claim/bare") for result in caught.value.report.violations)
    assert repository.current_version() == before
    assert writer.write(insert(claim(5)), Commit()).published


def test_a_write_that_breaks_another_thing_is_refused(writer: Writer) -> None:
    with pytest.raises(InvalidData) as caught:
        writer.write(
            SparqlUpdate(f"{HEADER} DELETE WHERE {{ GRAPH graph:note {{ id:paint-trade a dk:Field }} }}"), Commit()
        )
    assert any("acme-active-in-paint" in result.focus_node for result in caught.value.report.violations)


def test_old_violations_do_not_block_and_are_reported(repository: SnapshotRepository, project: Project) -> None:
    bad = Quad(NamedNode(PREFIXES["claim"] + "bad"), RDF.type, DK.Claim, GRAPH.note)
    dataset = assemble(project, reasoning=Reasoning("rl"))
    dataset.store.add(bad)
    from digitech_kg.build import load_rules, publish_store

    publish_store(
        dataset.store, repository, load_rules(project), derives=True, reasoning="rl", validation={"violation": 1}
    )
    outcome = Writer(repository).write(insert(claim(1)), Commit())
    assert outcome.published
    assert {row["focusNode"] for row in outcome.old_violations} == {PREFIXES["claim"] + "bad"}


def test_a_contradiction_is_refused_with_its_explanation(writer: Writer, repository: SnapshotRepository) -> None:
    before = repository.current_version()
    denial = claim(1, rest="; dk:negated true")
    with pytest.raises(InconsistentData, match="contradict each other") as caught:
        writer.write(insert(denial), Commit())
    assert "claim:new-1" in caught.value.message
    assert repository.current_version() == before
    assert writer.write(insert(claim(2)), Commit()).published


@pytest.mark.parametrize("graph", ["statements", "evidence", "inferred", "catalog"])
def test_a_derived_graph_is_never_written(writer: Writer, graph: str) -> None:
    with pytest.raises(Forbidden, match=f"graph/{graph}.* derived"):
        writer.write(insert("id:acme a dk:Company .", graph), Commit())


def test_dropping_everything_is_refused_because_of_what_is_derived(writer: Writer) -> None:
    with pytest.raises(Forbidden, match="derived"):
        writer.write(SparqlUpdate("DROP ALL"), Commit())


def test_a_token_for_some_graphs_writes_no_others(writer: Writer) -> None:
    commit = Commit(graphs=frozenset({PREFIXES["graph"] + "other"}))
    with pytest.raises(Forbidden, match="not for the graph"):
        writer.write(insert(claim(1)), commit)


def test_a_dry_run_shows_the_difference_and_publishes_nothing(writer: Writer, repository: SnapshotRepository) -> None:
    before = repository.current_version()
    outcome = writer.write(insert(claim(1)), Commit(dry_run=True))
    assert not outcome.published
    assert outcome.difference is not None
    assert "new-1" in outcome.difference["added"]
    assert repository.current_version() == before


def test_a_write_that_changes_nothing_makes_no_version(writer: Writer, repository: SnapshotRepository) -> None:
    writer.write(insert(claim(1)), Commit())
    before = repository.current_version()
    assert not writer.write(insert(claim(1)), Commit()).published
    assert repository.current_version() == before


def test_a_version_tells_who_wrote_it_and_what_it_changed(writer: Writer, repository: SnapshotRepository) -> None:
    outcome = writer.write(insert(claim(1)), Commit(author="ann", message="Because.", request_id="r1"))
    manifest = repository.manifest(outcome.version)
    assert (manifest.author, manifest.message, manifest.request_id) == ("ann", "Because.", "r1")
    assert manifest.previous == outcome.previous
    change = repository.change(outcome.version)
    assert (len(change.added), len(change.removed)) == (manifest.added, manifest.removed)
    assert NamedNode(PREFIXES["claim"] + "new-1") in {quad.subject for quad in change.added}
    who = "prov:wasGeneratedBy/prov:wasAssociatedWith/rdfs:label"
    assert holds(repository, f'?v pav:version "{outcome.version}" ; {who} "ann"')


def test_replaying_the_changes_gives_the_current_version(writer: Writer, repository: SnapshotRepository) -> None:
    first = repository.current()
    assert first is not None
    quads = set(open_read_only(first.store))
    for number in range(3):
        outcome = writer.write(insert(claim(number)), Commit())
        change = repository.change(outcome.version)
        quads = (quads - change.removed) | change.added
    assert quads == set(store_of_current(repository))


def test_reverting_a_version_takes_its_change_back(writer: Writer, repository: SnapshotRepository) -> None:
    outcome = writer.write(insert(BEACH + claim(1, subject="beach")), Commit())
    writer.write(insert(claim(2)), Commit())
    writer.write(Revert(outcome.version), Commit(action="revert"))
    assert not holds(repository, "?s ?p ?o FILTER(?s = id:beach || ?s = claim:new-1)")
    assert holds(repository, "claim:new-2 ?p ?o")


def test_edits_are_what_the_files_do_not_know(writer: Writer, repository: SnapshotRepository) -> None:
    writer.write(insert(claim(1)), Commit())
    current = repository.current()
    assert current is not None
    assert {quad.subject for quad in current.edits().added} == {NamedNode(PREFIXES["claim"] + "new-1")}
    writer.write(SparqlUpdate(f"{HEADER} DELETE WHERE {{ GRAPH graph:note {{ claim:new-1 ?p ?o }} }}"), Commit())
    after = repository.current()
    assert after is not None
    assert after.manifest.edits == 0


def put(tmp_path: Path, text: str, graph: str, **conditions: tuple[str, ...]) -> tuple[GraphWrite, Commit]:
    path = tmp_path / "body.ttl"
    path.write_text(text, encoding="utf-8")
    return GraphWrite("PUT", graph, (Payload(path, "turtle"),)), Commit(**conditions)


def test_a_write_to_what_has_changed_meanwhile_is_refused(writer: Writer, tmp_path: Path) -> None:
    first = writer.write(*put(tmp_path, "<a:a> <a:b> 1 .", "http://e.org/g"))
    write, commit = put(tmp_path, "<a:a> <a:b> 2 .", "http://e.org/g", if_match=(f'"{first.version}.turtle"',))
    assert writer.write(write, commit).published
    with pytest.raises(PreconditionFailed, match="is now at version"):
        writer.write(write, commit)


def test_a_write_elsewhere_leaves_a_graphs_tag_alone(writer: Writer, tmp_path: Path) -> None:
    first = writer.write(*put(tmp_path, "<a:a> <a:b> 1 .", "http://e.org/g"))
    writer.write(insert(claim(1)), Commit())
    write, commit = put(tmp_path, "<a:a> <a:b> 2 .", "http://e.org/g", if_match=(f'"{first.version}.nt"',))
    assert writer.write(write, commit).published


def test_a_graph_that_must_not_exist_is_not_written_over(writer: Writer, tmp_path: Path) -> None:
    write, commit = put(tmp_path, "<a:a> <a:b> 1 .", "http://e.org/g", if_none_match=("*",))
    assert writer.write(write, commit).published
    with pytest.raises(PreconditionFailed, match="exists already"):
        writer.write(write, commit)


@pytest.mark.parametrize("tag", ['W/"x"', '""'], ids=["weak", "empty"])
def test_no_tag_fits_a_graph_that_does_not_exist(writer: Writer, tmp_path: Path, tag: str) -> None:
    with pytest.raises(PreconditionFailed, match="does not exist"):
        writer.write(*put(tmp_path, "<a:a> <a:b> 1 .", "http://e.org/g", if_match=(tag,)))


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("", "CREATE GRAPH <http://e.org/other>"),
        ("CREATE GRAPH <http://e.org/other>", "DROP GRAPH <http://e.org/other>"),
        ("", "INSERT DATA { <a:a> <a:b> 1 }"),
    ],
    ids=["make", "drop", "fill the default graph"],
)
def test_a_write_limited_to_graphs_makes_drops_and_fills_no_others(
    writer: Writer, repository: SnapshotRepository, before: str, text: str
) -> None:
    if before:
        writer.write(SparqlUpdate(before), Commit())
    version = repository.current_version()
    with pytest.raises(Forbidden, match="not for the graph"):
        writer.write(SparqlUpdate(text), Commit(graphs=frozenset({"http://e.org/own"})))
    assert repository.current_version() == version


def test_a_write_limited_to_the_default_graph_may_write_to_it(writer: Writer) -> None:
    update = SparqlUpdate("INSERT DATA { <a:a> <a:b> 1 }")
    assert writer.write(update, Commit(graphs=frozenset({DEFAULT_GRAPH}))).published


def test_a_server_with_many_open_files_writes(repository: SnapshotRepository) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096) if hard > 0 else 4096, hard))
    process = WriterProcess(repository, keep="all", union_default_graph=True, timeout_s=60, memory_bytes=1 << 31)
    try:
        with ExitStack() as files:
            for _ in range(1024):
                files.enter_context(Path(os.devnull).open("rb"))
            assert process.write(insert(claim(1)), Commit()).published
    finally:
        process.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_an_axiom_that_is_written_leads_to_new_inferences(writer: Writer, repository: SnapshotRepository) -> None:
    thing = NamedNode(PREFIXES["id"] + "acme")
    quads = [
        Quad(NamedNode("http://e.org/Firm"), RDF.type, OWL.Class, NamedNode("http://e.org/onto")),
        Quad(
            DK.Company,
            NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"),
            NamedNode("http://e.org/Firm"),
            NamedNode("http://e.org/onto"),
        ),
    ]
    outcome: Outcome = writer.write(Patch(Change(frozenset(quads))), Commit(action="import"))
    assert outcome.published
    inferred = Quad(thing, RDF.type, NamedNode("http://e.org/Firm"), GRAPH.inferred)
    assert inferred in store_of_current(repository)


def test_what_changed_is_kept_longer_than_the_data(project: Project, tmp_path: Path) -> None:
    repository = SnapshotRepository(tmp_path / "kg", retention=Retention(last=2))
    build_snapshot(project, repository, reasoning=Reasoning("rl"))
    writer = Writer(repository)
    versions = [writer.write(insert(claim(number)), Commit()).version for number in range(4)]
    assert repository.versions() == versions[-2:]
    assert [manifest.version for manifest in repository.history()][1:] == versions
    assert repository.change(versions[0]).added


def test_a_claim_that_was_written_is_found_and_the_write_itself_is_not(
    writer: Writer, repository: SnapshotRepository
) -> None:
    writer.write(insert(claim(1)), Commit(author="ann"))
    current = repository.current()
    assert current is not None
    index = current.directory / FILE_NAME
    assert [hit.iri for hit in find(index, "said test")] == [PREFIXES["claim"] + "new-1"]
    assert find(index, "update") == find(index, "ann") == ()
