"""Fetch what Wikidata holds about linked things, and keep it as external claims in a file for each source.

The sources are the table `enrich_sources.toml`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from digitech_kg.book import Book
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.mappings.model import PREDICATES, TARGETS
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, TERMS, VOCABULARIES, XSD, Namespaces, value_of
from digitech_kg.parts.linking.client import PoliteClient, ServiceFailure
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import rewrite_turtle

#: Only links that say "the same" lead to facts about the same thing.
_SAME: Final = tuple(map(NamedNode, PREDICATES[:2]))


@dataclass(frozen=True, slots=True)
class Field:
    """What is taken: our property, the number of the property there, and what becomes of the value."""

    property: str
    path: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class EnrichSource:
    name: str
    #: By language tag; a project takes those of its languages.
    titles: Mapping[str, str]
    license: str
    address: str
    fields: tuple[Field, ...]
    classes: tuple[str, ...]
    #: What the IRIs of things there begin with.
    namespace: str
    #: Seconds between two requests.
    pause_s: float = 1.0


def _source(row: dict[str, Any]) -> EnrichSource:
    spaces = {target.prefix: target.namespace for target in TARGETS}
    fields = tuple(Field(*field) for field in row.pop("fields"))
    classes, namespace = tuple(row.pop("classes")), spaces[row.pop("data_set")]
    return EnrichSource(**row, fields=fields, classes=classes, namespace=namespace)


_TABLE: Final = Path(__file__).with_name("enrich_sources.toml")
ENRICH_SOURCES: Final = {
    row["name"]: _source(row) for row in tomllib.loads(_TABLE.read_text(encoding="utf-8"))["source"]
}
#: A point on earth as WKT, longitude first; one elsewhere has the IRI of its globe before it.
_POINT = re.compile(r"POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)", re.IGNORECASE)
_DEGREES = {"longitude": 1, "latitude": 2}
_STATEMENTS = """
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX pq: <http://www.wikidata.org/prop/qualifier/>
PREFIX pr: <http://www.wikidata.org/prop/reference/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wikibase: <http://wikiba.se/ontology#>
SELECT DISTINCT ?property ?value ?rank ?reference ?start ?end
WHERE {
  %s
  ?statement wikibase:rank ?rank .
  OPTIONAL { ?statement pq:P580 ?start }
  OPTIONAL { ?statement pq:P582 ?end }
  OPTIONAL { ?statement prov:wasDerivedFrom/pr:P854 ?reference }
}
"""


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A value that a service gives for a property of a thing, and what it says about the statement itself."""

    thing: str
    property: str
    value: str
    kind: str = "text"
    note: str = ""
    #: When it held, as EDTF, if the service says so.
    time: str = ""


_Told = tuple[Field, str, str, str]


def identifiers_of(book: Book, source: EnrichSource, things: Iterable[str]) -> dict[str, str]:
    """Return the identifier that each of some things has in a service, by the things' IRIs in order."""
    links = book.values(sorted(things), *_SAME).items()
    pairs = ((thing, value_of(link)) for thing, own in links for found in own.values() for link in found)
    space = source.namespace
    found = {thing: link.removeprefix(space).strip("/") for thing, link in pairs if link.startswith(space)}
    return dict(sorted((thing, i) for thing, i in found.items() if re.fullmatch(r"[\w.-]+", i)))


def fetch_all(source: EnrichSource, identifiers: dict[str, str], client: PoliteClient) -> tuple[Fact, ...]:
    """Return all facts, sorted. Raises `ServiceFailure` when the service stops answering."""
    asked = ((thing, _fetch(source, identifier, client)) for thing, identifier in identifiers.items())
    return tuple(sorted({Fact(thing, *values) for thing, found in asked for values in found}))


def _fetch(source: EnrichSource, identifier: str, client: PoliteClient) -> list[tuple[str, str, str, str, str]]:
    """Return property, value, kind, note and time of all facts on one thing."""
    form = {"query": _STATEMENTS % _patterns(source.fields, identifier), "format": "json"}
    document = client.get_json(source.address, form)
    return [
        (f.property, value, "decimal" if f.kind in _DEGREES else f.kind, note, held)
        for f, text, note, held in _statements(source, document)
        if (value := _value(f, text)) is not None
    ]


def _patterns(fields: Iterable[Field], identifier: str) -> str:
    parts = []
    for field in fields:
        of, _, qualifier = field.path.partition("/")
        value = f"pq:{qualifier} ?value ." if qualifier else f"ps:{of} ?value ."
        if field.kind == "label":
            value = f'ps:{of} ?thing . ?thing rdfs:label ?value . FILTER(LANG(?value) = "en")'
        statement = f"wd:{identifier} p:{of} ?statement . ?statement {value}"
        parts.append(f'{{ {statement} BIND("{field.property}" AS ?property) }}')
    return "\n  UNION\n  ".join(parts)


def _statements(source: EnrichSource, document: Any) -> Iterator[_Told]:
    """Rank and reference are kept with the value; what the service itself calls wrong is left out."""
    fields = {field.property: field for field in source.fields}
    try:
        for row in document["results"]["bindings"]:
            rank = row["rank"]["value"].rsplit("#", 1)[1].removesuffix("Rank").lower()
            if rank == "deprecated" or "/.well-known/genid/" in row["value"]["value"]:
                continue
            reference = f" Reference: {row['reference']['value']}" if "reference" in row else ""
            held = _interval(*(row.get(name, {}).get("value", "") for name in ("start", "end")))
            yield fields[row["property"]["value"]], row["value"]["value"], f"Rank: {rank}.{reference}", held
    except (KeyError, TypeError, IndexError) as error:
        raise ServiceFailure(f"{source.address} gave no SPARQL results", hint="Check the address.") from error


def _interval(start: str, end: str) -> str:
    """Years only: Wikidata writes a month and a day even where it knows none.

    >>> _interval("1999-01-01T00:00:00Z", "")
    '1999/..'
    """
    years = [match[0] if (match := re.match(r"\d{4}", text)) else "" for text in (start, end)]
    return f"{years[0] or '..'}/{years[1] or '..'}" if any(years) else ""


def _value(field: Field, text: str) -> str | None:
    if field.kind == "year":
        match = re.match(r"\d{4}", text)
        return match[0] if match else None
    if field.kind in _DEGREES:
        point = _POINT.fullmatch(text.strip())
        return point[_DEGREES[field.kind]] if point else None
    return " ".join(text.split())


def enriched_file(root: Path, source: EnrichSource) -> Path:
    """Return the place of a service's file in the project at `root`."""
    return root / "data/external" / source.name / "enriched.ttl"


def read_enriched(path: Path) -> tuple[Fact, ...]:
    """Return the facts of a file that `write_enriched` wrote; none if there is no file."""
    claims = read_claims(parse(path.read_bytes(), RdfFormat.TURTLE)) if path.exists() else []
    return tuple(sorted(_fact(claim) for claim in claims if claim.is_external))


def _fact(claim: Claim) -> Fact:
    thing, property_, value, note, time = (
        value_of(found) if (found := claim.one(prop)) is not None else ""
        for prop in (DK.subject, DK.predicate, DK.value, SKOS.scopeNote, DK.time)
    )
    literal = claim.one(DK.value)
    kind = "decimal" if isinstance(literal, Literal) and literal.datatype == XSD.decimal else "text"
    return Fact(thing, property_.removeprefix(TERMS), value, kind, note, time)


def missing(facts: Iterable[Fact], others: Iterable[Fact]) -> list[Fact]:
    """Return the facts that others lack, by thing, property and value; a new note on the same value tells nothing."""
    there = set(map(_key, others))
    return [fact for fact in facts if _key(fact) not in there]


def _key(fact: Fact) -> tuple[str, str, str]:
    return (fact.thing, fact.property, fact.value)


def write_enriched(
    path: Path, source: EnrichSource, facts: tuple[Fact, ...], retrieved: date, names: Namespaces
) -> None:
    """Write the file in the project's layout, whole or not at all."""
    record = names.thing(f"enriched-{source.name}")
    languages = [language for language in names.languages if language in source.titles] or ["en"]
    definition = "The service that what is known of linked things was fetched from."
    triples = [
        Triple(record, RDF.type, DK.Source),
        *(Triple(record, RDFS.label, Literal(source.titles[lang], language=lang)) for lang in languages),
        Triple(record, SKOS.definition, Literal(definition, language="en")),
        Triple(record, DCTERMS.license, NamedNode(source.license)),
        Triple(record, DK.retrievedOn, Literal(retrieved.isoformat(), datatype=XSD.date)),
        *(triple for fact in {_key(f): f for f in facts}.values() for triple in _claim(fact, source, record, names)),
    ]
    # The folder may be new, so that the project does not know its prefix yet.
    prefix = (f"{source.name}-claim", names.claim(source.name, "").value)
    known = dataclasses.replace(names, own_prefixes=tuple(sorted({*names.own_prefixes, prefix})))
    write_texts({path: rewrite_turtle("", path.name, triples, known)})


def _claim(fact: Fact, source: EnrichSource, record: NamedNode, names: Namespaces) -> Iterator[Triple]:
    thing = fact.thing.removeprefix(names.prefixes["id"])
    mark = hashlib.sha256(fact.value.encode()).hexdigest()[:8]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", fact.property).lower()
    claim = names.claim(source.name, f"{thing}-{words}-{mark}")
    comment = f"{source.titles['en']}: {words.replace('-', ' ')} of {thing.replace('-', ' ')} is {fact.value}."
    is_decimal = fact.kind == "decimal"
    yield Triple(claim, RDF.type, DK.ExternalClaim)
    yield Triple(claim, RDFS.comment, Literal(comment, language="en"))
    yield Triple(claim, DK.attestedBy, record)
    yield Triple(claim, DK.confirmedByDocument, Literal("false", datatype=XSD.boolean))
    yield Triple(claim, DK.predicate, DK[fact.property])
    yield Triple(claim, DK.subject, NamedNode(fact.thing))
    yield Triple(claim, DK.value, Literal(fact.value, datatype=XSD.decimal if is_decimal else XSD.string))
    if fact.time:
        yield Triple(claim, DK.time, Literal(fact.time, datatype=NamedNode(VOCABULARIES["edtf"] + "EDTF")))
    if fact.note:
        yield Triple(claim, SKOS.scopeNote, Literal(fact.note, language="en"))
