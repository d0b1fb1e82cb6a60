"""Claims as a graph: which things they join, and what lies around a thing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import value_of
from digitech_kg.web.reading.reader import GraphReader

#: Claims of one look-up; a thing with more claims is shown with those, and the page says so.
MOST_EDGES: Final = 1000
#: The claims between two things that have one of some things as either.
_AROUND: Final = """
WITH wanted(id) AS (
  SELECT term.id FROM json_each(:things) this JOIN term ON term.text = this.value AND term.kind = 0)
SELECT iri.text FROM (
  SELECT claim.* FROM wanted JOIN claim ON claim.subject = wanted.id
  UNION SELECT claim.* FROM wanted JOIN claim ON claim.object = wanted.id
) claim JOIN term iri ON iri.id = claim.id JOIN term subject ON subject.id = claim.subject
JOIN term object ON object.id = claim.object AND object.kind = 0
WHERE subject.text BETWEEN :first AND :last AND object.text BETWEEN :first AND :last
  AND (:outside OR claim.voice != 'outside')
ORDER BY iri.text LIMIT :limit
"""


@dataclass(frozen=True)
class Edge:
    """A claim that joins two different things, the ends."""

    ends: frozenset[str]
    claim: Claim


def edges_around(reader: GraphReader, things: Iterable[str], *, outside: bool) -> list[Edge]:
    """Return what joins the things to others or each other; what other sources say only if asked for."""
    root = reader.names.prefixes["id"]
    rows = reader.book.rows(
        _AROUND,
        things=json.dumps(sorted(set(things))),
        first=root,
        last=f"{root}\U0010ffff",
        outside=outside,
        limit=MOST_EDGES,
    )
    found = ((claim, claim.triple) for claim in reader.book.claims(iri for (iri,) in rows))
    return [
        Edge(frozenset((value_of(triple.subject), triple.object.value)), claim)
        for claim, triple in found
        if triple and isinstance(triple.object, NamedNode) and triple.subject != triple.object
    ]


def nearest(edges: Iterable[Edge], seeds: Iterable[str], limit: int) -> set[str]:
    """Return for each seed at most `limit` neighbours: first those joined to several seeds, or by several claims."""
    seeds, joined = set(seeds), defaultdict[str, dict[str, int]](lambda: defaultdict(int))
    for edge in edges:
        for seed in edge.ends & seeds:
            for other in edge.ends - seeds:
                joined[other][seed] += 1
    ranked = sorted(joined, key=lambda thing: (-len(joined[thing]), -sum(joined[thing].values()), thing))
    return {thing for seed in seeds for thing in [each for each in ranked if seed in joined[each]][:limit]}
