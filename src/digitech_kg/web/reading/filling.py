"""Puts IRIs and common patterns into the SPARQL of pages, in which `$name` stands for each."""

from __future__ import annotations

from string import Template
from typing import Final

from digitech_kg.claims.model import AFFIRMED, PLAIN
from digitech_kg.claims.reserves import AXES, RELATIONS
from digitech_kg.namespaces import DK

#: Patterns that queries name. Whether a claim is plain is asked by those of `digitech_kg.claims.model` alone.
_PATTERNS: Final = {
    "plain": PLAIN,
    "affirmed": AFFIRMED,
    #: What does not follow by reasoning.
    "not_inferred": 'FILTER(!STRENDS(STR(?graph), "/inferred"))',
    #: What files or updates hold.
    "by_hand": (
        "FILTER(?graph NOT IN (graph:catalog, graph:comparison) "
        '&& !REGEX(STR(?graph), "/(statements|evidence|inferred)$"))'
    ),
    #: The properties of all axes.
    "axes": " ".join(str(axis.property) for axis in AXES),
    #: The properties by which a thing stands beside what a claim says: holder, limit, condition, reason, source.
    "beside": " ".join(str(p) for p in (*(axis.property for axis in AXES if not axis.values), DK.attestedBy)),
    #: The properties by which claims bear on claims.
    "relations": " ".join(map(str, RELATIONS)),
}


def fill(query: str, **parts: object) -> str:
    """Return a query with its parts. Raises `KeyError` for a name without one.

    >>> fill("SELECT ?o { $this ?p ?o }", this="<urn:x>")
    'SELECT ?o { <urn:x> ?p ?o }'
    """
    return Template(query).substitute(_PATTERNS, **{name: str(part) for name, part in parts.items()})
