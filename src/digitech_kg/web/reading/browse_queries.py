"""The SPARQL that pages ask. `{this}` and `{these}` are IRIs written by `reader.node` and `reader.values`."""

from __future__ import annotations

from typing import Final

#: An answer longer than this is shown in parts, each with an address of its own.
MOST_ROWS: Final = 600

#: What the graph holds with the resource as subject, and what the pieces are called; and what it holds of parts whose
#: IRIs lead to the same document, such as `history/000001-…#activity`.
DESCRIPTION: Final = """
CONSTRUCT {{
  {this} ?property ?value .
  ?value rdfs:label ?label .
  ?part ?link ?end .
}}
WHERE {{
  {{
    {this} ?property ?value .
    OPTIONAL {{ ?value rdfs:label ?label }}
  }} UNION {{
    {this} ?via ?part .
    FILTER(ISIRI(?part) && STRSTARTS(STR(?part), CONCAT(STR({this}), "#")))
    ?part ?link ?end .
  }}
}}
"""

TRIPLES: Final = """
SELECT ?graph ?property ?value
WHERE {{ GRAPH ?graph {{ {this} ?property ?value }} }}
ORDER BY ?property ?value ?graph
LIMIT {limit}
OFFSET {offset}
"""

#: Further names and the definition, which every part of a long page shows.
TEXTS: Final = """
SELECT DISTINCT ?property ?value
WHERE {{
  VALUES ?property {{ skos:altLabel skos:definition }}
  {this} ?property ?value .
}}
ORDER BY ?property ?value
LIMIT 100
"""

#: How long each list of a thing's page is.
LENGTHS: Final = """
SELECT ?count
WHERE {{
  {{ SELECT (COUNT(*) AS ?count) {{ GRAPH ?graph {{ {this} ?property ?value }} }} }}
  UNION {{ SELECT (COUNT(DISTINCT ?claim) AS ?count) {{ ?claim dk:subject {this} ; dk:predicate ?any }} }}
  UNION {{ SELECT (COUNT(DISTINCT ?claim) AS ?count) {{ ?claim dk:object {this} ; dk:predicate ?any }} }}
  UNION {{
    SELECT (COUNT(DISTINCT ?claim) AS ?count) {{
      VALUES ?role {{ dk:heldBy dk:limitedTo dk:citedReason dk:attestedBy }}
      ?claim ?role {this} ; dk:predicate ?any .
    }}
  }}
  UNION {{
    SELECT (COUNT(*) AS ?count) {{
      GRAPH ?graph {{ ?thing ?property {this} }}
      FILTER(isIRI(?thing) && ?graph NOT IN (graph:statements, graph:evidence, graph:inferred, graph:catalog))
      FILTER NOT EXISTS {{ ?thing dk:predicate ?any }}
    }}
  }}
}}
"""

#: When what a source says was fetched.
RETRIEVED: Final = """
SELECT ?source ?date
WHERE {{
  VALUES ?source {{ {these} }}
  ?source dk:retrievedOn ?date .
}}
"""

#: Names and kinds of many things at once.
NAMES: Final = """
SELECT ?thing ?label ?comment ?kind
WHERE {{
  VALUES ?thing {{ {these} }}
  {{ ?thing rdfs:label|dcterms:title ?label }}
  UNION {{ ?thing rdfs:comment ?comment . ?thing dk:predicate ?any }}
  UNION {{ GRAPH ?graph {{ ?thing a ?kind }} FILTER(STRSTARTS(STR(?kind), STR(dk:)) && ?graph != graph:inferred) }}
}}
"""

#: All that claims say of themselves; `{which}` is a pattern that binds ?claim.
CLAIMS: Final = """
SELECT ?claim ?property ?value
WHERE {{
  {{ SELECT DISTINCT ?claim WHERE {{ {which} }} ORDER BY ?claim LIMIT {limit} OFFSET {offset} }}
  GRAPH ?graph {{ ?claim ?property ?value }}
  FILTER(?graph != graph:inferred)
}}
"""

CLAIMS_ABOUT: Final = "?claim dk:subject {this} ; dk:predicate ?any ."
#: Claims about what a recommendation advises.
CLAIMS_ABOUT_ADVICE: Final = (
    "?first dk:subject {this} ; dk:predicate dk:advises ; dk:object ?action . "
    "?claim dk:subject ?action ; dk:predicate ?any ."
)
CLAIMS_TO: Final = "?claim dk:object {this} ; dk:predicate ?any ."
CLAIMS_IN: Final = "?claim dk:statedIn {this} ; dk:predicate ?any ."
CLAIMS_BESIDE: Final = (
    "VALUES ?role {{ dk:heldBy dk:limitedTo dk:citedReason dk:attestedBy }} ?claim ?role {this} ; dk:predicate ?any ."
)
CLAIMS_ON: Final = (
    "VALUES ?relation {{ dk:supports dk:qualifies dk:disputes dk:illustrates dk:contrastsWith dk:followsFrom "
    "dk:repeats }} ?claim ?relation {this} ; dk:predicate ?any ."
)
CLAIMS_OF_DOCUMENT: Final = "?claim dk:statedIn/dk:isPartOf+ {this} ; dk:predicate ?any ."

#: Who points here by a plain triple that is no claim's.
INCOMING: Final = """
SELECT DISTINCT ?thing ?property
WHERE {{
  GRAPH ?graph {{ ?thing ?property {this} }}
  FILTER(isIRI(?thing) && ?graph NOT IN (graph:statements, graph:evidence, graph:inferred, graph:catalog))
  FILTER NOT EXISTS {{ ?thing dk:predicate ?any }}
}}
ORDER BY ?property ?thing
LIMIT {limit}
OFFSET {offset}
"""

PASSAGES: Final = """
SELECT ?passage ?kind ?order ?page ?estimated ?start ?end ?hash ?parent ?row ?column ?repeats
WHERE {{
  ?passage dk:isPartOf+ {this} .
  GRAPH ?graph {{ ?passage a ?kind ; dk:startOffset ?start ; dk:endOffset ?end }}
  FILTER(?graph != graph:inferred)
  OPTIONAL {{ GRAPH ?graph {{ ?passage dk:isPartOf ?parent }} }}
  OPTIONAL {{ ?passage dk:order ?order }}
  OPTIONAL {{ ?passage dk:pageLabel ?page ; dk:pageIsEstimated ?estimated }}
  OPTIONAL {{ ?passage dk:textHash ?hash }}
  OPTIONAL {{ ?passage dk:rowNumber ?row ; dk:columnNumber ?column }}
  OPTIONAL {{ ?passage dk:repeatsPassage ?repeats }}
}}
ORDER BY ?start ?order
"""

DOCUMENTS: Final = """
SELECT DISTINCT ?document
WHERE {
  GRAPH ?graph { ?section a dk:Section ; dk:isPartOf ?document }
  FILTER(?graph != graph:inferred)
  FILTER NOT EXISTS { ?document dk:startOffset ?any }
}
ORDER BY ?document
"""

SECTORS: Final = """
SELECT DISTINCT ?sector ?company ?negated
WHERE {
  ?sector a dk:Sector .
  ?claim dk:predicate dk:isInSector ; dk:object ?sector ; dk:subject ?company .
  ?company a dk:Company .
  FILTER NOT EXISTS { ?claim dk:negated true }
}
ORDER BY ?sector ?company
"""

CONCERNS: Final = """
SELECT DISTINCT ?area ?concern
WHERE {
  ?area rdfs:subClassOf dk:Concern .
  ?concern a ?area .
  FILTER NOT EXISTS { GRAPH graph:inferred { ?concern a ?area } }
}
ORDER BY ?area ?concern
"""

RECOMMENDATIONS: Final = """
SELECT DISTINCT ?recommendation ?number
WHERE {
  ?recommendation a dk:Recommendation .
  OPTIONAL { ?recommendation dk:numberInDocument ?number }
}
ORDER BY ?number ?recommendation
"""

#: One row per fact about a passage; each variable comes in rows of its own.
PASSAGE: Final = """
SELECT ?kind ?page ?estimated ?hash ?start ?end ?ancestor ?thing ?repeats ?part
WHERE {{
  {{ GRAPH ?graph {{ {this} a ?kind ; dk:startOffset ?begin }} FILTER(STRSTARTS(STR(?kind), STR(dk:))) }}
  UNION {{ {this} dk:pageLabel ?page ; dk:pageIsEstimated ?estimated }}
  UNION {{ {this} dk:textHash ?hash ; dk:startOffset ?start ; dk:endOffset ?end }}
  UNION {{ GRAPH ?graph {{ {this} dk:isPartOf+ ?ancestor }} FILTER(?graph != graph:inferred) }}
  UNION {{ ?thing dk:describedIn {this} }}
  UNION {{ {this} dk:repeatsPassage ?repeats }}
  UNION {{ GRAPH ?graph {{ ?part dk:isPartOf {this} . {this} dk:startOffset ?first }} }}
}}
ORDER BY ?ancestor ?thing ?part
"""

#: Claims whose two ends are of two classes; `{rows}` and `{columns}` are IRIs of classes.
MATRIX: Final = """
SELECT DISTINCT ?claim ?row ?column
WHERE {{
  VALUES ?rowClass {{ {rows} }}
  ?claim dk:subject ?row ; dk:predicate ?predicate ; dk:object ?column .
  ?column a/rdfs:subClassOf* {columns} .
  ?row a/rdfs:subClassOf* ?rowClass .
}}
ORDER BY ?row ?column ?claim
LIMIT {limit}
"""

#: Claims on the ownership of companies, by sector.
OWNERSHIP: Final = """
SELECT DISTINCT ?claim ?row ?column
WHERE {{
  ?claim dk:subject ?company ; dk:predicate dk:hasOwnershipKind ; dk:object ?column .
  ?other dk:subject ?company ; dk:predicate dk:isInSector ; dk:object ?row .
}}
ORDER BY ?row ?column ?claim
LIMIT {limit}
"""

TIMES: Final = """
SELECT DISTINCT ?claim ?thing ?time
WHERE {{
  {{ ?claim dk:subject ?thing ; dk:predicate ?any ; dk:time ?time }}
  UNION {{
    VALUES ?predicate {{ dk:occursIn dk:adoptedIn dk:foundedIn dk:editionYear dk:publicationYear }}
    ?claim dk:subject ?thing ; dk:predicate ?predicate ; dk:value ?time
  }}
}}
ORDER BY ?time ?thing ?claim
LIMIT {limit}
"""

#: How many claims of which certainty each sentence and cell carries.
COVERAGE: Final = """
SELECT ?document ?section ?passage ?order ?certainty (COUNT(DISTINCT ?claim) AS ?claims)
WHERE {{
  VALUES ?kind {{ dk:Sentence dk:TableCell dk:HeaderCell }}
  ?passage a ?kind ; dk:order ?order ; dk:isPartOf+ ?section .
  ?section a dk:Section ; dk:isPartOf ?document .
  OPTIONAL {{ ?claim dk:statedIn ?passage ; dk:certainty ?certainty }}
}}
GROUP BY ?document ?section ?passage ?order ?certainty
ORDER BY ?document ?order ?certainty
LIMIT {limit}
"""

DEFINITIONS: Final = """
SELECT ?thing ?definition
WHERE {{
  VALUES ?thing {{ {these} }}
  ?thing skos:definition ?definition .
  FILTER(LANG(?definition) = "en")
}}
"""

ALL_PAGES: Final = """
SELECT DISTINCT ?thing
WHERE {{
  GRAPH ?graph {{ ?thing a ?kind }}
  FILTER(isIRI(?thing) && STRSTARTS(STR(?kind), STR(dk:)) && ?graph NOT IN (graph:inferred, graph:ontology))
  FILTER(STRSTARTS(STR(?thing), STR(id:)) || STRSTARTS(STR(?thing), STR(claim:)) || STRSTARTS(STR(?thing), STR(query:)))
}}
ORDER BY ?thing
LIMIT {limit}
"""

#: Which things claims are about.
CLAIM_SUBJECTS: Final = """
SELECT DISTINCT ?claim ?thing
WHERE {{
  VALUES ?claim {{ {these} }}
  ?claim dk:subject ?thing .
}}
ORDER BY ?claim ?thing
"""
