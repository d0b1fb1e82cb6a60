"""What the graph of comparisons holds, and that it is the same each time."""

import random
import re
from typing import cast

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from comparison.fixtures import NAMES, ONTOLOGY, compare, document_quads, quads_of, written
from digitech_kg.claims.reserves import AXES, Effect
from digitech_kg.comparison.documents import compare_documents, comparison_iri
from digitech_kg.comparison.hierarchy import Hierarchy
from digitech_kg.comparison.reasons import REASON_SENTENCES, tell_differences
from digitech_kg.comparison.stands import FULL, SCALES, read_stands, strength_of
from digitech_kg.namespaces import DK, RDF, RDFS

PLAIN = "id:acme id:knows id:bob"
ONE, OTHER = NAMES.claim("one", "c1"), NAMES.claim("other", "c1")


def test_a_comparison_is_a_node_with_both_claims_the_kind_and_the_reason() -> None:
    found = compare(PLAIN, f"not {PLAIN}")
    why = ("en", "“other” denies what “one” says."), ("nb", "«other» benekter det «one» sier.")
    node, graph = comparison_iri(found[0], NAMES), NAMES.graphs.comparison
    assert node.value.startswith("https://example.org/kg/comparison/")
    assert {quad for quad in written(found) if quad.subject == node} == {
        Quad(node, RDF.type, DK.Comparison, graph),
        Quad(node, DK.firstClaim, ONE, graph),
        Quad(node, DK.secondClaim, OTHER, graph),
        Quad(node, DK.comparisonKind, DK.contradicts, graph),
        *(
            Quad(node, said, Literal(text, language=tag), graph)
            for tag, text in why
            for said in (DK.reasonText, RDFS.label)
        ),
    }


def test_a_reason_calls_documents_by_their_short_names() -> None:
    more = 'id:one rdfs:label "A long title of one"@en ; dk:shortName "Short one"@en .'
    (found,) = compare(PLAIN, f"not {PLAIN}", more=more)
    assert found.reasons["en"] == "“other” denies what “Short one” says."


def test_a_contradiction_holds_both_ways() -> None:
    graph = NAMES.graphs.comparison
    both = {Quad(ONE, DK.contradicts, OTHER, graph), Quad(OTHER, DK.contradicts, ONE, graph)}
    assert both <= written(compare(PLAIN, f"not {PLAIN}"))


def test_firmness_holds_one_way() -> None:
    quads = written(compare(PLAIN, f"{PLAIN} ; certainty probable"))
    assert [quad for quad in quads if quad.predicate == DK.firmerThan] == [
        Quad(ONE, DK.firmerThan, OTHER, NAMES.graphs.comparison)
    ]


def test_the_order_of_the_quads_makes_no_difference() -> None:
    claims = [
        f"{PLAIN} ; limitedToPlace id:norway , id:sweden ; heldBy id:critics , id:analysts",
        f"not {PLAIN}",
        "id:acme id:has-status id:planned",
    ]
    documents = {name: document_quads(name, *claims, issued=year) for name, year in (("a", "2020"), ("b", "2021"))}
    shared = quads_of(ONTOLOGY, "ontology")
    expected = compare_documents(documents, shared, NAMES)
    assert len(expected) == 5
    chance = random.Random(7)  # noqa: S311 - chance has to be repeatable, not safe.
    for _ in range(5):
        mixed = {name: chance.sample(quads, len(quads)) for name, quads in reversed(documents.items())}
        assert compare_documents(mixed, chance.sample(shared, len(shared)), NAMES) == expected


def test_two_claims_are_compared_once_however_many_ways_they_meet() -> None:
    more = "id:is-seated-in rdfs:subPropertyOf id:has-status . id:knows a owl:SymmetricProperty ."
    found = compare("id:acme id:is-seated-in id:norway", "id:acme id:is-seated-in id:sweden", more=more)
    assert len(found) == 1
    assert len(compare(PLAIN, "not id:bob id:knows id:acme", more=more)) == 1


def test_derived_graphs_and_external_claims_are_not_compared() -> None:
    claim = document_quads("one", PLAIN)
    external = [Quad(quad.subject, quad.predicate, DK.ExternalClaim, quad.graph_name) for quad in claim[:1]]
    other = [Quad(*quad.triple, NAMES.graphs.inferred("other")) for quad in document_quads("other", PLAIN)]
    assert compare_documents({"one": claim, "other": other}, [], NAMES) == []
    assert compare_documents({"one": [*claim, *external], "other": document_quads("other", PLAIN)}, [], NAMES) == []


def test_one_document_alone_is_not_compared() -> None:
    assert compare_documents({"one": document_quads("one", PLAIN, f"not {PLAIN}")}, [], NAMES) == []


def test_things_of_a_document_are_named_as_it_names_them() -> None:
    label = 'id:club rdfs:label "the Club"@en , "Klubben"@nb . id:one rdfs:label "First brief"@en .'
    one = document_quads("one", f"{PLAIN} ; limitedToGroup id:club", more=label)
    found = compare_documents({"one": one, "other": document_quads("other", f"not {PLAIN}")}, [], NAMES)
    assert "“First brief” says it only of the Club." in found[0].reasons["en"]
    assert "«First brief» sier det bare om Klubben." in found[0].reasons["nb"]


def test_thousands_of_claims_that_have_nothing_to_do_with_each_other_are_no_pairs() -> None:
    documents = {
        name: document_quads(name, *(f"id:{name}{number} id:has-status id:planned" for number in range(1000)), PLAIN)
        for name in ("a", "b", "c", "d", "e")
    }
    assert len(compare_documents(documents, quads_of(ONTOLOGY, "ontology"), NAMES)) == 10


QUALITY = "id:rules dk:hasCharacteristic id:strict"


def test_every_value_that_weakens_has_a_sentence() -> None:
    hierarchy = Hierarchy([])
    lacking = []
    for axis in AXES:
        for value in axis.values or (NAMES.thing("x"),):
            for fact in (PLAIN, QUALITY):
                if axis.effect_of(value, of_quality=fact == QUALITY) is not Effect.WEAKENING:
                    continue
                plain = read_stands("one", document_quads("one", fact), NAMES)[0]
                # Only a denial says less of all: "not all".
                said = f"not {fact}" if value == DK.all else fact
                quads = document_quads("other", f"{said} ; <{axis.property.value}> <{value.value}>")
                told = list(tell_differences(plain, read_stands("other", quads, NAMES)[0], hierarchy))
                assert len(told) == 1, axis.name
                if told[0].identifier == "other reserve":
                    lacking.append(f"{axis.name}: {value.value}")
    assert lacking == [], "reasons.toml has no sentence for these"


def test_a_mood_that_nobody_knows_contradicts_nothing() -> None:
    assert compare(f"{PLAIN} ; mood unheardOf", f"not {PLAIN}") == []


def test_a_value_without_a_sentence_is_named() -> None:
    found = compare(PLAIN, f"{PLAIN} ; certainty unheardOf")
    assert "“other” has a reserve: " in found[0].reasons["en"]
    assert "unheard" in found[0].reasons["en"]


def test_a_weakening_value_without_a_strength_leaves_as_little_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    assert strength_of(DK.subjectQuantifier, DK.all) == FULL
    monkeypatch.setitem(cast("dict[NamedNode, object]", SCALES), DK.certainty, {DK.doubtful: 0.0, DK.possible: 1.0})
    assert strength_of(DK.certainty, DK.probable) == 0.0
    assert strength_of(DK.certainty, DK.unheardOf) == 0.0
    assert strength_of(DK.degree, DK.heavily) == FULL


def test_sentences_have_the_same_blanks_in_every_language() -> None:
    for sentence in REASON_SENTENCES.values():
        assert set(re.findall(r"{(\w+)}", sentence["en"])) == set(re.findall(r"{(\w+)}", sentence["nb"]))
