"""A mapping says how a thing of ours relates to a thing of another data set, and how we know.

The data sets that things are linked to are the table `targets.toml`, for the catalogue, the pages and the questions.
Source: SSSOM, https://mapping-commons.github.io/sssom/
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from digitech_kg.namespaces import DCTERMS, OWL, PAV, RDF, RDFS, SKOS, SSSOM, XSD

_MATCHES: Final = (SKOS.exactMatch, SKOS.closeMatch, SKOS.narrowMatch, SKOS.broadMatch, SKOS.relatedMatch)
#: What may relate two things, strongest first. owl:sameAs is for the same individual of the real world only.
PREDICATES: Final = tuple(prop.value for prop in (OWL.sameAs, *_MATCHES))
#: Those that say "the same".
SAME: Final = (OWL.sameAs, SKOS.exactMatch)


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Mapping:
    """One row of a mapping file, by its columns; IRIs are whole."""

    subject_id: str
    subject_label: str = ""
    predicate_id: str
    object_id: str
    object_label: str = ""
    mapping_justification: str
    #: From 0 to 1, by the strength of the evidence.
    confidence: float
    #: Where the pairing comes from, and what a reader must know of it.
    comment: str = ""
    mapping_date: date | None = None


@dataclass(frozen=True)
class MappingSet:
    """What a mapping file holds: the keys of its header, and its rows."""

    mapping_set_id: str
    mapping_set_title: str
    mapping_set_version: str
    license: str
    mapping_set_description: str = ""
    mappings: tuple[Mapping, ...] = ()


#: How the fields of a mapping stand in the graph: IRIs, then texts.
_ENDS: Final = {
    "subject_id": OWL.annotatedSource,
    "predicate_id": OWL.annotatedProperty,
    "object_id": OWL.annotatedTarget,
    "mapping_justification": SSSOM.mapping_justification,
}
_TEXTS: Final = {"subject_label": SSSOM.subject_label, "object_label": SSSOM.object_label, "comment": RDFS.comment}


def mapping_quads(found: MappingSet, graph: NamedNode) -> Iterator[Quad]:
    """Yield the quads of a mapping set in a graph, which is `graph:links` but in tests."""
    this = NamedNode(found.mapping_set_id)
    yield Quad(this, RDF.type, SSSOM.MappingSet, graph)
    yield Quad(this, DCTERMS.title, Literal(found.mapping_set_title), graph)
    yield Quad(this, RDFS.label, Literal(found.mapping_set_title), graph)
    yield Quad(this, DCTERMS.license, NamedNode(found.license), graph)
    yield Quad(this, OWL.versionInfo, Literal(found.mapping_set_version), graph)
    if found.mapping_set_description:
        yield Quad(this, DCTERMS.description, Literal(found.mapping_set_description), graph)
    for mapping in found.mappings:
        ends = {prop: NamedNode(getattr(mapping, name)) for name, prop in _ENDS.items()}
        subject, predicate, value, _ = ends.values()
        label = hashlib.sha256(f"{found.mapping_set_id} {subject} {predicate} {value}".encode()).hexdigest()[:20]
        node = BlankNode("m" + label)
        yield Quad(subject, predicate, value, graph)
        yield Quad(this, SSSOM.mappings, node, graph)
        yield Quad(node, RDF.type, OWL.Axiom, graph)
        yield from (Quad(node, prop, end, graph) for prop, end in ends.items())
        yield Quad(node, SSSOM.confidence, Literal(str(mapping.confidence), datatype=XSD.double), graph)
        texts = ((prop, getattr(mapping, name)) for name, prop in _TEXTS.items())
        yield from (Quad(node, prop, Literal(text), graph) for prop, text in texts if text)
        if mapping.mapping_date:
            yield Quad(node, PAV.authoredOn, Literal(mapping.mapping_date.isoformat(), datatype=XSD.date), graph)


@dataclass(frozen=True, slots=True)
class Target:
    """A data set: a short name for it, and what its IRIs begin with."""

    prefix: str
    namespace: str
    title: str
    homepage: str


_TABLE: Final = Path(__file__).with_name("targets.toml")
TARGETS: Final = tuple(Target(**row) for row in tomllib.loads(_TABLE.read_text(encoding="utf-8"))["target"])


def target_of(iri: str) -> Target | None:
    """Find the data set that an IRI belongs to.

    >>> target_of("http://www.wikidata.org/entity/Q148").title
    'Wikidata'
    """
    return next((target for target in TARGETS if iri.startswith(target.namespace)), None)
