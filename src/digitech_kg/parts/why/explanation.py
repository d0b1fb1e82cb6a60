"""Explain why a triple holds: stated or entailed, in which documents, with a proof down to passages.

An explanation is a tree of items, which the page, JSON, and text for a terminal or an error message show alike.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from digitech_kg.claims.labels import read_labels
from digitech_kg.claims.model import CLAIM_CLASSES, Claim, read_claims
from digitech_kg.errors import CallError, InconsistentData
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DK, RDF, RDFS, GraphName, Namespaces, local_name, value_of
from digitech_kg.reasoning.inference import ANY, OTHER, Theory, add_complements
from digitech_kg.reasoning.premises import TERM_LINKS, Leaf, Wording, find_properties, is_assertion, select_premises
from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Rule, Saturation
from digitech_kg.triple_store import open_read_only, store_of

#: The document of what belongs to no document.
_SHARED: Final = ""
#: Axes of reserves that a reader of a proof has no use for.
_LEFT_OUT: Final = ("passages", "salience", "cue")


def prove(theory: Theory, triple: Triple) -> frozenset[int] | None:
    """Return leaves from which a triple follows by the rules, all of them needed; None if it doesn't follow."""
    subject, predicate, value = str(triple.subject), triple.predicate, str(triple.object)
    # A class is below another if any member of it is in the other.
    if predicate == RDFS.subClassOf:
        return _smallest(theory, (ANY, TYPE, value), [Derivation((ANY, TYPE, subject), (), ())])
    if predicate == RDFS.subPropertyOf:
        return _smallest(theory, (ANY, value, OTHER), [Derivation((ANY, subject, OTHER), (), ())])
    return _smallest(theory, (subject, str(predicate), value), [])


def find_contradiction(theory: Theory) -> frozenset[int] | None:
    """Return leaves that contradict each other, all of them needed; None if the rules find no contradiction."""
    return _smallest(theory, CLASH, [])


def _smallest(theory: Theory, goal: Fact, assumed: list[Derivation]) -> frozenset[int] | None:
    """Return a proof of a goal from which no leaf can be taken away, or None if there is none."""
    given = [*theory.given, *assumed]
    proof = _prove(theory, theory.rules, given, goal)
    for leaf in sorted(proof or (), reverse=True):
        if proof is not None and leaf in proof:
            fewer = proof - {leaf}
            rules = [rule for rule in theory.rules if fewer.issuperset(rule.leaves)]
            without = [derivation for derivation in given if fewer.issuperset(derivation.leaves)]
            smaller = _prove(theory, rules, without, goal)
            proof = smaller if smaller is not None else proof
    return proof


def _prove(theory: Theory, rules: Iterable[Rule], given: Iterable[Derivation], goal: Fact) -> frozenset[int] | None:
    saturation = Saturation(rules)
    saturation.add(given)
    if goal not in saturation.known:
        add_complements(saturation, theory.complements)
    return saturation.leaves_of(goal) if goal in saturation.known else None


@dataclass(frozen=True, slots=True)
class Item:
    """What is told in one place: of the triple, a document, a statement, an axiom, a claim or a passage."""

    #: For the triple "stated", "entailed" or "not entailed"; for a document also "denied" or "reserved"; else its kind.
    kind: str
    text: str
    #: The triple, the IRI of the document, claim or passage.
    about: str = ""
    #: For the triple its unknown names, for a document the graphs that state it, for a claim its reserves.
    notes: tuple[str, ...] = ()
    #: What it rests on: all of it is needed.
    items: "tuple[Item, ...]" = ()


class Explainer:
    """Says why triples hold in a store. What was inferred is kept apart from what is stated.

    It looks up what a question leads to: to read a whole store would take longer than to prove something.
    """

    def __init__(self, store: Store, names: Namespaces) -> None:
        self.names = names
        self._store = store
        self._premises = cache(self._read_premises)
        self._about = cache(self._read_about)

    def why(self, triple: Triple) -> Item:
        """Return where and why a triple holds, with a proof for each document that entails it."""
        answers = [*self._stated_in(triple), *self._entailed_by(triple)]
        status = answers[0].kind if answers else "not entailed"
        covered = {answer.about for answer in answers}
        answers += [answer for answer in self._denied_or_reserved(triple) if answer.about not in covered]
        terms = (triple.subject, triple.predicate, triple.object)
        unknown = [t for t in terms if isinstance(t, NamedNode) and t != RDF.type and not self._about(t)]
        kind = local_name(triple.predicate.value) if triple.predicate in TERM_LINKS else "assertion"
        leaf = Leaf(kind, (triple,), triple.subject, triple.object, triple.predicate)
        text = Wording(GraphView(()), self._name_of).sentence(leaf)
        notes = () if answers else tuple(map(self._short, unknown))
        return Item(status, text, " ".join(map(self._short, terms)), notes, tuple(answers))

    def conflict(self, document: str) -> tuple[Item, ...]:
        """Return what can't all be true in a document, or in what all share; nothing if the rules find no conflict."""
        _, theory = self._premises(document)
        return self._reasons(find_contradiction(theory) or (), document)

    @property
    def documents(self) -> list[str]:
        """The names of the documents that state anything, sorted, after "" for what all share."""
        return sorted({_SHARED, *map(self._owner, self._store.named_graphs())})

    def title_of(self, document: str) -> str:
        """Return the label of a document, or else its short name."""
        return self._name_of(self.names.thing(document)).removeprefix("id:")

    def _answer(self, kind: str, document: str, items: Iterable[Item], notes: Iterable[str] = ()) -> Item:
        text = "whatever the document" if document == _SHARED else self.title_of(document)
        about = "" if document == _SHARED else self.names.thing(document).value
        return Item(kind, text, about, tuple(notes), tuple(items))

    def _stated_in(self, triple: Triple) -> Iterator[Item]:
        """Yield an item for each document that states a triple, and one for all graphs of no document."""
        graphs: dict[str, list[str]] = defaultdict(list)
        for graph in self._graphs_of(triple):
            name = self._short(graph) if isinstance(graph, NamedNode) else "the default graph"
            graphs[self._owner(graph)].append(name)
        for document, found in sorted(graphs.items()):
            yield self._answer("stated", document, self._rests_on(triple, document), sorted(found))

    def _entailed_by(self, triple: Triple) -> Iterator[Item]:
        for document in sorted(map(self._owner, self._graphs_of(triple, inferred=True))):
            _, theory = self._premises(document)
            yield self._answer("entailed", document, self._reasons(prove(theory, triple) or (), document))

    def _denied_or_reserved(self, triple: Triple) -> Iterator[Item]:
        by_document = grouped((self._document_of(claim), claim) for claim in self._claims_on(triple))
        for document, claims in sorted(by_document.items()):
            denials = [claim for claim in claims if claim.is_plain and claim.is_negated]
            yield self._answer("denied" if denials else "reserved", document, map(self._claim, denials or claims))

    def _read_premises(self, document: str) -> tuple[tuple[Triple, ...], Theory]:
        """Return the premises of a document with what all share, or of the latter alone, and their rules and facts."""
        own = self._stated_in_document(document)
        if document == _SHARED:
            premises = select_premises(own)
            return premises, Theory.of(premises)
        shared, theory = self._premises(_SHARED)
        known = set(shared)
        new = tuple(triple for triple in select_premises(own, find_properties(shared)) if triple not in known)
        whole = (*shared, *new)
        return whole, theory.with_more(new) or Theory.of(whole)

    def _stated_in_document(self, document: str) -> Iterator[Quad]:
        """Yield what is reasoned over of a document, or of what all share."""
        graphs = self.names.graphs
        shared = (graphs.ontology, graphs.things)
        for graph in self._store.named_graphs():
            is_own = graphs.document_of(graph) == document if document else graph in shared
            if is_own and not graphs.is_inferred(graph):
                yield from self._store.quads_for_pattern(None, None, None, graph)

    def _reasons(self, leaves: Iterable[int], document: str) -> tuple[Item, ...]:
        """Put leaves into words, assertions first, with the claims and passages that they rest on."""
        premises, theory = self._premises(document)
        wording = Wording(GraphView(t for t in premises if not is_assertion(t)), self._name_of)
        chosen = sorted((theory.leaf(number) for number in leaves), key=lambda x: (x.is_axiom, str(x.triples[0])))
        return tuple(self._reason(leaf, wording.sentence(leaf), document) for leaf in chosen)

    def _reason(self, leaf: Leaf, text: str, document: str) -> Item:
        if leaf.is_axiom:
            return Item("axiom", text)
        denied = leaf.kind == "NegativePropertyAssertion"
        triple = Triple(leaf.subject, leaf.predicate, leaf.value)  # type: ignore[arg-type]
        items = self._rests_on(triple, document, denied=denied)
        return Item("denial" if denied else "statement", text, items=items)

    def _rests_on(self, triple: Triple, document: str, *, denied: bool = False) -> tuple[Item, ...]:
        """Return the claims by which a document states or denies a triple plainly, else what describes its subject."""
        claims = [
            claim
            for claim in self._claims_on(triple)
            if claim.is_plain and claim.is_negated == denied and self._document_of(claim) == document
        ]
        if not claims:
            claims = [claim for claim in read_claims(self._about(triple.subject)) if claim.iri == triple.subject]
        if claims:
            return tuple(map(self._claim, claims))
        found = [other.object for other in self._about(triple.subject) if other.predicate == DK.describedIn]
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(f"{self.names.base}passage/"):
            return self._passages("described in", [triple.subject])
        own = (p for p in found if document in (_SHARED, self.names.document_of(value_of(p)) or _SHARED))
        return self._passages("described in", own)

    def _claim(self, claim: Claim) -> Item:
        view, languages = GraphView(self._about(claim.iri)), ("en", *self.names.languages, "")
        texts = (view.text(claim.iri, prop, languages) for prop in (DK.sentence, RDFS.comment))
        reserves = (r for r in claim.reserves if r.axis.name not in _LEFT_OUT)
        notes = [f"{reserve.axis.name}: {self._name_of(reserve.value)}" for reserve in reserves]
        notes = ["denial", *notes] if claim.is_negated else notes
        passages = self._passages("stated in", claim.passages)
        return Item("claim", next(filter(None, texts), ""), value_of(claim.iri), tuple(notes), passages)

    def _passages(self, kind: str, passages: Iterable[Any]) -> tuple[Item, ...]:
        found = sorted(map(value_of, passages))
        return tuple(Item(kind, self._name_of(iri), iri) for iri in found)

    def _document_of(self, claim: Claim) -> str:
        """Return the document that makes a claim: its IRI names it, and else the graph that it is in."""
        graphs = (g for cls in CLAIM_CLASSES for g in self._graphs_of(Triple(claim.iri, RDF.type, cls)))
        return self.names.document_of(claim.iri.value) or next(filter(None, map(self._owner, graphs)), _SHARED)

    def _name_of(self, term: Any) -> str:
        """Return the label of a term or IRI, in English if it has one, else its short name; a literal is its value."""
        named = NamedNode(term) if isinstance(term, str) else term
        if not isinstance(named, NamedNode):
            return value_of(named)
        return read_labels(self._about(named)).name(named, self.names)

    def _claims_on(self, triple: Triple) -> list[Claim]:
        """Return the claims that are about a triple, however they put it, sorted by IRI."""
        iris = {quad.subject for quad in self._store.quads_for_pattern(None, DK.subject, triple.subject, None)}
        claims = (claim for iri in sorted(iris, key=value_of) for claim in read_claims(self._about(iri)))
        return [claim for claim in claims if claim.triple == triple]

    def _read_about(self, subject: Any) -> tuple[Triple, ...]:
        """Return what is stated of a subject, each once."""
        quads = self._store.quads_for_pattern(subject, None, None, None)
        stated = (quad.triple for quad in quads if not self.names.graphs.is_inferred(quad.graph_name))
        return tuple(dict.fromkeys(stated))

    def _graphs_of(self, triple: Triple, *, inferred: bool = False) -> list[GraphName]:
        """Return the graphs that state a triple, or those in which it is inferred."""
        quads = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return [q.graph_name for q in quads if self.names.graphs.is_inferred(q.graph_name) == inferred]

    def _owner(self, graph: GraphName) -> str:
        """Return the name of the document that a graph belongs to."""
        return self.names.graphs.document_of(graph) or _SHARED

    def _short(self, term: Any) -> str:
        return self.names.shorten(term.value) if isinstance(term, NamedNode) else str(term)


def explain(store: Path, triple: Triple, names: Namespaces) -> Item:
    """Return why a triple of a published store holds."""
    return Explainer(open_read_only(store), names).why(triple)


def parse_triple(subject: str, predicate: str, value: str, names: Namespaces) -> Triple:
    """Read a triple of IRIs or CURIEs; the predicate may be `a`, the object a literal in N-Triples or Turtle form.

    Raises `CallError` for anything else.

    >>> names = Namespaces("https://example.org/kg/")
    >>> str(parse_triple("id:acme", "a", "dk:Company", names).predicate.value)
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    """
    subject_iri, predicate_iri = names.expand(subject), RDF.type.value if predicate == "a" else names.expand(predicate)
    # A literal may name its datatype by a prefix.
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.prefixes.items())
    spelt = value if re.match(r'"|[+-]?\d', value) else f"<{names.expand(value)}>"
    try:
        quads = list(parse(f"{head}<{subject_iri}> <{predicate_iri}> {spelt} .", format=RdfFormat.TURTLE))
    except SyntaxError:
        quads = []
    if len(quads) != 1:
        hint = 'Write an IRI, a CURIE such as id:acme, or for an object a literal such as 222, "2020" or "text"@en.'
        raise CallError(f"cannot read {subject} {predicate} {value} as a triple", hint=hint)
    triple: Triple = quads[0].triple
    return triple


def why_text(why: Item, names: Namespaces) -> str:
    """Return what each document has to do with a triple, down to claims and passages."""
    unknown = [f"  Nothing is known of {', '.join(why.notes)}."] if why.notes else []
    return "\n".join([f"{why.about}: {why.kind}", f"  {why.text}", *unknown, *item_lines(why.items, names, "")])


def item_lines(items: Iterable[Item], names: Namespaces, indent: str = "  ") -> Iterator[str]:
    for item in items:
        # Those that aren't below another are of documents.
        about = f"{' ' if indent else ' in '}{names.shorten(item.about)}" if item.about else ""
        notes = f" ({'; '.join(item.notes)})" if item.notes else ""
        yield f"{indent}{item.kind}{about}{notes}: {item.text}"
        yield from item_lines(item.items, names, indent + "  ")


def explain_inconsistency(quads: Iterable[Quad], names: Namespaces) -> InconsistentData:
    """Return the error that names a conflict in what the documents share, or one in each document beside it."""
    explainer, lines = Explainer(store_of(quads), names), list[str]()
    for document in explainer.documents:
        if found := explainer.conflict(document):
            who = f"the document {document} (“{explainer.title_of(document)}”)"
            who = "what all documents share (ontology and things)" if document == _SHARED else who
            lines += [f"{who} contradicts itself: these can't all be true", *item_lines(found, names)]
            if document == _SHARED:
                # Every document would contradict itself for the same reason.
                break
    hint = "Change a claim, or the axiom if it is wrong. Nothing was published."
    return InconsistentData("\n".join(lines or ["the statements and axioms contradict each other"]), hint=hint)
