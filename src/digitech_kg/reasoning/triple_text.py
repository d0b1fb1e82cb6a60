"""Read a triple that somebody typed."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from digitech_kg.errors import CallError
from digitech_kg.messages import Message
from digitech_kg.namespaces import RDF, Namespaces


def parse_triple(subject: str, predicate: str, value: str, names: Namespaces) -> Triple:
    """Read a triple of IRIs or CURIEs; the predicate may be `a`, the object a literal in N-Triples or Turtle form.

    Raises `CallError` that says which part cannot be read.

    >>> names = Namespaces("https://example.org/kg/")
    >>> str(parse_triple("id:acme", "a", "dk:Company", names).predicate.value)
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    """
    wrong = [part for part in (subject, predicate) if part != "a" and not _is_iri(names.expand(part))]
    wrong += [] if _is_iri(names.expand(value)) or value.startswith('"') else [value]
    if wrong:
        hint = 'Write an IRI, a CURIE such as id:acme, or for an object a literal such as "2020".'
        raise CallError(Message("cannot read {parts}", parts=", ".join(map(repr, wrong))), hint=hint)
    link = RDF.type if predicate == "a" else NamedNode(str(names.expand(predicate)))
    end = _literal(value, names) if value.startswith('"') else NamedNode(str(names.expand(value)))
    return Triple(NamedNode(str(names.expand(subject))), link, end)


def _is_iri(iri: str | None) -> bool:
    return iri is not None and not any(c in '<>"{}|^`\\' or c <= " " for c in iri) and ":" in iri


def _literal(text: str, names: Namespaces) -> Literal:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.prefixes.items())
    try:
        quads: Sequence[Quad] = list(parse(f"{head}<urn:s> <urn:p> {text} .", format=RdfFormat.TURTLE))
    except SyntaxError:
        quads = []
    if len(quads) != 1 or not isinstance(quads[0].object, Literal):
        hint = 'Literals look like "text", "text"@en, "2020"^^xsd:integer.'
        raise CallError(Message("cannot read the literal {text}", text=text), hint=hint)
    return quads[0].object
