"""`/nanopub/<document>/<claim>`: one claim as a nanopublication."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.exports import nanopublication
from digitech_kg.formats import by_name
from digitech_kg.messages import Message
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.reader import GraphReader, node

_TRIG: Final = by_name("trig")
#: All that is said of a claim, its passages, its document and the dataset; what is inferred is no part of it.
_TOLD: Final = """
CONSTRUCT { ?about ?property ?value }
WHERE {
  VALUES ?graph { $graphs }
  { BIND($claim AS ?about) }
  UNION
  { $claim dk:statedIn ?about }
  UNION
  { VALUES ?about { $document $dataset } }
  GRAPH ?graph { ?about ?property ?value }
}
"""


def nanopubs_blueprint(service: QueryService) -> Blueprint:
    """Return the blueprint of `/nanopub/<document>/<claim>`, which answers TriG."""
    blueprint = Blueprint("nanopubs", __name__)
    reader = GraphReader(service)

    @blueprint.get("/nanopub/<document>/<path:name>")
    def nanopub(document: str, name: str) -> Response:
        names, graphs = reader.names, reader.names.graphs
        told = reader.triples(
            _TOLD,
            claim=node(f"{names.prefixes['claim']}{document}/{name}"),
            document=names.thing(document),
            dataset=names.dataset,
            graphs=" ".join(map(str, (graphs.document(document), graphs.evidence(document), graphs.catalog))),
        )
        written = nanopublication(told, names, read_metadata(reader).created)
        if b"Nanopublication" not in written:
            what = Message("there is no claim '{name}'", name=f"{document}/{name}")
            raise NotFound(what, hint="Search for what you meant.", code="unknown-claim")
        response = Response(written, content_type=_TRIG.content_type)
        response.set_etag(f"{reader.version}-nanopub", weak=True)
        response.make_conditional(request)
        return response

    return blueprint
