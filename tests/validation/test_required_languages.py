"""All that people read by a name has one in each language that the project requires, and in no other need it."""

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from digitech_kg.namespaces import RDFS, Namespaces
from digitech_kg.validation.checks import check_languages
from digitech_kg.validation.report import Severity

NAMES = Namespaces("https://example.org/kg/", (), ("en", "zh-hans"), ("nb",))
ONTOLOGY = """
dk:Company a owl:Class ; rdfs:label "company"@en , "公司"@zh-hans .
dk:Passage a owl:Class ; rdfs:label "passage"@en , "文段"@zh-hans .
dk:Sentence a owl:Class ; rdfs:subClassOf dk:Passage ; rdfs:label "sentence"@en , "句子"@zh-hans .
skos:definition a owl:AnnotationProperty .
"""
NAMED = 'rdfs:label "x"@en , "x"@zh-hans'


def quads(graph: str, text: str) -> list[Quad]:
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes.items())
    return [Quad(*q.triple, NAMES.graphs[graph]) for q in parse(head + text, RdfFormat.TURTLE)]


def missing(*parts: list[Quad]) -> list[tuple[str, str]]:
    """Return what lacks a name, and the end of the message."""
    found = list(check_languages([*quads("ontology", ONTOLOGY), *(quad for part in parts for quad in part)], NAMES))
    assert all(result.severity == Severity.VIOLATION for result in found)
    return [(NAMES.shorten(result.focus_node), result.message.rpartition("@")[2]) for result in found]


def test_ontology_with_all_labels_lacks_nothing() -> None:
    assert missing() == []


def test_thing_lacks_each_required_language_and_no_optional_one() -> None:
    assert missing(quads("things", "id:acme a dk:Company .")) == [("id:acme", "en."), ("id:acme", "zh-hans.")]


def test_topic_lacks_each_required_language() -> None:
    assert missing(quads("topics", 'topic:trade a skos:Concept ; skos:prefLabel "trade"@en .')) == [
        ("topic:trade", "zh-hans.")
    ]


def test_terms_of_the_packaged_ontology_need_no_other_languages() -> None:
    assert missing(quads("ontology", 'dk:leads a owl:ObjectProperty ; rdfs:label "leads"@en .')) == []


def test_label_in_any_graph_counts() -> None:
    assert missing(quads("things", "id:acme a dk:Company ."), quads("note", f"id:acme {NAMED} .")) == []


def test_language_tag_that_a_store_has_lowered_counts() -> None:
    assert missing(quads("note", 'id:acme a dk:Company ; rdfs:label "a"@en , "b"@zh-hans .')) == []


@pytest.mark.parametrize(
    ("graph", "text", "name"),
    [
        ("things", "<urn:acme> a dk:Company", "<urn:acme>"),
        ("note", "id:acme a dk:Company", "id:acme"),
        ("ontology", "<https://example.org/kg/ontology#Ship> a owl:Class", "<https://example.org/kg/ontology#Ship>"),
        ("ontology", "<urn:sails> a owl:ObjectProperty", "<urn:sails>"),
        ("ontology", "<urn:afloat> a owl:NamedIndividual", "<urn:afloat>"),
    ],
)
def test_whatever_people_read_by_a_name_needs_one(graph: str, text: str, name: str) -> None:
    assert missing(quads(graph, f'{text} ; rdfs:label "x"@en .')) == [(name, "zh-hans.")]


@pytest.mark.parametrize(
    ("graph", "text"),
    [
        ("note", "passage:note\\/s01 a dk:Sentence ."),
        ("links", "id:acme a dk:Company ."),
        ("things", "id:acme a prov:Agent ."),
        ("ontology", "dcterms:title a owl:AnnotationProperty ."),
        ("note/statements", "id:acme a dk:Company ."),
    ],
    ids=["passage", "link", "class that the ontology does not have", "term of a standard", "derived"],
)
def test_what_is_named_elsewhere_or_not_at_all_needs_none(graph: str, text: str) -> None:
    assert missing(quads(graph, text)) == []


def test_claim_is_read_by_a_composed_or_a_written_sentence() -> None:
    claim = quads("note", 'claim:note\\/a a dk:Claim ; rdfs:comment "A."@en .')
    assert missing(claim) == [("claim:note/a", "zh-hans.")]
    assert missing(claim, quads("note/evidence", 'claim:note\\/a dk:sentence "甲。"@zh-hans .')) == []


def test_a_claim_without_an_object_is_asked_for_that_alone() -> None:
    assert missing(quads("note", "claim:note\\/a a dk:Claim ; dk:subject id:a ; dk:predicate dk:provides .")) == []


def test_message_says_what_to_do() -> None:
    (result, _) = check_languages([*quads("ontology", ONTOLOGY), *quads("note", "id:acme a dk:Company .")], NAMES)
    assert result.path == RDFS.label.value
    assert NamedNode(result.focus_node) == NAMES.thing("acme")
    assert result.message == (
        "The thing has no label in “en”, a language that the project requires: add an rdfs:label with @en."
    )


def test_a_label_without_a_language_is_told_with_how_it_is_written() -> None:
    own = quads("note", 'id:acme a dk:Company ; rdfs:label "Acme" , "极"@zh-hans .')
    (result,) = check_languages([*quads("ontology", ONTOLOGY), *own], NAMES)
    assert result.message == 'The text "Acme" has no language: write "Acme"@en if it is in that language.'
