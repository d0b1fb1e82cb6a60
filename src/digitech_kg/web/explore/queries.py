"""The SPARQL behind the graph explorer: claims as edges between things. `$name` is as in `browse_queries`."""

from __future__ import annotations

from typing import Final

#: Claims of one look-up; a thing with more claims is shown with those, and the page says so.
MOST_EDGES: Final = 3000

#: Patterns that bind ?claim: claims that join one of some things to another, and all that join two things.
AROUND: Final = """
  { VALUES ?subject { $these } ?claim dk:subject ?subject ; dk:object ?object }
  UNION
  { VALUES ?object { $these } ?claim dk:object ?object ; dk:subject ?subject }
"""
BETWEEN: Final = "?claim dk:subject ?subject ; dk:object ?object ."

#: What claims say of themselves, as far as an edge shows it.
EDGES: Final = """
SELECT ?claim ?property ?value
WHERE {
  {
    SELECT DISTINCT ?claim
    WHERE {
      $which
      ?claim dk:predicate ?predicate .
      FILTER(STRSTARTS(STR(?subject), STR(id:)) && STRSTARTS(STR(?object), STR(id:)))
      $conditions
    }
    ORDER BY ?claim
    LIMIT $limit
  }
  VALUES ?property { rdf:type dk:subject dk:predicate dk:object dk:negated $axes }
  GRAPH ?graph { ?claim ?property ?value }
  $not_inferred
}
"""

#: Conditions on ?claim.
NOT_OUTSIDE: Final = "FILTER NOT EXISTS { ?claim a dk:ExternalClaim }"
ONLY_DENIED: Final = "?claim dk:negated true ."
STATED_IN: Final = "?claim dk:statedIn/dk:isPartOf* $this ."

#: Relations between things that nothing but reasoning gives.
INFERRED_EDGES: Final = """
SELECT DISTINCT ?subject ?predicate ?object
WHERE {
  GRAPH ?graph {
    { VALUES ?subject { $these } ?subject ?predicate ?object }
    UNION
    { VALUES ?object { $these } ?subject ?predicate ?object }
  }
  FILTER(STRENDS(STR(?graph), "/inferred"))
  FILTER(STRSTARTS(STR(?subject), STR(id:)) && STRSTARTS(STR(?object), STR(id:)))
}
ORDER BY ?subject ?predicate ?object
LIMIT $limit
"""

#: What a first look begins with, if there are no sectors.
MOST_CLAIMED: Final = """
SELECT ?thing
WHERE {
  { ?claim dk:subject ?thing ; dk:object ?other }
  UNION
  { ?claim dk:object ?thing ; dk:subject ?other }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}
GROUP BY ?thing
ORDER BY DESC(COUNT(*)) ?thing
LIMIT 1
"""

#: The kinds that most things are of.
KINDS: Final = """
SELECT ?kind
WHERE {
  GRAPH ?graph { ?thing a ?kind }
  $not_inferred
  FILTER(STRSTARTS(STR(?thing), STR(id:)) && ISIRI(?kind))
}
GROUP BY ?kind
ORDER BY DESC(COUNT(DISTINCT ?thing)) ?kind
LIMIT $limit
"""

#: Documents, who wrote and published them, and what they are part of: they join what has nothing to do with each other.
METADATA: Final = """
SELECT DISTINCT ?thing
WHERE {
  VALUES ?document { $these }
  { BIND(?document AS ?thing) }
  UNION
  { ?document dcterms:creator|dcterms:publisher|dcterms:isPartOf|dcterms:source ?thing }
}
"""

#: Sections in their order, by the graph of their document.
SECTIONS: Final = """
SELECT DISTINCT ?graph ?section ?start
WHERE {
  GRAPH ?graph { ?section a dk:Section ; dk:startOffset ?start }
  $not_inferred
}
ORDER BY ?graph ?start ?section
LIMIT 500
"""
