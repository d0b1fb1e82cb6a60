"""Claims in RDF 1.2."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store
from rdflib import Namespace

from digitech_kg.exports.rdf import rdf_with_triple_terms
from stored_site import NAMES, open_service, open_site

DK = Namespace("https://w3id.org/digitech-kg/ontology#")
ID, CLAIM = Namespace(NAMES.prefixes["id"]), Namespace(NAMES.prefixes["claim"])


@pytest.fixture(scope="module")
def store() -> Store:
    return open_service().store


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return open_site(tmp_path_factory.mktemp("reuse")).test_client()


def test_claims_are_found_by_triple_terms(store: Store) -> None:
    found = Store()
    found.load(rdf_with_triple_terms(store, NAMES), format=RdfFormat.TURTLE)
    query = "SELECT ?claim { ?claim rdf:reifies <<( id:acme dk:isInSector id:bricks )>> }"
    claims = {row["claim"].value for row in found.query(query, prefixes=dict(NAMES.prefixes))}  # type: ignore[union-attr]
    # One proposition, of which two documents say something.
    assert claims == {str(CLAIM[name]) for name in ("memo/acme-in-bricks", "report/board-on-bricks")}
    counted = "SELECT ?c { ?c a dk:Claim ; dk:subject|dk:predicate|dk:object ?x }"
    assert not list(found.query(counted, prefixes=dict(NAMES.prefixes)))  # type: ignore[arg-type]
