"""What a dataset says of things, claims and passages, as far as an explanation needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.namespaces import DK, GRAPH, OWL, RDF, RDFS, shorten, value_of

_CLAIM_CLASSES = (DK.Claim, DK.ExternalClaim)


@dataclass(frozen=True, slots=True)
class PassageNote:
    """A passage of a document, and where it stands."""

    iri: str
    name: str
    document: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class ClaimNote:
    """A claim in the project's own words, how firmly it is made, and where."""

    iri: str
    name: str
    text: str
    certainty: str
    negated: bool
    held_by: tuple[str, ...]
    passages: tuple[PassageNote, ...]


class Record:
    """Quads, looked up by subject and predicate, without what was inferred."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._values: dict[tuple[object, NamedNode], list[NamedNode | BlankNode | Literal | Triple]] = defaultdict(list)
        self._graphs: dict[Triple, list[str]] = defaultdict(list)
        self._inferred: set[Triple] = set()
        annotated: list[object] = []
        claims: list[object] = []
        for quad in quads:
            triple = quad.triple
            if quad.graph_name == GRAPH.inferred:
                self._inferred.add(triple)
                continue
            self._values[quad.subject, quad.predicate].append(quad.object)
            self._graphs[triple].append(_graph(quad))
            if quad.predicate == RDF.type and quad.object in (OWL.Axiom, OWL.NegativePropertyAssertion):
                annotated.append(quad.subject)
            elif quad.predicate == RDF.type and quad.object in _CLAIM_CLASSES:
                claims.append(quad.subject)
        self._evidence = self._read_evidence(annotated)
        self._claims_about = self._read_claims(claims)

    def _read_evidence(self, nodes: Iterable[object]) -> dict[tuple[object, ...], list[object]]:
        found: dict[tuple[object, ...], list[object]] = defaultdict(list)
        for node in nodes:
            source, prop, targets = OWL.annotatedSource, OWL.annotatedProperty, [OWL.annotatedTarget]
            denied = not self._values.get((node, source))
            if denied:
                source, prop = OWL.sourceIndividual, OWL.assertionProperty
                targets = [OWL.targetIndividual, OWL.targetValue]
            key = (self._one(node, source), self._one(node, prop), self._one(node, *targets), denied)
            found[key] += self._values.get((node, DK.evidence), [])
        return found

    def _read_claims(self, claims: Iterable[object]) -> dict[tuple[object, ...], list[object]]:
        found: dict[tuple[object, ...], list[object]] = defaultdict(list)
        for claim in claims:
            about = (
                self._one(claim, DK.subject),
                self._one(claim, DK.predicate),
                self._one(claim, DK.object, DK.value),
            )
            found[about].append(claim)
        return found

    def _one(self, subject: object, *predicates: NamedNode) -> object:
        return next((found[0] for p in predicates if (found := self._values.get((subject, p)))), None)

    def is_inferred(self, triple: Triple) -> bool:
        """Whether a reasoner found the triple when the dataset was built."""
        return triple in self._inferred

    def graphs_of(self, triple: Triple) -> tuple[str, ...]:
        """Give the names of the graphs in which a triple is stated."""
        return tuple(self._graphs.get(triple, ()))

    def is_known(self, term: object) -> bool:
        """Whether anything is said of a term."""
        return any(subject == term for subject, _ in self._values)

    def name_of(self, iri: str) -> str:
        """Give the English label of a term, else its short name."""
        labels = self._values.get((NamedNode(iri), RDFS.label), [])
        english = [label.value for label in labels if isinstance(label, Literal) and label.language == "en"]
        return english[0] if english else shorten(iri)

    def evidence_for(self, triple: Triple, *, denied: bool = False) -> tuple[ClaimNote, ...]:
        """Give the claims from which a statement, or a denial, was derived."""
        key = (triple.subject, triple.predicate, triple.object, denied)
        return tuple(self.claim(claim) for claim in sorted(self._evidence.get(key, ()), key=str))

    def claims_about(self, triple: Triple) -> tuple[ClaimNote, ...]:
        """Give all claims that have this subject, predicate and object, with whatever reserve."""
        key = (triple.subject, triple.predicate, triple.object)
        return tuple(self.claim(claim) for claim in sorted(self._claims_about.get(key, ()), key=str))

    def is_claim(self, term: object) -> bool:
        """Whether a term is a claim."""
        return any(cls in _CLAIM_CLASSES for cls in self._values.get((term, RDF.type), ()))

    def claim(self, claim: object) -> ClaimNote:
        """Give what an explanation says of a claim."""
        iri = value_of(claim)  # type: ignore[arg-type]
        text, certainty = self._one(claim, RDFS.comment), self._one(claim, DK.certainty)
        negated = self._one(claim, DK.negated)
        return ClaimNote(
            iri,
            shorten(iri),
            text.value if isinstance(text, Literal) else "",
            self.name_of(certainty.value) if isinstance(certainty, NamedNode) else "",
            isinstance(negated, Literal) and negated.value == "true",
            tuple(sorted(self.name_of(value_of(holder)) for holder in self._values.get((claim, DK.heldBy), ()))),
            self._passages(claim, DK.statedIn),
        )

    def passages_of(self, thing: object) -> tuple[PassageNote, ...]:
        """Give the passages that tell what a thing is; a passage is its own."""
        if self._values.get((thing, DK.textHash)) or self._values.get((thing, DK.order)):
            return (self._passage(thing),)
        return self._passages(thing, DK.describedIn)

    def _passages(self, subject: object, predicate: NamedNode) -> tuple[PassageNote, ...]:
        return tuple(self._passage(node) for node in sorted(self._values.get((subject, predicate), ()), key=str))

    def _passage(self, passage: object) -> PassageNote:
        iri = value_of(passage)  # type: ignore[arg-type]
        page = self._one(passage, DK.pageLabel)
        whole, above = passage, self._one(passage, DK.isPartOf)
        for _ in range(10):
            if above is None:
                break
            whole, above = above, self._one(above, DK.isPartOf)
        document = self.name_of(whole.value) if isinstance(whole, NamedNode) and whole != passage else ""
        return PassageNote(iri, shorten(iri), document, page.value if isinstance(page, Literal) else "")


def _graph(quad: Quad) -> str:
    return shorten(quad.graph_name.value) if isinstance(quad.graph_name, NamedNode) else "the default graph"
