"""The file of a service's facts: what changed since it was written, and the file anew, as external claims."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS, XSD

from digitech_kg.linking.enrich import Fact, Fetched
from digitech_kg.linking.enrich_sources import EnrichSource
from digitech_kg.namespaces import PREFIXES
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import format_turtle

_KINDS = {"decimal": XSD.decimal}


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
    """Give the place of a service's file in the project at `root`."""
    return root / "data/external" / source.name / "enriched.ttl"


def read_enriched(path: Path) -> tuple[Fact, ...]:
    """Give the facts of a file that `write_enriched` wrote; none if there is no file."""
    if not path.exists():
        return ()
    graph = Graph().parse(path, format="turtle")
    facts = []
    for claim in graph.subjects(RDF.type, _dk("ExternalClaim")):
        value = graph.value(claim, _dk("value"))
        is_decimal = isinstance(value, Literal) and value.datatype == XSD.decimal
        facts.append(
            Fact(
                thing=str(graph.value(claim, _dk("subject"))),
                property=str(graph.value(claim, _dk("predicate"))).removeprefix(PREFIXES["dk"]),
                value=str(value),
                kind="decimal" if is_decimal else "text",
                note=str(graph.value(claim, SKOS.scopeNote) or ""),
                time=str(graph.value(claim, _dk("time")) or ""),
            )
        )
    return tuple(sorted(facts))


def compare(old: tuple[Fact, ...], new: tuple[Fact, ...]) -> Difference:
    """Tell apart by thing, property and value; a new note on the same value is no difference."""
    before, after = {_key(f) for f in old}, {_key(f) for f in new}
    return Difference(tuple(f for f in new if _key(f) not in before), tuple(f for f in old if _key(f) not in after))


def _key(fact: Fact) -> tuple[str, str, str]:
    return (fact.thing, fact.property, fact.value)


def write_enriched(path: Path, source: EnrichSource, facts: tuple[Fact, ...], retrieved: date) -> None:
    """Write the file in the project's layout, whole or not at all."""
    graph = Graph(bind_namespaces="none")
    record = URIRef(f"{PREFIXES['id']}enriched-{source.name}")
    graph.add((record, RDF.type, _dk("Source")))
    for title, language in zip(source.titles, ("en", "nb", "zh-Hans"), strict=True):
        graph.add((record, RDFS.label, Literal(title, lang=language)))
    definition = "The service that what is known of linked things was fetched from."
    graph.add((record, SKOS.definition, Literal(definition, lang="en")))
    graph.add((record, DCTERMS.license, URIRef(source.license)))
    graph.add((record, _dk("retrievedOn"), Literal(retrieved.isoformat(), datatype=XSD.date)))
    for fact in {_key(f): f for f in facts}.values():
        _add_claim(graph, fact, source, record)
    write_texts({path: format_turtle(graph.serialize(format="turtle"), path.name)})


def _add_claim(graph: Graph, fact: Fact, source: EnrichSource, record: URIRef) -> None:
    thing = fact.thing.removeprefix(PREFIXES["id"])
    mark = hashlib.sha256(fact.value.encode()).hexdigest()[:8]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", fact.property).lower()
    claim = URIRef(f"{PREFIXES['claim']}{source.name}-{thing}-{words}-{mark}")
    comment = f"{source.titles[0]}: {words.replace('-', ' ')} of {thing.replace('-', ' ')} is {fact.value}."
    graph.add((claim, RDF.type, _dk("ExternalClaim")))
    graph.add((claim, RDFS.comment, Literal(comment, lang="en")))
    graph.add((claim, _dk("attestedBy"), record))
    graph.add((claim, _dk("certainty"), _dk("asserted")))
    graph.add((claim, _dk("confirmedByDocument"), Literal(False)))
    graph.add((claim, _dk("predicate"), _dk(fact.property)))
    graph.add((claim, _dk("subject"), URIRef(fact.thing)))
    graph.add((claim, _dk("value"), Literal(fact.value, datatype=_KINDS.get(fact.kind))))
    if fact.time:
        graph.add((claim, _dk("time"), Literal(fact.time)))
    if fact.note:
        graph.add((claim, SKOS.scopeNote, Literal(fact.note, lang="en")))


def _dk(name: str) -> URIRef:
    return URIRef(PREFIXES["dk"] + name)


def merged(old: tuple[Fact, ...], fetched: Fetched, *, replace: bool) -> tuple[Fact, ...]:
    """What the file will hold: what was fetched, and what vanished unless it is to be replaced."""
    return fetched.facts if replace else tuple(sorted({*compare(old, fetched.facts).vanished, *fetched.facts}))
