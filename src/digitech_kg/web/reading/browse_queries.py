"""The SPARQL that pages ask. `$this` and `$these` are IRIs written by `reader.node` and `reader.values`; the names of
patterns are those of `filling`.
"""

from __future__ import annotations

from typing import Final

#: An answer longer than this is shown in parts, each with an address of its own.
MOST_ROWS: Final = 600

#: What the graph holds with the resource as subject, and what the pieces are called; and what it holds of parts whose
#: IRIs lead to the same document, such as `history/000001-…#activity`.
DESCRIPTION: Final = """
CONSTRUCT {
  $this ?property ?value .
  ?value rdfs:label ?label .
  ?part ?link ?end .
}
WHERE {
  {
    $this ?property ?value .
    OPTIONAL { ?value rdfs:label ?label }
  } UNION {
    $this ?via ?part .
    FILTER(ISIRI(?part) && STRSTARTS(STR(?part), CONCAT(STR($this), "#")))
    ?part ?link ?end .
  }
}
"""

#: Whether the graph holds anything about a resource.
IS_KNOWN: Final = "ASK { $this ?property ?value }"

TRIPLES: Final = """
SELECT ?graph ?property ?value
WHERE { GRAPH ?graph { $this ?property ?value } }
ORDER BY ?property ?value ?graph
LIMIT $limit
OFFSET $offset
"""

#: Further names and definitions, which every part of a long page shows.
TEXTS: Final = """
SELECT DISTINCT ?graph ?property ?value
WHERE {
  VALUES ?property { skos:altLabel skos:definition }
  GRAPH ?graph { $this ?property ?value }
  $not_inferred
}
ORDER BY ?property ?graph ?value
LIMIT 100
"""

CLAIMS_ABOUT: Final = "?claim dk:subject $this ; dk:predicate ?any ."
#: Claims about what a recommendation advises.
CLAIMS_ABOUT_ADVICE: Final = (
    "?first dk:subject $this ; dk:predicate dk:advises ; dk:object ?action . "
    "?claim dk:subject ?action ; dk:predicate ?any ."
)
CLAIMS_TO: Final = "?claim dk:object $this ; dk:predicate ?any ."
CLAIMS_IN: Final = "?claim dk:statedIn $this ; dk:predicate ?any ."
CLAIMS_BESIDE: Final = "VALUES ?role { $beside } ?claim ?role $this ; dk:predicate ?any ."
CLAIMS_ON: Final = "VALUES ?relation { $relations } ?claim ?relation $this ; dk:predicate ?any ."

#: Who points here by a plain triple that is no claim's.
INCOMING: Final = """
SELECT DISTINCT ?thing ?property
WHERE {
  GRAPH ?graph { ?thing ?property $this }
  $by_hand
  FILTER(isIRI(?thing))
  FILTER NOT EXISTS { ?thing dk:predicate ?any }
}
ORDER BY ?property ?thing
LIMIT $limit
OFFSET $offset
"""

#: Things of which documents say most of what they say of a thing, as far as so many claims tell.
ALIKE: Final = """
SELECT ?other
WHERE {
  {
    SELECT ?other ?same
    WHERE {
      {
        SELECT DISTINCT ?predicate ?object
        WHERE { ?claim a dk:Claim ; dk:subject $this ; dk:predicate ?predicate ; dk:object ?object }
        LIMIT 100
      }
      ?same a dk:Claim ; dk:object ?object ; dk:predicate ?predicate ; dk:subject ?other .
      FILTER(?other != $this)
    }
    LIMIT 5000
  }
}
GROUP BY ?other
ORDER BY DESC(COUNT(DISTINCT ?same)) ?other
LIMIT 4
"""

#: Other things of which the document of a claim says the same, and in the same way.
SAME_SAID: Final = """
SELECT ?subject ?claim
WHERE {
  GRAPH ?graph {
    $this dk:predicate ?predicate ; dk:object ?object ; dk:subject ?own .
    ?claim dk:predicate ?predicate ; dk:object ?object ; dk:subject ?subject .
  }
  $not_inferred
  OPTIONAL { $this dk:negated ?denied }
  OPTIONAL { ?claim dk:negated ?also_denied }
  FILTER(?subject != ?own && COALESCE(?denied, false) = COALESCE(?also_denied, false))
}
ORDER BY ?subject ?claim
LIMIT 12
"""

#: How long each list of a thing's page is.
LENGTHS: Final = """
SELECT ?count
WHERE {
  { SELECT (COUNT(*) AS ?count) { GRAPH ?graph { $this ?property ?value } } }
  UNION { SELECT (COUNT(DISTINCT ?claim) AS ?count) { $claims_about } }
  UNION { SELECT (COUNT(DISTINCT ?claim) AS ?count) { $claims_to } }
  UNION { SELECT (COUNT(DISTINCT ?claim) AS ?count) { $claims_beside } }
  UNION {
    SELECT (COUNT(*) AS ?count) {
      GRAPH ?graph { ?thing ?property $this }
      $by_hand
      FILTER(isIRI(?thing))
      FILTER NOT EXISTS { ?thing dk:predicate ?any }
    }
  }
}
"""

#: When what a source says was fetched.
RETRIEVED: Final = """
SELECT ?source ?date
WHERE {
  VALUES ?source { $these }
  ?source dk:retrievedOn ?date .
}
"""

#: Names and kinds of many things at once.
NAMES: Final = """
SELECT ?thing ?label ?title ?sentence ?kind
WHERE {
  VALUES ?thing { $these }
  { ?thing rdfs:label|skos:prefLabel|foaf:name|schema:name ?label }
  UNION { ?thing dcterms:title ?title }
  UNION { ?thing dk:sentence|dk:reasonText ?sentence }
  UNION { GRAPH ?graph { ?thing a ?kind } $not_inferred FILTER(ISIRI(?kind)) }
}
"""

#: All that claims say of themselves; `$which` is a pattern that binds ?claim.
CLAIMS: Final = """
SELECT ?claim ?property ?value
WHERE {
  { SELECT DISTINCT ?claim WHERE { $which } ORDER BY ?claim LIMIT $limit OFFSET $offset }
  GRAPH ?graph { ?claim ?property ?value }
  $not_inferred
}
"""

#: Claims of different documents that contradict each other.
CONTRADICTIONS: Final = """
SELECT ?first ?second
WHERE {
  GRAPH graph:comparison { ?pair dk:comparisonKind dk:contradicts ; dk:firstClaim ?first ; dk:secondClaim ?second }
}
ORDER BY ?first ?second
"""

#: Those of some documents that have passages in their own graph; `$pairs` are graph and document. To look for
#: one triple is fast however large the graph is.
DOCUMENTS: Final = """
SELECT ?document
WHERE {
  VALUES (?graph ?document) { $pairs }
  FILTER EXISTS { GRAPH ?graph { ?passage dk:isPartOf ?document } }
}
"""

METADATA: Final = """
SELECT ?document ?property ?value
WHERE {
  VALUES ?document { $these }
  VALUES ?property { $properties }
  GRAPH ?graph { ?document ?property ?value }
  $not_inferred
}
ORDER BY ?document ?property ?value
"""

#: The passages of one document; `$graph` is its own.
PASSAGES: Final = """
SELECT ?passage ?kind ?order ?page ?estimated ?start ?end ?hash ?parent ?row ?column ?repeats
WHERE {
  GRAPH $graph {
    ?passage a ?kind ; dk:startOffset ?start ; dk:endOffset ?end .
    OPTIONAL { ?passage dk:isPartOf ?parent }
    OPTIONAL { ?passage dk:order ?order }
    OPTIONAL { ?passage dk:pageLabel ?page }
    OPTIONAL { ?passage dk:pageIsEstimated ?estimated }
    OPTIONAL { ?passage dk:textHash ?hash }
    OPTIONAL { ?passage dk:rowNumber ?row ; dk:columnNumber ?column }
    OPTIONAL { ?passage dk:repeatsPassage ?repeats }
  }
}
ORDER BY ?start ?order
"""

#: The things that a passage describes.
DESCRIBED_IN: Final = """
SELECT DISTINCT ?thing
WHERE { ?thing dk:describedIn $this }
ORDER BY ?thing
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

#: Every thing, claim and saved question, whatever its class; of too many, some.
ALL_PAGES: Final = """
SELECT DISTINCT ?thing
WHERE {
  GRAPH ?graph { ?thing a ?kind }
  $not_inferred
  FILTER(isIRI(?thing))
  FILTER(STRSTARTS(STR(?thing), STR(id:)) || STRSTARTS(STR(?thing), STR(claim:)) || STRSTARTS(STR(?thing), STR(query:)))
}
LIMIT $limit
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
