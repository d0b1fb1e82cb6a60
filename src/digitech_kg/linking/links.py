"""Mapping files ↔ quads of `graph:links`.

Each mapping is a plain triple, to be asked for with one pattern, and an `owl:Axiom` annotation of it that keeps what
the row says: the same form as the evidence of a claim, and the one that SSSOM uses in RDF
(https://mapping-commons.github.io/sssom/spec-formats-owl/).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from digitech_kg.errors import Fault, SourceError
from digitech_kg.linking.mappings import Mapping, MappingSet
from digitech_kg.linking.sssom import read_mapping_set
from digitech_kg.namespaces import DCTERMS, GRAPH, OWL, PAV, RDF, RDFS, SSSOM, XSD, shorten, value_of
from digitech_kg.sources import Project


def check_links(project: Project) -> list[Fault]:
    """Give every fault of every mapping file."""
    return _read(project)[1]


def load_links(project: Project, quads: Iterable[Quad]) -> list[Quad]:
    """Give the quads of all mapping files; `quads` describe the things that may be mapped.

    Raises `SourceError` with all faults: of the files, and subjects that nothing describes.
    """
    sets, faults = _read(project)
    described = {value_of(quad.subject) for quad in quads}
    for found, name in sets:
        unknown = sorted({m.subject for m in found.mappings} - described)
        faults += [Fault(name, f"{shorten(s)} is nothing that any file describes", "Mend the name.") for s in unknown]
    if faults:
        raise SourceError(faults)
    return [quad for found, _ in sets for quad in mapping_quads(found)]


def _read(project: Project) -> tuple[list[tuple[MappingSet, str]], list[Fault]]:
    sets, faults = [], []
    first: dict[str, str] = {}
    for path in project.link_files():
        name = f"data/links/{path.name}"
        found, wrong = read_mapping_set(path, name)
        faults += wrong
        if found is None:
            continue
        if found.iri in first:
            faults.append(Fault(name, f"{found.iri} is {first[found.iri]} already", "Give it an IRI of its own.", 1))
        first.setdefault(found.iri, name)
        sets.append((found, name))
    return sets, faults


def mapping_quads(found: MappingSet) -> Iterator[Quad]:
    """Yield the quads of a mapping set in `graph:links`."""
    this = NamedNode(found.iri)
    yield _fact(this, RDF.type, SSSOM.MappingSet)
    yield _fact(this, DCTERMS.title, Literal(found.title))
    yield _fact(this, DCTERMS.license, NamedNode(found.license))
    yield _fact(this, OWL.versionInfo, Literal(found.version))
    if found.description:
        yield _fact(this, DCTERMS.description, Literal(found.description))
    for mapping in found.mappings:
        yield from _mapping_quads(mapping, this)


def _fact(subject: NamedNode | BlankNode, predicate: NamedNode, value: NamedNode | BlankNode | Literal) -> Quad:
    return Quad(subject, predicate, value, GRAPH.links)


def _mapping_quads(mapping: Mapping, of: NamedNode) -> Iterator[Quad]:
    subject, predicate, value = NamedNode(mapping.subject), NamedNode(mapping.predicate), NamedNode(mapping.object)
    label = hashlib.sha256(f"{of.value} {subject} {predicate} {value}".encode()).hexdigest()[:20]
    node = BlankNode("m" + label)
    yield _fact(subject, predicate, value)
    yield _fact(of, SSSOM.mappings, node)
    yield _fact(node, RDF.type, OWL.Axiom)
    yield _fact(node, OWL.annotatedSource, subject)
    yield _fact(node, OWL.annotatedProperty, predicate)
    yield _fact(node, OWL.annotatedTarget, value)
    yield _fact(node, SSSOM.mapping_justification, NamedNode(mapping.justification))
    yield _fact(node, SSSOM.confidence, Literal(str(mapping.confidence), datatype=XSD.double))
    for prop, text in (
        (SSSOM.subject_label, mapping.subject_label),
        (SSSOM.object_label, mapping.object_label),
        (RDFS.comment, mapping.comment),
    ):
        if text:
            yield _fact(node, prop, Literal(text))
    if mapping.mapping_date:
        yield _fact(node, PAV.authoredOn, Literal(mapping.mapping_date.isoformat(), datatype=XSD.date))


def mapping_sets(quads: Iterable[Quad]) -> list[MappingSet]:
    """Give back the mapping sets that quads of `graph:links` were made from, by IRI.

    What an online edit has left without a part that every file, or every row of one, must have is left out.
    """
    facts: dict[str, dict[NamedNode, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if quad.graph_name == GRAPH.links:
            facts[str(quad.subject)][quad.predicate].append(
                str(quad.object) if isinstance(quad.object, BlankNode) else value_of(quad.object)
            )
    needed = (DCTERMS.title, DCTERMS.license, OWL.versionInfo)
    found = [
        iri
        for iri, said in facts.items()
        if SSSOM.MappingSet.value in said.get(RDF.type, []) and all(_one(said, prop) for prop in needed)
    ]
    return [
        MappingSet(
            iri=iri.strip("<>"),
            title=_one(facts[iri], DCTERMS.title),
            description=_one(facts[iri], DCTERMS.description),
            license=_one(facts[iri], DCTERMS.license),
            version=_one(facts[iri], OWL.versionInfo),
            mappings=tuple(sorted(filter(None, (_mapping(facts[node]) for node in facts[iri][SSSOM.mappings])))),
        )
        for iri in sorted(found)
    ]


def _one(said: dict[NamedNode, list[str]], prop: NamedNode) -> str:
    return next(iter(said.get(prop, [])), "")


def _mapping(said: dict[NamedNode, list[str]]) -> Mapping | None:
    made, confidence = _one(said, PAV.authoredOn), _one(said, SSSOM.confidence)
    needed = OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget, SSSOM.mapping_justification
    subject, predicate, value, justification = (_one(said, prop) for prop in needed)
    if not (subject and predicate and value and justification and confidence):
        return None
    try:
        return Mapping(
            subject,
            predicate,
            value,
            justification,
            confidence=float(confidence),
            subject_label=_one(said, SSSOM.subject_label),
            object_label=_one(said, SSSOM.object_label),
            comment=_one(said, RDFS.comment),
            mapping_date=date.fromisoformat(made) if made else None,
        )
    except ValueError:
        return None
