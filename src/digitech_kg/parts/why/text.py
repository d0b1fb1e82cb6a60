"""Triples that somebody typed, and explanations as text for a terminal or an error message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from digitech_kg.errors import CallError, InconsistentData
from digitech_kg.namespaces import RDF, Namespaces
from digitech_kg.parts.why.explanation import DocumentAnswer, Explainer, Reason, Why
from digitech_kg.parts.why.proofs import contradictions
from digitech_kg.parts.why.record import SHARED, ClaimNote, PassageNote


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
    for number, reasons in enumerate(answer.justifications, start=1):
        yield f"  Justification {number} of {len(answer.justifications)}{'' if answer.complete else ' or more'}"
        yield from (f"  {line}" for line in reason_lines(reasons))


def reason_lines(reasons: Iterable[Reason]) -> Iterator[str]:
    """Yield the lines of one justification."""
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


_MOST_CONFLICTS: Final = 10
_HINT: Final = "Change a claim, or the axiom if it is wrong. Nothing was published."


def explain_inconsistency(quads: Iterable[Quad], names: Namespaces) -> InconsistentData:
    """Return the error that names the conflicts in what the documents share, or in each document beside it."""
    explainer = Explainer(quads, names)
    lines: list[str] = []
    for document in (SHARED, *explainer.premises.documents):
        found = _conflicts_of(explainer, document)
        lines += found
        if found and document == SHARED:
            # Every document would contradict itself for the same reason.
            break
    return InconsistentData("\n".join(lines or ["the statements and axioms contradict each other"]), hint=_HINT)


def _conflicts_of(explainer: Explainer, document: str) -> list[str]:
    part = explainer.premises.of_document(document)
    found = contradictions(part.theory, limit=_MOST_CONFLICTS)
    conflicts = [leaves for leaves in found.sets if leaves]
    if not conflicts:
        return []
    count = f"{len(conflicts)}{'' if found.complete else ' or more'} conflict{'' if len(conflicts) == 1 else 's'}"
    lines = [f"{_whose(explainer, document)} contradicts itself: {count}"]
    for number, leaves in enumerate(conflicts, start=1):
        lines.append(f"Conflict {number}: these cannot all be true")
        lines += reason_lines(explainer.reasons(leaves, part, document))
    return lines


def _whose(explainer: Explainer, document: str) -> str:
    if document == SHARED:
        return "what all documents share (ontology and things)"
    return f"the document {document} (“{explainer.record.title_of(document)}”)"
