"""Answer from a SPARQL 1.1 store elsewhere: `serve --engine URL`."""

from digitech_kg.hooks import Part

PART = Part(
    name="remote",
    summary="Serves what a SPARQL 1.1 store elsewhere holds.",
    query_service="digitech_kg.parts.remote.service:RemoteService",
)
