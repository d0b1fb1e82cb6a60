"""Claims as blocks of Turtle to copy: those that use a term already, or one to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from digitech_kg.authoring.skeleton import OPEN, write_claim, write_thing
from digitech_kg.authoring.terms import Term
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.reserves import AXES
from digitech_kg.namespaces import RDF, VOCABULARIES, Namespaces
from digitech_kg.sources.layout import rewrite_turtle

#: The property of each value of a reserve.
_PROPERTIES: Final = {value: axis.property for axis in AXES for value in axis.values}


class Examples:
    """Finds claims that use a term."""

    def __init__(self, quads: Iterable[Quad], names: Namespaces, documents: Sequence[str]) -> None:
        quads = list(quads)
        self._names = names
        self._documents = documents
        self._claims = [claim for claim in read_claims(quads) if claim.is_complete and not claim.is_external]
        self._types: dict[object, set[object]] = {}
        for quad in quads:
            if quad.predicate == RDF.type:
                self._types.setdefault(quad.subject, set()).add(quad.object)

    def of(self, term: Term, limit: int = 1) -> list[str]:
        """Return claims that use a term as Turtle, plain and short ones first; a block to fill in if there is none."""
        found = [claim for claim in self._claims if self._uses(claim, term)]
        found.sort(key=lambda claim: (not claim.is_plain, sum(map(len, claim.values.values())), claim.iri.value))
        return [self._block(claim) for claim in found[:limit]] or [self._skeleton(term)]

    def _uses(self, claim: Claim, term: Term) -> bool:
        if term.kind == "predicate":
            return bool(claim.predicate == term.iri)
        if term.kind == "thing":
            return term.iri in (claim.subject, claim.object)
        if term.kind == "class":
            return term.iri in self._types.get(claim.subject, ())
        return bool(claim.all(term.iri)) or term.iri in claim.all(_PROPERTIES.get(term.iri, term.iri))

    def _block(self, claim: Claim) -> str:
        triples = [Triple(claim.iri, prop, value) for prop, values in claim.values.items() for value in values]
        text = rewrite_turtle("", "example", serialize(triples, format=RdfFormat.N_TRIPLES) or b"", self._names)
        return text.partition("\n\n")[2].strip()

    def _skeleton(self, term: Term) -> str:
        if term.kind == "class":
            return write_thing(self._names.shorten(term.iri.value), self._names.languages[0])
        document = self._documents[0] if self._documents else "document"
        claim, passage = self._names.claim(document, "name-it"), self._names.passage(document, "p01.s01")
        name = self._names.shorten(term.iri.value)
        filled: dict[str, Any] = {"subject": name} if term.kind == "thing" else {}
        if term.kind == "predicate":
            is_literal = any(iri.startswith(VOCABULARIES["xsd"]) for iri in term.range)
            filled = {"predicate": name, "is_literal": is_literal} | ({"value": f'"{OPEN}"'} if is_literal else {})
        elif term.kind == "reserve":
            axis = self._names.shorten(_PROPERTIES.get(term.iri, term.iri).value)
            filled = {"more": [(axis, name if term.iri in _PROPERTIES else OPEN)]}
        return write_claim(self._names.shorten(claim.value), self._names.shorten(passage.value), **filled)
