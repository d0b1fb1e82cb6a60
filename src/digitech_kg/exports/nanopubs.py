"""Claims as nanopublications: what is claimed, where it comes from, and who published it, in a named graph each.

Source: Nanopublication Guidelines, https://nanopub.net/guidelines/working_draft/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.namespaces import DCTERMS, DK, NP, NPX, PAV, PROV, RDF, RDFS, XSD, Namespaces

#: What is said of the making of a claim, not in it.
_MAKING: Final = (PROV.wasAttributedTo, PROV.generatedAtTime, PROV.wasGeneratedBy)
#: What a nanopublication repeats about a passage, and about the document.
_PLACE: Final = (DK.pageLabel, DK.startOffset, DK.endOffset, DK.textHash)
_WORK: Final = (DCTERMS.title, DCTERMS.creator, DCTERMS.publisher, DCTERMS.issued, DCTERMS.source, DCTERMS.rights)

Facts = Mapping[object, list[Triple]]


def nanopublication(told: Iterable[Triple], names: Namespaces, created: str) -> bytes:
    """Return the nanopublications of the claims that `told` is about, in TriG.

    `told` has all that is said of the claims, their passages and documents, and the dataset; `created` is when the
    version was made, in ISO 8601.
    """
    found: dict[object, list[Triple]] = defaultdict(list)
    for triple in told:
        found[triple.subject].append(triple)
    claims = read_claims(Quad(t.subject, t.predicate, t.object) for triples in found.values() for t in triples)
    quads = [q for c in claims if not c.is_external and c.passages for q in _quads(c, found, names, created)]
    return serialize(quads, format=RdfFormat.TRIG, prefixes=_prefixes(quads, names)) or b""


def _prefixes(quads: list[Quad], names: Namespaces) -> dict[str, str]:
    """Return the prefixes that quads need."""
    iris = {part.value for quad in quads for part in quad if isinstance(part, NamedNode)}
    return {prefix: space for prefix, space in names.prefixes.items() if any(iri.startswith(space) for iri in iris)}


def all_nanopublications(store: Store, names: Namespaces, created: str) -> bytes:
    """Return the nanopublications of all claims of documents, ordered by claim, in TriG."""
    graphs = names.graphs
    documents = graphs.documents_among(store.named_graphs())
    wanted = [graph for name in documents for graph in (graphs.document(name), graphs.evidence(name))]
    told = {q.triple for graph in wanted for q in store.quads_for_pattern(None, None, None, graph)}
    told |= {q.triple for q in store.quads_for_pattern(names.dataset, None, None, graphs.catalog)}
    return nanopublication(sorted(told, key=str), names, created)


def _quads(claim: Claim, told: Facts, names: Namespaces, created: str) -> Iterator[Quad]:
    # It is served at this address.
    this = NamedNode(f"{names.base}nanopub/{claim.iri.value.removeprefix(names.prefixes['claim'])}")
    head, *parts = (NamedNode(f"{this.value}#{part}") for part in ("head", "assertion", "provenance", "pubinfo"))
    yield Quad(this, RDF.type, NP.Nanopublication, head)
    for prop, part in zip((NP.hasAssertion, NP.hasProvenance, NP.hasPublicationInfo), parts, strict=True):
        yield Quad(this, prop, part, head)
    contents = (_asserted(claim, told), _provenance(claim, told, names, parts[0]), _published(this, claim, told, names))
    for part, triples in zip(parts, contents, strict=True):
        yield from (Quad(t.subject, t.predicate, t.object, part) for t in triples)
    yield Quad(this, DCTERMS.created, Literal(created, datatype=XSD.dateTime), parts[2])


def _asserted(claim: Claim, told: Facts) -> Iterator[Triple]:
    """Yield the claim with how it is put; the bare triple only where the document says it without reserve."""
    yield from (t for t in told[claim.iri] if t.predicate not in (*_MAKING, DK.statedIn))
    if claim.is_plain and not claim.is_negated and claim.triple:
        yield claim.triple


def _provenance(claim: Claim, told: Facts, names: Namespaces, assertion: NamedNode) -> Iterator[Triple]:
    document = names.thing(names.document_of(claim.iri.value) or "")
    work = [t for t in told.get(document, ()) if t.predicate in _WORK]
    yield Triple(assertion, PROV.hadPrimarySource, document)
    authors = [t.object for t in work if t.predicate == DCTERMS.creator and isinstance(t.object, NamedNode)]
    for agent in claim.all(DK.heldBy) or authors:
        yield Triple(assertion, PROV.wasAttributedTo, agent)
    yield from work
    for passage in claim.passages:
        yield Triple(assertion, PROV.wasDerivedFrom, passage)
        yield Triple(claim.iri, DK.statedIn, passage)
        yield Triple(passage, DCTERMS.isPartOf, document)
        yield from (t for t in told.get(passage, ()) if t.predicate in _PLACE)


def _published(this: NamedNode, claim: Claim, told: Facts, names: Namespaces) -> Iterator[Triple]:
    yield Triple(this, NPX.introduces, claim.iri)
    yield Triple(this, DCTERMS.isPartOf, names.dataset)
    for sentence in claim.all(DK.sentence):
        yield Triple(this, RDFS.label, sentence)
    for said in told.get(names.dataset, ()):
        if said.predicate in (DCTERMS.license, DCTERMS.creator, DCTERMS.publisher):
            yield Triple(this, said.predicate, said.object)
    for made in told[claim.iri]:
        if made.predicate in _MAKING:
            yield Triple(this, PAV.createdBy if made.predicate == PROV.wasAttributedTo else made.predicate, made.object)
