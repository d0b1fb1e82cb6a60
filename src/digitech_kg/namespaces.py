"""IRIs: the vocabularies that every project uses, and the names of one project.

A vocabulary is the same everywhere. What depends on a project (its base IRI, its graphs, a prefix per document) is in
`Namespaces`, which is made from `project.toml` and passed to whatever needs it.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

#: The namespace of each vocabulary by its prefix.
VOCABULARIES: Final[dict[str, str]] = tomllib.loads(Path(__file__).with_name("vocabularies.toml").read_text("utf-8"))
TERMS: Final = VOCABULARIES["dk"]
ONTOLOGY_IRI: Final = TERMS.removesuffix("#")
SHAPES: Final = VOCABULARIES["shape"]
#: The namespaces whose terms belong to OWL itself.
BUILT_IN: Final = tuple(VOCABULARIES[name] for name in ("owl", "rdf", "rdfs", "xsd"))


class Namespace:
    """Makes terms of one vocabulary: `DK.Claim`, `DK["subject"]` → `NamedNode`."""

    def __init__(self, prefix: str) -> None:
        self._iri = VOCABULARIES[prefix]
        self._terms: dict[str, NamedNode] = {}

    def __getitem__(self, name: str) -> NamedNode:
        if name not in self._terms:
            self._terms[name] = NamedNode(self._iri + name)
        return self._terms[name]

    def __getattr__(self, name: str) -> NamedNode:
        # Kept as an attribute, for loops that name a term once per quad.
        term = self.__dict__[name] = self[name]
        return term


DCAT = Namespace("dcat")
DCTERMS = Namespace("dcterms")
DK = Namespace("dk")
FOAF = Namespace("foaf")
OWL = Namespace("owl")
PAV = Namespace("pav")
PROV = Namespace("prov")
RDF = Namespace("rdf")
RDFS = Namespace("rdfs")
SCHEMA = Namespace("schema")
SD = Namespace("sd")
SH = Namespace("sh")
SKOS = Namespace("skos")
SPEX = Namespace("spex")
SSSOM = Namespace("sssom")
VOID = Namespace("void")
XSD = Namespace("xsd")

#: Datatypes of numbers (XML Schema 1.1, part 2).
INTEGERS: Final = frozenset(
    VOCABULARIES["xsd"] + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
NUMBERS: Final = INTEGERS | {VOCABULARIES["xsd"] + name for name in ("decimal", "double", "float")}

#: Folders of `data/` and graphs of a dataset that no document can be called like.
RESERVED_NAMES: Final = frozenset(
    ("catalog", "comparison", "external", "issues", "links", "ontology", "positions", "queries", "things", "topics")
)
#: The graphs that are derived for one document, by the end of their IRI.
_DERIVED_PARTS: Final = ("statements", "evidence", "inferred")

GraphName = NamedNode | BlankNode | DefaultGraph
#: Below the base, what the IRIs of a project begin with; each is a prefix too.
_ROOTS: Final = ("claim", "graph", "id", "issue", "mappings", "passage", "position", "query", "topic")


#: A prefix with its colon; each run of letters is read once, however long it is.
_PREFIX: Final = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]*+):")


class Graphs:
    """The named graphs of a dataset, as README.md lists them: which there are, and which of them are derived."""

    def __init__(self, root: str) -> None:
        """`root` is what their IRIs begin with."""
        self.root = root
        self.ontology = self["ontology"]
        #: What several documents share.
        self.things = self["things"]
        #: What documents are about: a scheme of topics, and the topics of things.
        self.topics = self["topics"]
        #: The questions on which documents take positions, with the claims on each side.
        self.issues = self["issues"]
        #: Where each document stands on each issue, and how documents stand to each other on it. Derived.
        self.positions = self["positions"]
        #: How claims of different documents stand to each other. Derived.
        self.comparison = self["comparison"]
        self.links = self["links"]
        #: What describes the dataset itself. Derived.
        self.catalog = self["catalog"]
        #: What claims of outside sources say, in a sentence each. Derived.
        self.external_labels = self.evidence("things")

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.root + name)

    @property
    def shared(self) -> tuple[NamedNode, ...]:
        """What all documents share: the ontology, the things and the topics."""
        return self.ontology, self.things, self.topics

    def document(self, name: str) -> NamedNode:
        """Return the graph that is written by hand for a document."""
        return self[name]

    def statements(self, name: str) -> NamedNode:
        """Return the graph of a document's plain statements. Derived."""
        return self[f"{name}/statements"]

    def evidence(self, name: str) -> NamedNode:
        """Return the graph that ties a document's plain statements to its claims. Derived."""
        return self[f"{name}/evidence"]

    def inferred(self, name: str) -> NamedNode:
        """Return the graph of what follows from a document's statements. Derived."""
        return self[f"{name}/inferred"]

    def derived_of(self, name: str) -> tuple[NamedNode, ...]:
        """Return the graphs that are derived for a document, or for "things"."""
        return self.statements(name), self.evidence(name), self.inferred(name)

    def external(self, source: str) -> NamedNode:
        """Return the graph of the facts of one source outside the documents."""
        return self[f"external/{source}"]

    def external_statements(self, source: str) -> NamedNode:
        """Return the graph of what one source outside the documents says plainly. Derived."""
        return self[f"external/{source}/statements"]

    def source_of(self, graph: GraphName) -> str | None:
        """Return the name of the outside source that a graph, derived or not, belongs to; None for all other graphs."""
        start = self.external("").value
        if not isinstance(graph, NamedNode) or not graph.value.startswith(start):
            return None
        return graph.value.removeprefix(start).removesuffix("/statements")

    def is_derived(self, graph: GraphName) -> bool:
        """Whether only a commit writes a graph."""
        if not isinstance(graph, NamedNode) or not graph.value.startswith(self.root):
            return False
        if (source := self.source_of(graph)) is not None:
            return graph == self.external_statements(source)
        name = graph.value.removeprefix(self.root)
        return name in ("catalog", "comparison", "positions") or (
            name.count("/") == 1 and name.rpartition("/")[2] in _DERIVED_PARTS
        )

    def is_foreign(self, graph: GraphName) -> bool:
        """Whether a graph isn't part of the project: the default graph, and graphs with other names."""
        return not isinstance(graph, NamedNode) or not graph.value.startswith(self.root)

    def is_inferred(self, graph: GraphName) -> bool:
        """Whether a graph holds what follows from a document's statements."""
        return self.is_derived(graph) and str(graph).endswith("/inferred>")

    def document_of(self, graph: GraphName) -> str | None:
        """Return the name of the document that a graph, derived or not, belongs to; None for all other graphs."""
        if not isinstance(graph, NamedNode) or not graph.value.startswith(self.root):
            return None
        name, _, part = graph.value.removeprefix(self.root).partition("/")
        return name if name not in RESERVED_NAMES and part in ("", *_DERIVED_PARTS) and name else None

    def documents_among(self, graphs: Iterable[GraphName | str]) -> list[str]:
        """Return the names of the documents that graphs, given as terms or by their IRIs, belong to, sorted."""
        own = (graph for graph in graphs if not isinstance(graph, str) or graph.startswith(self.root))
        found = {self.document_of(NamedNode(graph) if isinstance(graph, str) else graph) for graph in own}
        return sorted(name for name in found if name is not None)


@dataclass(frozen=True)
class Namespaces:
    """The names of one project: its base IRI, its prefixes, its graphs, and the languages of its labels."""

    #: Where every IRI of the project's own begins; ends with a slash or number sign.
    base: str
    #: Prefixes beside those of the vocabularies, as pairs: of the project, and two of each document.
    own_prefixes: tuple[tuple[str, str], ...] = ()
    #: Languages in which a label has to be, and those in which it may be, as BCP 47 tags.
    required_languages: tuple[str, ...] = ("en",)
    optional_languages: tuple[str, ...] = ()
    #: Parts of this package that the project switches off; see `digitech_kg.hooks`.
    parts_off: tuple[str, ...] = ()

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """All prefixes with their namespaces, sorted."""
        roots = {name: f"{self.base}{name}/" for name in _ROOTS}
        return dict(sorted({**VOCABULARIES, **roots, **dict(self.own_prefixes)}.items()))

    def prefixes_in(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return the prefixes that a query may use, with their namespaces: the engine need not read all others.

        >>> Namespaces("https://example.org/kg/").prefixes_in("ASK { id:acme ?p ?o }")
        (('id', 'https://example.org/kg/id/'),)
        """
        used = sorted(set(_PREFIX.findall(text)))
        return tuple((name, self.prefixes[name]) for name in used if name in self.prefixes)

    @cached_property
    def graphs(self) -> Graphs:
        return Graphs(f"{self.base}graph/")

    @cached_property
    def dataset(self) -> NamedNode:
        return NamedNode(f"{self.base}dataset")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of labels, required ones first."""
        return (*self.required_languages, *self.optional_languages)

    def thing(self, name: str) -> NamedNode:
        return NamedNode(f"{self.base}id/{name}")

    def claim(self, document: str, name: str) -> NamedNode:
        return NamedNode(f"{self.base}claim/{document}/{name}")

    def position(self, issue: str, document: str) -> NamedNode:
        return NamedNode(f"{self.base}position/{issue}/{document}")

    def passage(self, document: str, name: str) -> NamedNode:
        return NamedNode(f"{self.base}passage/{document}/{name}")

    def query(self, name: str) -> NamedNode:
        return NamedNode(f"{self.base}query/{name}")

    def document_of(self, iri: str) -> str | None:
        """Return the name of the document that a claim or passage belongs to; None for any other IRI."""
        for kind in ("claim/", "passage/"):
            if iri.startswith(self.base + kind):
                name, slash, _ = iri.removeprefix(self.base + kind).partition("/")
                return name if slash else None
        return None

    def is_own(self, iri: str) -> bool:
        """Whether an IRI is one that the project minted."""
        return iri.startswith(self.base) and not iri.startswith((TERMS, SHAPES))

    def shorten(self, iri: str) -> str:
        """Return the CURIE of an IRI with the longest matching prefix, or the IRI in angle brackets.

        >>> Namespaces("https://example.org/kg/").shorten("https://example.org/kg/id/acme")
        'id:acme'
        >>> Namespaces("https://example.org/kg/").shorten("https://example.com/x")
        '<https://example.com/x>'
        """
        found = next(((length, prefix) for length, prefix, space in self._longest_first if iri.startswith(space)), None)
        return f"{found[1]}:{iri[found[0] :]}" if found else f"<{iri}>"

    def guess(self, iri: str, described: Iterable[str]) -> str | None:
        """Return the short name of that of the described IRIs which another one is nearly like; None if none is."""

        def kind(name: str) -> tuple[str | None, bool, bool]:
            return self.document_of(name), "not" in re.split(r"\W|_", name), name.startswith(TERMS)

        # Long IRIs are alike by what they begin with. Another document's claim, the contrary or a thing in the place of
        # a term is never meant.
        same = (self.shorten(name) for name in described if kind(name) == kind(iri))
        close = difflib.get_close_matches(self.shorten(iri), same, n=1, cutoff=0.75)
        return close[0] if close else None

    @cached_property
    def _longest_first(self) -> Sequence[tuple[int, str, str]]:
        """The length of each namespace, its prefix and itself."""
        return sorted(((len(space), prefix, space) for prefix, space in self.prefixes.items()), reverse=True)

    def expand(self, name: str) -> str | None:
        """Return the IRI of a CURIE, of `<IRI>` or of a bare absolute IRI; None if it is none of these.

        >>> Namespaces("https://example.org/kg/").expand("id:acme")
        'https://example.org/kg/id/acme'
        """
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        return name if "://" in name else None


def local_name(iri: str) -> str:
    """Return what follows the last slash or number sign of an IRI.

    >>> local_name("http://www.w3.org/2002/07/owl#Class")
    'Class'
    """
    return re.split("[/#]", iri)[-1]


def value_of(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """Return the IRI, label or lexical form of a term; a triple term, which project files never hold, as text."""
    return str(term) if isinstance(term, Triple) else term.value


def is_true(term: NamedNode | BlankNode | Literal | Triple | None) -> bool:
    """Return whether a term is the boolean true, which stores write in two ways (XML Schema 2, section 3.2.2)."""
    return isinstance(term, Literal) and term.datatype == XSD.boolean and term.value in ("true", "1")
