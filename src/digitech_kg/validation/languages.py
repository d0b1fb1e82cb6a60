"""Whether all that people read by a name has one in each language that the project requires.

Which languages these are stands in `project.toml`, so no shape can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import DK, OWL, RDF, RDFS, SH, TERMS, VOCABULARIES, Namespaces
from digitech_kg.validation.report import Result, Severity

_TERM_KINDS: Final = frozenset(
    (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
)
#: Terms of these are named by those who publish them.
_STANDARDS: Final = tuple(iri for iri in VOCABULARIES.values() if iri != TERMS)
#: What a claim is read by; passages are named after the place where they stand.
_SENTENCES: Final = (DK.sentence, RDFS.comment)
_LABELS: Final = (RDFS.label,)
_TEXTS: Final = frozenset((*_SENTENCES, *_LABELS))


def check_languages(quads: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return a Violation for each thing, claim and term that has no name in a required language.

    Things are members of a class of the ontology, in `graph:things` or the graph of a document, whatever their IRI.
    """
    subjects = _Subjects(tuple(quads), names)
    kinds = (
        ("term", subjects.terms(), _LABELS, "an rdfs:label"),
        ("thing", subjects.things(), _LABELS, "an rdfs:label"),
        ("claim", subjects.claims(), _SENTENCES, "an rdfs:comment, or dk:sentencePattern to its predicate,"),
    )
    found = []
    for kind, nodes, properties, remedy in kinds:
        for node in sorted(nodes, key=str):
            missing = (
                tag for tag in names.required_languages if tag.lower() not in subjects.languages(node, properties)
            )
            found += [_violation(node, kind, properties[-1], tag, remedy) for tag in missing]
    return tuple(found)


def _violation(node: NamedNode, kind: str, path: NamedNode, tag: str, remedy: str) -> Result:
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


class _Subjects:
    """The subjects of quads by what they are, and the languages of their texts."""

    def __init__(self, quads: tuple[Quad, ...], names: Namespaces) -> None:
        self._names = names
        self._types: dict[Any, set[Any]] = defaultdict(set)
        self._texts: dict[tuple[Any, NamedNode], set[str]] = defaultdict(set)
        self._places: dict[Any, set[Any]] = defaultdict(set)
        broader: dict[Any, set[Any]] = defaultdict(set)
        for quad in quads:
            predicate = quad.predicate
            if predicate in _TEXTS:
                if isinstance(quad.object, Literal):
                    self._texts[quad.subject, predicate].add((quad.object.language or "").lower())
            elif predicate == RDF.type:
                self._types[quad.subject].add(quad.object)
                self._places[quad.subject].add(quad.graph_name)
            elif predicate == RDFS.subClassOf:
                broader[quad.object].add(quad.subject)
        self._passages = _below(DK.Passage, broader)
        self._claims = _below(DK.Claim, broader) | _below(DK.ExternalClaim, broader)

    def languages(self, node: NamedNode, properties: Iterable[NamedNode]) -> set[str]:
        """Return the languages in which a node has a text."""
        return set().union(*(self._texts.get((node, prop), set()) for prop in properties))

    def terms(self) -> Iterator[NamedNode]:
        """Yield what the ontology declares and no standard defines."""
        for node in self._named_in((self._names.graphs.ontology,)):
            if self._types[node] & _TERM_KINDS and not node.value.startswith(_STANDARDS):
                yield node

    def things(self) -> Iterator[NamedNode]:
        """Yield the members of the ontology's classes that are neither claims nor passages."""
        apart = self._passages | self._claims
        for node in self._named_in(self._hand_written()):
            kinds = {kind for kind in self._types[node] if OWL.Class in self._types.get(kind, ())}
            if kinds and not kinds & apart:
                yield node

    def claims(self) -> Iterator[NamedNode]:
        """Yield the claims of documents."""
        for node in self._named_in(self._hand_written()):
            if self._types[node] & self._claims:
                yield node

    def _hand_written(self) -> set[Any]:
        """Return `graph:things` and the graphs of documents."""
        graphs = self._names.graphs
        found = {graph for places in self._places.values() for graph in places}
        return {g for g in found if g == graphs.things or (graphs.document_of(g) and not graphs.is_derived(g))}

    def _named_in(self, graphs: Iterable[Any]) -> Iterator[NamedNode]:
        wanted = set(graphs)
        for node, places in self._places.items():
            if isinstance(node, NamedNode) and not wanted.isdisjoint(places):
                yield node


def _below(cls: NamedNode, broader: dict[Any, set[Any]]) -> set[Any]:
    """Return a class and all narrower ones."""
    found: set[Any] = set()
    pending: list[Any] = [cls]
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending += broader.get(node, ())
    return found
