"""The things that names may mean, read from the snapshot once and kept until the next one is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.model import make_claim
from digitech_kg.engine import QueryService
from digitech_kg.iteration import reachable
from digitech_kg.mappings import PREDICATES
from digitech_kg.matching import Entity, NameIndex, stated_plainly, term_id
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS, VOCABULARIES, Namespaces, value_of
from digitech_kg.web.reading.reader import GraphReader, node

_ABOUT_THINGS = """
CONSTRUCT { ?thing ?property ?value }
WHERE {
  VALUES ?property { rdf:type rdfs:label skos:altLabel skos:hiddenLabel skos:definition }
  GRAPH ?graph { ?thing ?property ?value }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}
"""
_TERMS = """
CONSTRUCT { ?term ?property ?value }
WHERE {
  VALUES ?property { rdf:type rdfs:label skos:definition rdfs:subClassOf }
  GRAPH graph:ontology { ?term ?property ?value }
  FILTER(ISIRI(?term))
}
"""
#: What documents say plainly, as it was derived from their claims.
_STATEMENTS = """
CONSTRUCT { ?thing ?property ?value }
WHERE {
  VALUES ?graph { $graphs }
  GRAPH ?graph { ?thing ?property ?value }
  FILTER(STRSTARTS(STR(?thing), STR(id:)))
}
"""
_EXTERNAL_CLAIMS = """
CONSTRUCT { ?claim ?property ?value }
WHERE { GRAPH ?graph { ?claim a dk:ExternalClaim ; ?property ?value } }
"""
_LINKS = """
CONSTRUCT { ?thing ?property ?value }
WHERE {
  VALUES ?property { $same }
  GRAPH graph:links { ?thing ?property ?value }
}
"""
#: Links count as one property, whatever their kind.
LINKS = "sameOrExactMatch"


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property. What a source outside the documents says has a property of its own for each source."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a thing of the project by its id, or text, a number or a yes-or-no with its datatype."""

    text: str
    id: str = ""
    datatype: str = ""


Values = Mapping[str, Mapping[str, tuple[Value, ...]]]


@dataclass(frozen=True)
class Catalogue:
    """All things with their names and values, and the terms that these are told with; all by their ids."""

    index: NameIndex
    terms: Mapping[str, Term]
    values: Values

    def properties_of(self, cls: str = "") -> list[Term]:
        """Return the properties that things of this class have values for, by name; of any class without one."""
        having = [e.id for e in self.index.entities.values() if not cls or cls in e.types]
        ids = {prop for identifier in having for prop in self.values.get(identifier, {})}
        return sorted((self.terms[i] for i in ids), key=lambda term: (term.name, term.id))

    def classes(self) -> list[Term]:
        """Return the classes that things have."""
        ids = {cls for entity in self.index.entities.values() for cls in entity.types}
        return sorted((self.terms[i] for i in ids), key=lambda term: (term.name, term.id))


def load_catalogue(service: QueryService) -> Catalogue:
    """Return the catalogue of the current snapshot."""
    return _load(GraphReader(service), service.snapshot.version)


@lru_cache(maxsize=2)
def _load(reader: GraphReader, _version: str) -> Catalogue:
    names = reader.names
    about, said = _read(reader, _ABOUT_THINGS), _read(reader, _TERMS)
    terms = {term.id: term for term in _terms(said, names)}
    labels = {thing: _text(found, RDFS.label, names) for thing, found in about.items()}
    graphs = " ".join(str(names.graphs.statements(name)) for name in reader.book.documents)
    facts = [
        *_values(_read(reader, _STATEMENTS, graphs=graphs), names, labels),
        *_external(_read(reader, _EXTERNAL_CLAIMS), names, labels, terms),
        *_links(_read(reader, _LINKS, same=" ".join(map(node, PREDICATES[:2]))), terms),
    ]
    values: dict[str, dict[str, dict[Value, None]]] = defaultdict(lambda: defaultdict(dict))
    for thing, prop, value in facts:
        values[thing.removeprefix(names.prefixes["id"])][prop][value] = None
        terms.setdefault(prop, Term(prop, prop))
    kept: Values = {thing: {prop: tuple(found) for prop, found in by.items()} for thing, by in values.items()}
    above = {iri: {value_of(v) for v in found.get(RDFS.subClassOf, ())} & said.keys() for iri, found in said.items()}
    entities = [entity for thing in sorted(about) if (entity := _entity(thing, about[thing], names, above, kept))]
    for cls in {cls for entity in entities for cls in entity.types} - terms.keys():
        terms[cls] = Term(cls, cls)
    return Catalogue(NameIndex(entities), terms, kept)


_Said = Mapping[NamedNode, list[NamedNode | Literal]]
_Fact = tuple[str, str, Value]


def _read(reader: GraphReader, query: str, **parts: object) -> dict[str, _Said]:
    """Return what a query finds, by subject and property, in a fixed order."""
    found: dict[str, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(set(reader.triples(query, **parts)), key=str):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            found[triple.subject.value][triple.predicate].append(triple.object)
    return dict(found)


def _text(said: _Said, prop: NamedNode, names: Namespaces) -> str:
    """Return a text in English, else in the first language of the project that has one, else any."""
    texts = {(v.language or "").lower(): v.value for v in reversed(said.get(prop, [])) if isinstance(v, Literal)}
    wanted = (texts.get(language.lower()) for language in ("en", *names.languages))
    return next((text for text in wanted if text), "") or next(iter(texts.values()), "")


def _terms(said: Mapping[str, _Said], names: Namespaces) -> Iterator[Term]:
    for iri, found in said.items():
        identifier = term_id(iri, names)
        yield Term(
            identifier,
            _text(found, RDFS.label, names) or identifier,
            _text(found, SKOS.definition, names),
        )


def _entity(iri: str, said: _Said, names: Namespaces, above: Mapping[str, set[str]], values: Values) -> Entity | None:
    """Return a thing with its names; None for what has no label or no class."""
    name = _text(said, RDFS.label, names)
    direct = [value_of(v) for v in said.get(RDF.type, ())]
    classes = reachable((c for c in direct if not c.startswith(VOCABULARIES["owl"])), lambda c: above.get(c, ()))
    if not name or not classes:
        return None
    # A class that is above another of them comes after it.
    over = {other for cls in classes for other in above.get(cls, ())}
    known = [value_of(v) for prop in (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel) for v in said.get(prop, ())]
    identifier = iri.removeprefix(names.prefixes["id"])
    told: dict[str, list[str]] = defaultdict(list)
    for prop, found in values.get(identifier, {}).items():
        # Who names a value to tell things apart does not say which source it is from.
        told[prop.partition("@")[0]] += [text for value in found for text in (value.id, value.text) if text]
    return Entity(
        id=identifier,
        name=name,
        names=tuple(text for text in dict.fromkeys(known) if text != name),
        types=tuple(term_id(cls, names) for cls in sorted(classes, key=lambda cls: (cls in over, cls))),
        description=_text(said, SKOS.definition, names),
        values={prop: tuple(dict.fromkeys(texts)) for prop, texts in told.items()},
    )


def _values(said: Mapping[str, _Said], names: Namespaces, labels: Mapping[str, str]) -> Iterator[_Fact]:
    for thing, found in said.items():
        for prop, values in found.items():
            for value in values:
                yield thing, term_id(prop.value, names), _value(value, names, labels)


def _external(
    said: Mapping[str, _Said], names: Namespaces, labels: Mapping[str, str], terms: dict[str, Term]
) -> Iterator[_Fact]:
    """Yield what other sources say, each with a property that names the source: a value cannot say where it is from."""
    for iri, found in said.items():
        claim = make_claim(NamedNode(iri), found)
        source = claim.one(DK.attestedBy)
        triple = stated_plainly(claim)
        if source is None or triple is None or not isinstance(triple.object, NamedNode | Literal):
            continue
        prop = term_id(triple.predicate.value, names)
        marked = f"{prop}@{value_of(source).removeprefix(names.prefixes['id'])}"
        plain = terms.get(prop, Term(prop, prop))
        label = labels.get(value_of(source)) or names.shorten(value_of(source))
        terms[marked] = Term(marked, f"{plain.name} (source: {label})", plain.description)
        yield value_of(triple.subject), marked, _value(triple.object, names, labels)


def _links(said: Mapping[str, _Said], terms: dict[str, Term]) -> Iterator[_Fact]:
    terms[LINKS] = Term(LINKS, "same or exact match", "The same thing in another data set.")
    for thing, found in said.items():
        for value in (value for values in found.values() for value in values):
            yield thing, LINKS, Value(value_of(value))


def _value(value: NamedNode | Literal, names: Namespaces, labels: Mapping[str, str]) -> Value:
    if isinstance(value, NamedNode) and labels.get(value.value):
        return Value(labels[value.value], value.value.removeprefix(names.prefixes["id"]))
    return Value(value.value, datatype=value.datatype.value if isinstance(value, Literal) else "")
