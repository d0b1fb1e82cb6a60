"""The SPARQL behind `/about`."""

from __future__ import annotations

from typing import Final

DATASET: Final = """
SELECT ?property ?value
WHERE {
  VALUES ?property { dcterms:title dcterms:description dcterms:license dcterms:creator dcterms:issued dcat:version }
  GRAPH graph:catalog { <https://w3id.org/digitech-kg/dataset> ?property ?value }
}
"""

ONTOLOGY_VERSION: Final = """
SELECT ?version
WHERE { GRAPH graph:ontology { <https://w3id.org/digitech-kg/ontology> owl:versionInfo ?version } }
"""

DOCUMENTS: Final = """
SELECT ?document
WHERE { GRAPH graph:catalog { <https://w3id.org/digitech-kg/dataset> prov:wasDerivedFrom ?document } }
ORDER BY ?document
"""

CERTAINTIES: Final = """
SELECT ?certainty (COUNT(DISTINCT ?claim) AS ?claims) (COUNT(DISTINCT ?no) AS ?denials)
WHERE {
  ?claim a dk:Claim ; dk:certainty ?certainty .
  FILTER NOT EXISTS { ?claim a dk:ExternalClaim }
  OPTIONAL { ?claim dk:negated true . BIND(?claim AS ?no) }
}
GROUP BY ?certainty
ORDER BY DESC(?claims)
"""

KINDS: Final = """
SELECT ?kind ?members
WHERE { GRAPH graph:catalog { ?part void:class ?kind ; void:entities ?members } }
ORDER BY DESC(?members) ?kind
"""

#: How each sentence and cell is covered; the first that fits counts.
COVERAGE: Final = """
SELECT ?how (COUNT(?passage) AS ?passages)
WHERE {
  { SELECT DISTINCT ?passage WHERE { VALUES ?kind { dk:Sentence dk:TableCell dk:HeaderCell } ?passage a ?kind } }
  BIND(
    IF(EXISTS { ?claim dk:statedIn ?passage }, "claimed",
      IF(EXISTS { ?thing dk:describedIn ?passage }, "described",
        IF(EXISTS { ?passage dk:repeatsPassage ?other }, "repeating", "uncovered"))) AS ?how)
}
GROUP BY ?how
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
