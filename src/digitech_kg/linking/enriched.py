"""The file of a service's facts: what changed since it was written, and the file anew, as external claims."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS, XSD

from digitech_kg.linking.enrich import Fact, Fetched
from digitech_kg.linking.enrich_sources import EnrichSource
from digitech_kg.namespaces import TERMS, VOCABULARIES, Namespaces
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
    """Return the place of a service's file in the project at `root`."""
    return root / "data/external" / source.name / "enriched.ttl"


def read_enriched(path: Path) -> tuple[Fact, ...]:
    """Return the facts of a file that `write_enriched` wrote; none if there is no file."""
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
                property=str(graph.value(claim, _dk("predicate"))).removeprefix(TERMS),
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


def write_enriched(
    path: Path, source: EnrichSource, facts: tuple[Fact, ...], retrieved: date, names: Namespaces
) -> None:
    """Write the file in the project's layout, whole or not at all."""
    graph = Graph(bind_namespaces="none")
    record = URIRef(names.thing(f"enriched-{source.name}").value)
    graph.add((record, RDF.type, _dk("Source")))
    languages = [language for language in names.languages if language in source.titles]
    for language in languages or ["en"]:
        graph.add((record, RDFS.label, Literal(source.titles[language], lang=language)))
    definition = "The service that what is known of linked things was fetched from."
    graph.add((record, SKOS.definition, Literal(definition, lang="en")))
    graph.add((record, DCTERMS.license, URIRef(source.license)))
    graph.add((record, _dk("retrievedOn"), Literal(retrieved.isoformat(), datatype=XSD.date)))
    for fact in {_key(f): f for f in facts}.values():
        _add_claim(graph, fact, source, names)
    # The folder may be new, so that the project does not know its prefix yet.
    prefix = (f"{source.name}-claim", names.claim(source.name, "").value)
    known = dataclasses.replace(names, own_prefixes=tuple(sorted({*names.own_prefixes, prefix})))
    write_texts({path: format_turtle(graph.serialize(format="turtle"), path.name, known)})


def _add_claim(graph: Graph, fact: Fact, source: EnrichSource, names: Namespaces) -> None:
    thing = fact.thing.removeprefix(names.prefixes["id"])
    mark = hashlib.sha256(fact.value.encode()).hexdigest()[:8]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", fact.property).lower()
    claim = URIRef(names.claim(source.name, f"{thing}-{words}-{mark}").value)
    comment = f"{source.titles['en']}: {words.replace('-', ' ')} of {thing.replace('-', ' ')} is {fact.value}."
    graph.add((claim, RDF.type, _dk("ExternalClaim")))
    graph.add((claim, RDFS.comment, Literal(comment, lang="en")))
    graph.add((claim, _dk("attestedBy"), URIRef(names.thing(f"enriched-{source.name}").value)))
    graph.add((claim, _dk("confirmedByDocument"), Literal(False)))
    graph.add((claim, _dk("predicate"), _dk(fact.property)))
    graph.add((claim, _dk("subject"), URIRef(fact.thing)))
    graph.add((claim, _dk("value"), Literal(fact.value, datatype=_KINDS.get(fact.kind))))
    if fact.time:
        graph.add((claim, _dk("time"), Literal(fact.time, datatype=URIRef(VOCABULARIES["edtf"] + "EDTF"))))
    if fact.note:
        graph.add((claim, SKOS.scopeNote, Literal(fact.note, lang="en")))


def _dk(name: str) -> URIRef:
    return URIRef(TERMS + name)


def merged(old: tuple[Fact, ...], fetched: Fetched, *, replace: bool) -> tuple[Fact, ...]:
    """What the file will hold: what was fetched, and what vanished unless it is to be replaced."""
    return fetched.facts if replace else tuple(sorted({*compare(old, fetched.facts).vanished, *fetched.facts}))
