"""Claims as a graph: which things they join, what lies around a thing, and how two things hang together.

In the SPARQL, `$name` is as in `fill`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.firmness import manner_of
from digitech_kg.claims.model import Claim, make_claim
from digitech_kg.iteration import batched
from digitech_kg.parts.explore.selection import Selection
from digitech_kg.web.reading.reader import GraphReader, Row, fill, node, text_of, values

#: Claims of one look-up; a thing with more claims is shown with those, and the page says so.
MOST_EDGES: Final = 1000

#: Patterns that bind ?claim: claims that join one of some things to another, and all that join two things.
AROUND: Final = """
  { VALUES ?subject { $these } ?claim dk:subject ?subject ; dk:object ?object }
  UNION
  { VALUES ?object { $these } ?claim dk:object ?object ; dk:subject ?subject }
"""
BETWEEN: Final = "?claim dk:subject ?subject ; dk:object ?object ."

#: What claims say of themselves.
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

#: What a first look begins with: what most documents speak of, as far as some of the claims tell.
MOST_SPOKEN_OF: Final = """
SELECT ?thing
WHERE {
  { SELECT ?graph ?thing ?other { GRAPH ?graph { ?claim dk:subject ?thing ; dk:object ?other } } LIMIT 5000 }
  UNION
  { SELECT ?graph ?thing ?other { GRAPH ?graph { ?claim dk:object ?thing ; dk:subject ?other } } LIMIT 5000 }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}
GROUP BY ?thing
ORDER BY DESC(COUNT(DISTINCT ?graph)) DESC(COUNT(*)) ?thing
LIMIT 1
"""

#: The kinds that most things are of, as far as some of them tell.
KINDS: Final = """
SELECT ?kind
WHERE {
  {
    SELECT ?thing ?kind
    WHERE {
      GRAPH ?graph { ?thing a ?kind }
      $not_inferred
      FILTER(STRSTARTS(STR(?thing), STR(id:)) && ISIRI(?kind))
    }
    LIMIT 5000
  }
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


#: Things that a search for a path looks at, and the claims that it may be long.
_MOST_VISITED, _LONGEST = 4000, 12
#: A thing with more neighbours joins almost everything, so a path through it says little.
_HUB = 40


@dataclass(frozen=True)
class Edge:
    """A claim between two things, or a relation that was inferred (then without a claim)."""

    subject: str
    predicate: str
    object: str
    claim: Claim | None = None

    @property
    def key(self) -> str:
        """What tells it from all others: the claim, or the three ends."""
        return self.claim.iri.value if self.claim else " ".join((self.subject, self.predicate, self.object))

    @property
    def manner(self) -> str:
        """How it is drawn: as the claim is made, as a plain fact only if nothing takes anything back."""
        return manner_of(self.claim) if self.claim else "inferred"

    @property
    def holds(self) -> bool:
        """Whether it joins its ends: what is denied, or what the author disputes, does not."""
        return self.manner != "disputed" and not (self.claim and self.claim.is_negated)

    @property
    def ends(self) -> frozenset[str]:
        """The two things."""
        return frozenset((self.subject, self.object))

    def other(self, thing: str) -> str:
        """Return the end that is not `thing`."""
        return self.object if self.subject == thing else self.subject


def edges_around(reader: GraphReader, things: Iterable[str], selection: Selection) -> list[Edge]:
    """Return what joins the things to others or each other, within the selection's filters but kind and manner."""
    edges: dict[str, Edge] = {}
    for batch in batched(sorted(set(things))):
        these = values(batch)
        found = _claimed(reader, fill(AROUND, these=these), selection)
        if selection.inferred and selection.denied != "only" and not selection.passage:
            found += _inferred(reader, these)
        edges |= {edge.key: edge for edge in found}
    return list(edges.values())


def edges_of_passage(reader: GraphReader, selection: Selection) -> list[Edge]:
    """Return what the selection's passage and its parts say of things."""
    return _claimed(reader, BETWEEN, selection)


def _claimed(reader: GraphReader, which: str, selection: Selection) -> list[Edge]:
    parts = {"which": which, "conditions": _conditions(reader, selection), "limit": MOST_EDGES}
    claims = _claims_of(reader.rows(EDGES, **parts))
    edges = (_edge(claim) for claim in claims if not (selection.denied == "no" and claim.is_negated))
    return [edge for edge in edges if edge is not None]


def _edge(claim: Claim) -> Edge | None:
    """Return a claim as an edge; None if it does not join two different things."""
    triple = claim.triple
    if triple is None or not isinstance(triple.object, NamedNode) or triple.subject == triple.object:
        return None
    return Edge(claim.subject.value, triple.predicate.value, triple.object.value, claim)  # type: ignore[union-attr]


def _inferred(reader: GraphReader, these: str) -> list[Edge]:
    def edge(row: Row) -> Edge:
        return Edge(text_of(row, "subject"), text_of(row, "predicate"), text_of(row, "object"))

    rows = reader.rows(INFERRED_EDGES, these=these, limit=MOST_EDGES)
    return [found for found in map(edge, rows) if found.subject != found.object]


def _conditions(reader: GraphReader, selection: Selection) -> str:
    found = [] if selection.outside else [NOT_OUTSIDE]
    if selection.denied == "only":
        found.append(ONLY_DENIED)
    if selection.passage:
        passage = node(reader.names.prefixes["passage"] + selection.passage)
        found.append(fill(STATED_IN, this=passage))
    return "\n      ".join(found)


def shortest_path(reader: GraphReader, start: str, end: str, selection: Selection) -> tuple[str, ...]:
    """Return the things on a shortest path, both ends included; nothing if there is none within reach.

    It does not lead through documents and their authors, nor, if there is another, through what nearly everything
    is joined to. A claim that is denied, or that the author disputes, joins nothing. The search goes on from the end
    with fewer open ways, so a thing with many neighbours costs little.
    """
    metadata = _metadata(reader) - {start, end}
    found = _search(reader, start, end, selection, metadata, hub=_HUB)
    return found or _search(reader, start, end, selection, metadata, hub=_MOST_VISITED)


def _metadata(reader: GraphReader) -> set[str]:
    documents = reader.book.documents.values()
    rows = reader.rows(METADATA, these=values(documents)) if documents else []
    return {text_of(row, "thing") for row in rows}


def _search(
    reader: GraphReader, start: str, end: str, selection: Selection, barred: set[str], *, hub: int
) -> tuple[str, ...]:
    came: tuple[dict[str, str], dict[str, str]] = ({start: ""}, {end: ""})
    fringes = [[start], [end]]
    for _ in range(_LONGEST):
        if start == end or not all(fringes) or sum(map(len, came)) > _MOST_VISITED:
            break
        side = 0 if len(fringes[0]) <= len(fringes[1]) else 1
        fringes[side] = _step(reader, fringes[side], came[side], selection, barred, hub)
        meeting = [thing for thing in fringes[side] if thing in came[1 - side]]
        if meeting:
            return _walk(min(meeting), came[0])[::-1] + _walk(min(meeting), came[1])[1:]
    return (start,) if start == end else ()


def _step(
    reader: GraphReader, fringe: list[str], came: dict[str, str], selection: Selection, barred: set[str], hub: int
) -> list[str]:
    """Go one claim further from all of the fringe, and note where each new thing was reached from."""
    inside, near = set(fringe), defaultdict[str, dict[str, None]](dict)
    for edge in edges_around(reader, fringe, selection):
        if edge.holds and is_wanted(edge, selection):
            for here in sorted(edge.ends & inside):
                near[here][edge.other(here)] = None
    found = []
    for here, others in near.items():
        if came[here] and len(others) > hub:
            continue
        for other in others:
            if other not in came and other not in barred:
                came[other] = here
                found.append(other)
    return found


def _walk(thing: str, came: dict[str, str]) -> tuple[str, ...]:
    steps = [thing]
    while came[steps[-1]]:
        steps.append(came[steps[-1]])
    return tuple(steps)


def is_wanted(edge: Edge, selection: Selection) -> bool:
    """Whether the selection asks for claims made in this manner; what is inferred is asked for apart."""
    return not selection.manners or edge.claim is None or edge.manner in selection.manners


def nearest(edges: Iterable[Edge], seeds: Iterable[str], allowed: set[str] | None, limit: int) -> set[str]:
    """Return for each seed at most `limit` neighbours: first those joined to several seeds, or by several claims."""
    seeds, joined = set(seeds), defaultdict[str, dict[str, int]](lambda: defaultdict(int))
    for edge in edges:
        for seed in edge.ends & seeds:
            joined[edge.other(seed)][seed] += 1
    chosen: set[str] = set()
    candidates = [thing for thing in joined if thing not in seeds and (allowed is None or thing in allowed)]
    ranked = sorted(candidates, key=lambda thing: (-len(joined[thing]), -sum(joined[thing].values()), thing))
    for seed in seeds:
        chosen |= set([thing for thing in ranked if seed in joined[thing]][:limit])
    return chosen


def _claims_of(rows: Iterable[Row]) -> list[Claim]:
    """Return the claims of which rows say `?property` and `?value`, by IRI."""
    found: dict[NamedNode, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        claim, prop = row["claim"], row["property"]
        if isinstance(claim, NamedNode) and isinstance(prop, NamedNode):
            found[claim][prop].append(row["value"])
    return [make_claim(claim, found[claim]) for claim in sorted(found, key=lambda claim: claim.value)]
