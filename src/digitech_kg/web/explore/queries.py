"""The SPARQL behind the graph explorer: claims as edges between things. Placeholders are as in `browse_queries`."""

from __future__ import annotations

from typing import Final

#: Rows of one look-up; a thing with more claims is shown with those, and the page says so.
MOST_EDGES: Final = 3000

_TAIL: Final = """
  ?claim dk:predicate ?predicate ; dk:certainty ?certainty .
  FILTER(STRSTARTS(STR(?subject), STR(id:)) && STRSTARTS(STR(?object), STR(id:)))
  OPTIONAL {{ ?claim dk:negated ?negated }}
  OPTIONAL {{ ?claim dk:stance ?stance }}
  BIND(EXISTS {{ ?claim a dk:ExternalClaim }} AS ?outside)
  BIND(EXISTS {{ ?claim dk:heldBy ?holder }} AS ?held)
  BIND(EXISTS {{ ?claim dk:quantifier|dk:limitedTo ?limit }} AS ?limited)
  {conditions}
}}
ORDER BY ?claim
LIMIT {limit}
"""
_COLUMNS: Final = (
    "SELECT DISTINCT ?claim ?subject ?predicate ?object ?certainty ?negated ?stance ?outside ?held ?limited"
)

#: Claims that join one of {these} to another thing.
EDGES: Final = (
    _COLUMNS
    + """
WHERE {{
  {{ VALUES ?subject {{ {these} }} ?claim dk:subject ?subject ; dk:object ?object }}
  UNION
  {{ VALUES ?object {{ {these} }} ?claim dk:object ?object ; dk:subject ?subject }}
"""
    + _TAIL
)

#: Claims that a passage, or what is part of it, makes.
EDGES_OF_PASSAGE: Final = (
    _COLUMNS
    + """
WHERE {{
  ?claim dk:subject ?subject ; dk:object ?object .
"""
    + _TAIL
)

#: Conditions on ?claim.
NOT_OUTSIDE: Final = "FILTER NOT EXISTS { ?claim a dk:ExternalClaim }"
NOT_DENIED: Final = "FILTER NOT EXISTS { ?claim dk:negated true }"
ONLY_DENIED: Final = "?claim dk:negated true ."
STATED_IN: Final = "?claim dk:statedIn/dk:isPartOf* {this} ."

#: Relations between things that nothing but reasoning gives.
INFERRED_EDGES: Final = """
SELECT DISTINCT ?subject ?predicate ?object
WHERE {{
  GRAPH graph:inferred {{
    {{ VALUES ?subject {{ {these} }} ?subject ?predicate ?object }}
    UNION
    {{ VALUES ?object {{ {these} }} ?subject ?predicate ?object }}
  }}
  FILTER(STRSTARTS(STR(?predicate), STR(dk:)))
  FILTER(STRSTARTS(STR(?subject), STR(id:)) && STRSTARTS(STR(?object), STR(id:)))
}}
ORDER BY ?subject ?predicate ?object
LIMIT {limit}
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

SECTIONS: Final = """
SELECT DISTINCT ?section ?start
WHERE {
  GRAPH ?graph { ?section a dk:Section ; dk:startOffset ?start }
  FILTER(?graph != graph:inferred)
}
ORDER BY ?start ?section
LIMIT 200
"""
