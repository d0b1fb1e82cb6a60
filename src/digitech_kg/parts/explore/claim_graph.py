"""Claims as a graph: which things they join, and what lies around a thing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.firmness import manner_of
from digitech_kg.claims.model import Claim
from digitech_kg.parts.explore.selection import Selection
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
  AND (:outside OR claim.voice != 'outside') AND claim.denied >= :denied
ORDER BY iri.text LIMIT :limit
"""
#: Relations between things that nothing but reasoning gives.
_INFERRED: Final = """
WITH wanted(id) AS (
  SELECT term.id FROM json_each(:things) this JOIN term ON term.text = this.value AND term.kind = 0)
SELECT DISTINCT subject.text, property.text, object.text FROM (
  SELECT said.* FROM wanted JOIN said ON said.subject = wanted.id
  UNION SELECT said.* FROM wanted JOIN said ON said.object = wanted.id
) said JOIN graph ON graph.id = said.graph AND graph.inferred JOIN term subject ON subject.id = said.subject
JOIN term property ON property.id = said.property JOIN term object ON object.id = said.object AND object.kind = 0
WHERE subject.text BETWEEN :first AND :last AND object.text BETWEEN :first AND :last ORDER BY 1, 2, 3 LIMIT :limit
"""


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
    def ends(self) -> frozenset[str]:
        """The two things."""
        return frozenset((self.subject, self.object))

    def other(self, thing: str) -> str:
        """Return the end that is not `thing`."""
        return self.object if self.subject == thing else self.subject


def edges_around(reader: GraphReader, things: Iterable[str], selection: Selection) -> list[Edge]:
    """Return what joins the things to others or each other, within the selection's filters but kind and manner."""
    wanted = json.dumps(sorted(set(things)))
    edges = _claimed(reader, wanted, selection)
    if selection.inferred and selection.denied != "only":
        edges += _inferred(reader, wanted)
    return list({edge.key: edge for edge in edges}.values())


def _between(reader: GraphReader, things: str) -> dict[str, object]:
    """Return the values by which statements look for what joins things of the project."""
    root = reader.names.prefixes["id"]
    return {"things": things, "first": root, "last": f"{root}\U0010ffff", "limit": MOST_EDGES}


def _claimed(reader: GraphReader, things: str, selection: Selection) -> list[Edge]:
    rows = reader.book.rows(
        _AROUND,
        **_between(reader, things),
        outside=selection.outside,
        denied=selection.denied == "only",
    )
    claims = reader.book.claims(iri for (iri,) in rows)
    edges = (_edge(claim) for claim in claims if not (selection.denied == "no" and claim.is_negated))
    return [edge for edge in edges if edge is not None]


def _edge(claim: Claim) -> Edge | None:
    """Return a claim as an edge; None if it does not join two different things."""
    triple = claim.triple
    if triple is None or not isinstance(triple.object, NamedNode) or triple.subject == triple.object:
        return None
    return Edge(claim.subject.value, triple.predicate.value, triple.object.value, claim)  # type: ignore[union-attr]


def _inferred(reader: GraphReader, things: str) -> list[Edge]:
    rows = reader.book.rows(_INFERRED, **_between(reader, things))
    return [Edge(subject, predicate, thing) for subject, predicate, thing in rows if subject != thing]


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
