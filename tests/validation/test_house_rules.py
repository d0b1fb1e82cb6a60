"""Each house rule for the ontology has a fault planted for it and is found by both validators with its own message."""

import re
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import SH, Graph, URIRef

from bundled import GRAPHS, NAMES, PREFIXES, triples_of
from digitech_kg.namespaces import DK, OWL, RDF
from digitech_kg.parts.linking import enrich
from digitech_kg.sources.project import Project
from digitech_kg.triple_store import store_of
from digitech_kg.validation.report import Report
from digitech_kg.validation.with_shifty import load_shapes, validate
from meta_shapes import check_shapes
from reference import validate_with_pyshacl

DATA = Path(__file__).parents[1] / "data/house_rules"
FAULTS: dict[str, dict[str, object]] = tomllib.loads((DATA / "faults.toml").read_text(encoding="utf-8"))
UNUSED = (DATA / "unused_terms.rq").read_text(encoding="utf-8")
ENRICHMENT = Path(enrich.__file__).with_name("enrich_sources.toml")
HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def shapes(project: Project) -> bytes:
    return load_shapes(project.house_rule_files())


@pytest.fixture(scope="module")
def messages(shapes: bytes) -> dict[str, str]:
    graph = Graph().parse(data=shapes, format="nt")
    named = {s: str(o) for s, o in graph.subject_objects(SH.message) if isinstance(s, URIRef)}
    return {s.removeprefix(PREFIXES["shape"]): text for s, text in named.items()}


@pytest.fixture(scope="module")
def few(ontology: list[Quad]) -> list[Quad]:
    """The terms that the faults are about: the whole ontology takes seconds for each."""
    names = (
        "Company Organisation Person adopts affects bearsOn isAdoptedBy provides statedIn supports undervalues website"
    )
    wanted = {DK[name] for name in names.split()} | {q.subject for q in ontology if q.object == OWL.Ontology}
    pairs = (pair for fault in FAULTS.values() for pair in fault.get("without", []))
    wanted |= {NamedNode(NAMES.expand(pair.split(" ")[0]) or "") for pair in pairs}
    return [q for q in ontology if q.subject in wanted]


def planted(name: str, ontology: list[Quad]) -> bytes:
    removed = set()
    for pair in FAULTS[name].get("without", []):  # type: ignore[attr-defined]
        subject, predicate = pair.split(" ")
        removed.add((NamedNode(NAMES.expand(subject) or ""), NamedNode(NAMES.expand(predicate) or "")))
    kept = [q for q in ontology if (q.subject, q.predicate) not in removed]
    assert not removed or len(kept) < len(ontology)
    added = parse(HEADER + str(FAULTS[name].get("add", "")), RdfFormat.TURTLE)
    return triples_of([*kept, *(Quad(*q.triple, GRAPHS.ontology) for q in added)])


def says(report: Report, message: str) -> bool:
    pattern = re.sub(r"\\\{\\\?\w+\\\}", ".*", re.escape(message))
    return any(re.search(pattern, result.message) for result in report.results)


def test_ontology_keeps_the_house_rules(ontology: list[Quad], shapes: bytes) -> None:
    report = validate(triples_of(ontology), shapes, NAMES)
    assert report.results == (), report.to_text()


def test_every_rule_has_a_planted_fault(messages: dict[str, str]) -> None:
    assert len(messages) > 30
    assert set(messages) == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault_is_found_with_its_message(
    name: str, few: list[Quad], shapes: bytes, messages: dict[str, str]
) -> None:
    report = validate(planted(name, few), shapes, NAMES)
    assert says(report, messages[name]), report.to_text()


def test_both_validators_agree_on_all_faults_together(few: list[Quad], shapes: bytes) -> None:
    added = [str(fault.get("add", "")) for fault in FAULTS.values()]
    quads = [Quad(*q.triple, GRAPHS.ontology) for q in parse(HEADER + "\n".join(added), RdfFormat.TURTLE)]
    data = triples_of([*few, *quads])
    fast, reference = validate(data, shapes, NAMES), validate_with_pyshacl(data, shapes, NAMES)
    assert fast.results
    assert {(r.focus_node, r.message) for r in fast.results} == {(r.focus_node, r.message) for r in reference.results}


def test_no_ontology_at_all_breaks_the_rules(shapes: bytes, messages: dict[str, str]) -> None:
    report = validate(b"", shapes, NAMES)
    assert not report.conforms
    assert says(report, messages["Ontology-title"])


def test_house_rules_are_well_formed(shapes: bytes) -> None:
    assert check_shapes(shapes) is None


def unused(store: Store) -> set[str]:
    solutions = store.query(UNUSED, use_default_graph_as_union=True)
    return {row["term"].value.split("#")[1] for row in solutions}  # type: ignore[union-attr]


def test_no_term_is_unused(in_memory: Store) -> None:
    # What `enrich` fetches is in the graph only after somebody has fetched it.
    fetched = set(re.findall(r"dk:(\w+)|DK\.(\w+)|\"(\w+)\"", ENRICHMENT.read_text(encoding="utf-8")))
    assert unused(in_memory) <= {name for names in fetched for name in names}


def test_planted_unused_terms_are_found(ontology: list[Quad]) -> None:
    store = store_of(ontology)
    store.add(Quad(DK.Unused, RDF.type, OWL.Class, GRAPHS.ontology))
    store.add(Quad(DK.leadsNowhere, RDF.type, OWL.ObjectProperty, GRAPHS.ontology))
    assert {"Unused", "leadsNowhere"} <= unused(store)


def test_without_data_every_plain_class_is_unused(ontology: list[Quad]) -> None:
    assert {"City", "Position"} <= unused(store_of(ontology))
