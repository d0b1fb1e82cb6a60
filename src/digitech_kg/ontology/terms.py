"""The terms of an ontology as a page shows them: names, definition, place, axioms in words, use, shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.namespaces import DCTERMS, ONTOLOGY_IRI, OWL, PREFIXES, RDF, RDFS, SKOS, Namespace
from digitech_kg.ontology.index import Index
from digitech_kg.ontology.wording import axioms_of_class, axioms_of_property

SCHEMA = Namespace("schema")
LANGUAGES = ("en", "nb", "zh-hans")


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads: a fragment of the page, or an address elsewhere."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Usage:
    """How often data uses a term, and some things or claims that do."""

    count: int = 0
    examples: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Term:
    """One class, property or individual; `name` is the fragment of its IRI and its anchor."""

    name: str
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
    usage: Usage = field(default_factory=Usage)
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Branch:
    """A class in the tree with what is below it."""

    link: Link
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Documentation:
    """All of an ontology: its header as label and value, its terms by kind, and the tree of its classes."""

    title: str
    description: str
    header: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str, tuple[Term, ...]], ...]
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


def document_ontology(
    triples: Iterable[Triple],
    usage: Mapping[str, Usage],
    shapes: Mapping[str, tuple[str, ...]],
    *,
    language: str = "en",
) -> Documentation:
    """Give the documentation of an ontology; `usage` and `shapes` are by IRI of the term.

    Terms are named in `language`; definitions, notes and axioms are in English, which is all that there is.
    """
    triples = tuple(triples)
    index, english = Index(triples, language), Index(triples)
    ontology = NamedNode(ONTOLOGY_IRI)
    kinds = []
    for title, anchor, kind in _KINDS:
        terms = (_term(index, english, language, node, usage, shapes) for node in index.terms(kind))
        kinds.append((title, anchor, tuple(sorted(terms, key=lambda term: term.label.casefold()))))
    header = [(label, value) for label, prop in _HEADER for value in _plain(index, ontology, prop)]
    return Documentation(
        title=_text(index, ontology, DCTERMS.title, language) or "Ontology",
        description=_text(index, ontology, DCTERMS.description, language),
        header=tuple(header),
        kinds=tuple(kinds),
        tree=class_tree(index),
    )


def class_tree(index: Index) -> tuple[Branch, ...]:
    """Give our classes as trees; one with two broader classes stands under both."""
    own = set(index.terms(OWL.Class))
    roots = [c for c in own if not own & set(index.nodes(c, RDFS.subClassOf))]
    return _branches(index, roots, own)


def _branches(index: Index, classes: Iterable[NamedNode], own: set[NamedNode]) -> tuple[Branch, ...]:
    branches = []
    for node in sorted(classes, key=lambda c: index.label(c).casefold()):
        below = [c for c in index.subjects(RDFS.subClassOf, node) if isinstance(c, NamedNode) and c in own]
        branches.append(Branch(_link(index, node), _branches(index, below, own)))
    return tuple(branches)


def _text(index: Index, node: NamedNode, prop: NamedNode, language: str) -> str:
    texts = index.texts(node, prop)
    return texts.get(language) or texts.get("en", "")


def _term(
    index: Index,
    english: Index,
    language: str,
    node: NamedNode,
    usage: Mapping[str, Usage],
    shapes: Mapping[str, tuple[str, ...]],
) -> Term:
    is_class = OWL.Class in index.nodes(node, RDF.type)
    up = RDFS.subClassOf if is_class else RDFS.subPropertyOf
    kinds = index.nodes(node, RDF.type) if OWL.NamedIndividual in index.nodes(node, RDF.type) else []
    labels = index.texts(node, RDFS.label)
    notes = (*index.texts(node, SKOS.scopeNote).values(), *index.texts(node, SKOS.example).values())
    return Term(
        name=node.value.removeprefix(PREFIXES["dk"]),
        iri=node.value,
        label=index.label(node),
        other_labels=tuple((code, labels[code]) for code in LANGUAGES if code in labels and code != language),
        definition=index.texts(node, SKOS.definition).get("en", ""),
        notes=notes,
        broader=_links(index, (*index.nodes(node, up), *kinds)),
        narrower=_links(index, index.subjects(up, node)),
        meant_for=_links(index, index.nodes(node, SCHEMA.domainIncludes)),
        meant_values=_links(index, index.nodes(node, SCHEMA.rangeIncludes)),
        axioms=tuple(axioms_of_class(english, node) if is_class else axioms_of_property(english, node)),
        usage=usage.get(node.value, Usage()),
        shapes=shapes.get(node.value, ()),
    )


def _links(index: Index, nodes: Iterable[object]) -> tuple[Link, ...]:
    named = {n for n in nodes if isinstance(n, NamedNode) and n != OWL.NamedIndividual}
    return tuple(_link(index, node) for node in sorted(named, key=lambda n: index.label(n).casefold()))


def _link(index: Index, node: NamedNode) -> Link:
    own = node.value.startswith(PREFIXES["dk"])
    return Link(index.label(node), f"#{node.value.removeprefix(PREFIXES['dk'])}" if own else node.value)


def _plain(index: Index, subject: NamedNode, prop: NamedNode) -> list[str]:
    return [v.value for v in index.values(subject, prop) if isinstance(v, Literal | NamedNode)]
