"""Queries that people are given to go on from: each finds what one page shows."""

from __future__ import annotations

from typing import Final

from digitech_kg.web.reading.reader import node

_PREFIXES = """PREFIX dk: <https://w3id.org/digitech-kg/ontology#>
PREFIX graph: <https://w3id.org/digitech-kg/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""

_THING: Final = """# What the graph says of {this}: claims in any role, plain facts, and what follows.
SELECT ?role ?predicate ?other ?certainty ?negated ?claim ?passage ?paraphrase
WHERE {{
  {{
    {{ ?claim dk:subject {this} . OPTIONAL {{ ?claim dk:object|dk:value ?other }} BIND("subject" AS ?role) }}
    UNION
    {{ ?claim dk:object {this} ; dk:subject ?other . BIND("object" AS ?role) }}
    UNION
    {{
      VALUES (?link ?role) {{
        (dk:heldBy "holder") (dk:limitedTo "limit") (dk:citedReason "reason") (dk:attestedBy "source")
      }}
      ?claim ?link {this} ; dk:subject ?other .
    }}
    ?claim dk:predicate ?predicate ;
      dk:certainty ?certainty ;
      rdfs:comment ?paraphrase .
    OPTIONAL {{ ?claim dk:negated ?negated }}
    OPTIONAL {{ ?claim dk:statedIn ?passage }}
  }}
  UNION
  {{ GRAPH graph:inferred {{ {this} ?predicate ?other }} BIND("inferred" AS ?role) }}
  UNION
  {{
    GRAPH ?graph {{ {this} ?predicate ?other }}
    FILTER(?graph NOT IN (graph:statements, graph:evidence, graph:inferred, graph:catalog))
    BIND("fact" AS ?role)
  }}
}}
ORDER BY DESC(BOUND(?claim)) ?role ?predicate ?claim
"""

_CLAIM: Final = """# Everything about one claim, and which claims bear on it.
SELECT ?direction ?property ?value
WHERE {{
  {{ {this} ?property ?value . BIND("of the claim" AS ?direction) }}
  UNION
  {{ ?value ?property {this} ; dk:predicate ?any . BIND("towards it" AS ?direction) }}
}}
ORDER BY ?direction ?property ?value
"""

_PASSAGE: Final = """# The claims made from one passage.
SELECT ?claim ?subject ?predicate ?object ?certainty ?negated ?paraphrase
WHERE {{
  ?claim dk:statedIn {this} ;
    dk:subject ?subject ;
    dk:predicate ?predicate ;
    dk:object|dk:value ?object ;
    dk:certainty ?certainty ;
    rdfs:comment ?paraphrase .
  OPTIONAL {{ ?claim dk:negated ?negated }}
}}
ORDER BY ?claim
"""


def query_thing(iri: str) -> str:
    """Give a query for what the page of a thing shows. Raises `NotFound` for text that is no IRI, as all here do."""
    return _fill(_THING, iri)


def query_claim(iri: str) -> str:
    """Give a query for everything about a claim."""
    return _fill(_CLAIM, iri)


def query_passage(iri: str) -> str:
    """Give a query for the claims that cite a passage."""
    return _fill(_PASSAGE, iri)


def _fill(query: str, iri: str) -> str:
    body = query.format(this=node(iri))
    used = [line for line in _PREFIXES.splitlines() if f"{line.split()[1]}" in body]
    return "\n".join([*used, body])
