"""The things that names may mean, read from the snapshot once and kept until the next one is published."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.formats import by_name
from digitech_kg.linking.matching import Entity, NameIndex
from digitech_kg.namespaces import PREFIXES

_PREFIXES = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("dk", "graph", "owl", "rdf", "rdfs", "skos"))
_ID, _TERM = PREFIXES["id"], PREFIXES["dk"]
_NAMES = f"""{_PREFIXES}
SELECT ?thing ?kind ?text
WHERE {{
  VALUES ?kind {{ rdfs:label skos:altLabel skos:definition }}
  ?thing ?kind ?text .
  FILTER(STRSTARTS(STR(?thing), "{_ID}"))
}}
ORDER BY ?thing ?kind ?text
"""
_TYPES = f"""{_PREFIXES}
SELECT DISTINCT ?thing ?class
WHERE {{
  ?thing rdf:type ?class .
  FILTER(STRSTARTS(STR(?thing), "{_ID}") && STRSTARTS(STR(?class), "{_TERM}"))
}}
ORDER BY ?thing ?class
"""
_TERMS = f"""{_PREFIXES}
SELECT ?term ?kind ?label ?definition ?above
WHERE {{
  GRAPH graph:ontology {{
    VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty }}
    ?term a ?kind ;
      rdfs:label ?label ;
      skos:definition ?definition .
    FILTER(LANG(?label) = "en" && LANG(?definition) = "en")
    OPTIONAL {{ ?term rdfs:subClassOf ?above . FILTER(ISIRI(?above)) }}
  }}
}}
ORDER BY ?term ?above
"""
#: What the document asserts as its own view and does not deny, and what other sources say.
_VALUES = f"""{_PREFIXES}
SELECT ?thing ?property ?value
WHERE {{
  {{
    ?claim dk:subject ?thing ;
      dk:predicate ?property ;
      dk:object|dk:value ?value ;
      dk:certainty dk:asserted .
    FILTER NOT EXISTS {{ ?claim dk:negated true }}
    FILTER NOT EXISTS {{ ?claim dk:heldBy ?holder }}
  }}
  UNION
  {{
    VALUES ?property {{ owl:sameAs skos:exactMatch }}
    GRAPH graph:links {{ ?thing ?property ?value }}
  }}
  FILTER(STRSTARTS(STR(?thing), "{_ID}"))
}}
ORDER BY ?thing ?property ?value
"""
#: Links count as one property, whatever their kind.
LINKS = "sameOrExactMatch"


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property of the ontology; its id is its name without the namespace."""

    id: str
    name: str
    description: str
    is_class: bool
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a thing of ours by its id, or text, a number or a yes-or-no with its datatype."""

    text: str
    id: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All things with their names and values, and the ontology's terms."""

    index: NameIndex
    terms: dict[str, Term]
    values: dict[str, dict[str, tuple[Value, ...]]]
    labels: dict[str, dict[str, str]] = field(default_factory=dict)

    def properties_of(self, cls: str = "") -> list[Term]:
        """Give the properties that things of this class have values for, by name; of any class without one."""
        entities = self.index.entities.values()
        having = [e.id for e in entities if not cls or cls in e.types]
        names = {name for identifier in having for name in self.values.get(identifier, {})}
        return sorted((self.terms[n] for n in names if n in self.terms), key=lambda t: t.name)


def load_catalogue(service: QueryService) -> Catalogue:
    """Give the catalogue of the current snapshot."""
    return _load(service, service.snapshot.version)


@lru_cache(maxsize=2)
def _load(service: QueryService, _version: str) -> Catalogue:
    terms = _terms(_rows(service, _TERMS))
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    others: dict[str, list[str]] = defaultdict(list)
    definitions: dict[str, str] = {}
    for row in _rows(service, _NAMES):
        thing, kind, text = row["thing"]["value"].removeprefix(_ID), row["kind"]["value"], row["text"]
        if kind.endswith("definition"):
            definitions.setdefault(thing, text["value"])
        else:
            others[thing].append(text["value"])
            if kind.endswith("#label"):
                labels[thing][text.get("xml:lang", "")] = text["value"]
    types: dict[str, list[str]] = defaultdict(list)
    for row in _rows(service, _TYPES):
        types[row["thing"]["value"].removeprefix(_ID)].append(row["class"]["value"].removeprefix(_TERM))
    values = _values(_rows(service, _VALUES), labels)
    entities = [
        Entity(
            id=thing,
            name=_label(labels[thing]),
            names=tuple(n for n in dict.fromkeys(others[thing]) if n != _label(labels[thing])),
            types=_with_those_above(types[thing], terms),
            description=definitions.get(thing, ""),
            values={
                name: tuple(text for v in found for text in (v.id, v.text) if text)
                for name, found in values.get(thing, {}).items()
            },
        )
        for thing in sorted(labels)
        if types[thing]
    ]
    return Catalogue(NameIndex(entities), terms, values, dict(labels))


def _rows(service: QueryService, query: str) -> list[dict[str, dict[str, str]]]:
    with service.query(QueryRequest(query, by_name("json"), None)) as answer:
        rows: list[dict[str, dict[str, str]]] = json.loads(answer.read())["results"]["bindings"]
    return rows


def _label(by_language: dict[str, str]) -> str:
    return by_language.get("en") or next(iter(by_language.values()), "")


def _terms(rows: Iterable[dict[str, dict[str, str]]]) -> dict[str, Term]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = row["term"]["value"].removeprefix(_TERM)
        entry = found.setdefault(name, {"above": []})
        entry |= {"label": row["label"]["value"], "definition": row["definition"]["value"]}
        entry["class"] = row["kind"]["value"].endswith("#Class")
        if "above" in row:
            entry["above"].append(row["above"]["value"].removeprefix(_TERM))
    terms = {n: Term(n, e["label"], e["definition"], e["class"], tuple(e["above"])) for n, e in found.items()}
    terms[LINKS] = Term(LINKS, "same or exact match", "The same thing in another data set.", is_class=False)
    return terms


def _with_those_above(types: Iterable[str], terms: dict[str, Term]) -> tuple[str, ...]:
    found = dict.fromkeys(t for t in types if t in terms and terms[t].is_class)
    pending = list(found)
    while pending:
        above = [a for a in terms[pending.pop(0)].above if a in terms and a not in found]
        found |= dict.fromkeys(above)
        pending += above
    # A class that is above another one of the same thing comes after it.
    over = {a for t in found for a in terms[t].above}
    return tuple(sorted(found, key=lambda t: t in over))


def _values(
    rows: Iterable[dict[str, dict[str, str]]], labels: dict[str, dict[str, str]]
) -> dict[str, dict[str, tuple[Value, ...]]]:
    found: dict[str, dict[str, dict[Value, None]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        thing, iri, term = row["thing"]["value"].removeprefix(_ID), row["property"]["value"], row["value"]
        name = iri.removeprefix(_TERM) if iri.startswith(_TERM) else LINKS
        own = term["value"].removeprefix(_ID) if term["value"].startswith(_ID) else ""
        text = _label(labels[own]) if own in labels else term["value"]
        found[thing][name][Value(text, own if own in labels else "", term.get("datatype", ""))] = None
    return {thing: {name: tuple(vs) for name, vs in by.items()} for thing, by in found.items()}
