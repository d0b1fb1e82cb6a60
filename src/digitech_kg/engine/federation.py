"""Which endpoints queries may call with `SERVICE`.

SPARQL 1.1 Federated Query, https://www.w3.org/TR/sparql11-federated-query/
"""

from __future__ import annotations

from collections.abc import Iterable

from digitech_kg.errors import CallError

#: Public endpoints that `--service-allow` knows by name.
WELL_KNOWN: dict[str, str] = {
    "dbpedia": "https://dbpedia.org/sparql",
    "eu-publications": "https://publications.europa.eu/webapi/rdf/sparql",
    "wikidata": "https://query.wikidata.org/sparql",
}


def resolve_allowed(names: Iterable[str]) -> frozenset[str]:
    """Return the endpoints for a list of IRIs and well-known names. Raises `CallError` for anything else."""
    allowed = set()
    for name in names:
        iri = WELL_KNOWN.get(name, name)
        if not iri.startswith(("http://", "https://")):
            known = ", ".join(sorted(WELL_KNOWN))
            raise CallError(
                f"'{name}' is not an endpoint",
                hint=f"Give an http(s) IRI or one of: {known}.",
            )
        allowed.add(iri)
    return frozenset(allowed)
