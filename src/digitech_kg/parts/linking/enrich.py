"""Fetch facts about linked things from the sources of `enrich_sources.toml`, and keep them as external claims."""

import dataclasses
import hashlib
import json
import re
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.book import Book
from digitech_kg.claims.labels import in_words
from digitech_kg.errors import RemoteFailure
from digitech_kg.http_client import BadAddress, HttpClient, HttpError, Received, TooLong
from digitech_kg.iteration import batched
from digitech_kg.mappings.model import SAME, TARGETS
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, VOCABULARIES, XSD, Namespaces, value_of
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import rewrite_turtle
from digitech_kg.sources.project import Project

#: Things that are asked about together.
_BATCH: Final = 50
_PAUSE_S: Final = 1.0
_TIMEOUT_S: Final = 60.0
_MAX_BYTES: Final = 20 * 1024 * 1024
#: Before each try.
_DELAYS_S: Final = (0.0, 1.0, 2.0, 4.0, 8.0)
#: A service that wants us to wait for longer is left alone.
_LONGEST_WAIT_S: Final = 120.0
#: These pass by themselves.
_PASSING: Final = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class FetchedProperty:
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
    fields: tuple[FetchedProperty, ...]
    classes: tuple[str, ...]
    #: What the IRIs of things there begin with.
    namespace: str


def _source(row: dict[str, Any]) -> EnrichSource:
    spaces = {target.prefix: target.namespace for target in TARGETS}
    fields = tuple(FetchedProperty(*field) for field in row.pop("fields"))
    classes, namespace = tuple(row.pop("classes")), spaces[row.pop("data_set")]
    return EnrichSource(**row, fields=fields, classes=classes, namespace=namespace)


_TABLE: Final = Path(__file__).with_name("enrich_sources.toml")
ENRICH_SOURCES: Final = {
    row["name"]: _source(row) for row in tomllib.loads(_TABLE.read_text(encoding="utf-8"))["source"]
}
_YEAR = r"(?P<value>\d{4})"
_DEGREES = r"-?\d+(?:\.\d+)?"
#: What is taken of values. A point on earth is WKT, longitude first; one elsewhere has the IRI of its globe before it.
_FORMS = {
    "year": _YEAR,
    "longitude": rf"POINT\s*\(\s*(?P<value>{_DEGREES})\s+{_DEGREES}\s*\)$",
    "latitude": rf"POINT\s*\(\s*{_DEGREES}\s+(?P<value>{_DEGREES})\s*\)$",
}


@dataclass(frozen=True, slots=True, order=True)
class FetchedFact:
    """A value that a service gives for a property of a thing, and what it says about the statement itself."""

    thing: str
    property: str
    value: str
    is_decimal: bool = False
    note: str = ""
    #: When it held, as EDTF, if the service says so.
    time: str = ""


def identifiers_of(book: Book, source: EnrichSource, things: Iterable[str]) -> dict[str, str]:
    """Return the things that have an identifier in a service, by this."""
    # Only links that say "the same" lead to facts about the same thing.
    links = book.values(sorted(things), *SAME).items()
    pairs = ((thing, value_of(link)) for thing, own in links for found in own.values() for link in found)
    space = source.namespace
    found = {link.removeprefix(space).strip("/"): thing for thing, link in pairs if link.startswith(space)}
    return {identifier: thing for identifier, thing in found.items() if re.fullmatch(r"[\w.-]+", identifier)}


def fetch_facts(
    source: EnrichSource,
    things: Mapping[str, str],
    *,
    address: str,
    contact: str,
    timeout_s: float = _TIMEOUT_S,
    wait: Callable[[float], None] = time.sleep,
) -> list[FetchedFact]:
    """Return all facts on things, sorted; `things` are by their identifiers there, and `wait` pauses.

    Raises `RemoteFailure` when the service stops answering.
    """
    found = set[FetchedFact]()
    with closing(HttpClient(use_proxies=True)) as client:
        for number, identifiers in enumerate(batched(sorted(things), _BATCH)):
            if number:
                wait(_PAUSE_S)
            form = {"query": _query(source.fields, identifiers), "format": "json"}
            headers = {"User-Agent": user_agent(contact), "Accept": "application/sparql-results+json"}
            send = partial(client.post, address, headers, form, timeout_s=timeout_s, max_bytes=_MAX_BYTES)
            document = _ask(address, send, wait)
            found.update(_read(source, document, things))
    return sorted(found)


def user_agent(contact: str) -> str:
    """Return the name that services see; those of Wikimedia refuse clients that give no contact."""
    # Header fields are in ASCII (RFC 9110, section 5.5).
    told = contact.encode("ascii", "replace").decode()
    return f"digitech-kg/{version('digitech-kg')} (https://w3id.org/digitech-kg/; {told})"


def _ask(address: str, send: Callable[[], Received], wait: Callable[[float], None]) -> Any:
    """Return the JSON document that comes back, and wait out faults that pass. Raises `RemoteFailure`."""
    problem, asked = "", 0.0
    for delay in _DELAYS_S:
        if delay:
            wait(max(delay, asked))
        try:
            received = send()
            body = received.read()
            if received.status == 200:
                # Strictly: Wikidata appends a stack trace to a result that was cut at its deadline.
                return json.loads(body)
            told = received.headers.get("Retry-After", "")
            asked = float(told) if told.isdecimal() else 0.0
            problem = f"HTTP status {received.status}" + (f" asks to wait for {asked:.0f} s" if asked else "")
            if received.status not in _PASSING or asked > _LONGEST_WAIT_S:
                break
        except (BadAddress, TooLong, ValueError) as error:
            problem = f"no whole JSON document came: {error}"
            break
        except HttpError as error:
            problem = str(error)
    raise RemoteFailure(f"{address} failed: {problem}", hint="Nothing was written. Try again later.")


def _query(fields: Iterable[FetchedProperty], identifiers: Sequence[str]) -> str:
    parts = []
    for field in fields:
        of, _, qualifier = field.path.partition("/")
        value = f"pq:{qualifier} ?value ." if qualifier else f"ps:{of} ?value ."
        if field.kind == "label":
            value = f'ps:{of} ?thing . ?thing rdfs:label ?value . FILTER(LANG(?value) = "en")'
        parts.append(f'{{ ?item p:{of} ?statement . ?statement {value} BIND("{field.property}" AS ?property) }}')
    query = Path(__file__).with_name("statements.rq").read_text(encoding="utf-8")
    return query % (" ".join(f"wd:{identifier}" for identifier in identifiers), "\n  UNION\n  ".join(parts))


def _read(source: EnrichSource, document: Any, things: Mapping[str, str]) -> Iterator[FetchedFact]:
    """Rank and reference are kept with the value; what the service itself calls wrong is left out."""
    fields = {field.property: field for field in source.fields}
    try:
        for row in document["results"]["bindings"]:
            said = {name: term["value"] for name, term in row.items()}
            rank = said["rank"].rsplit("#", 1)[1].removesuffix("Rank").lower()
            field, value = fields[said["property"]], _value(fields[said["property"]], said["value"])
            if rank == "deprecated" or "/.well-known/genid/" in said["value"] or value is None:
                continue
            note = f"Rank: {rank}." + (f" Reference: {said['reference']}" if "reference" in said else "")
            held, thing = _interval(said.get("start", ""), said.get("end", "")), said["item"].rpartition("/")[2]
            yield FetchedFact(things[thing], field.property, value, field.kind in ("longitude", "latitude"), note, held)
    except (KeyError, TypeError, IndexError) as error:
        raise RemoteFailure(f"{source.name} gave no SPARQL results", hint="Check the address.") from error


def _interval(start: str, end: str) -> str:
    """Years only: Wikidata writes a month and a day even where it knows none.

    >>> _interval("1999-01-01T00:00:00Z", "")
    '1999/..'
    """
    began, ended = _find(_YEAR, start) or "", _find(_YEAR, end) or ".."
    return "" if (began, ended) == ("", "..") else f"{began}/{ended}"


def _value(field: FetchedProperty, text: str) -> str | None:
    return _find(_FORMS[field.kind], text) if field.kind in _FORMS else " ".join(text.split())


def _find(form: str, text: str) -> str | None:
    found = re.match(form, text.strip(), re.IGNORECASE)
    return found["value"] if found else None


def write_facts(project: Project, source: EnrichSource, facts: Iterable[FetchedFact], retrieved: date) -> Path:
    """Write the file of a source in the project's layout, whole or not at all, and return its path."""
    names = project.names
    record = names.thing(f"enriched-{source.name}")
    languages = [language for language in names.languages if language in source.titles] or ["en"]
    definition = "The service that what is known of linked things was fetched from."
    triples = [
        Triple(record, RDF.type, DK.Source),
        *(Triple(record, RDFS.label, Literal(source.titles[lang], language=lang)) for lang in languages),
        Triple(record, SKOS.definition, Literal(definition, language="en")),
        Triple(record, DCTERMS.license, NamedNode(source.license)),
        Triple(record, DK.retrievedOn, Literal(retrieved.isoformat(), datatype=XSD.date)),
    ]
    once = {(fact.thing, fact.property, fact.value): fact for fact in facts}
    triples += (triple for fact in once.values() for triple in _claim(fact, source, record, names))
    # The folder may be new, so that the project does not know its prefix yet.
    prefix = (f"{source.name}-claim", names.claim(source.name, "").value)
    known = dataclasses.replace(names, own_prefixes=tuple(sorted({*names.own_prefixes, prefix})))
    path = project.root / "data/external" / source.name / "enriched.ttl"
    write_texts({path: rewrite_turtle("", path.name, triples, known)})
    return path


def _claim(fact: FetchedFact, source: EnrichSource, record: NamedNode, names: Namespaces) -> Iterator[Triple]:
    thing = fact.thing.removeprefix(names.prefixes["id"])
    mark = hashlib.sha256(fact.value.encode()).hexdigest()[:8]
    words = in_words(fact.property)
    claim = names.claim(source.name, f"{thing}-{words.replace(' ', '-')}-{mark}")
    comment = f"{source.titles['en']}: {words} of {thing.replace('-', ' ')} is {fact.value}."
    yield Triple(claim, RDF.type, DK.ExternalClaim)
    yield Triple(claim, RDFS.comment, Literal(comment, language="en"))
    yield Triple(claim, DK.attestedBy, record)
    yield Triple(claim, DK.confirmedByDocument, Literal("false", datatype=XSD.boolean))
    yield Triple(claim, DK.predicate, DK[fact.property])
    yield Triple(claim, DK.subject, NamedNode(fact.thing))
    yield Triple(claim, DK.value, Literal(fact.value, datatype=XSD.decimal if fact.is_decimal else XSD.string))
    if fact.time:
        yield Triple(claim, DK.time, Literal(fact.time, datatype=NamedNode(VOCABULARIES["edtf"] + "EDTF")))
    if fact.note:
        yield Triple(claim, SKOS.scopeNote, Literal(fact.note, language="en"))
