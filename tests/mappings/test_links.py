"""Mapping files: what is wrong with one is told with its line, and what is right comes back as it was."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pyoxigraph import BlankNode, NamedNode

from bundled import NAMES
from conftest import ROOT
from digitech_kg.api import Graph, Rows
from digitech_kg.mappings.model import PREDICATES, TARGETS, target_of
from digitech_kg.mappings.sssom import read_mapping_set, write_mapping_set
from digitech_kg.namespaces import OWL, TERMS, value_of
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.project import Project
from digitech_kg.triple_store import open_read_only

LINKS = NAMES.graphs.links
FILES = sorted((ROOT / "data/links").glob("*.sssom.tsv"))
GOOD = """\
#curie_map:
#  id: https://w3id.org/digitech-kg/id/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: https://w3id.org/digitech-kg/mappings/test
#mapping_set_title: Test
#mapping_set_version: '1'
#sssom_version: '1.1'
#license: https://creativecommons.org/licenses/by/4.0/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence
id:oslo\tskos:exactMatch\twd:Q585\tsemapv:ManualMappingCuration\t0.9
id:usa\tskos:exactMatch\twd:Q30\tsemapv:ManualMappingCuration\t0.9
"""
#: What is wrong: what is replaced, by what, the line that is named, and words of the message.
FAULTS = {
    "confidence above one": (
        "Q585\tsemapv:ManualMappingCuration\t0.9",
        "Q585\tsemapv:X\t1.7",
        12,
        "not from 0 to 1",
    ),
    "text as confidence": ("Curation\t0.9\nid:usa", "Curation\thigh\nid:usa", 12, "could not convert"),
    "no confidence": ("Curation\t0.9\nid:usa", "Curation\t\nid:usa", 12, "no confidence"),
    "short row": ("id:usa\tskos:exactMatch\twd:Q30\tsemapv:ManualMappingCuration\t0.9", "id:usa", 13, "object_id"),
    "undeclared prefix": ("wd:Q30", "zz:Q30", 13, "'zz' is not declared"),
    "duplicate": ("id:usa\tskos:exactMatch\twd:Q30", "id:oslo\tskos:closeMatch\twd:Q585", 13, "paired already"),
    "unknown column": ("confidence\n", "colour\n", 11, "column 'colour'"),
    "too many cells": (
        "Q30\tsemapv:ManualMappingCuration\t0.9",
        "Q30\tsemapv:ManualMappingCuration\t0.9\tx",
        13,
        "more cells",
    ),
    "no licence": ("#license: https://creativecommons.org/licenses/by/4.0/\n", "", 1, "no license"),
    "header that is no YAML": ("#mapping_set_version: '1'", "#mapping_set_version: [1", 1, "its header is faulty"),
    "no set id": ("#mapping_set_id: https://w3id.org/digitech-kg/mappings/test\n", "", 1, "mapping_set_id"),
    "foreign predicate": ("skos:exactMatch\twd:Q30", "skos:note\twd:Q30", 13, "predicate skos:note"),
    "foreign justification": ("Q30\tsemapv:ManualMappingCuration", "Q30\tskos:Guess", 13, "skos:Guess"),
    "subject of somebody else": ("id:usa", "wd:Q1", 13, "not a thing of this project"),
}


def test_there_are_mapping_files() -> None:
    assert len(FILES) >= 6


def test_good_file_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "good.sssom.tsv"
    path.write_text(GOOD, encoding="utf-8")
    found, faults = read_mapping_set(path, "good", NAMES)
    assert faults == []
    assert found is not None
    assert [m.object_id for m in found.mappings] == [NAMES.prefixes["wd"] + "Q585", NAMES.prefixes["wd"] + "Q30"]


@pytest.mark.parametrize("what", FAULTS)
def test_fault_is_told_with_its_line(what: str, tmp_path: Path) -> None:
    old, new, line, words = FAULTS[what]
    assert old in GOOD
    path = tmp_path / "bad.sssom.tsv"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    found, faults = read_mapping_set(path, "bad.sssom.tsv", NAMES)
    assert found is None
    assert any(words in fault.what and fault.line == line for fault in faults), [str(f) for f in faults]


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00"], ids=["empty", "prose", "not UTF-8"])
def test_what_is_no_mapping_file_is_a_fault(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.sssom.tsv"
    path.write_bytes(content)
    found, faults = read_mapping_set(path, "bad.sssom.tsv", NAMES)
    assert found is None
    assert faults


def test_faulty_links_and_faulty_turtle_are_told_together(
    small_project: Path, run: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    (small_project / "data/links").mkdir()
    (small_project / "data/links/x.sssom.tsv").write_text(GOOD.replace("0.9", "9"), encoding="utf-8")
    (small_project / "data/documents/note/broken.ttl").write_text("id:x a", encoding="utf-8")
    done = run("build", "--project", str(small_project), "--data-dir", str(tmp_path / "d"))
    assert done.returncode == 1
    assert "data/links/x.sssom.tsv:12" in done.stderr
    assert "data/documents/note/broken.ttl" in done.stderr
    assert "Traceback" not in done.stderr


def test_link_of_a_thing_that_nobody_describes_is_a_fault(
    small_project: Path, run: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    (small_project / "data/links").mkdir()
    (small_project / "data/links/x.sssom.tsv").write_text(GOOD, encoding="utf-8")
    done = run("build", "--project", str(small_project), "--data-dir", str(tmp_path / "d"))
    assert done.returncode == 1
    assert "id:usa isn't described in any file" in done.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name.partition(".")[0])
def test_mapping_file_says_the_same_when_written_again(path: Path, tmp_path: Path) -> None:
    found, _ = read_mapping_set(path, path.name, NAMES)
    assert found is not None
    again = tmp_path / path.name
    again.write_text(write_mapping_set(found, NAMES), encoding="utf-8")
    assert read_mapping_set(again, path.name, NAMES) == (found, [])


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name.partition(".")[0])
def test_every_link_leads_to_a_data_set_that_the_catalogue_knows(path: Path) -> None:
    found, _ = read_mapping_set(path, path.name, NAMES)
    assert found is not None
    assert [m.object_id for m in found.mappings if target_of(m.object_id) is None] == []
    assert all(m.comment and m.subject_label and m.mapping_date for m in found.mappings)


def test_rows_for_review_are_read_but_not_loaded(project: Project, graph: Graph) -> None:
    review = ROOT / "data/links/review/unverified.sssom.tsv"
    found, faults = read_mapping_set(review, review.name, NAMES)
    assert faults == []
    assert found is not None
    assert found.mappings
    assert review not in project.link_files()
    for mapping in found.mappings:
        assert graph.query(f"ASK {{ <{mapping.subject_id}> ?p <{mapping.object_id}> }}") is False


def test_same_as_is_said_of_individuals_only(graph: Graph) -> None:
    rows = graph.query(
        "SELECT DISTINCT ?class { GRAPH graph:links { ?s owl:sameAs ?o } GRAPH graph:things { ?s a ?class } }"
    )
    assert isinstance(rows, Rows)
    names = {row["class"].removeprefix(TERMS) for row in rows}
    assert names == {"City", "Person", "ResearchInstitution", "State"}


def test_linksets_in_the_catalogue_count_the_triples(graph: Graph, snapshot: Snapshot) -> None:
    counted = Counter(
        (target.title, quad.predicate.value)
        for quad in open_read_only(snapshot.store).quads_for_pattern(None, None, None, LINKS)
        if quad.predicate.value in PREDICATES
        and isinstance(quad.object, NamedNode)
        and (target := target_of(quad.object.value))
    )
    rows = graph.query("""SELECT ?title ?predicate ?triples {
      ?set a void:Linkset ; void:linkPredicate ?predicate ; void:triples ?triples ; void:objectsTarget ?target .
      ?target dcterms:title ?title }""")
    assert isinstance(rows, Rows)
    assert {(r["title"], r["predicate"]): r["triples"] for r in rows} == counted
    assert sum(counted.values()) > 300


def test_every_direct_link_has_its_justification(snapshot: Snapshot) -> None:
    quads = list(open_read_only(snapshot.store).quads_for_pattern(None, None, None, LINKS))
    direct = {(q.subject, q.predicate, q.object) for q in quads if q.predicate.value in PREDICATES}
    about: dict[BlankNode, dict[NamedNode, object]] = {}
    for quad in quads:
        if isinstance(quad.subject, BlankNode):
            about.setdefault(quad.subject, {})[quad.predicate] = quad.object
    annotated = {
        tuple(a[p] for p in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)) for a in about.values()
    }
    assert annotated == direct


def test_targets_have_distinct_namespaces() -> None:
    assert len({target.namespace for target in TARGETS}) == len(TARGETS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name.partition(".")[0])
def test_another_library_reads_the_same_pairs(path: Path, project: Project) -> None:
    """sssom-py, the other library for the format; it drops bad rows with no more than a line in its log."""
    parsers = pytest.importorskip("sssom.parsers", reason="sssom-py is not installed; it weighs 390 MB")
    found, _ = read_mapping_set(path, path.name, NAMES)
    assert found is not None
    table = parsers.parse_sssom_table(str(path)).df
    pairs = {(row.subject_id, row.predicate_id, row.object_id, row.confidence) for row in table.itertuples()}
    shorten = project.names.shorten
    assert pairs == {(*map(shorten, (m.subject_id, m.predicate_id, m.object_id)), m.confidence) for m in found.mappings}


def test_a_link_is_found_with_one_pattern(graph: Graph) -> None:
    rows = graph.query("SELECT ?item { id:huawei skos:exactMatch ?item } ORDER BY ?item")
    assert isinstance(rows, Rows)
    assert NAMES.prefixes["wd"] + "Q160120" in [row["item"] for row in rows]


#: Things with a link into each data set; fewer would mean that links were lost.
MAPPED = {"dbr": 85, "wd": 80, "eurovoc": 50, "lcsh": 45, "stw": 35, "geonames": 5}


@pytest.mark.parametrize("prefix", MAPPED)
def test_things_are_mapped_to_each_data_set(prefix: str, snapshot: Snapshot) -> None:
    quads = open_read_only(snapshot.store).quads_for_pattern(None, None, None, LINKS)
    space = snapshot.names.prefixes[prefix]
    mapped = {q.subject for q in quads if q.predicate.value in PREDICATES and value_of(q.object).startswith(space)}
    assert len(mapped) >= MAPPED[prefix]
