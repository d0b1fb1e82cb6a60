"""Terms as rows: an IRI or a literal is a text and what kind of text it is."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.namespaces import XSD

Term = NamedNode | Literal

#: The kind of an IRI. Its number in the table of kinds is 0.
IRI: Final = ""


def kind_of(term: Term) -> str:
    """Return the kind of a term: "" for an IRI, "@" and the language for a text that has one, else its datatype.

    >>> kind_of(Literal("ting", language="nb")), kind_of(NamedNode("urn:x"))
    ('@nb', '')
    """
    if isinstance(term, NamedNode):
        return IRI
    return f"@{term.language}" if term.language else term.datatype.value


def term_of(text: str, kind: str) -> Term:
    """Return the term of a text and its kind."""
    if not kind:
        return NamedNode(text)
    if kind.startswith("@"):
        return Literal(text, language=kind[1:])
    return Literal(text) if kind == XSD.string.value else Literal(text, datatype=NamedNode(kind))


def order_of(term: Term) -> tuple[bool, str, str]:
    """Return what sorts the values of a property, in a book and on every page: IRIs first, then texts, A to Z."""
    return isinstance(term, Literal), term.value, kind_of(term)
