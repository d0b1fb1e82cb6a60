"""The SPARQL that pages ask. `$this` and `$these` are IRIs written by `reader.node` and `reader.values`; the names of
patterns are those of `filling`.
"""

from __future__ import annotations

from typing import Final

#: Claims of different documents that contradict each other.
CONTRADICTIONS: Final = """
SELECT ?first ?second
WHERE {
  GRAPH graph:comparison { ?pair dk:comparisonKind dk:contradicts ; dk:firstClaim ?first ; dk:secondClaim ?second }
}
ORDER BY ?first ?second
"""

#: Companies by the sector in which a document says plainly that they are. The limit has the engine begin with sectors,
#: of which there are few, and not with claims.
SECTORS: Final = """
SELECT DISTINCT ?sector ?company
WHERE {
  { SELECT ?sector WHERE { ?sector a dk:Sector } LIMIT 200 }
  ?claim dk:predicate dk:isInSector ; dk:object ?sector ; dk:subject ?company .
  ?company a dk:Company .
  $plain
  $affirmed
}
ORDER BY ?sector ?company
"""

CONCERNS: Final = """
SELECT DISTINCT ?area ?concern
WHERE {
  ?area rdfs:subClassOf dk:Concern .
  GRAPH ?graph { ?concern a ?area }
  $not_inferred
}
ORDER BY ?area ?concern
"""

#: Everything that things are called.
OTHER_NAMES: Final = """
SELECT DISTINCT ?thing ?name
WHERE {
  VALUES ?thing { $these }
  ?thing rdfs:label|skos:altLabel|skos:hiddenLabel ?name .
}
ORDER BY ?thing ?name
"""

#: The claims that have things on either side.
CLAIMS_WITH: Final = """
SELECT DISTINCT ?claim
WHERE {
  VALUES ?thing { $these }
  ?claim dk:subject|dk:object ?thing ; dk:predicate ?any .
}
ORDER BY ?claim
LIMIT $limit
"""

DEFINITIONS: Final = """
SELECT ?thing ?definition
WHERE {
  VALUES ?thing { $these }
  ?thing skos:definition ?definition .
}
ORDER BY ?thing ?definition
"""

#: Which things claims are about.
CLAIM_SUBJECTS: Final = """
SELECT DISTINCT ?claim ?thing
WHERE {
  VALUES ?claim { $these }
  ?claim dk:subject ?thing .
}
ORDER BY ?claim ?thing
"""
