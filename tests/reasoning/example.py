"""Helpers that tests of reasoning share: names, premises and triples written short."""

from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from digitech_kg.namespaces import RDF, Namespaces
from digitech_kg.reasoning.premises import select_premises

DATA = Path(__file__).parent.parent / "data/reasoning"
EXAMPLES = "https://example.org/"
NAMES = Namespaces("https://example.org/kg/")


def turtle(text: str) -> tuple[Triple, ...]:
    """Return the premises in Turtle that may use `:`, `owl:` and `rdfs:`."""
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in [*NAMES.prefixes.items(), ("", EXAMPLES)])
    return select_premises(parse(head + text, RdfFormat.TURTLE))


def fact(text: str) -> Triple:
    """Return a triple of three names below example.org; `a` stands for the type, a CURIE for itself."""

    def term(name: str) -> NamedNode:
        return NamedNode(NAMES.expand(name) or EXAMPLES + name)

    subject, predicate, value = text.split()
    return Triple(term(subject), RDF.type if predicate == "a" else term(predicate), term(value))


def part_of(quads: list[Quad], document: str | None) -> list[Quad]:
    """Return the quads of a document, or with None those that documents share."""
    return [quad for quad in quads if NAMES.graphs.document_of(quad.graph_name) == document]
