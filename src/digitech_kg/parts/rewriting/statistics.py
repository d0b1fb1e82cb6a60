"""Statistics of a version: numbers of triples by property, class and kinds of ends; of subjects and objects.

The counts stand in a small file beside the store. Those of the version before are brought up to date by its change;
after a large change the engine counts all of them.
"""

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
from digitech_kg.triple_store import count_by_iri, count_distinct

#: Kinds of terms, as SPARQL's functions name them.
_NAMES_OF_KINDS: Final = {NamedNode: "iri", BlankNode: "blank", Literal: "literal", Triple: "triple"}
_FILE: Final = "statistics.json"
ENDS: Final = ("subject", "object")
#: To look up each end of a larger change takes longer than to count all of them.
_LARGE: Final = 50_000
#: A triple counts in each graph that has it.
_QUADS: Final = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
_PROPERTIES: Final = f"SELECT ?p (COUNT(*) AS ?count) {{ {_QUADS} }} GROUP BY ?p"
_CLASSES: Final = f"SELECT ?o (COUNT(*) AS ?count) {{ {_QUADS.replace('?p', 'a')} }} GROUP BY ?o"
#: Each end is looked at once, as to tell the kinds of those of all triples takes three times as long.
_KINDS: Final = f"""
SELECT ?kind (SUM(?times) AS ?count) (COUNT(*) AS ?distinct) {{
  {{ SELECT ?end (COUNT(*) AS ?times) {{ {_QUADS} }} GROUP BY ?end }}
  BIND(IF(isIRI(?end), "iri", IF(isBLANK(?end), "blank", IF(isLITERAL(?end), "literal", "triple"))) AS ?kind)
}} GROUP BY ?kind
"""


@dataclass(frozen=True)
class Statistics:
    """Counts over all graphs, where a triple counts in each graph that has it: so the engine counts in their union."""

    triples: int = 0
    properties: Mapping[str, int] = field(default_factory=dict)
    #: Triples with `rdf:type` by the IRI of the class.
    classes: Mapping[str, int] = field(default_factory=dict)
    #: Triples by the kind of their subject or object, such as "object literal".
    kinds_of_ends: Mapping[str, int] = field(default_factory=dict)
    #: How many terms are the subject, or the object, of a triple with a property; of any with "".
    subjects: Mapping[str, int] = field(default_factory=dict)
    objects: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def all_classes_have_names(self) -> bool:
        """Whether each type is an IRI, so that the classes here are all."""
        return sum(self.classes.values()) == self.properties.get(RDF_TYPE, 0)


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
    properties, classes = (count_by_iri(store, query) for query in (_PROPERTIES, _CLASSES))
    kinds, ends = dict[str, int](), []
    for end in ENDS:
        rows: list[Any] = list(cast(QuerySolutions, store.query(_KINDS.replace("?end", f"?{end[0]}"))))
        kinds |= {f"{end} {kind.value}": int(count.value) for kind, count, _ in rows}
        distinct = {name: count_distinct(store, end[0], NamedNode(name)) for name in properties}
        ends.append({"": sum(int(number.value) for *_, number in rows), **distinct})
    return Statistics(sum(properties.values()), *map(_sorted, (properties, classes, kinds, *ends)))


def _after(known: Statistics, change: Change, store: Store) -> Statistics:
    properties, classes, kinds = map(Counter, (known.properties, known.classes, known.kinds_of_ends))
    for quads, step in ((change.added, 1), (change.removed, -1)):
        for quad in quads:
            name, value = quad.predicate.value, quad.object
            properties[name] += step
            if name == RDF_TYPE and isinstance(value, NamedNode):
                classes[value.value] += step
            for end, term in zip(ENDS, (quad.subject, value), strict=True):
                kinds[f"{end} {_NAMES_OF_KINDS[type(term)]}"] += step
    ends = (_ends_after(getattr(known, f"{end}s"), change, store, end) for end in ENDS)
    return Statistics(properties.total(), *map(_sorted, (properties, classes, kinds, *ends)))


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
