"""The terms of an ontology as a page shows them: names, definition, place, axioms, use, shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
        return self.said(node, RDFS.label) or self._names.shorten(node.value)

    def anchor(self, node: NamedNode) -> str:
        """Return the name of a term on the page of the ontology: the end of its IRI, so that the IRI leads to it."""
        for space in (f"{self._names.base}ontology#", TERMS):
            if node.value.startswith(space):
                return node.value.removeprefix(space)
        return self._names.shorten(node.value).strip("<>").replace(":", "-", 1)


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads: a fragment of the page, or an address elsewhere."""

    text: str
    target: str


@dataclass(frozen=True)
class TermEntry:
    """One class, property or individual; `name` is its anchor on the page, `short` its prefixed name."""

    name: str
    short: str
    iri: str
    label: str
    other_labels: tuple[tuple[str, str], ...]
    definition: str
    notes: tuple[str, ...] = ()
    broader: tuple[Link, ...] = ()
    narrower: tuple[Link, ...] = ()
    meant_for: tuple[Link, ...] = ()
    meant_values: tuple[Link, ...] = ()
    axioms: tuple[str, ...] = ()
    #: How many things or claims have it.
    uses: int = 0
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Branch:
    link: Link
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Documentation:
    """All of an ontology: its header as label and value, its terms by kind, and the tree of its classes."""

    title: str
    description: str
    header: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str, tuple[TermEntry, ...]], ...]
    tree: tuple[Branch, ...]


_KINDS = (
    ("Classes", "classes", OWL.Class),
    ("Object properties", "object-properties", OWL.ObjectProperty),
    ("Datatype properties", "datatype-properties", OWL.DatatypeProperty),
    ("Annotation properties", "annotation-properties", OWL.AnnotationProperty),
    ("Individuals", "individuals", OWL.NamedIndividual),
)
_HEADER = (
    ("Version", OWL.versionInfo),
    ("Version IRI", OWL.versionIRI),
    ("Creator", DCTERMS.creator),
    ("Created", DCTERMS.created),
    ("Modified", DCTERMS.modified),
    ("Licence", DCTERMS.license),
    ("Cite as", DCTERMS.bibliographicCitation),
)

#: Shown as the place of a term, if it is one between two names.
_HIERARCHY = ("subClassOf", "subPropertyOf")


def document_ontology(
    triples: Iterable[Triple],
    uses: Mapping[str, int],
    shapes: Mapping[str, tuple[str, ...]],
    *,
    names: Namespaces,
    language: str = "en",
) -> Documentation:
    """Return the documentation of an ontology; `uses` and `shapes` are by IRI of the term.

    Names, definitions and notes are in `language` where there are such; names in axioms are English.
    """
    triples = tuple(triples)
    index = Index(triples, names, language)
    context = _Context(index, _axioms_of_terms(triples, Index(triples, names)), uses, shapes, names, language)
    ontology = _main_ontology(index, names)
    kinds = []
    for title, anchor, kind in _KINDS:
        terms = (context.term(node) for node in index.terms(kind))
        kinds.append((title, anchor, tuple(sorted(terms, key=lambda term: term.label.casefold()))))
    header = [(label, value) for label, prop in _HEADER for value in _plain(index, ontology, prop)]
    return Documentation(
        title=index.said(ontology, DCTERMS.title) or "Ontology",
        description=index.said(ontology, DCTERMS.description),
        header=tuple(header),
        kinds=tuple(kinds),
        tree=class_tree(index),
    )


def _main_ontology(index: Index, names: Namespaces) -> NamedNode:
    """Return the project's own ontology if it has a title, else the packaged one."""
    own = NamedNode(f"{names.base}ontology")
    return own if index.values(own, DCTERMS.title) else NamedNode(ONTOLOGY_IRI)


def class_tree(index: Index) -> tuple[Branch, ...]:
    """Return the classes as trees; one with two broader classes stands under both."""
    own = set(index.terms(OWL.Class))
    roots = [c for c in own if not own & set(index.nodes(c, RDFS.subClassOf))]
    return _branches(index, roots, own, frozenset())


def _branches(
    index: Index, classes: Iterable[NamedNode], own: set[NamedNode], above: frozenset[NamedNode]
) -> tuple[Branch, ...]:
    branches = []
    for node in sorted(classes, key=lambda c: index.label(c).casefold()):
        below = [c for c in index.subjects(RDFS.subClassOf, node) if c in own and c not in above]
        branches.append(Branch(_link(index, node, own), _branches(index, below, own, above | {node})))
    return tuple(branches)


@dataclass(frozen=True)
class _Context:
    index: Index
    axioms: Mapping[NamedNode, tuple[str, ...]]
    uses: Mapping[str, int]
    shapes: Mapping[str, tuple[str, ...]]
    names: Namespaces
    language: str

    @cached_property
    def own(self) -> frozenset[NamedNode]:
        return frozenset(node for _, _, kind in _KINDS for node in self.index.terms(kind))

    def term(self, node: NamedNode) -> TermEntry:
        index = self.index
        kinds = index.nodes(node, RDF.type)
        up = RDFS.subClassOf if OWL.Class in kinds else RDFS.subPropertyOf
        broader = (*index.nodes(node, up), *(kinds if OWL.NamedIndividual in kinds else ()))
        return TermEntry(
            name=index.anchor(node),
            short=self.names.shorten(node.value),
            iri=node.value,
            label=index.label(node),
            other_labels=self._other_labels(node),
            definition=index.said(node, SKOS.definition),
            notes=self._notes(node),
            broader=self._links(broader),
            narrower=self._links(index.subjects(up, node)),
            meant_for=self._links(index.nodes(node, SCHEMA.domainIncludes)),
            meant_values=self._links(index.nodes(node, SCHEMA.rangeIncludes)),
            axioms=self.axioms.get(node, ()),
            uses=self.uses.get(node.value, 0),
            shapes=self.shapes.get(node.value, ()),
        )

    def _other_labels(self, node: NamedNode) -> tuple[tuple[str, str], ...]:
        labels = self.index.texts(node, RDFS.label)
        others = (code for code in self.names.languages if code.lower() != self.language.lower())
        return tuple((code, labels[code.lower()]) for code in others if code.lower() in labels)

    def _notes(self, node: NamedNode) -> tuple[str, ...]:
        found = (self.index.said(node, prop) for prop in (SKOS.scopeNote, SKOS.example))
        return tuple(text for text in found if text)

    def _links(self, nodes: Iterable[object]) -> tuple[Link, ...]:
        named = {n for n in nodes if isinstance(n, NamedNode) and n != OWL.NamedIndividual}
        ordered = sorted(named, key=lambda n: self.index.label(n).casefold())
        return tuple(_link(self.index, node, self.own) for node in ordered)


def _link(index: Index, node: NamedNode, own: Collection[NamedNode]) -> Link:
    return Link(index.label(node), f"#{index.anchor(node)}" if node in own else node.value)


def _plain(index: Index, subject: NamedNode, prop: NamedNode) -> list[str]:
    return [v.value for v in index.values(subject, prop) if isinstance(v, Literal | NamedNode)]


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
