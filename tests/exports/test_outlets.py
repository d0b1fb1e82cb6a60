"""What tables, matching and OWL say plainly is what claims allow, whatever the vocabulary."""

from datetime import date

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, Store, Triple, parse

from books import book_of
from digitech_kg.book.entities import EntityReader
from digitech_kg.exports.dataset_tables import DatasetTables
from digitech_kg.exports.writing import dump_rdf, owl_with_data
from digitech_kg.formats import by_name
from digitech_kg.namespaces import DCTERMS, DK, OWL, RDF, RDFS, XSD
from digitech_kg.tables import Table
from reserved_claims import ACME, ID, NAMES, PAINT, PLAIN, RESERVED, iris, store_with


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    quads = (quad for quads, _ in RESERVED.values() for quad in quads)
    return {table.name: table for table in DatasetTables(store_with(*quads), NAMES).tables()}


def rows(table: Table) -> list[dict[str, object]]:
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def test_there_are_claims_of_both_kinds() -> None:
    assert len(RESERVED) > len(PLAIN) > 10


def test_table_of_claims_marks_what_is_plain(tables: dict[str, Table]) -> None:
    found = rows(tables["claims"])
    assert {row["object"] for row in found if row["is_plain_statement"]} == iris(PLAIN)
    assert all(not row["reserves"] for row in found if row["is_plain_statement"] or row["denied"])
    assert {row["object"] for row in found if row["reserves"]} == iris(RESERVED.keys() - PLAIN) | {ID + "oslo"}


def test_table_of_the_class_holds_what_is_plain(tables: dict[str, Table]) -> None:
    (acme,) = rows(tables["company"])
    names = {str(row["object"]): row["object_label"] for row in rows(tables["claims"])}
    assert set(str(acme["is_active_in"]).split(" | ")) == {names[iri] for iri in iris(PLAIN)}
    assert acme["label_en"] == "Acme"


def test_every_axis_is_a_column_of_claims(tables: dict[str, Table]) -> None:
    columns = set(tables["claims"].header)
    assert {"certainty", "mood", "held_by", "subject_quantifier", "limited_to_place", "condition"} <= columns


def test_matching_knows_what_is_plain_and_what_registers_say() -> None:
    quads = [quad for quads, _ in RESERVED.values() for quad in quads]
    (acme,) = [e for e in EntityReader(book_of(store_with(*quads), NAMES)).entities() if ID + e.id == ACME.value]
    told = {ID + name.removeprefix(ID) for name in acme.values["isActiveIn"]}
    # The other document denies that of paint, and a value can't say whose word it is.
    assert told >= iris(PLAIN - {PAINT})
    assert PAINT.value not in told
    assert not told & iris(RESERVED.keys() - PLAIN)
    assert acme.values["lei"] == ("5493001NTNQJDH60PM02",)


def test_classes_and_properties_of_any_namespace_have_tables_and_columns(tables: dict[str, Table]) -> None:
    assert "ship_vessel" in tables
    assert not any("named_individual" in name for name in tables)
    (star,) = [row for row in rows(tables["things"]) if row["iri"] == ID + "star"]
    assert star["classes"] == "vessel"


def test_tables_name_the_document_and_the_sentence(tables: dict[str, Table]) -> None:
    by_claim = {row["claim"]: row for row in rows(tables["claims"])}
    denial = by_claim[NAMES.claim("two", "acme-not-in-paint").value]
    assert (denial["document"], denial["denied"], denial["sentence_en"]) == (
        "two",
        True,
        "Acme is not active in paint.",
    )
    (first,) = [row for row in rows(tables["passages"]) if str(row["passage"]).endswith("s1.1")]
    assert (first["document"], first["label_en"]) == ("one", "section 1, sentence 1")


def test_comparisons_have_both_claims_and_the_reason(tables: dict[str, Table]) -> None:
    (row,) = rows(tables["comparisons"])
    assert next(iter(row)) == "comparison"
    assert (row["first_document"], row["second_document"]) == ("one", "two")
    assert row["reason"] == "One says so, the other denies it."


def test_external_claims_are_apart_and_name_their_source(tables: dict[str, Table]) -> None:
    assert {row["source_label"] for row in rows(tables["external_claims"])} == {"The register"}
    assert "lei" not in tables["company"].header


def test_an_external_claim_has_all_its_sources_and_the_last_day_on_which_one_was_read() -> None:
    graph, claim = NAMES.graphs.document("one"), NAMES.claim("one", "paint-rank")
    quads = [Quad(claim, RDF.type, DK.ExternalClaim, graph), Quad(claim, DK.subject, ACME, graph)]
    for name, day in (("second", "2026-11-25"), ("first", "2026-11-24")):
        source = NAMES.thing(name)
        said = [(RDF.type, DK.Source), (RDFS.label, Literal(name)), (DCTERMS.rights, Literal(f"{name} owner"))]
        said.append((DK.retrievedOn, Literal(day, datatype=XSD.date)))
        quads += [Quad(claim, DK.attestedBy, source, graph), *(Quad(source, *each, graph) for each in said)]
    table = next(t for t in DatasetTables(store_with(*quads), NAMES).tables() if t.name == "external_claims")
    (row,) = [row for row in rows(table) if row["claim"] == claim.value]
    assert row["source"] == f"{ID}first | {ID}second"
    assert [row[c] for c in ("source_label", "retrieved_on", "licence")] == [
        "first | second",
        date(2026, 11, 25),
        "first owner | second owner",
    ]


@pytest.fixture(scope="module")
def store() -> Store:
    return store_with()


def triples_of(document: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(document, RdfFormat.RDF_XML)}


def headers(triples: set[Triple]) -> set[str]:
    return {str(t.subject) for t in triples if t.object == OWL.Ontology}


def test_owl_document_holds_the_ontology_and_imports_nothing(store: Store) -> None:
    found = triples_of(owl_with_data(store, NAMES))
    assert headers(found) == {"<https://example.org/kg/download/kg.owl>"}
    assert not any(t.predicate == OWL.imports for t in found)
    assert Triple(ACME, DK.isActiveIn, PAINT) in found
    assert Triple(DK.Company, RDF.type, OWL.Class) in found


def test_one_document_can_be_had_as_owl_without_what_contradicts_it(store: Store) -> None:
    whole, alone = (triples_of(owl_with_data(store, NAMES, d)) for d in ((), ("one",)))
    assert any(t.object == OWL.NegativePropertyAssertion for t in whole)
    assert not any(t.object == OWL.NegativePropertyAssertion for t in alone)
    assert Triple(ACME, DK.isActiveIn, PAINT) in alone


def test_inferences_are_not_in_owl(store: Store) -> None:
    assert Triple(ACME, RDF.type, DK.Agent) not in triples_of(owl_with_data(store, NAMES))


def test_rdf_has_the_prefixes_of_the_project(store: Store) -> None:
    assert b"one-claim:acme-in-paint" in dump_rdf(store, by_name("trig"), NAMES)
    assert b"one-claim:acme-in-paint" in dump_rdf(store, by_name("turtle"), NAMES)
