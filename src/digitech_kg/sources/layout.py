"""The layout of Turtle files: blocks by IRI, `a` and the label first, one value per line, the dot on its own line."""

import io
import logging
import re
from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse
from pyoxigraph import Literal as OxLiteral
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib import XSD as RDFLIB_XSD
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer
from rdflib.term import Node

from digitech_kg.errors import SourceError
from digitech_kg.namespaces import XSD, Namespaces
from digitech_kg.sources.loading import turtle_fault
from digitech_kg.triple_store import stored_spellings

# It tells with a traceback of values that their datatype does not allow; that is for the validator to say.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)
#: What may be written without quotation marks (Turtle, section 2.5).
_SHORT_FORMS: Final = {
    RDFLIB_XSD.integer: re.compile(r"[+-]?[0-9]+"),
    RDFLIB_XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    RDFLIB_XSD.double: re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+"),
    RDFLIB_XSD.boolean: re.compile(r"true|false"),
}


class _Layout(LongTurtleSerializer):
    """rdflib's long Turtle with a subject order that does not change when a link is added elsewhere."""

    predicateOrder = [RDF.type, RDFS.label]  # noqa: N815, RUF012

    def __init__(self, store: Graph) -> None:
        super().__init__(store)  # type: ignore[no-untyped-call]
        self._contents: dict[BNode, str] = {}

    def startDocument(self) -> None:  # noqa: N802
        """Forget the prefixes of all terms: writing notes those that are used, and not where there is a short form."""
        self.namespaces.clear()

    def head(self) -> str:
        """Return prefixes in the older spelling: the Turtle parser of OWLAPI, and so Protégé's, knows no other."""
        return "".join(f"@prefix {prefix}: <{uri}> .\n" for prefix, uri in sorted(self.namespaces.items()))

    def orderSubjects(self) -> list[Node]:  # noqa: N802
        """Ontology headers first, then subjects by IRI; blank nodes are written where they are referred to if they can.

        Only those that several blocks refer to, nobody, or each other in a circle have blocks of their own, at the end.
        """
        subjects = {s for s in self.store.subjects() if isinstance(s, URIRef)}
        headers = {s for s in subjects if (s, RDF.type, OWL.Ontology) in self.store}
        blank = {s for s in self.store.subjects() if isinstance(s, BNode)}
        apart = sorted((s for s in blank if self._references[s] != 1), key=self._content)
        # Labels that the parser makes up are longer than those that stand in files.
        circles = sorted(blank - set(apart), key=lambda node: (len(node), node))
        return [*sorted(headers), *sorted(subjects - headers), *apart, *circles]

    def sortProperties(self, properties: Any) -> Any:  # noqa: N802
        """Blank nodes have another label at each reading: order the values by what is said of them."""
        ordered = super().sortProperties(properties)
        for values in properties.values():
            values.sort(key=self._content)
        return ordered

    def label(self, node: Node, position: int) -> str:
        """Spell literals as they are: rdflib writes another number where the short form would be a nicer one."""
        if not isinstance(node, Literal):
            return str(super().label(node, position))  # type: ignore[no-untyped-call]
        short = _SHORT_FORMS.get(node.datatype) if node.datatype else None
        if short and short.fullmatch(node):
            return str(node)
        if node.language:
            return f"{_quote(node)}@{node.language}"
        if node.datatype:
            name = self.get_pname(node.datatype, gen_prefix=False)  # type: ignore[no-untyped-call]
            return f"{_quote(node)}^^{name or node.datatype.n3()}"
        return _quote(node)

    def _content(self, node: Node) -> tuple[bool, str]:
        if not isinstance(node, BNode):
            return (False, node.n3())
        if node not in self._contents:
            # Nodes that refer to each other in a circle end here.
            self._contents[node] = ""
            self._contents[node] = self._describe(node)
        return (True, self._contents[node])

    def _describe(self, node: BNode) -> str:
        """A list is described as a whole: following it from member to member goes too deep."""
        if (node, RDF.first, None) in self.store:
            return f"({' '.join(self._content(member)[1] for member in self.store.items(node))})"
        said = (f"{p.n3()} {self._content(o)[1]}" for p, o in self.store.predicate_objects(node))
        return f"[{' ; '.join(sorted(said))}]"


def _quote(text: str) -> str:
    if "\n" not in text:
        return str(OxLiteral(text))
    escaped = text.replace("\\", "\\\\").replace("\r", "\\r")
    # Three in a row, or one at the end, would close the string.
    return '"""{}"""'.format(re.sub(r'"(?="|\Z)', r'\\"', escaped))


def format_turtle(text: str, name: str, names: Namespaces) -> str:
    """Return the text in the project's layout; a second run changes nothing.

    Raises `SourceError` if the text is not Turtle.
    """
    graph, _ = _parse(text, name, names)
    return _write(graph, names)


def rewrite_turtle(text: str, name: str, triples: Iterable[Triple], names: Namespaces) -> str:
    """Return a file that says `triples` in the project's layout, literals spelt as in its text up to now.

    Of a text that is in the layout, only the blocks change that say something else. Raises `SourceError` if the text
    is not Turtle.
    """
    before, literals = _parse(text, name, names)
    spelt = {stored: literal for literal, stored in stored_spellings(literals).items()}
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in before.namespaces():
        graph.bind(prefix, namespace)
    for triple in triples:
        value = spelt.get(triple.object, triple.object) if isinstance(triple.object, OxLiteral) else triple.object
        graph.add((_to_rdflib(triple.subject), _to_rdflib(triple.predicate), _to_rdflib(value)))
    return _write(graph, names)


def _parse(text: str, name: str, names: Namespaces) -> tuple[Graph, list[OxLiteral]]:
    """Return the graph of a text, with its prefixes, and the literals as they are spelt there."""
    graph = Graph(bind_namespaces="none")
    parser = parse(text, RdfFormat.TURTLE)
    literals: dict[OxLiteral, None] = {}
    try:
        for quad in parser:
            graph.add((_to_rdflib(quad.subject), _to_rdflib(quad.predicate), _to_rdflib(quad.object)))
            if isinstance(quad.object, OxLiteral):
                literals[quad.object] = None
    except SyntaxError as error:
        raise SourceError([turtle_fault(error, text, name, "the file was left as it is.", names.prefixes)]) from error
    for prefix, namespace in parser.prefixes.items():
        graph.bind(prefix, namespace)
    return graph, list(literals)


def _to_rdflib(term: object) -> Node:
    """Return rdflib's term for the engine's, with a literal's spelling. Raises `SyntaxError` for a triple term."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if not isinstance(term, OxLiteral):
        raise SyntaxError("triple terms (RDF 1.2) are not supported in project files")
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = None if term.datatype == XSD.string else URIRef(term.datatype.value)
    return Literal(term.value, datatype=datatype, normalize=False)


def _write(graph: Graph, names: Namespaces) -> str:
    for prefix, namespace in names.prefixes.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    out, layout = io.BytesIO(), _Layout(graph)
    layout.serialize(out)
    return f"{layout.head()}{out.getvalue().decode().rstrip()}\n".lstrip("\n")
