"""What a dataset says, as far as an explanation needs it: premises by document, and claims with their passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from digitech_kg.claims.labels import read_labels
from digitech_kg.claims.model import CLAIM_CLASSES, Claim, read_claims
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DK, RDF, RDFS, GraphName, Namespaces, value_of
from digitech_kg.reasoning.inference import Theory
from digitech_kg.reasoning.premises import find_properties, is_assertion, select_premises

#: The document of what belongs to no document.
SHARED: Final = ""


@dataclass(frozen=True, slots=True)
class PassageNote:
    """A passage of a document, and where it stands."""

    iri: str
    name: str
    label: str
    document: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class ClaimNote:
    """A claim as a sentence, with its reserves (axis and value) and the passages that state it."""

    iri: str
    name: str
    text: str
    document: str
    negated: bool
    reserves: tuple[tuple[str, str], ...]
    passages: tuple[PassageNote, ...]


@dataclass
class Premises:
    """What follows is derived from: the triples, and the rules and facts that they come to."""

    triples: tuple[Triple, ...]
    theory: Theory

    @cached_property
    def axioms(self) -> GraphView:
        """The triples that aren't plain assertions, to read class expressions from."""
        return GraphView(triple for triple in self.triples if not is_assertion(triple))


class Record:
    """Quads, looked up by subject and predicate; what was inferred is kept apart."""

    def __init__(self, quads: Iterable[Quad], names: Namespaces) -> None:
        self.names = names
        #: The graphs that state a triple, and the documents from which it was found to follow.
        self.graphs: dict[Triple, list[GraphName]] = defaultdict(list)
        self.inferred: dict[Triple, list[str]] = defaultdict(list)
        self._stated: dict[str, list[Quad]] = defaultdict(list)
        shared = (names.graphs.ontology, names.graphs.things)
        for quad in quads:
            document = names.graphs.document_of(quad.graph_name) or SHARED
            if names.graphs.is_inferred(quad.graph_name):
                self.inferred[quad.triple].append(document)
                continue
            self.graphs[quad.triple].append(quad.graph_name)
            if document or quad.graph_name in shared:
                self._stated[document].append(quad)
        self._premises: dict[str, Premises] = {}
        self._view = GraphView(self.graphs)
        self._labels = read_labels(self.graphs)
        self.claims = {claim.iri: claim for claim in read_claims(self.graphs)}
        self._about: dict[Triple, list[Claim]] = defaultdict(list)
        for claim in sorted(self.claims.values(), key=lambda claim: claim.iri.value):
            if (triple := claim.triple) is not None:
                self._about[triple].append(claim)

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents that state anything, sorted."""
        return tuple(sorted(self._stated.keys() - {SHARED}))

    def premises(self, document: str) -> Premises:
        """Return the premises of a document with what all share, or of the latter alone; read when asked for."""
        if document not in self._premises:
            self._premises[document] = self._read_premises(document)
        return self._premises[document]

    def _read_premises(self, document: str) -> Premises:
        if document == SHARED:
            premises = select_premises(self._stated[SHARED])
            return Premises(premises, Theory.of(premises))
        shared = self.premises(SHARED)
        more = select_premises(self._stated.get(document, ()), find_properties(shared.triples))
        known = set(shared.triples)
        new = tuple(triple for triple in more if triple not in known)
        return Premises((*shared.triples, *new), shared.theory.with_more(new) or Theory.of((*shared.triples, *new)))

    def is_known(self, term: object) -> bool:
        """Whether anything is said of a term."""
        return bool(self._view.triples_of(term))

    def name_of(self, iri: str) -> str:
        """Return the label of a term, in English if there is one, else its short name."""
        return self._labels.name(NamedNode(iri), self.names)

    def title_of(self, document: str) -> str:
        """Return the label of a document, else its name."""
        thing = self.names.thing(document)
        return self._labels.name(thing, self.names) if document and self._labels.has(thing) else document

    def _text(self, subject: Any, predicate: NamedNode) -> str:
        return self._view.text(subject, predicate, ("en", *self.names.languages, ""))

    def evidence_for(self, triple: Triple, document: str, *, denied: bool = False) -> tuple[ClaimNote, ...]:
        """Return the claims by which a document states a triple plainly, or denies it."""
        notes = map(self.note, (c.iri for c in self._about.get(triple, ()) if c.is_plain and c.is_negated == denied))
        return tuple(note for note in notes if note.document == document)

    def documents_that_deny(self, triple: Triple) -> tuple[str, ...]:
        """Return the documents that deny a statement plainly, sorted."""
        denials = (claim.iri for claim in self._about.get(triple, ()) if claim.is_plain and claim.is_negated)
        return tuple(sorted({self._document_of(claim) for claim in denials}))

    def claims_about(self, triple: Triple) -> tuple[ClaimNote, ...]:
        """Return all claims that have this subject, predicate and object, with whatever reserve."""
        return tuple(self.note(claim.iri) for claim in self._about.get(triple, ()))

    def note(self, iri: Any) -> ClaimNote:
        """Return what an explanation says of a claim."""
        claim, name = self.claims[iri], value_of(iri)
        text = self._text(iri, DK.sentence) or self._text(iri, RDFS.comment)
        reserves = tuple(
            (reserve.axis.name, self._labels.name(reserve.value, self.names)) for reserve in claim.reserves
        )
        document = self._document_of(iri)
        passages = self._passages(claim.passages)
        return ClaimNote(name, self.names.shorten(name), text, document, claim.is_negated, reserves, passages)

    def _document_of(self, claim: Any) -> str:
        """Return the document that makes a claim: its IRI names it, and else the graph that it is in."""
        graphs = (g for cls in CLAIM_CLASSES for g in self.graphs.get(Triple(claim, RDF.type, cls), ()))
        found = (self.names.graphs.document_of(graph) for graph in graphs)
        return self.names.document_of(value_of(claim)) or next(filter(None, found), SHARED)

    def passages_of(self, thing: Any, document: str) -> tuple[PassageNote, ...]:
        """Return the passages of a document that tell what a thing is; a passage is its own."""
        if isinstance(thing, NamedNode) and thing.value.startswith(f"{self.names.base}passage/"):
            return (self._passage(thing),)
        found = self._passages(self._view.values(thing, DK.describedIn))
        return tuple(passage for passage in found if document in (SHARED, passage.document))

    def _passages(self, passages: Iterable[Any]) -> tuple[PassageNote, ...]:
        return tuple(self._passage(node) for node in sorted(passages, key=str))

    def _passage(self, passage: Any) -> PassageNote:
        iri, page = value_of(passage), self._view.value(passage, DK.pageLabel)
        short = self.names.shorten(iri)
        document = self.names.document_of(iri) or SHARED
        return PassageNote(iri, short, self.name_of(iri), document, page.value if isinstance(page, Literal) else "")
