"""The terms of a small ontology as a page shows them: names in any language, axioms written out."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from digitech_kg.namespaces import DK, RDFS, Namespaces
from digitech_kg.ontology.terms import Documentation

NAMES = Namespaces("https://example.org/kg/", (("my", "https://example.org/kg/ontology#"),), ("en",), ("nb", "zh-hans"))
HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes.items())
ONTOLOGY = """
<https://w3id.org/digitech-kg/ontology> a owl:Ontology ; dcterms:title "Claims"@en , "Påstander"@nb .
dk:Claim a owl:Class ; rdfs:label "claim"@en , "påstand"@nb , "论断"@zh-hans ; skos:definition "What a text says."@en .
dk:Company a owl:Class ; rdfs:label "company"@en ; owl:disjointWith my:Ship .
my:Ship a owl:Class ; rdfs:label "ship"@en , "skip"@nb ; rdfs:subClassOf [
  owl:onProperty my:sails ; owl:someValuesFrom [ a owl:Class ; owl:unionOf ( dk:Company dk:Claim ) ] ] .
my:Tanker a owl:Class ; rdfs:label "tanker"@en ; rdfs:subClassOf my:Ship .
my:sails a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:label "sails"@en ; rdfs:domain my:Ship ;
  owl:propertyChainAxiom ( dk:subject [ owl:inverseOf my:sails ] ) .
dk:subject a owl:ObjectProperty ; rdfs:label "subject"@en ; rdfs:domain dk:Claim ; rdfs:range my:Ship .
dk:negated a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:label "negated"@en ; rdfs:range xsd:boolean .
dk:Denial a owl:Class ; rdfs:label "denial"@en ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( dk:Claim
  [ a owl:Restriction ; owl:onProperty dk:negated ; owl:hasValue true ] ) ] .
skos:definition a owl:AnnotationProperty .
"""


@pytest.fixture(scope="module")
def ontology() -> list[Triple]:
    return [quad.triple for quad in parse(HEAD + ONTOLOGY, RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def documentation(ontology: list[Triple]) -> Documentation:
    usage = {DK.Company.value: 3}
    return Documentation(ontology, usage, {DK.Company.value: ("Be kind.",)}, names=NAMES, language="nb")


def term(documentation: Documentation, name: str) -> NamedNode:
    return next(t for _, terms in documentation.kinds for t in terms if documentation.anchor(t) == name)


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("Company", ["“company” disjointWith “ship”."]),
        ("Ship", ["“ship” subClassOf (“sails” some (“company” or “claim”))."]),
        ("Denial", ["“denial” equivalentClass (“claim” and (“negated” value “true”))."]),
        ("negated", ["FunctionalProperty: “negated”.", "“negated” range “xsd:boolean”."]),
        ("subject", ["“subject” domain “claim”.", "“subject” range “ship”."]),
        (
            "sails",
            [
                "TransitiveProperty: “sails”.",
                "“sails” domain “ship”.",
                "“sails” propertyChainAxiom “subject” o inverse “sails”.",
            ],
        ),
    ],
)
def test_axioms_are_written_out(name: str, sentences: list[str], documentation: Documentation) -> None:
    assert set(sentences) <= set(documentation.axioms[term(documentation, name)])


def test_axiom_about_two_classes_stands_with_both(documentation: Documentation) -> None:
    company, ship = (documentation.axioms[term(documentation, name)] for name in ("Company", "Ship"))
    assert set(company) <= set(ship)


def test_terms_of_any_namespace_are_shown_and_those_of_standards_are_not(documentation: Documentation) -> None:
    names = {documentation.short(t) for _, terms in documentation.kinds for t in terms}
    assert "my:Ship" in names
    assert not {name for name in names if name.startswith("skos:")}


def test_terms_are_named_in_the_language_asked_for_or_in_english(documentation: Documentation) -> None:
    assert documentation.title == "Påstander"
    claim, company = (term(documentation, name) for name in ("Claim", "Company"))
    assert [documentation.label(claim), documentation.label(company)] == ["påstand", "company"]
    assert documentation.other_labels(claim) == [("en", "claim"), ("zh-hans", "论断")]


def test_term_has_definition_place_use_and_shapes(documentation: Documentation) -> None:
    assert documentation.definition(term(documentation, "Claim")) == "What a text says."
    assert documentation.around[term(documentation, "Tanker")]["broader"] == [("skip", "#Ship")]
    company = term(documentation, "Company").value
    assert (documentation.uses[company], documentation.shapes[company]) == (3, ("Be kind.",))


def test_classes_are_a_tree_even_if_two_are_below_each_other(ontology: list[Triple]) -> None:
    ship, tanker = NamedNode(NAMES.prefixes["my"] + "Ship"), NamedNode(NAMES.prefixes["my"] + "Tanker")
    other = Triple(ship, RDFS.subClassOf, tanker)
    shown = Documentation([*ontology, other], {}, {}, names=NAMES).tree
    tree = {link.text: [narrower.text for narrower, _ in below] for link, below in shown}
    assert tree == {"claim": [], "company": [], "denial": [], "ship": ["tanker"], "tanker": ["ship"]}
