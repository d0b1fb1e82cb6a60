"""The catalogue is made from the census of each graph, so that a commit counts only the graphs that changed."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from digitech_kg.description.catalog import describe
from digitech_kg.description.census import REPEATED, GraphCensus, count_graph, count_repeated
from digitech_kg.namespaces import DCAT, DCTERMS, DK, OWL, PROV, RDF, RDFS, SD, VOID, Namespaces, value_of

FILE = Path(__file__).parents[1] / "data/two_documents.trig"
NAMES = Namespaces("https://example.org/kg/", (("ship", "http://vocabulary.example/ships#"),), ("en", "de"))
GRAPHS, DATASET = NAMES.graphs, NAMES.dataset
SHIP = "http://vocabulary.example/ships#"


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    found.extend(parse(FILE.read_bytes(), RdfFormat.TRIG))
    return found


def census_of(store: Store) -> dict[str, GraphCensus]:
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    return {g.value: count_graph(store, g, NAMES) for g in graphs}


@pytest.fixture(scope="module")
def catalog(store: Store) -> Store:
    """What is said of the dataset by hand, and what is derived."""
    about = list(store.quads_for_pattern(None, None, None, GRAPHS.catalog))
    found = Store()
    found.extend(describe(census_of(store), about, NAMES)[0])
    return found


def values(store: Store, subject: NamedNode, prop: NamedNode) -> set[str]:
    return {value_of(quad.object) for quad in store.quads_for_pattern(subject, prop, None)}


def test_census_counts_one_graph(store: Store) -> None:
    found = census_of(store)[GRAPHS.document("one").value]
    assert found.triples == len(list(store.quads_for_pattern(None, None, None, GRAPHS.document("one"))))
    assert found.subjects == 5
    assert found.classes[DK.Claim.value] == 2
    assert found.properties[DK.isPartOf.value] == 2
    assert found.documents == [NAMES.thing("first-note").value]


def test_census_comes_back_from_json(store: Store) -> None:
    for found in census_of(store).values():
        assert GraphCensus(**json.loads(json.dumps(asdict(found)))) == found


def test_a_changed_graph_is_all_that_has_to_be_counted_again(store: Store) -> None:
    changed = Store()
    changed.extend(store)
    changed.add(Quad(NAMES.thing("acme"), RDFS.label, Literal("Acme", language="de"), GRAPHS.things))
    before = census_of(store)
    again = {
        **before,
        GRAPHS.things.value: count_graph(changed, GRAPHS.things, NAMES),
    }
    assert before != again == census_of(changed)
    assert describe(again, [], NAMES) == describe(census_of(changed), [], NAMES)


def test_numbers_of_the_dataset_are_sums_over_its_graphs(catalog: Store, store: Store) -> None:
    outside = sum(1 for quad in store if quad.graph_name != GRAPHS.catalog)
    assert values(catalog, DATASET, VOID.triples) == {str(outside + len(catalog))}
    assert values(catalog, GRAPHS.catalog, VOID.triples) == {str(len(catalog))}
    assert values(catalog, DATASET, SD.namedGraph) >= {GRAPHS.things.value, GRAPHS.document("two").value}
    assert values(catalog, GRAPHS.statements("one"), VOID.triples) == {"1"}


@pytest.mark.parametrize(
    ("part", "prop", "term", "number"),
    [
        ("class/dk:Claim", "class", DK.Claim.value, "3"),
        ("class/ship:Vessel", "class", SHIP + "Vessel", "1"),
        ("property/dk:isActiveIn", "property", DK.isActiveIn.value, "1"),
        ("property/rdfs:label", "property", RDFS.label.value, None),
    ],
)
def test_terms_of_any_vocabulary_have_a_part(
    catalog: Store, part: str, prop: str, term: str, number: str | None
) -> None:
    iri = NamedNode(f"{DATASET.value}/{part}")
    assert values(catalog, iri, VOID[prop]) == {term}
    if number is not None:
        assert values(catalog, iri, VOID.entities if prop == "class" else VOID.triples) == {number}


def test_a_triple_and_a_member_of_a_class_count_once_in_however_many_graphs(store: Store) -> None:
    changed, known = Store(), count_repeated(store, NAMES, None, (), ())
    changed.extend(store)
    quads = [Quad(NAMES.thing("tug"), RDF.type, DK.Company, graph) for graph in (GRAPHS.things, GRAPHS.document("one"))]
    changed.extend(quads)
    more = count_repeated(changed, NAMES, known, quads, ())
    assert more == count_repeated(changed, NAMES, None, (), ())
    found = Store()
    found.extend(describe({**census_of(changed), REPEATED: more}, [], NAMES)[0])
    members = {q.subject for q in changed.quads_for_pattern(None, RDF.type, DK.Company)}
    part = NamedNode(f"{DATASET.value}/class/dk:Company")
    assert values(found, part, VOID.entities) == {str(len(members))}
    distinct = {quad.triple for quad in (*changed, *found) if quad.graph_name != GRAPHS.catalog}
    assert values(found, DATASET, VOID.triples) == {str(len(distinct) + len(found))}
    types = {triple for triple in distinct if triple.predicate == RDF.type}
    types |= {quad.triple for quad in found.quads_for_pattern(None, RDF.type, None)}
    part = NamedNode(f"{DATASET.value}/property/rdf:type")
    assert values(found, part, VOID.triples) == {str(len(types))}
    changed.remove(quads[0])
    assert count_repeated(changed, NAMES, more, (), quads[:1]) == known


def test_graphs_say_what_they_are(catalog: Store) -> None:
    assert values(catalog, GRAPHS.statements("one"), DCTERMS.title) == {"Plain statements of one"}


def test_dataset_names_its_documents_and_sources(catalog: Store) -> None:
    documents = {NAMES.thing(name).value for name in ("first-note", "second-note")}
    assert values(catalog, DATASET, PROV.wasDerivedFrom) == documents
    assert values(catalog, DATASET, DCTERMS.source) == {NAMES.thing("the-register").value}


def test_licence_and_publisher_are_those_of_the_dataset(catalog: Store) -> None:
    cc0 = "https://creativecommons.org/publicdomain/zero/1.0/"
    parts = [NamedNode(iri) for iri in values(catalog, DATASET, DCAT.distribution)]
    assert len(parts) > 10
    assert {licence for part in parts for licence in values(catalog, part, DCTERMS.license)} == {cc0}
    assert values(catalog, GRAPHS.catalog, DCTERMS.publisher) == {f"{DATASET.value}/publisher"}


def test_links_are_counted_by_data_set(catalog: Store) -> None:
    linkset = NamedNode(f"{DATASET.value}/linkset/wd/sameAs")
    assert values(catalog, linkset, VOID.linkPredicate) == {OWL.sameAs.value}
    assert values(catalog, linkset, VOID.triples) == {"1"}


def test_nothing_of_another_project_is_named(store: Store) -> None:
    text = "\n".join(map(str, describe(census_of(store), [], NAMES)[0]))
    assert "nupi" not in text
    assert "https://w3id.org/digitech-kg/" not in text.replace("https://w3id.org/digitech-kg/ontology", "")
