"""What follows from premises: complete, nothing trivial, nothing stated, and for each document what it adds."""

import pytest
from pyoxigraph import Quad, Triple

from digitech_kg.namespaces import OWL, RDFS
from digitech_kg.reasoning.inference import Base, Entailments
from digitech_kg.reasoning.premises import select_premises
from reasoning.example import EXAMPLES, NAMES, fact, part_of, turtle


@pytest.fixture(scope="module")
def found(examples: tuple[Triple, ...]) -> Entailments:
    return Base(examples).entailments


@pytest.mark.parametrize(
    "expected",
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
        "c a Top",
        "l a Low",
        "k a Top",
        "a a HasWhole",
        "b a HasAny",
        "d a ReachesE",
        "i a ReachesE",
        "a a Either",
        "c a Both",
        "a a Listed",
        "c a Friend",
        "a a Friend",
        "e a NoFirst",
        "i step c",
        "StepsToC rdfs:subClassOf ReachesE",
        "whole rdfs:subPropertyOf wider",
    ],
)
def test_each_construct_leads_to_what_it_means(expected: str, examples: tuple[Triple, ...], found: Entailments) -> None:
    assert fact(expected) in {*found.triples, *examples}


def test_value_of_a_narrower_datatype_property_is_one_of_the_broader(found: Entailments) -> None:
    assert "noted" in {t.object.value for t in found.triples if t.predicate.value == EXAMPLES + "note"}  # type: ignore[union-attr]


def test_class_that_can_have_no_member_is_named(found: Entailments) -> None:
    assert found.unsatisfiable == (EXAMPLES + "Empty",)


def test_nothing_trivial_and_nothing_stated_is_found(examples: tuple[Triple, ...], found: Entailments) -> None:
    assert not set(examples) & set(found.triples)
    assert not [t for t in found.triples if t.subject == t.object and t.predicate == RDFS.subClassOf]
    assert not [t for t in found.triples if str(t.object).startswith(f"<{OWL.Thing.value[:-5]}")]


def test_triples_are_sorted(found: Entailments) -> None:
    assert list(found.triples) == sorted(found.triples, key=str)


@pytest.mark.parametrize(
    "text",
    [
        ":A owl:disjointWith :B . :i a :A , :B .",
        ":p a owl:FunctionalProperty , owl:DatatypeProperty . :i :p 1 , 2 .",
        ":p a owl:IrreflexiveProperty , owl:ObjectProperty . :i :p :i .",
        ":p a owl:ObjectProperty . :i :p :j . [] a owl:NegativePropertyAssertion ; owl:sourceIndividual :i ; "
        "owl:assertionProperty :p ; owl:targetIndividual :j .",
        ":i owl:sameAs :j ; owl:differentFrom :j .",
        "[] a owl:AllDifferent ; owl:distinctMembers ( :i :j ) . :j owl:sameAs :i .",
        ":A owl:equivalentClass [ owl:complementOf :B ] . :i a :A , :B .",
    ],
    ids=["disjoint", "functional", "irreflexive", "denied", "different", "all different", "complement"],
)
def test_contradiction_is_reported_and_nothing_follows_from_it(text: str) -> None:
    assert Base(turtle(text)).entailments == Entailments((), consistent=False)


def test_whatever_cannot_be_in_a_class_is_in_its_complement() -> None:
    text = """:Free owl:equivalentClass [ owl:intersectionOf ( :Firm [ owl:complementOf :Owned ] ) ] .
        :Owned owl:disjointWith :Public . :i a :Firm , :Public . :j a :Firm ."""
    assert set(Base(turtle(text)).entailments.triples) == {fact("i a Free")}


def test_complement_that_follows_leads_to_further_complements() -> None:
    text = """:A owl:equivalentClass [ owl:intersectionOf ( :Top [ owl:complementOf :B ] ) ] .
        :C owl:equivalentClass [ owl:intersectionOf ( :Top [ owl:complementOf :D ] ) ] .
        :B owl:disjointWith :X . :A owl:disjointWith :D . :i a :Top , :X ."""
    assert set(Base(turtle(text)).entailments.triples) == {fact("i a A"), fact("i a C")}


def test_class_is_below_a_complement_that_its_members_are_in() -> None:
    text = """:Free a owl:Class ; owl:equivalentClass [ owl:complementOf :Owned ] . :Owned a owl:Class .
        :Public a owl:Class ; owl:disjointWith :Owned ."""
    assert fact("Public rdfs:subClassOf Free") in Base(turtle(text)).entailments.triples


def test_unknown_values_of_unknown_values_are_followed() -> None:
    text = """:p a owl:ObjectProperty . :A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ] .
        :B rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :C ] .
        [ owl:onProperty :p ; owl:someValuesFrom [ owl:onProperty :p ; owl:someValuesFrom :C ] ]
          rdfs:subClassOf :Found . :i a :A ."""
    assert fact("i a Found") in Base(turtle(text)).entailments.triples


def test_list_that_leads_back_to_itself_ends() -> None:
    text = """:C a owl:Class ; owl:unionOf _:one . _:one rdf:first :A ; rdf:rest _:two .
        _:two rdf:first :B ; rdf:rest _:one . :i a :A ."""
    assert fact("i a C") in Base(turtle(text)).entailments.triples


def test_document_gives_only_what_it_adds(stated: list[Quad]) -> None:
    base = Base(select_premises(part_of(stated, None)))
    added = base.infer(base.select(part_of(stated, "other")))
    assert fact("id:acme a dk:StateOwned") in added.triples
    assert fact("id:land a dk:Agent") in added.triples
    assert not set(added.triples) & set(base.entailments.triples)


def test_documents_do_not_see_each_other(stated: list[Quad]) -> None:
    base = Base(select_premises(part_of(stated, None)))
    first = base.infer(base.select(part_of(stated, "note")))
    base.infer(base.select(part_of(stated, "other")))
    assert base.infer(base.select(part_of(stated, "note"))) == first
    assert fact("id:acme a dk:NotStateOwned") in first.triples
    assert fact("id:acme a dk:StateOwned") not in first.triples


@pytest.mark.parametrize("document", ["note", "other"])
def test_base_and_document_give_what_all_premises_give(document: str, stated: list[Quad]) -> None:
    shared = part_of(stated, None)
    base = Base(select_premises(shared))
    added = base.infer(base.select(part_of(stated, document)))
    whole = Base(select_premises([*shared, *part_of(stated, document)])).entailments
    assert set(whole.triples) == {*base.entailments.triples, *added.triples}


@pytest.mark.parametrize("document", ["note", "other"])
def test_document_that_grows_triple_by_triple_gives_what_it_gives_at_once(document: str, stated: list[Quad]) -> None:
    shared = select_premises(part_of(stated, None))
    growing, at_once = Base(shared), Base(shared)
    premises = growing.select(part_of(stated, document))
    found = [growing.infer(premises[:length]) for length in range(len(premises) + 1)]
    assert found[0].triples == ()
    assert found[-1] == at_once.infer(premises)


def test_document_that_contradicts_itself_does_not_touch_the_base(stated: list[Quad]) -> None:
    base = Base(select_premises(part_of(stated, None)))
    before = base.infer(base.select(part_of(stated, "note")))
    assert not base.infer([fact("id:acme a dk:State")]).consistent
    assert base.infer(base.select(part_of(stated, "note"))) == before


def test_facts_of_a_document_can_put_a_class_below_another() -> None:
    base = Base(
        turtle(""":p a owl:ObjectProperty . :A a owl:Class . :B a owl:Class . :j a owl:NamedIndividual .
        :A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue :j ] .
        :B owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom :C ] .""")
    )
    assert fact("A rdfs:subClassOf B") in base.infer([fact("j a C")]).triples
    assert not base.entailments.triples


def test_axioms_of_a_document_count_as_well() -> None:
    base = Base(turtle(":A a owl:Class . :i a :A ."))
    added = base.infer(turtle(":B a owl:Class . :A rdfs:subClassOf :B ."))
    assert added.triples == (fact("i a B"),)


def test_label_is_no_premise_and_a_statement_is(stated: list[Quad]) -> None:
    acme, graph = NAMES.thing("acme"), NAMES.graphs.document("note")
    label = Quad(acme, RDFS.label, acme, graph)
    rival = fact("id:acme dk:isRivalOf id:land")
    assert select_premises([*stated, label]) == select_premises(stated)
    assert rival in select_premises([*stated, Quad(*rival, graph)])
