"""Answer `SERVICE` calls from allowed endpoints (https://www.w3.org/TR/sparql11-federated-query/)."""

from digitech_kg.hooks import Part

PART = Part(
    name="federation",
    summary="Lets queries ask the other endpoints that the operator allows.",
    federation="digitech_kg.parts.federation.endpoints:open_federation",
)
