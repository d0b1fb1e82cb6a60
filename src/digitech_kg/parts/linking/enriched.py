"""The file of a service's facts: what changed since it was written, and the file anew, as external claims."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, TERMS, VOCABULARIES, XSD, Namespaces, value_of
from digitech_kg.parts.linking.enrich import Fact, Fetched
from digitech_kg.parts.linking.enrich_sources import EnrichSource
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import rewrite_turtle


@dataclass(frozen=True, slots=True)
class Difference:
    """What a service gives that the file has not, and the other way round."""

    added: tuple[Fact, ...]
    vanished: tuple[Fact, ...]

    @property
    def changed(self) -> frozenset[tuple[str, str]]:
        """The things and properties for which one value came and another one went."""
        gone = {(f.thing, f.property) for f in self.vanished}
        return frozenset(gone & {(f.thing, f.property) for f in self.added})


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


def compare(old: tuple[Fact, ...], new: tuple[Fact, ...]) -> Difference:
    """Tell apart by thing, property and value; a new note on the same value is no difference."""
    before, after = {_key(f) for f in old}, {_key(f) for f in new}
    return Difference(tuple(f for f in new if _key(f) not in before), tuple(f for f in old if _key(f) not in after))


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


def merged(old: tuple[Fact, ...], fetched: Fetched, *, replace: bool) -> tuple[Fact, ...]:
    """What the file will hold: what was fetched, and what vanished unless it is to be replaced."""
    return fetched.facts if replace else tuple(sorted({*compare(old, fetched.facts).vanished, *fetched.facts}))
