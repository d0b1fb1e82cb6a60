"""Queries that people are given to go on from: each finds what one page shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from digitech_kg.book import ClaimFilter
from digitech_kg.claims.firmness import KINDS, LEVELS, OTHER_LEVEL, VOICES
from digitech_kg.claims.reserves import LIMITS
from digitech_kg.namespaces import DK, Namespaces
from digitech_kg.web.reading.reader import fill, node

_THING: Final = """# What the graph says of $this: claims in any role, plain facts, and what follows.
SELECT ?role ?predicate ?other ?sentence ?negated ?certainty ?claim ?passage
WHERE {
  {
    { ?claim dk:subject $this . OPTIONAL { ?claim dk:object|dk:value ?other } BIND("subject" AS ?role) }
    UNION
    { ?claim dk:object $this ; dk:subject ?other . BIND("object" AS ?role) }
    UNION
    {
      VALUES (?link ?role) {
        (dk:heldBy "holder") (dk:condition "condition") (dk:reason "reason") (dk:comparedWith "comparison")
        (dk:limitedToPlace "limit") (dk:limitedToField "limit") (dk:limitedToGroup "limit")
        (dk:attestedBy "source")
      }
      ?claim ?link $this ; dk:subject ?other .
    }
    ?claim dk:predicate ?predicate .
    OPTIONAL { ?claim dk:sentence ?sentence . FILTER(LANGMATCHES(LANG(?sentence), "$language")) }
    OPTIONAL { ?claim dk:negated ?negated }
    OPTIONAL { ?claim dk:certainty ?certainty }
    OPTIONAL { ?claim dk:statedIn ?passage }
  }
  UNION
  {
    GRAPH ?graph { $this ?predicate ?other }
    FILTER(STRENDS(STR(?graph), "/inferred"))
    BIND("inferred" AS ?role)
  }
  UNION
  {
    GRAPH ?graph { $this ?predicate ?other }
    $by_hand
    BIND("fact" AS ?role)
  }
}
ORDER BY DESC(BOUND(?claim)) ?role ?predicate ?claim
"""

_CLAIM: Final = """# Everything about one claim, and which claims bear on it.
SELECT ?direction ?property ?value
WHERE {
  { $this ?property ?value . BIND("of the claim" AS ?direction) }
  UNION
  { ?value ?property $this ; dk:predicate ?any . BIND("towards it" AS ?direction) }
}
ORDER BY ?direction ?property ?value
"""

_PASSAGE: Final = """# The claims made from one passage.
SELECT ?sentence ?subject ?predicate ?object ?negated ?certainty ?claim
WHERE {
  ?claim dk:statedIn $this ;
    dk:subject ?subject ;
    dk:predicate ?predicate ;
    dk:object|dk:value ?object .
  OPTIONAL { ?claim dk:sentence ?sentence . FILTER(LANGMATCHES(LANG(?sentence), "$language")) }
  OPTIONAL { ?claim dk:negated ?negated }
  OPTIONAL { ?claim dk:certainty ?certainty }
}
ORDER BY ?claim
"""

#: What people begin with who have no question yet: it finds something in every dataset with a claim.
_EXAMPLE: Final = """SELECT ?claim ?sentence
WHERE {
  ?claim a dk:Claim ;
    dk:sentence ?sentence .
  FILTER(LANGMATCHES(LANG(?sentence), "$language"))
}
ORDER BY ?claim
LIMIT 20
"""


#: Claims with their sentences, how they are put, and where; `$which` narrows them.
_CLAIMS: Final = """# Claims as sentences, with how firmly they are put and where.
SELECT DISTINCT ?statement ?kind ?certainty ?word ?holder ?document ?passage
WHERE {
  GRAPH ?graph { ?claim a dk:Claim ; dk:statedIn ?where . }
  ?claim dk:sentence ?statement .
  FILTER(LANGMATCHES(LANG(?statement), "$language"))
$which  OPTIONAL { ?claim dk:mood/rdfs:label ?kind . FILTER(LANGMATCHES(LANG(?kind), "$language")) }
  OPTIONAL { ?claim dk:certainty/rdfs:label ?certainty . FILTER(LANGMATCHES(LANG(?certainty), "$language")) }
  OPTIONAL { ?claim dk:cue ?word }
  OPTIONAL { ?claim dk:heldBy/rdfs:label ?holder . FILTER(LANGMATCHES(LANG(?holder), "$language")) }
  OPTIONAL { ?where dk:isPartOf+ ?whole . ?whole dcterms:title ?document }
  OPTIONAL { ?where rdfs:label ?passage . FILTER(LANGMATCHES(LANG(?passage), "$language")) }
}
ORDER BY ?document ?passage ?statement
"""


def query_thing(names: Namespaces, iri: str) -> str:
    """Return a query for what the page of a thing shows. Raises `NotFound` for text that isn't an IRI."""
    return _declare(names, fill(_THING, this=node(iri), language=names.languages[0]))


def query_claim(names: Namespaces, iri: str) -> str:
    """Return a query for everything about a claim. Raises `NotFound` for text that isn't an IRI."""
    return _declare(names, fill(_CLAIM, this=node(iri)))


def query_passage(names: Namespaces, iri: str) -> str:
    """Return a query for the claims that cite a passage. Raises `NotFound` for text that isn't an IRI."""
    return _declare(names, fill(_PASSAGE, this=node(iri), language=names.languages[0]))


def query_claims(names: Namespaces, wanted: ClaimFilter) -> str:
    """Return a query for the claims that a filter takes, as a table for people."""
    which = "".join(f"  {line}\n" for line in _narrow(names, wanted))
    return _declare(names, fill(_CLAIMS, language=names.languages[0], which=which))


def _narrow(names: Namespaces, wanted: ClaimFilter) -> Iterator[str]:
    """Yield the patterns that a filter stands for."""
    for prop, key, unmarked in (("mood", wanted.kind, KINDS[0]), ("certainty", wanted.certainty, LEVELS[0])):
        if prop == "certainty" and key == OTHER_LEVEL:
            known = ", ".join(f"dk:{level}" for level in LEVELS[1:])
            yield f"?claim dk:certainty ?level . FILTER(?level NOT IN ({known}))"
        elif key:
            yield _without(f"dk:{prop}") if key == unmarked else f"?claim dk:{prop} dk:{key} ."
    if wanted.voice:
        yield _without("dk:heldBy") if wanted.voice == VOICES[0] else "?claim dk:heldBy ?any ."
    if wanted.denied:
        yield "?claim dk:negated true ." if wanted.denied == "1" else "FILTER NOT EXISTS { ?claim dk:negated true }"
    if wanted.reserve:
        properties = LIMITS if wanted.reserve == "limit" else (DK.condition,)
        yield f"?claim {'|'.join(names.shorten(prop.value) for prop in properties)} ?reserve ."
    if wanted.document:
        yield f"FILTER(?graph = {names.graphs.document(wanted.document)})"


def _without(prop: str) -> str:
    return f"FILTER NOT EXISTS {{ ?claim {prop} ?any }}"


def query_example(names: Namespaces) -> str:
    """Return a query to begin with."""
    return _declare(names, fill(_EXAMPLE, language=names.languages[0]))


def _declare(names: Namespaces, body: str) -> str:
    """Return a query with the prefixes that it uses declared."""
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in names.prefixes_in(body)) + body
