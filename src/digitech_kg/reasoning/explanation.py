"""Why a triple holds: stated, entailed with its justifications, or not entailed, down to claims and passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from digitech_kg.errors import CallError
from digitech_kg.namespaces import PREFIXES, RDF, expand, shorten
from digitech_kg.reasoning.axioms import Leaf
from digitech_kg.reasoning.graph_view import GraphView
from digitech_kg.reasoning.premises import select_premises
from digitech_kg.reasoning.proofs import Theory
from digitech_kg.reasoning.record import ClaimNote, PassageNote, Record
from digitech_kg.reasoning.words import Wording, article

#: Justifications given unless told otherwise.
DEFAULT_LIMIT: Final = 10


@dataclass(frozen=True, slots=True)
class Reason:
    """An axiom or assertion that a justification needs, with the claims and passages behind it."""

    kind: str
    text: str
    triples: tuple[str, ...]
    claims: tuple[ClaimNote, ...] = ()
    passages: tuple[PassageNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The answer: `status` is "stated", "entailed" or "not entailed".

    `claims` are behind a stated triple; for one that does not follow, they say it with a reserve or deny it.
    `complete` tells whether there are no other justifications.
    """

    triple: tuple[str, str, str]
    text: str
    status: str
    note: str = ""
    claims: tuple[ClaimNote, ...] = ()
    justifications: tuple[tuple[Reason, ...], ...] = ()
    complete: bool = True


class Explainer:
    """Explains what follows from one dataset."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        quads = tuple(quads)
        self.premises = select_premises(quads)
        self.record = Record(quads)
        self.theory = Theory.of(self.premises)
        self._wording = Wording(GraphView(self.premises), self.record.name_of)

    def why(self, triple: Triple, *, limit: int = DEFAULT_LIMIT, deadline: float | None = None) -> Why:
        """Say why a triple holds, with up to `limit` smallest justifications, or that it does not follow."""
        ends = (_short(triple.subject), shorten(triple.predicate.value), _short(triple.object))
        text = self._sentence(triple)
        if graphs := self.record.graphs_of(triple):
            note = f"The triple stands in {', '.join(graphs)}."
            return Why(ends, text, "stated", note, self.record.evidence_for(triple) or self._own_claim(triple))
        found = self.theory.justify(triple, limit=limit, deadline=deadline)
        if found.sets:
            justifications = tuple(self.reasons(leaves) for leaves in found.sets)
            return Why(ends, text, "entailed", justifications=justifications, complete=found.complete)
        if self.record.is_inferred(triple):
            note = "The reasoner of the build found it, in a way that the rules which explain cannot follow."
            return Why(ends, text, "entailed", note, complete=False)
        return self._not_entailed(triple, ends, text)

    def _not_entailed(self, triple: Triple, ends: tuple[str, str, str], text: str) -> Why:
        if denials := self.record.evidence_for(triple, denied=True):
            return Why(ends, text, "not entailed", "It is denied.", denials)
        if claims := self.record.claims_about(triple):
            note = (
                "It is claimed, but with a reserve: hedged, of an unnamed part, within limits, or as somebody's view."
            )
            return Why(ends, text, "not entailed", note, claims)
        unknown = [t for t in (triple.subject, triple.predicate, triple.object) if not self._is_known(t)]
        note = f"Nothing is said of {', '.join(map(_short, unknown))}." if unknown else ""
        return Why(ends, text, "not entailed", note)

    def _is_known(self, term: Any) -> bool:
        return not isinstance(term, NamedNode) or term == RDF.type or self.record.is_known(term)

    def _own_claim(self, triple: Triple) -> tuple[ClaimNote, ...]:
        return (self.record.claim(triple.subject),) if self.record.is_claim(triple.subject) else ()

    def _sentence(self, triple: Triple) -> str:
        name = self._wording.name
        if triple.predicate == RDF.type:
            kind = name(triple.object)
            return f"{name(triple.subject)} is {article(kind)} {kind}"
        return f"{name(triple.subject)} {name(triple.predicate)} {name(triple.object)}"

    def reasons(self, leaves: Iterable[int]) -> tuple[Reason, ...]:
        """Put leaves into words, assertions first, with the claims and passages that they rest on."""
        chosen = sorted(
            (self.theory.leaves[number] for number in leaves), key=lambda x: (x.is_axiom, str(x.triples[0]))
        )
        return tuple(self._reason(leaf) for leaf in chosen)

    def _reason(self, leaf: Leaf) -> Reason:
        text = self._wording.sentence(leaf)
        triples = tuple(str(triple) for triple in leaf.triples)
        if leaf.is_axiom:
            return Reason("axiom", text, triples)
        denied = leaf.kind == "NegativePropertyAssertion"
        triple = Triple(leaf.subject, leaf.predicate, leaf.value)  # type: ignore[arg-type]
        claims = self.record.evidence_for(triple, denied=denied) or self._own_claim(triple)
        passages = () if claims else self.record.passages_of(leaf.subject)
        return Reason("denial" if denied else "statement", text, triples, claims, passages)


def explain(quads: Iterable[Quad], triple: Triple, *, limit: int = DEFAULT_LIMIT, deadline: float | None = None) -> Why:
    """Say why a triple holds in a dataset (all its named graphs)."""
    return Explainer(quads).why(triple, limit=limit, deadline=deadline)


def parse_triple(subject: str, predicate: str, value: str) -> Triple:
    """Read a triple of IRIs or CURIEs; the predicate may be `a`, the object a literal in N-Triples or Turtle form.

    Raises `CallError` that says which part cannot be read.

    >>> str(parse_triple("id:huawei", "a", "dk:Company").predicate.value)
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    """
    wrong = [part for part in (subject, predicate) if part != "a" and not _is_iri(expand(part))]
    wrong += [] if _is_iri(expand(value)) or value.startswith('"') else [value]
    if wrong:
        hint = 'Write an IRI, a CURIE such as id:huawei, or for an object a literal such as "2020".'
        raise CallError(f"cannot read {', '.join(repr(part) for part in wrong)}", hint=hint)
    link = RDF.type if predicate == "a" else NamedNode(str(expand(predicate)))
    end = _literal(value) if value.startswith('"') else NamedNode(str(expand(value)))
    return Triple(NamedNode(str(expand(subject))), link, end)


def _is_iri(iri: str | None) -> bool:
    return iri is not None and not any(c in '<>"{}|^`\\' or c <= " " for c in iri) and ":" in iri


def _literal(text: str) -> Literal:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    try:
        quads: Sequence[Quad] = list(parse(f"{head}<urn:s> <urn:p> {text} .", format=RdfFormat.TURTLE))
    except SyntaxError:
        quads = []
    if len(quads) != 1 or not isinstance(quads[0].object, Literal):
        hint = 'Literals look like "text", "text"@en, "2020"^^xsd:integer.'
        raise CallError(f"cannot read the literal {text}", hint=hint)
    return quads[0].object


def _short(term: Any) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)
