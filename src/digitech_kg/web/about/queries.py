"""The SPARQL behind `/about`. `$name` is as in `browse_queries`."""

from __future__ import annotations

from typing import Final

ONTOLOGY_VERSION: Final = """
SELECT ?version
WHERE { GRAPH graph:ontology { $ontology owl:versionInfo ?version } }
"""

KINDS: Final = """
SELECT ?kind ?members
WHERE { GRAPH graph:catalog { ?part void:class ?kind ; void:entities ?members } }
ORDER BY DESC(?members) ?kind
"""

LINKED: Final = """
SELECT ?title ?home ?licence (SUM(?number) AS ?links)
WHERE {
  GRAPH graph:catalog {
    ?linkset void:triples ?number ; void:objectsTarget ?target .
    ?target dcterms:title ?title .
    OPTIONAL { ?target foaf:homepage ?home }
    OPTIONAL { ?target dcterms:license ?licence }
  }
}
GROUP BY ?title ?home ?licence
ORDER BY DESC(?links) ?title
"""

SOURCES: Final = """
SELECT ?source ?graph (SAMPLE(?l) AS ?licence) (SAMPLE(?r) AS ?rights) (MAX(?day) AS ?retrieved)
WHERE {
  GRAPH ?graph { ?source a dk:Source }
  FILTER(STRSTARTS(STR(?graph), CONCAT(STR(graph:), "external/")))
  OPTIONAL { ?source dcterms:license ?l }
  OPTIONAL { ?source dcterms:rights ?r }
  OPTIONAL { ?source dk:retrievedOn ?day }
}
GROUP BY ?source ?graph
ORDER BY ?graph ?source
"""
