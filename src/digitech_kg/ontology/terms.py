"""The terms of an ontology as a page shows them: names, definition, place, axioms, use, shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DCTERMS, ONTOLOGY_IRI, OWL, RDF, RDFS, SCHEMA, SKOS, TERMS, Namespaces
from digitech_kg.reasoning.premises import Leaf, Wording, read_leaves


class Index(GraphView):
    """Triples, read-only. Terms are named in `language`, else in English, else in the project's first language."""

    def __init__(self, triples: Iterable[Triple], names: Namespaces, language: str = "en") -> None:
        super().__init__(sorted((t for t in triples if not isinstance(t.object, Triple)), key=str))
        self._names = names
        self._languages = (language, "en", *names.required_languages, "")

    def terms(self, kind: NamedNode) -> list[NamedNode]:
        """Return the terms of a kind, such as `owl:Class`, that the ontology names itself, by IRI.

        What it borrows from a standard is declared in it without a label.
        """
        found = (node for node in self.subjects(RDF.type, kind) if isinstance(node, NamedNode))
        return sorted((node for node in found if self.values(node, RDFS.label)), key=lambda node: node.value)

    def said(self, node: Any, predicate: NamedNode) -> str:
        """Return a literal in the best language there is; an empty text if there is none."""
        return self.text(node, predicate, self._languages)

    def label(self, node: NamedNode) -> str:
        """Return the label, or the short name of what has none."""
        return self.said(node, RDFS.label) or self.short(node)

    def short(self, node: NamedNode) -> str:
        return self._names.shorten(node.value)

    def anchor(self, node: NamedNode) -> str:
        """Return the name of a term on the page of the ontology: the end of its IRI, so that the IRI leads to it."""
        for space in (f"{self._names.base}ontology#", TERMS):
            if node.value.startswith(space):
                return node.value.removeprefix(space)
        return self._names.shorten(node.value).strip("<>").replace(":", "-", 1)


class Link(NamedTuple):
    """A name and where it leads: a fragment of the page, or an address elsewhere."""

    text: str
    target: str


class Branch(NamedTuple):
    link: Link
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class TermEntry:
    """One class, property or individual; `name` is its anchor on the page, `short` its prefixed name."""

    name: str
    short: str
    label: str
    other_labels: tuple[tuple[str, str], ...]
    definition: str
    notes: tuple[str, ...]
    broader: tuple[Link, ...]
    narrower: tuple[Link, ...]
    meant_for: tuple[Link, ...]
    meant_values: tuple[Link, ...]
    axioms: tuple[str, ...]
    #: How many things or claims have it.
    uses: int
    shapes: tuple[str, ...]


_KINDS: Final = (
    ("Classes", "classes", OWL.Class),
    ("Object properties", "object-properties", OWL.ObjectProperty),
    ("Datatype properties", "datatype-properties", OWL.DatatypeProperty),
    ("Annotation properties", "annotation-properties", OWL.AnnotationProperty),
    ("Individuals", "individuals", OWL.NamedIndividual),
)
_HEADER: Final = (
    ("Version", OWL.versionInfo),
    ("Version IRI", OWL.versionIRI),
    ("Creator", DCTERMS.creator),
    ("Created", DCTERMS.created),
    ("Modified", DCTERMS.modified),
    ("Licence", DCTERMS.license),
    ("Cite as", DCTERMS.bibliographicCitation),
)

#: Shown as the place of a term, if it is one between two names.
_HIERARCHY: Final = ("subClassOf", "subPropertyOf")


class Documentation:
    """All of an ontology: its header as label and value, its terms by kind, and the tree of its classes.

    Names, definitions and notes are in `language` where there are such; names in axioms are English. `uses` and
    `shapes` are by IRI of the term.
    """

    def __init__(
        self,
        triples: Iterable[Triple],
        uses: Mapping[str, int],
        shapes: Mapping[str, tuple[str, ...]],
        *,
        names: Namespaces,
        language: str = "en",
    ) -> None:
        triples = tuple(triples)
        index = self._index = Index(triples, names, language)
        self._uses, self._shapes, self._language = uses, shapes, language
        self._others = [code for code in names.languages if code.lower() != language.lower()]
        self._axioms = _axioms_of_terms(triples, Index(triples, names))
        by_kind = {kind: index.terms(kind) for _, _, kind in _KINDS}
        self._own = {node for nodes in by_kind.values() for node in nodes}
        # The project's own ontology if it has a title, else the packaged one.
        own = NamedNode(f"{names.base}ontology")
        ontology = own if index.values(own, DCTERMS.title) else NamedNode(ONTOLOGY_IRI)
        self.title = index.said(ontology, DCTERMS.title) or "Ontology"
        self.description = index.said(ontology, DCTERMS.description)
        values = ((label, value) for label, prop in _HEADER for value in index.values(ontology, prop))
        self.header = [(label, value.value) for label, value in values if isinstance(value, Literal | NamedNode)]
        self.kinds = [
            (title, anchor, sorted(map(self._term, by_kind[kind]), key=lambda term: term.label.casefold()))
            for title, anchor, kind in _KINDS
        ]
        classes = set(by_kind[OWL.Class])
        roots = [c for c in classes if not classes & set(index.nodes(c, RDFS.subClassOf))]
        self.tree = self._branches(roots, classes, frozenset())

    def _branches(
        self, nodes: Iterable[NamedNode], classes: set[NamedNode], above: frozenset[NamedNode]
    ) -> tuple[Branch, ...]:
        """Return classes as trees; one with two broader classes stands under both."""
        branches = []
        for node in sorted(nodes, key=lambda c: self._index.label(c).casefold()):
            below = [c for c in self._index.subjects(RDFS.subClassOf, node) if c in classes and c not in above]
            branches.append(Branch(self._link(node), self._branches(below, classes, above | {node})))
        return tuple(branches)

    def _term(self, node: NamedNode) -> TermEntry:
        index, labels = self._index, self._index.texts(node, RDFS.label)
        kinds = index.nodes(node, RDF.type)
        up = RDFS.subClassOf if OWL.Class in kinds else RDFS.subPropertyOf
        notes = (index.said(node, prop) for prop in (SKOS.scopeNote, SKOS.example))
        return TermEntry(
            name=index.anchor(node),
            short=index.short(node),
            label=index.label(node),
            other_labels=tuple((code, labels[code.lower()]) for code in self._others if code.lower() in labels),
            definition=index.said(node, SKOS.definition),
            notes=tuple(filter(None, notes)),
            broader=self._links((*index.nodes(node, up), *(kinds if OWL.NamedIndividual in kinds else ()))),
            narrower=self._links(index.subjects(up, node)),
            meant_for=self._links(index.nodes(node, SCHEMA.domainIncludes)),
            meant_values=self._links(index.nodes(node, SCHEMA.rangeIncludes)),
            axioms=self._axioms.get(node, ()),
            uses=self._uses.get(node.value, 0),
            shapes=self._shapes.get(node.value, ()),
        )

    def _links(self, nodes: Iterable[object]) -> tuple[Link, ...]:
        named = {n for n in nodes if isinstance(n, NamedNode) and n != OWL.NamedIndividual}
        return tuple(map(self._link, sorted(named, key=lambda n: self._index.label(n).casefold())))

    def _link(self, node: NamedNode) -> Link:
        target = f"#{self._index.anchor(node)}" if node in self._own else node.value
        return Link(self._index.label(node), target)


def _axioms_of_terms(triples: Iterable[Triple], index: Index) -> Mapping[NamedNode, tuple[str, ...]]:
    """Return axioms written out, by term; one about several terms stands with each."""
    wording = Wording(index, lambda iri: index.label(NamedNode(iri)))
    found: dict[NamedNode, list[str]] = defaultdict(list)
    for leaf in read_leaves(sorted(triples, key=str), index):
        if leaf.is_axiom and not (leaf.kind in _HIERARCHY and isinstance(leaf.value, NamedNode)):
            for term in _speaks_of(leaf):
                found[term].append(f"{wording.sentence(leaf)}.")
    return {term: tuple(dict.fromkeys(sentences)) for term, sentences in found.items()}


def _speaks_of(leaf: Leaf) -> list[NamedNode]:
    """Return the terms that an axiom is about: its subject, and for symmetric ones the others."""
    others: tuple[Any, ...] = ()
    if isinstance(leaf.value, tuple):
        others = leaf.value
    elif leaf.kind in ("disjointWith", "inverseOf", "equivalentProperty", "propertyDisjointWith"):
        others = (leaf.value,)
    return [term for term in dict.fromkeys((leaf.subject, *others)) if isinstance(term, NamedNode)]
