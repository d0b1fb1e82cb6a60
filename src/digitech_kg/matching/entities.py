"""The project's things as entities to be matched, and the ids of terms in reconciliation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from pyoxigraph import Literal, NamedNode, Quad, Triple

from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.iteration import reachable
from digitech_kg.matching.ranking import Entity
from digitech_kg.namespaces import RDF, RDFS, SKOS, TERMS, Namespaces, value_of


def term_id(iri: str, names: Namespaces) -> str:
    """Return the local name of a term of the packaged ontology, the CURIE of any other, or its IRI if it has none.

    >>> names = Namespaces("https://example.org/kg/")
    >>> [term_id(iri, names) for iri in (TERMS + "Company", "http://xmlns.com/foaf/0.1/Person", "http://x.example/T")]
    ['Company', 'foaf:Person', 'http://x.example/T']
    """
    return iri.removeprefix(TERMS) if iri.startswith(TERMS) else names.shorten(iri).strip("<>")


def read_term_id(text: str, names: Namespaces) -> str:
    """Return the id of a term that is named by its id, CURIE or IRI.

    >>> names = Namespaces("https://example.org/kg/")
    >>> [read_term_id(text, names) for text in ("dk:Company", TERMS + "Company", "Company")]
    ['Company', 'Company', 'Company']
    """
    iri = names.expand(text)
    return term_id(iri, names) if iri else text


def entities_of(quads: Iterable[Quad], names: Namespaces) -> list[Entity]:
    """Return all things with their names, their classes and what is said plainly of them; the id is the IRI."""
    quads, things = list(quads), names.prefixes["id"]
    values = _values(read_claims(quads), names)
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    others: dict[str, list[str]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        subject = quad.subject.value
        if quad.predicate == RDFS.subClassOf and isinstance(quad.object, NamedNode):
            above[subject].add(quad.object.value)
        elif not subject.startswith(things):
            continue
        elif quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            types[subject].add(quad.object.value)
        elif isinstance(quad.object, Literal) and quad.predicate == RDFS.label:
            labels[subject][quad.object.language or ""] = quad.object.value
        elif isinstance(quad.object, Literal) and quad.predicate in (SKOS.altLabel, SKOS.hiddenLabel):
            others[subject].append(quad.object.value)
    return [
        Entity(
            id=subject,
            name=by.get("en") or next(iter(by.values())),
            names=tuple(dict.fromkeys([*sorted(by.values()), *sorted(others[subject])])),
            types=tuple(
                sorted(term_id(cls, names) for cls in reachable(types[subject], lambda cls: above.get(cls, ())))
            ),
            values={prop: tuple(sorted(found)) for prop, found in sorted(values.get(subject, {}).items())},
        )
        for subject, by in sorted(labels.items())
    ]


def _values(claims: Iterable[Claim], names: Namespaces) -> Mapping[str, Mapping[str, Set[str]]]:
    """Return what tells things apart, by the thing and the property's id: literals, and things by the end of their IRI.

    It is what documents say plainly, and what other sources say without reserve.
    """
    things = names.prefixes["id"]
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim in claims:
        triple = stated_plainly(claim)
        if triple is not None:
            prop = term_id(triple.predicate.value, names)
            values[value_of(triple.subject)][prop].add(value_of(triple.object).removeprefix(things))
    return values


def stated_plainly(claim: Claim) -> Triple | None:
    """Return the triple that a document states plainly, or another source without reserve; None if neither does."""
    is_plain = claim.is_plain or (claim.is_external and not claim.weakening)
    return claim.triple if is_plain and not claim.is_negated else None
