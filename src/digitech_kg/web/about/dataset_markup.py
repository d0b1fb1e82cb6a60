"""The description of the dataset for search engines, as pages embed it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from pyoxigraph import RdfFormat, parse

from digitech_kg.description import Metadata, dataset_markup, metadata_of
from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.exports import KeptFiles
from digitech_kg.formats import by_name
from digitech_kg.namespaces import BASE, PREFIXES
from digitech_kg.snapshot import Snapshot

_FACTS = f"""
PREFIX dcterms: <{PREFIXES["dcterms"]}>
CONSTRUCT {{ ?s ?p ?o }}
WHERE {{
  {{ BIND(<{BASE}dataset> AS ?s) ?s ?p ?o }}
  UNION
  {{ <{BASE}dataset> dcterms:publisher ?s . ?s ?p ?o }}
}}
"""


def read_metadata(service: QueryService) -> Metadata:
    """Read what the dataset says of itself."""
    with service.query(QueryRequest(_FACTS, None, by_name("ntriples"))) as answer:
        facts = [quad.triple for quad in parse(answer.read(), format=RdfFormat.N_TRIPLES)]
    snapshot = service.snapshot
    return metadata_of(facts, snapshot=snapshot.version, created=snapshot.manifest.created)


def schema_org(service: QueryService) -> dict[str, Any]:
    """Give the JSON-LD document to embed in a page as `<script type="application/ld+json">`."""
    snapshot = service.snapshot
    sizes = None
    if isinstance(snapshot, Snapshot):
        sizes = {kept.download.name: kept.size for kept in KeptFiles(snapshot).found()}
    root = url_for("pages.start", lang=None, _external=True).rstrip("/")
    return dataset_markup(read_metadata(service), root=root, sizes=sizes)
