"""The terms of an ontology as a page shows them: names, definition, place, axioms, use, shapes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import grouped, reachable
from digitech_kg.namespaces import DCTERMS, ONTOLOGY_IRI, OWL, RDF, RDFS, SCHEMA, SKOS, TERMS, Namespaces
from digitech_kg.reasoning.premises import Leaf, Wording, read_leaves

_KINDS: Final = (
    ("classes", OWL.Class),
    ("object-properties", OWL.ObjectProperty),
    ("datatype-properties", OWL.DatatypeProperty),
    ("annotation-properties", OWL.AnnotationProperty),
    ("individuals", OWL.NamedIndividual),
)
_HEADER: Final = (
    ("version", OWL.versionInfo),
    ("version-iri", OWL.versionIRI),
    ("creator", DCTERMS.creator),
    ("created", DCTERMS.created),
    ("modified", DCTERMS.modified),
    ("licence", DCTERMS.license),
    ("citation", DCTERMS.bibliographicCitation),
)


class TermLink(NamedTuple):
    """A name and where it leads: a fragment of the page, or an address elsewhere."""

    text: str
    target: str


#: Classes, each with those below it.
_Branches = list[tuple[TermLink, "_Branches"]]
#: Shown as the place of a term, if it is one between two names.
_HIERARCHY: Final = ("subClassOf", "subPropertyOf")
#: Axioms that say the same of both terms.
_SYMMETRIC: Final = ("disjointWith", "inverseOf", "equivalentProperty", "propertyDisjointWith")


class Documentation(GraphView):
    """All of an ontology: its header as label and value, its terms by kind, the tree of its classes, and its axioms.

    Names, definitions and notes are in `language` where there are such, else in English, else in the project's first
    language; names in axioms are English. `uses` tells how many things or claims have a term, and `shapes` what shapes
    say of it, both by its IRI.
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
        triples = sorted((t for t in triples if not isinstance(t.object, Triple)), key=str)
        super().__init__(triples)
        self._names, in_english = names, ("en", *names.required_languages, "")
        self._languages = (language, *in_english)
        self.uses, self.shapes, self.axioms = uses, shapes, self._axioms_of_terms(triples, in_english)
        self._others = [code for code in names.languages if code.lower() != language.lower()]
        # The project's own ontology if it has a title, else the packaged one.
        own = NamedNode(f"{names.base}ontology")
        ontology = own if self.values(own, DCTERMS.title) else NamedNode(ONTOLOGY_IRI)
        self.title = self.said(ontology, DCTERMS.title) or "Ontology"
        self.description = self.said(ontology, DCTERMS.description)
        values = ((name, value) for name, prop in _HEADER for value in self.values(ontology, prop))
        self.header = [(name, value.value) for name, value in values if isinstance(value, Literal | NamedNode)]
        self.kinds = [(name, self._terms(kind)) for name, kind in _KINDS]
        self._own = {node for _, nodes in self.kinds for node in nodes}
        #: By each term what stands around it.
        self.around = {node: self._around(node) for node in self._own}
        classes = set(self._terms(OWL.Class))
        broader = {c: [b for b in self.nodes(c, RDFS.subClassOf) if b in classes] for c in classes}
        # Classes that are below each other, with none above them, are all roots: else all would be left out.
        roots = [
            c
            for c in classes
            if all(c in reachable([b], broader.__getitem__) for b in reachable([c], broader.__getitem__))
        ]
        self.tree = self._branches(roots, classes, frozenset())

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
        return self.short(node).strip("<>").replace(":", "-", 1)

    def other_labels(self, node: NamedNode) -> list[tuple[str, str]]:
        """Return the labels in the other languages of the project."""
        labels = self.texts(node, RDFS.label)
        return [(code, labels[code.lower()]) for code in self._others if code.lower() in labels]

    def definition(self, node: NamedNode) -> str:
        return self.said(node, SKOS.definition)

    def notes(self, node: NamedNode) -> list[str]:
        return list(filter(None, (self.said(node, prop) for prop in (SKOS.scopeNote, SKOS.example))))

    def _terms(self, kind: NamedNode) -> list[NamedNode]:
        """Return the terms of a kind that the ontology names itself; what it borrows is declared without a label."""
        return self._sorted(node for node in self.subjects(RDF.type, kind) if self.values(node, RDFS.label))

    def _axioms_of_terms(
        self, triples: Iterable[Triple], languages: Sequence[str]
    ) -> Mapping[NamedNode, tuple[str, ...]]:
        """Return axioms written out, by term; one about several terms stands with each."""

        def name(iri: str) -> str:
            return self.text(NamedNode(iri), RDFS.label, languages) or self._names.shorten(iri)

        leaves, wording = (leaf for leaf in read_leaves(triples, self) if leaf.is_axiom), Wording(self, name)
        told = (leaf for leaf in leaves if not (leaf.kind in _HIERARCHY and isinstance(leaf.value, NamedNode)))
        found = grouped((term, f"{wording.sentence(leaf)}.") for leaf in told for term in _speaks_of(leaf))
        return {term: tuple(dict.fromkeys(sentences)) for term, sentences in found.items()}

    def _around(self, node: NamedNode) -> dict[str, list[TermLink]]:
        """Return the terms above and below one, and those that a property is meant for and leads to."""
        kinds = self.nodes(node, RDF.type)
        up = RDFS.subClassOf if OWL.Class in kinds else RDFS.subPropertyOf
        found = {
            "broader": (*self.nodes(node, up), *(kinds if OWL.NamedIndividual in kinds else ())),
            "narrower": self.subjects(up, node),
            "domain": self.nodes(node, SCHEMA.domainIncludes),
            "range": self.nodes(node, SCHEMA.rangeIncludes),
        }
        return {what: list(map(self._link, self._sorted(terms))) for what, terms in found.items()}

    def _branches(self, nodes: Iterable[NamedNode], classes: set[NamedNode], above: frozenset[NamedNode]) -> _Branches:
        """Return classes as trees; one with two broader classes stands under both."""
        branches = []
        for node in self._sorted(nodes):
            path = above | {node}
            below = [c for c in self.subjects(RDFS.subClassOf, node) if c in classes and c not in path]
            branches.append((self._link(node), self._branches(below, classes, path)))
        return branches

    def _link(self, node: NamedNode) -> TermLink:
        return TermLink(self.label(node), f"#{self.anchor(node)}" if node in self._own else node.value)

    def _sorted(self, nodes: Iterable[Any]) -> list[NamedNode]:
        named = {node for node in nodes if isinstance(node, NamedNode) and node != OWL.NamedIndividual}
        return sorted(named, key=lambda node: (self.label(node).casefold(), node.value))


def _speaks_of(leaf: Leaf) -> list[NamedNode]:
    """Return the terms that an axiom is about: its subject, and for symmetric ones the others."""
    terms = leaf.members if isinstance(leaf.value, tuple) or leaf.kind in _SYMMETRIC else (leaf.subject,)
    return [term for term in terms if isinstance(term, NamedNode)]
