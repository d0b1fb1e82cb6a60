"""Claims in RDF 1.2: what a claim is about is a triple term, which claims of several documents can share.

Source: RDF 1.2 Concepts, https://www.w3.org/TR/rdf12-concepts/
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, serialize

from digitech_kg.claims.model import read_claims
from digitech_kg.namespaces import DK, OWL, RDF, Namespaces

_ABOUT: Final = (DK.subject, DK.predicate, DK.object, DK.value)
#: The nodes by which OWL 2 says what RDF 1.2 says with a triple term.
_OWL_FORMS: Final = (OWL.Axiom, OWL.NegativePropertyAssertion)


def rdf_with_triple_terms(store: Store, names: Namespaces) -> bytes:
    """Return all that is said, in Turtle 1.2: each claim `rdf:reifies` what it is about.

    A plain statement is reified by its claims, so the annotations of OWL are left out.
    """
    kept = {quad.triple for quad in store if quad.graph_name != names.graphs.catalog}
    terms: dict[object, Triple] = {c.iri: c.triple for c in read_claims(store) if c.triple}
    annotations = {t.subject for t in kept if t.predicate == RDF.type and t.object in _OWL_FORMS}
    triples = [t for t in kept if t.subject not in annotations and not (t.predicate in _ABOUT and t.subject in terms)]
    triples += [Triple(iri, RDF.reifies, term) for iri, term in terms.items() if isinstance(iri, NamedNode)]
    ordered = sorted(triples, key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
    return serialize(ordered, format=RdfFormat.TURTLE, prefixes=dict(names.prefixes)) or b""
