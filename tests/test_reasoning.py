"""What follows: complete, nothing stated twice, and the same from three reasoners and from the rules that explain."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from digitech_kg.build import assemble
from digitech_kg.namespaces import GRAPH, OWL, RDF, RDFS, shorten
from digitech_kg.reasoning import Entailments, hermit, infer, inferred_quads, pellet, select_premises
from digitech_kg.reasoning.axioms import Leaf
from digitech_kg.reasoning.justifications import Justifications
from digitech_kg.reasoning.premises import digest
from digitech_kg.reasoning.proofs import Theory, triples_of
from digitech_kg.snapshot import Snapshot
from digitech_kg.sources import Project
from digitech_kg.triple_store import open_read_only

EXAMPLES = "https://example.org/"
EVERY_RULE = Path(__file__).parent / "data/reasoning/every_rule.ttl"


@pytest.fixture(scope="session")
def quads(project: Project) -> list[Quad]:
    return list(assemble(project).store)


@pytest.fixture(scope="session")
def premises(quads: list[Quad]) -> tuple[Triple, ...]:
    return select_premises(quads)


@pytest.fixture(scope="session")
def by_hermit(premises: tuple[Triple, ...], data_dir: Path) -> Entailments:
    """The result of the run that built the shared snapshot."""
    return infer(premises, "hermit", cache=data_dir / "reasoning")


@pytest.fixture(scope="session")
def theory(premises: tuple[Triple, ...]) -> Theory:
    return Theory.of(premises)


@pytest.fixture(scope="module")
def examples() -> tuple[Triple, ...]:
    quads = parse(path=EVERY_RULE, format=RdfFormat.TURTLE)
    return select_premises(Quad(q.subject, q.predicate, q.object, GRAPH.ontology) for q in quads)


@pytest.fixture(scope="module")
def examples_by_hermit(examples: tuple[Triple, ...]) -> Entailments:
    return infer(examples, "hermit")


def short(triples: Iterable[Triple]) -> set[str]:
    return {
        " ".join(str(t).strip("<>").removeprefix(EXAMPLES) for t in (x.subject, x.predicate, x.object)) for x in triples
    }


def thing(name: str) -> NamedNode:
    return NamedNode(EXAMPLES + name)


TYPE = RDF.type.value


@pytest.mark.parametrize(
    "fact",
    [
        "a whole c",
        "a wider c",
        "b inverse a",
        "b widerInverse a",
        "i transitive f",
        "c transitive e",
        "a symmetric e",
        "h first j",
        "h same j",
        'c note "noted"',
        f"c {TYPE} Top",
        f"l {TYPE} Low",
        f"k {TYPE} Top",
        f"a {TYPE} HasWhole",
        f"b {TYPE} HasAny",
        f"d {TYPE} ReachesE",
        f"i {TYPE} ReachesE",
        f"a {TYPE} Either",
        f"c {TYPE} Both",
        f"a {TYPE} Listed",
        f"c {TYPE} Friend",
        f"a {TYPE} Friend",
        f"e {TYPE} NoFirst",
        "i step c",
        f"StepsToC {RDFS.subClassOf.value} ReachesE",
        f"whole {RDFS.subPropertyOf.value} wider",
    ],
)
def test_hermit_gives_each_kind_of_entailment(
    fact: str, examples: tuple[Triple, ...], examples_by_hermit: Entailments
) -> None:
    assert fact in short(examples_by_hermit.triples) | short(examples)


def test_class_that_can_have_no_member_is_named(examples: tuple[Triple, ...], examples_by_hermit: Entailments) -> None:
    assert examples_by_hermit.unsatisfiable == (EXAMPLES + "Empty",)
    assert infer(examples, "rl").unsatisfiable == (EXAMPLES + "Empty",)


def test_rules_give_all_that_hermit_gives_but_complements(
    examples: tuple[Triple, ...], examples_by_hermit: Entailments
) -> None:
    by_rules = infer(examples, "rl")
    assert set(by_rules.triples) <= set(examples_by_hermit.triples)
    missing = short(set(examples_by_hermit.triples) - set(by_rules.triples))
    assert missing == {f"e {TYPE} NoFirst", f"StepsToC {RDFS.subClassOf.value} ReachesE"}


def test_what_hermit_gives_has_a_justification(examples: tuple[Triple, ...], examples_by_hermit: Entailments) -> None:
    theory = Theory.of(examples)
    assert not short(t for t in examples_by_hermit.triples if not theory.justify(t, limit=1).sets)


def test_pellet_agrees_with_hermit(examples: tuple[Triple, ...], examples_by_hermit: Entailments) -> None:
    """On examples of every construct: the bundled graph takes Pellet half a minute."""
    by_pellet = infer(examples, "pellet")
    classification = (RDFS.subClassOf, RDFS.subPropertyOf)
    assert by_pellet.unsatisfiable == examples_by_hermit.unsatisfiable
    facts = {t for t in examples_by_hermit.triples if t.predicate not in classification}
    assert {t for t in by_pellet.triples if t.predicate not in classification} == facts


def test_bundled_graph_is_consistent_and_every_class_can_have_members(by_hermit: Entailments) -> None:
    assert (by_hermit.consistent, by_hermit.unsatisfiable) == (True, ())
    assert len(by_hermit.triples) > 1000


def test_rules_agree_with_hermit_on_the_bundled_graph(premises: tuple[Triple, ...], by_hermit: Entailments) -> None:
    """OWL 2 RL has no complement in the definition of a class; all else in the ontology is inside the profile."""
    by_rules = set(infer(premises, "rl").triples)
    assert by_rules <= set(by_hermit.triples)
    complement = NamedNode("https://w3id.org/digitech-kg/ontology#NotStateOwnedCompany")
    assert any(t.predicate == OWL.complementOf for t in premises)
    assert {t.object for t in set(by_hermit.triples) - by_rules} == {complement}


def test_inferred_graph_holds_nothing_that_another_graph_states(snapshot: Snapshot) -> None:
    quads = list(open_read_only(snapshot.store))
    inferred = {(q.subject, q.predicate, q.object) for q in quads if q.graph_name == GRAPH.inferred}
    stated = {(q.subject, q.predicate, q.object) for q in quads if q.graph_name != GRAPH.inferred}
    assert inferred
    assert not inferred & stated


def test_nothing_trivial_is_inferred(by_hermit: Entailments) -> None:
    assert not [
        t for t in by_hermit.triples if t.subject == t.object and t.predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
    ]
    assert "owl:" not in {shorten(t.object.value)[:4] for t in by_hermit.triples if isinstance(t.object, NamedNode)}


def test_entailments_are_sorted_and_the_same_from_the_cache(premises: tuple[Triple, ...], tmp_path: Path) -> None:
    first = infer(premises, "rl", cache=tmp_path)
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    assert infer(premises, "rl", cache=tmp_path) == first
    assert kept.stat().st_mtime_ns == written
    assert list(first.triples) == sorted(first.triples, key=str)


def test_broken_cache_is_reasoned_anew(examples: tuple[Triple, ...], tmp_path: Path) -> None:
    first = infer(examples, "rl", cache=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text("{", encoding="utf-8")
    assert infer(examples, "rl", cache=tmp_path) == first


def test_label_is_no_premise_and_a_statement_is(quads: list[Quad]) -> None:
    huawei = NamedNode("https://w3id.org/digitech-kg/id/huawei")
    before = digest(select_premises(quads))
    label = Quad(huawei, RDFS.label, huawei, GRAPH["nupi-digi-tech"])
    fact = Quad(huawei, NamedNode("https://w3id.org/digitech-kg/ontology#isRivalOf"), huawei, GRAPH.statements)
    assert digest(select_premises([*quads, label])) == before
    assert digest(select_premises([*quads, fact])) != before


def test_inferred_quads_leave_out_what_any_graph_states(by_hermit: Entailments, quads: list[Quad]) -> None:
    one = by_hermit.triples[0]
    more = [*quads, Quad(one.subject, one.predicate, one.object, GRAPH.catalog)]
    assert len(inferred_quads(by_hermit, more)) == len(inferred_quads(by_hermit, quads)) - 1


def test_values_at_the_most_specific_property_are_read_with_their_ends() -> None:
    text = "<urn:p> (known instances: (<urn:a>, <urn:b>)(<urn:a>, <urn:c>) | possible instances: ) \n"
    values = {(t.subject.value, t.object.value) for t in hermit.parse(text).values}
    assert values == {("urn:a", "urn:b"), ("urn:a", "urn:c")}


def test_members_in_pellets_tree_belong_to_the_class_of_their_line() -> None:
    text = " owl:Thing\n    urn:A = urn:B - (urn:x, urn:y)\n       urn:C - (urn:z)\n"
    findings = pellet.parse(text)
    assert {(i.value, c) for i, c in findings.types} == {
        ("urn:x", "urn:A"),
        ("urn:x", "urn:B"),
        ("urn:y", "urn:A"),
        ("urn:y", "urn:B"),
        ("urn:z", "urn:C"),
    }
    assert ("urn:C", "urn:A") in findings.subclasses


# A sample of what is inferred in the bundled graph, one of each way to follow.
SAMPLE = [
    ("huawei", "type", "NotStateOwnedCompany"),
    ("china", "type", "ExporterOfConcernRaisingTechnology"),
    ("xiaomi", "isMemberOf", "largest-chinese-digi-tech-companies"),
    ("facial-recognition", "raisesConcern", "civil-and-political-rights-concern"),
    ("digital-security-concern", "isTakenUpBy", "recommendation-5"),
    ("smaller-competitors", "conducts", "strong-reactions-to-digi-tech-expansion"),
]


def sample_triple(row: tuple[str, str, str]) -> Triple:
    dk, things = "https://w3id.org/digitech-kg/ontology#", "https://w3id.org/digitech-kg/id/"
    if row[1] == "type":
        return Triple(NamedNode(things + row[0]), RDF.type, NamedNode(dk + row[2]))
    return Triple(NamedNode(things + row[0]), NamedNode(dk + row[1]), NamedNode(things + row[2]))


@pytest.fixture(scope="module", params=SAMPLE, ids=" ".join)
def justified(request: pytest.FixtureRequest, theory: Theory) -> tuple[Triple, Justifications]:
    triple = sample_triple(request.param)
    return triple, theory.justify(triple, limit=50)


def follows(leaves: Iterable[Leaf], premises: tuple[Triple, ...], triple: Triple) -> bool:
    return bool(Theory.of(triples_of(leaves, premises)).justify(triple, limit=1).sets)


def test_each_justification_alone_entails_and_needs_all_it_names(
    justified: tuple[Triple, Justifications], theory: Theory, premises: tuple[Triple, ...]
) -> None:
    triple, found = justified
    assert found.sets
    for leaves in found.sets[:5]:
        assert follows([theory.leaves[n] for n in leaves], premises, triple)
        for left_out in leaves:
            assert not follows([theory.leaves[n] for n in leaves - {left_out}], premises, triple)


def test_triple_vanishes_when_every_justification_is_broken(
    justified: tuple[Triple, Justifications], theory: Theory, premises: tuple[Triple, ...]
) -> None:
    triple, found = justified
    assert found.complete
    broken: set[int] = set()
    for leaves in found.sets:
        if not leaves & broken:
            broken.add(min(leaves))
    kept = [leaf for number, leaf in enumerate(theory.leaves) if number not in broken]
    assert not follows(kept, premises, triple)


def test_hermit_judges_the_justifications_and_their_removal_alike(theory: Theory, premises: tuple[Triple, ...]) -> None:
    """All justifications of the sample together entail the sample; all premises without one leaf of each do not."""
    triples = [sample_triple(row) for row in SAMPLE]
    sets = [leaves for triple in triples for leaves in theory.justify(triple, limit=50).sets]
    named = [theory.leaves[n] for n in frozenset().union(*sets)]
    assert set(triples) <= set(infer(triples_of(named, premises), "hermit").triples)
    broken = {min(leaves) for leaves in sets}
    kept = triples_of([leaf for n, leaf in enumerate(theory.leaves) if n not in broken], premises)
    assert not set(triples) & set(infer(kept, "hermit").triples)


def test_rules_that_explain_derive_all_that_hermit_finds(theory: Theory, by_hermit: Entailments) -> None:
    sample = by_hermit.triples[::40]
    assert not [str(t) for t in sample if not theory.justify(t, limit=1).sets]


def test_list_that_leads_back_to_itself_ends(tmp_path: Path) -> None:
    text = """
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        <urn:C> a owl:Class ; owl:unionOf _:one . _:one rdf:first <urn:A> ; rdf:rest _:two .
        _:two rdf:first <urn:B> ; rdf:rest _:one . <urn:a> a <urn:A> .
    """
    premises = select_premises(parse(text, format=RdfFormat.TURTLE))
    found = infer(premises, "rl")
    assert "a http://www.w3.org/1999/02/22-rdf-syntax-ns#type urn:C" in {
        f"{t.subject.value[4:]} {t.predicate.value} {t.object.value}" for t in found.triples
    }
