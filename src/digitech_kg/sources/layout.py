"""The layout of Turtle files: blocks by IRI, `a` and the label first, one value per line, the dot on its own line."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer
from rdflib.term import Node

from digitech_kg.errors import Fault, SourceError
from digitech_kg.namespaces import PREFIXES

#: Letters of what is said of a blank node that order it; the rest tells it apart only.
_LONGEST = 1000


class _Layout(LongTurtleSerializer):
    """rdflib's long Turtle with a subject order that does not change when a link is added elsewhere."""

    predicateOrder = [RDF.type, RDFS.label]  # noqa: N815, RUF012

    def __init__(self, graph: Graph) -> None:
        #: What is said of blank nodes, as text.
        self._said: dict[Node, str] = {}
        super().__init__(graph)  # type: ignore[no-untyped-call]

    @property
    def left_out(self) -> set[Node]:
        """The subjects that were not written: blank nodes that more than one place, or only themselves, refer to."""
        return set(self.store.subjects()) - set(self._serialized)

    def startDocument(self) -> None:  # noqa: N802
        """Prefixes in the older spelling: the Turtle parser of OWLAPI, and so Protégé's, knows no other."""
        for prefix, uri in sorted(self.namespaces.items()):
            self.write(f"@prefix {prefix}: <{uri}> .\n")

    def orderSubjects(self) -> list[Node]:  # noqa: N802
        """Ontology headers first, then subjects by IRI; blank nodes are written where they are referred to."""
        subjects = [s for s in set(self.store.subjects()) if isinstance(s, URIRef)]
        headers = {s for s in subjects if (s, RDF.type, OWL.Ontology) in self.store}
        loose = [s for s in set(self.store.subjects()) if isinstance(s, BNode) and not self._references[s]]
        return [*sorted(headers), *sorted(set(subjects) - headers), *sorted(loose, key=self._content)]

    def sortProperties(self, properties: Any) -> Any:  # noqa: N802
        """Blank nodes have another label at each reading: order the values by what is said of them."""
        ordered = super().sortProperties(properties)
        for values in properties.values():
            values.sort(key=self._content)
        return ordered

    def _content(self, node: Node) -> tuple[bool, str]:
        return (True, self._text_of(node)) if isinstance(node, BNode) else (False, node.n3())

    def _text_of(self, root: BNode) -> str:
        """Give what is said of a blank node and of those below it.

        Without recursion: a list is as deep as it is long.
        """
        path: dict[Node, None] = {root: None}
        while path:
            node = next(reversed(path))
            below = (o for o in self.store.objects(node) if isinstance(o, BNode) and o not in self._said)
            if (deeper := next((o for o in below if o not in path), None)) is not None:
                path[deeper] = None
                continue
            facts = sorted(
                f"{p.n3()} {self._said.get(o, '') if isinstance(o, BNode) else o.n3()}"
                for p, o in self.store.predicate_objects(node)
            )
            text = " ; ".join(facts)
            self._said[node] = text[:_LONGEST] + hashlib.sha256(text.encode()).hexdigest()
            del path[node]
        return self._said[root]


def format_turtle(text: str, name: str) -> str:
    """Give the text in the project's layout; a second run changes nothing.

    Raises `SourceError` if the text is not Turtle, or has a blank node that the layout has no place for.
    """
    return _write(_parse(text, name), name)


def rewrite_turtle(text: str, name: str, triples: bytes) -> str:
    """Give a file that says `triples` (N-Triples) in the project's layout, literals spelt as in its text up to now.

    Of a text that is in the layout, only the blocks change that say something else. Raises `SourceError` if the text
    is not Turtle.
    """
    graph = _parse(text, name)
    spelt = {o: o for o in graph.objects() if isinstance(o, Literal)}
    graph.remove((None, None, None))
    parsed = Graph(bind_namespaces="none").parse(data=triples, format="nt")
    for subject, predicate, value in parsed:
        known = (spelt.get(value) or _spell(value)) if isinstance(value, Literal) else value
        graph.add((subject, predicate, known))
    return _write(graph, name)


def _spell(literal: Literal) -> Literal:
    """The engine writes language tags in small letters; here regions and scripts are told apart (RFC 5646, 2.1.1)."""
    if not literal.language:
        return literal
    first, *rest = literal.language.split("-")
    tag = "-".join([first, *(p.title() if len(p) == 4 else p.upper() if len(p) == 2 else p for p in rest)])
    return Literal(str(literal), lang=tag)


def _parse(text: str, name: str) -> Graph:
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle")
    except Exception as error:
        # rdflib raises several kinds of errors for broken Turtle; the engine's parser gives the better message.
        raise SourceError([Fault(name, "is not Turtle", "Run: digitech-kg validate, for line and column.")]) from error
    return graph


def _write(graph: Graph, name: str) -> str:
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    out = io.BytesIO()
    layout = _Layout(graph)
    layout.serialize(out)
    if layout.left_out:
        mend = "Give it an IRI: in this layout a node without a name stands where the one place refers to it."
        raise SourceError([Fault(name, "refers more than once to a node without a name", mend)])
    return out.getvalue().decode().strip() + "\n"
