"""Why a triple holds: stated or entailed, in which documents, with its proofs down to claims and passages.

An answer is values, and text for a terminal or an error message.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from digitech_kg.errors import CallError, InconsistentData
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import RDF, RDFS, Namespaces
from digitech_kg.parts.why.proofs import find_contradiction, prove
from digitech_kg.parts.why.record import SHARED, ClaimNote, PassageNote, Premises, Record
from digitech_kg.processes import run_or_refuse
from digitech_kg.reasoning.premises import Leaf, Wording
from digitech_kg.triple_store import open_read_only

#: What is asked of classes and properties themselves.
_LINKS: Final = (RDFS.subClassOf, RDFS.subPropertyOf)
_HINT: Final = "Ask on the command line: digitech-kg reason --why."
_DENIED: Final = "The document denies it."
_RESERVED: Final = "The document says it with a reserve, so it isn't a plain fact: see the claims."


@dataclass(frozen=True, slots=True)
class Reason:
    """An axiom or assertion that a proof needs, with the claims and passages behind it."""

    kind: str
    text: str
    triples: tuple[str, ...]
    claims: tuple[ClaimNote, ...] = ()
    passages: tuple[PassageNote, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """What one document has to do with a triple; `document` is "" for what needs no document.

    `status` is "stated", "entailed", "denied" or "reserved"; `proof` says why it is entailed.
    """

    document: str
    title: str
    status: str
    note: str = ""
    #: The graphs that state it, by their short names.
    graphs: tuple[str, ...] = ()
    claims: tuple[ClaimNote, ...] = ()
    passages: tuple[PassageNote, ...] = ()
    proof: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The answers of all documents; if the triple holds in none, `status` is "not entailed"."""

    triple: tuple[str, str, str]
    text: str
    status: str
    answers: tuple[DocumentAnswer, ...] = ()
    note: str = ""
    #: The terms of which nothing is known.
    unknown: tuple[str, ...] = ()


class Explainer:
    def __init__(self, quads: Iterable[Quad], names: Namespaces) -> None:
        self.names = names
        self.record = Record(quads, names)

    def why(self, triple: Triple) -> Why:
        """Return where and why a triple holds, with a proof for each document that entails it."""
        answers = [*self._stated(triple), *self._entailed(triple)]
        status = answers[0].status if answers else "not entailed"
        covered = {answer.document for answer in answers}
        answers += [answer for answer in self._denied_or_reserved(triple) if answer.document not in covered]
        ends = (self._short(triple.subject), self._short(triple.predicate), self._short(triple.object))
        unknown = [] if answers else [t for t in self._ends(triple) if not self.record.is_known(t) and t != RDF.type]
        names = tuple(map(self._short, unknown))
        note = f"Nothing is known of {', '.join(names)}." if names else ""
        return Why(ends, self._sentence(triple), status, tuple(answers), note, names)

    def _stated(self, triple: Triple) -> list[DocumentAnswer]:
        """Return one answer for each document that states a triple, and one for all graphs of no document."""
        graphs: dict[str, list[str]] = {}
        for graph in self.record.graphs.get(triple, ()):
            name = self._short(graph) if isinstance(graph, NamedNode) else "the default graph"
            graphs.setdefault(self.names.graphs.document_of(graph) or SHARED, []).append(name)
        answers = []
        for document, found in sorted(graphs.items()):
            claims = self.record.evidence_for(triple, document) or self._own_claim(triple)
            passages = () if claims else self.record.passages_of(triple.subject, document)
            title, names = self.record.title_of(document), tuple(sorted(found))
            note = f"The triple is in {', '.join(names)}."
            answers.append(DocumentAnswer(document, title, "stated", note, names, claims, passages))
        return answers

    def _entailed(self, triple: Triple) -> list[DocumentAnswer]:
        answers = []
        for document in sorted(self.record.inferred.get(triple, ())):
            part = self.record.premises(document)
            proof = self.reasons(prove(part.theory, triple) or (), part, document)
            answers.append(DocumentAnswer(document, self.record.title_of(document), "entailed", proof=proof))
        return answers

    def _denied_or_reserved(self, triple: Triple) -> list[DocumentAnswer]:
        answers = []
        for document in self.record.documents_that_deny(triple):
            claims, title = self.record.evidence_for(triple, document, denied=True), self.record.title_of(document)
            answers.append(DocumentAnswer(document, title, "denied", _DENIED, claims=claims))
        by_document: dict[str, list[ClaimNote]] = {}
        for claim in self.record.claims_about(triple):
            by_document.setdefault(claim.document, []).append(claim)
        for document, found in sorted(by_document.items()):
            if document not in {answer.document for answer in answers}:
                title = self.record.title_of(document)
                answers.append(DocumentAnswer(document, title, "reserved", _RESERVED, claims=tuple(found)))
        return answers

    def _own_claim(self, triple: Triple) -> tuple[ClaimNote, ...]:
        return (self.record.note(triple.subject),) if triple.subject in self.record.claims else ()

    @staticmethod
    def _ends(triple: Triple) -> list[Any]:
        return [t for t in (triple.subject, triple.predicate, triple.object) if isinstance(t, NamedNode)]

    def _short(self, term: Any) -> str:
        return self.names.shorten(term.value) if isinstance(term, NamedNode) else str(term)

    def _sentence(self, triple: Triple) -> str:
        kind = triple.predicate.value.rpartition("#")[2] if triple.predicate in _LINKS else "assertion"
        leaf = Leaf(kind, (triple,), triple.subject, triple.object, triple.predicate)
        return Wording(GraphView(()), self.record.name_of).sentence(leaf)

    def reasons(self, leaves: Iterable[int], part: Premises, document: str) -> tuple[Reason, ...]:
        """Put leaves into words, assertions first, with the claims and passages that they rest on."""
        chosen = sorted((part.theory.leaf(number) for number in leaves), key=lambda x: (x.is_axiom, str(x.triples[0])))
        wording = Wording(part.axioms, self.record.name_of)
        return tuple(self._reason(leaf, wording, document) for leaf in chosen)

    def _reason(self, leaf: Leaf, wording: Wording, document: str) -> Reason:
        text = wording.sentence(leaf)
        triples = tuple(str(triple) for triple in leaf.triples)
        if leaf.is_axiom:
            return Reason("axiom", text, triples)
        denied = leaf.kind == "NegativePropertyAssertion"
        triple = Triple(leaf.subject, leaf.predicate, leaf.value)  # type: ignore[arg-type]
        claims = self.record.evidence_for(triple, document, denied=denied) or self._own_claim(triple)
        passages = () if claims else self.record.passages_of(leaf.subject, document)
        return Reason("denial" if denied else "statement", text, triples, claims, passages)


def explain(quads: Iterable[Quad], triple: Triple, names: Namespaces) -> Why:
    """Return where and why a triple holds in a dataset (all its named graphs)."""
    return Explainer(quads, names).why(triple)


def answer_in_process(store: Path, triple: Triple, names: Namespaces, *, timeout_s: float) -> dict[str, Any]:
    """Return the members of a `Why` for a triple of a store; raises what `run_or_refuse` raises."""
    why = run_or_refuse("the explanation", _explain, store, triple, names, timeout_s=timeout_s, hint=_HINT)
    return dataclasses.asdict(why)


def _explain(store: Path, triple: Triple, names: Namespaces) -> Why:
    return explain(open_read_only(store), triple, names)


def parse_triple(subject: str, predicate: str, value: str, names: Namespaces) -> Triple:
    """Read a triple of IRIs or CURIEs; the predicate may be `a`, the object a literal in N-Triples or Turtle form.

    Raises `CallError` that says which part cannot be read.

    >>> names = Namespaces("https://example.org/kg/")
    >>> str(parse_triple("id:acme", "a", "dk:Company", names).predicate.value)
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    """
    wrong = [part for part in (subject, predicate) if part != "a" and not _is_iri(names.expand(part))]
    wrong += [] if _is_iri(names.expand(value)) or value.startswith('"') else [value]
    if wrong:
        hint = 'Write an IRI, a CURIE such as id:acme, or for an object a literal such as "2020".'
        raise CallError(f"cannot read {', '.join(map(repr, wrong))}", hint=hint)
    link = RDF.type if predicate == "a" else NamedNode(str(names.expand(predicate)))
    end = _literal(value, names) if value.startswith('"') else NamedNode(str(names.expand(value)))
    return Triple(NamedNode(str(names.expand(subject))), link, end)


def _is_iri(iri: str | None) -> bool:
    return iri is not None and not any(c in '<>"{}|^`\\' or c <= " " for c in iri) and ":" in iri


def _literal(text: str, names: Namespaces) -> Literal:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.prefixes.items())
    try:
        quads: Sequence[Quad] = list(parse(f"{head}<urn:s> <urn:p> {text} .", format=RdfFormat.TURTLE))
    except SyntaxError:
        quads = []
    if len(quads) != 1 or not isinstance(quads[0].object, Literal):
        hint = 'Literals look like "text", "text"@en, "2020"^^xsd:integer.'
        raise CallError(f"cannot read the literal {text}", hint=hint)
    return quads[0].object


def why_text(why: Why) -> str:
    """Return what each document has to do with a triple, down to claims and passages."""
    lines = [f"{' '.join(why.triple)}: {why.status}", f"  {why.text}"]
    if why.note:
        lines.append(f"  {why.note}")
    for answer in why.answers:
        lines += _answer_lines(answer)
    return "\n".join(lines)


def _answer_lines(answer: DocumentAnswer) -> Iterator[str]:
    where = f"in {answer.document} (“{answer.title}”)" if answer.document else "whatever the document"
    yield f"{answer.status.capitalize()} {where}"
    if answer.note:
        yield f"  {answer.note}"
    for claim in answer.claims:
        yield from _claim_lines(claim, "  ")
    if answer.passages:
        yield f"  described in {', '.join(_passage(p) for p in answer.passages)}"
    yield from reason_lines(answer.proof)


def reason_lines(reasons: Iterable[Reason]) -> Iterator[str]:
    for reason in reasons:
        yield f"  {reason.kind}: {reason.text}"
        for claim in reason.claims:
            yield from _claim_lines(claim, "      ")
        if reason.passages:
            yield f"      described in {', '.join(_passage(p) for p in reason.passages)}"


def _claim_lines(claim: ClaimNote, indent: str) -> Iterator[str]:
    traits = ["negated"] if claim.negated else []
    traits += [f"{axis}: {value}" for axis, value in claim.reserves]
    said = f" ({'; '.join(traits)})" if traits else ""
    yield f"{indent}{claim.name}{said}: {claim.text}"
    if claim.passages:
        yield f"{indent}  stated in {', '.join(_passage(p) for p in claim.passages)}"


def _passage(passage: PassageNote) -> str:
    if passage.label != passage.name:
        return f"{passage.name} ({passage.label})"
    return f"{passage.name} (page {passage.page})" if passage.page else passage.name


_REFUSED: Final = "Change a claim, or the axiom if it is wrong. Nothing was published."


def explain_inconsistency(quads: Iterable[Quad], names: Namespaces) -> InconsistentData:
    """Return the error that names a conflict in what the documents share, or one in each document beside it."""
    explainer = Explainer(quads, names)
    lines: list[str] = []
    for document in (SHARED, *explainer.record.documents):
        found = _conflict_of(explainer, document)
        lines += found
        if found and document == SHARED:
            # Every document would contradict itself for the same reason.
            break
    return InconsistentData("\n".join(lines or ["the statements and axioms contradict each other"]), hint=_REFUSED)


def _conflict_of(explainer: Explainer, document: str) -> list[str]:
    part = explainer.record.premises(document)
    leaves = find_contradiction(part.theory)
    if not leaves:
        return []
    who = f"the document {document} (“{explainer.record.title_of(document)}”)"
    who = "what all documents share (ontology and things)" if document == SHARED else who
    head = f"{who} contradicts itself: these can't all be true"
    return [head, *reason_lines(explainer.reasons(leaves, part, document))]
