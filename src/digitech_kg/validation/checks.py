"""Checks that no shape can make: what reads the table of reserves, patterns, project.toml, or what was inferred.

Which languages are required stands in `project.toml`. Hints are `schema:domainIncludes` and `schema:rangeIncludes`:
what a property is meant for. Unlike from `rdfs:domain` and `rdfs:range`, nothing follows from them. Shapes hold claims
against them; inferred triples are held against them here, since a transitive property has more values by inference
than a shape that counts values would allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims import Claim, read_claims
from digitech_kg.claims.clauses import parse_pattern
from digitech_kg.claims.languages import is_hedge
from digitech_kg.claims.reserves import BY_PROPERTY, CERTAINTIES
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import reachable
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, SCHEMA, SH, TERMS, VOCABULARIES, Namespaces, value_of
from digitech_kg.validation.report import Result, Severity

_TERM_KINDS: Final = frozenset(
    (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
)
#: Terms of these are named by those who publish them.
_STANDARDS: Final = tuple(iri for iri in VOCABULARIES.values() if iri != TERMS)
#: What a claim is read by; passages are named after the place where they stand.
_SENTENCES: Final = (DK.sentence, RDFS.comment)
_LABELS: Final = (RDFS.label,)
_NAMING: Final = frozenset((*_SENTENCES, *_LABELS, RDF.type, RDFS.subClassOf))


#: What a hedged claim has to have at least, if not a certainty: it says whose guess it is, or what kind of statement.
_TAKES_BACK: Final = (DK.mood, DK.heldBy, DK.basis, DK.generality, DK.condition)


def check_claims(quads: Iterable[Quad]) -> tuple[Result, ...]:
    """Return what is wrong with how claims are put: guesses without a certainty, and patterns that are none.

    A guess that would become a plain fact is a Violation, one that other reserves keep from it a Warning.
    """
    quads = [quad for quad in quads if quad.predicate == RDF.type or quad.predicate in _OF_CLAIMS]
    found = [_faulty_pattern(quad) for quad in quads if quad.predicate == DK.sentencePattern and _is_faulty(quad)]
    for claim in read_claims(quads):
        hedges = [cue for cue in claim.all(DK.cue) if isinstance(cue, Literal) and is_hedge(cue.value)]
        if not claim.all(DK.certainty) and not any(claim.all(prop) for prop in _TAKES_BACK):
            severity = Severity.VIOLATION if claim.is_plain else Severity.WARNING
            found += [_guess(claim, cue, severity) for cue in hedges]
    return tuple(found)


_OF_CLAIMS: Final = frozenset(
    (*BY_PROPERTY, DK.subject, DK.predicate, DK.object, DK.value, DK.negated, DK.sentencePattern)
)


def _is_faulty(quad: Quad) -> bool:
    return not isinstance(quad.object, Literal) or parse_pattern(quad.object.value) is None


def _faulty_pattern(quad: Quad) -> Result:
    message = (
        "This pattern can't be filled in: write the verb as it affirms and denies, with a place for each side, such as "
        "“{subject} [leads|does not lead] {object}”; {when} may stand for {object}, and {degree} before a quality."
    )
    return Result(
        focus_node=value_of(quad.subject),
        path=DK.sentencePattern.value,
        value=value_of(quad.object),
        severity=Severity.VIOLATION,
        message=message,
        source_shape=None,
        value_term=str(quad.object),
    )


def _guess(claim: Claim, cue: Literal, severity: Severity) -> Result:
    *levels, last = (f"dk:{level.value.removeprefix(TERMS)}" for level in reversed(CERTAINTIES))
    message = (
        f"The cue “{cue.value}” shows a guess, and nothing says how certain the claim is: add dk:certainty "
        f"{', '.join(levels)} or {last}, or quote other words."
    )
    return Result(claim.iri.value, DK.cue.value, cue.value, severity, message, None, value_term=str(cue))


def check_languages(quads: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return a Violation for each thing, claim and term that has no name in a required language.

    Things are members of a class of the ontology, in `graph:things` or the graph of a document, whatever their IRI.
    """
    quads = [quad for quad in quads if quad.predicate in _NAMING]
    view = GraphView(quads)
    kinds: dict[str, tuple[set[NamedNode], Sequence[NamedNode], str]] = {
        "term": (set(_terms(quads, names)), _LABELS, "an rdfs:label"),
        "thing": (set(), _LABELS, "an rdfs:label"),
        "claim": (set(), _SENTENCES, "an rdfs:comment, or dk:sentencePattern to its predicate,"),
    }
    claims, passages, documents = (
        _below(view, *classes) for classes in ((DK.Claim, DK.ExternalClaim), (DK.Passage,), (DK.Document,))
    )
    for node in _members(quads, names):
        classes = set(view.values(node, RDF.type))
        if classes & claims:
            kinds["claim"][0].add(node)
        elif classes & documents and view.texts(node, RDFS.label):
            continue  # It is known by its title, in its own language.
        elif not classes & passages and any(OWL.Class in view.values(cls, RDF.type) for cls in classes):
            kinds["thing"][0].add(node)
    found = []
    for kind, (nodes, properties, remedy) in kinds.items():
        for node in sorted(nodes, key=str):
            there = {tag for prop in properties for tag in view.texts(node, prop)}
            missing = (tag for tag in names.required_languages if tag.lower() not in there)
            found += [_unnamed(node, kind, properties[-1], tag, remedy) for tag in missing]
    return tuple(found)


def _terms(quads: Iterable[Quad], names: Namespaces) -> Iterator[NamedNode]:
    """Yield what the project's ontology declares: no terms of standards, nor of an ontology that it imports."""
    others = _STANDARDS if TERMS.startswith(names.base) else (*_STANDARDS, TERMS)
    for quad in quads:
        if quad.predicate == RDF.type and quad.graph_name == names.graphs.ontology and quad.object in _TERM_KINDS:
            term = quad.subject
            if isinstance(term, NamedNode) and not term.value.startswith(others):
                yield term


def _members(quads: Iterable[Quad], names: Namespaces) -> Iterator[NamedNode]:
    """Yield what `graph:things` and the graphs of documents give a class."""
    graphs = names.graphs
    for quad in quads:
        if quad.predicate == RDF.type and isinstance(quad.subject, NamedNode):
            graph = quad.graph_name
            if graph == graphs.things or (graphs.document_of(graph) and not graphs.is_derived(graph)):
                yield quad.subject


def _below(view: GraphView, *classes: NamedNode) -> set[NamedNode]:
    """Return classes and all narrower ones."""
    return set(reachable(classes, lambda cls: view.subjects(RDFS.subClassOf, cls)))


def _unnamed(node: NamedNode, kind: str, path: NamedNode, tag: str, remedy: str) -> Result:
    noun = "sentence" if kind == "claim" else "label"
    return Result(
        focus_node=node.value,
        path=path.value,
        value=None,
        severity=Severity.VIOLATION,
        message=f"The {kind} has no {noun} in “{tag}”, a language that the project requires: add {remedy} with @{tag}.",
        source_shape=None,
        constraint=SH.MinCountConstraintComponent.value,
    )


_HINTING: Final = (RDF.type, RDFS.subClassOf, SCHEMA.domainIncludes, SCHEMA.rangeIncludes)


def check_hints(stated: Iterable[Quad], inferred: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return a violation for each inferred triple that does not fit; types may be stated or inferred."""
    inferred = tuple(inferred)
    view = GraphView(quad for quad in (*stated, *inferred) if quad.predicate in _HINTING)
    found = []
    for quad in inferred:
        for side, node, hint in (
            ("subject", quad.subject, SCHEMA.domainIncludes),
            ("object", quad.object, SCHEMA.rangeIncludes),
        ):
            wanted = set(view.values(quad.predicate, hint))
            if wanted and not isinstance(node, Literal) and wanted.isdisjoint(_classes(node, view)):
                found.append(_misfit(quad, side, wanted, names))
    return tuple(found)


def _classes(node: Any, view: GraphView) -> Iterable[Any]:
    return reachable(view.values(node, RDF.type), lambda cls: view.values(cls, RDFS.subClassOf))


def _misfit(quad: Quad, side: str, wanted: set[Any], names: Namespaces) -> Result:
    subject, predicate, value = (names.shorten(term.value) for term in (quad.subject, quad.predicate, quad.object))  # type: ignore[union-attr]
    classes = " or ".join(sorted(names.shorten(cls.value) for cls in wanted))
    message = (
        f"It is inferred that {subject} {predicate} {value}, but the {side} of {predicate} should be a {classes}. "
        "Correct the class of the thing, the claim behind it, or the axiom that leads to it."
    )
    return Result(quad.subject.value, quad.predicate.value, quad.object.value, Severity.VIOLATION, message, None)  # type: ignore[union-attr]
