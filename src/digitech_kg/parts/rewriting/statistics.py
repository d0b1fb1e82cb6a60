"""What is counted of a version: triples in all, by property, class and kinds of ends; subjects and objects.

The counts stand in a small file beside the store. Those of the version before are brought up to date by its change;
after a large change the engine counts all of them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from digitech_kg.snapshot.changes import Change
from digitech_kg.sparql_text.tree import RDF_TYPE
from digitech_kg.triple_store import count_distinct

#: The IRI of a property, that of a class if it is `rdf:type` and there is one, and the kinds of subject and object.
Kind = tuple[str, str, str]
#: Kinds of terms, as SPARQL's functions name them.
_NAMES_OF_KINDS: Final = {NamedNode: "iri", BlankNode: "blank", Literal: "literal", Triple: "triple"}


_FILE: Final = "statistics.json"
_ENDS: Final = ("subject", "object")
#: To look up each end of a larger change takes longer than to count all of them.
_LARGE: Final = 50_000
#: A triple counts in each graph that has it.
_QUADS: Final = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
_COUNT: Final = f"""
SELECT ?p ?class ?ends (COUNT(*) AS ?count) WHERE {{ {_QUADS}
  BIND(IF(?p = <{RDF_TYPE}> && isIRI(?o), STR(?o), "") AS ?class)
  BIND(IF(isIRI(?o), "iri", IF(isBLANK(?o), "blank", IF(isLITERAL(?o), "literal", "triple"))) AS ?end)
  BIND(CONCAT(IF(isIRI(?s), "iri ", "blank "), ?end) AS ?ends)
}} GROUP BY ?p ?class ?ends
"""


@dataclass(frozen=True)
class Statistics:
    """Counts over all graphs, where a triple counts in each graph that has it: so the engine counts in their union."""

    triples: int = 0
    properties: Mapping[str, int] = field(default_factory=dict)
    #: Triples with `rdf:type` by the IRI of the class.
    classes: Mapping[str, int] = field(default_factory=dict)
    #: Triples by the kinds of their subject and object, such as "iri literal".
    ends: Mapping[str, int] = field(default_factory=dict)
    #: How many terms are the subject, or the object, of a triple with a property; of any with "".
    subjects: Mapping[str, int] = field(default_factory=dict)
    objects: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def all_classes_have_names(self) -> bool:
        """Whether each type is an IRI, so that the classes here are all."""
        return sum(self.classes.values()) == self.properties.get(RDF_TYPE, 0)

    def with_end(self, place: int, kind: str) -> int:
        """Return how many triples have a term of a kind as their subject (place 0) or object (1)."""
        return sum(count for ends, count in self.ends.items() if ends.split()[place] == kind)

    def after(
        self,
        added: Mapping[Kind, int],
        removed: Mapping[Kind, int],
        subjects: Mapping[str, int],
        objects: Mapping[str, int],
    ) -> Statistics:
        """Return the counts once so many quads of each kind were added and removed, and so many ends are there."""
        properties, classes, ends = Counter(self.properties), Counter(self.classes), Counter(self.ends)
        for kinds, step in ((added, 1), (removed, -1)):
            for (name, of_class, kinds_of_ends), count in kinds.items():
                properties[name] += step * count
                ends[kinds_of_ends] += step * count
                if of_class:
                    classes[of_class] += step * count
        counts = (_sorted(counted) for counted in (properties, classes, ends, subjects, objects))
        return Statistics(properties.total(), *counts)


def kind_of(quad: Quad) -> Kind:
    """Return what of a quad counts."""
    name, value = quad.predicate.value, quad.object
    of_class = value.value if name == RDF_TYPE and isinstance(value, NamedNode) else ""
    return name, of_class, f"{_NAMES_OF_KINDS[type(quad.subject)]} {_NAMES_OF_KINDS[type(value)]}"


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}


def read_statistics(directory: Path) -> Statistics | None:
    """Return the statistics of the version in a directory; None for one that was published without these."""
    try:
        return Statistics(**json.loads((directory / _FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError):
        return None


def write_statistics(directory: Path, before: Path | None, change: Change, store: Store) -> None:
    """Write the statistics of a version: those of the version in `before`, brought up to date by its change."""
    known = read_statistics(before) if before is not None else None
    is_large = known is None or len(change) > min(known.triples, _LARGE)
    found = statistics_of(store) if known is None or is_large else _after(known, change, store)
    (directory / _FILE).write_text(json.dumps(asdict(found)), encoding="utf-8")


def statistics_of(store: Store) -> Statistics:
    """Return the statistics of all quads of a store, as the engine counts them."""
    kinds: dict[Kind, int] = {}
    for row in cast(QuerySolutions, store.query(_COUNT)):
        name, of_class, ends, count = (cast(Literal, row[column]).value for column in ("p", "class", "ends", "count"))
        kinds[name, of_class, ends] = int(count)
    properties = {name for name, *_ in kinds}
    ends_of = (
        {"": count_distinct(store, end[0])} | {p: count_distinct(store, end[0], NamedNode(p)) for p in properties}
        for end in _ENDS
    )
    return Statistics().after(kinds, {}, *ends_of)


def _after(known: Statistics, change: Change, store: Store) -> Statistics:
    kinds = Counter(map(kind_of, change.added)), Counter(map(kind_of, change.removed))
    return known.after(*kinds, *(_ends_after(getattr(known, f"{end}s"), change, store, end) for end in _ENDS))


def _ends_after(before: Mapping[str, int], change: Change, store: Store, end: str) -> Mapping[str, int]:
    """Return how many subjects, or objects, a store has after a change, by property and in all."""
    counts = Counter(before)
    new, old = _properties_by_end(change.added, end), _properties_by_end(change.removed, end)
    for term in new.keys() | old.keys():
        is_alone = not _has_others(store, change, end, term)
        for name in new[term] ^ old[term]:
            if is_alone or (name and not _has_others(store, change, end, term, name)):
                counts[name] += 1 if name in new[term] else -1
    return counts


def _properties_by_end(quads: Iterable[Quad], end: str) -> defaultdict[Any, set[str]]:
    """Return the properties of each subject, or object, and "" for any."""
    found: defaultdict[Any, set[str]] = defaultdict(set)
    for quad in quads:
        found[getattr(quad, end)] |= {"", quad.predicate.value}
    return found


def _has_others(store: Store, change: Change, end: str, term: Any, name: str = "") -> bool:
    """Whether a term is the subject, or object, of a quad that was there before the change and still is."""
    predicate = NamedNode(name) if name else None
    pattern = (term, predicate, None) if end == "subject" else (None, predicate, term)
    return any(quad not in change.added for quad in store.quads_for_pattern(*pattern))
