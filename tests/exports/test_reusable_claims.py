"""Claims in the forms that others use: nanopublications, RDF 1.2."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store
from rdflib import Dataset, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF

from digitech_kg.exports.rdf import all_nanopublications, rdf_with_triple_terms
from stored_site import NAMES, open_service, open_site

DK = Namespace("https://w3id.org/digitech-kg/ontology#")
NP = Namespace("http://www.nanopub.org/nschema#")
ID, CLAIM = Namespace(NAMES.prefixes["id"]), Namespace(NAMES.prefixes["claim"])


@pytest.fixture(scope="module")
def store() -> Store:
    return open_service().store


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("reuse")).test_client()


def nanopub(text: bytes, claim: str) -> dict[str, Graph]:
    """Return the four graphs of the nanopublication of a claim, as rdflib reads them."""
    found, this = Dataset(), URIRef(f"{NAMES.base}nanopub/{claim}")
    found.parse(data=text, format="trig")
    (head,) = {graph for _, _, _, graph in found.quads((this, RDF.type, NP.Nanopublication, None))}
    parts = {"head": found.graph(head)}
    for name, prop in (
        ("assertion", NP.hasAssertion),
        ("provenance", NP.hasProvenance),
        ("pubinfo", NP.hasPublicationInfo),
    ):
        (graph,) = parts["head"].objects(this, prop)
        parts[name] = found.graph(graph)
    return parts


def test_nanopublication_tells_what_whence_and_who(store: Store) -> None:
    parts = nanopub(all_nanopublications(store, NAMES, "2024-05-01T00:00:00Z"), "memo/acme-in-bricks")
    this, claim = URIRef(f"{NAMES.base}nanopub/memo/acme-in-bricks"), CLAIM["memo/acme-in-bricks"]
    assert (ID.acme, DK.isInSector, ID.bricks) in parts["assertion"]
    assertion = parts["assertion"].identifier
    (passage,) = parts["provenance"].objects(assertion, PROV.wasDerivedFrom)
    assert (claim, DK.statedIn, passage) in parts["provenance"]
    assert (assertion, PROV.hadPrimarySource, ID.memo) in parts["provenance"]
    licence = URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
    assert (this, DCTERMS.license, licence) in parts["pubinfo"]
    assert (this, DCTERMS.created, None) in parts["pubinfo"]


def test_nanopublication_of_a_reserved_claim_asserts_no_bare_fact(store: Store) -> None:
    parts = nanopub(all_nanopublications(store, NAMES, "2024-05-01T00:00:00Z"), "report/board-on-bricks")
    assert (CLAIM["report/board-on-bricks"], DK.heldBy, ID.board) in parts["assertion"]
    assert (ID.acme, None, None) not in parts["assertion"]
    assert (parts["assertion"].identifier, PROV.wasAttributedTo, ID.board) in parts["provenance"]


def test_claims_are_found_by_triple_terms(store: Store) -> None:
    found = Store()
    found.load(rdf_with_triple_terms(store, NAMES), format=RdfFormat.TURTLE)
    query = "SELECT ?claim { ?claim rdf:reifies <<( id:acme dk:isInSector id:bricks )>> }"
    claims = {row["claim"].value for row in found.query(query, prefixes=dict(NAMES.prefixes))}  # type: ignore[union-attr]
    # One proposition, of which two documents say something.
    assert claims == {str(CLAIM[name]) for name in ("memo/acme-in-bricks", "report/board-on-bricks")}
    counted = "SELECT ?c { ?c a dk:Claim ; dk:subject|dk:predicate|dk:object ?x }"
    assert not list(found.query(counted, prefixes=dict(NAMES.prefixes)))  # type: ignore[arg-type]
