"""What other programs call classes and properties: short names that need no escaping in addresses and tables."""

from __future__ import annotations

from digitech_kg.namespaces import TERMS, Namespaces


def term_id(iri: str, names: Namespaces) -> str:
    """Return the local name of a term of the packaged ontology, the CURIE of any other, or its IRI if it has none.

    >>> names = Namespaces("https://example.org/kg/")
    >>> [term_id(iri, names) for iri in (TERMS + "Company", "http://xmlns.com/foaf/0.1/Person", "http://x.example/T")]
    ['Company', 'foaf:Person', 'http://x.example/T']
    """
    return iri.removeprefix(TERMS) if iri.startswith(TERMS) else names.shorten(iri).strip("<>")


def read_term_id(text: str, names: Namespaces) -> str:
    """Return the id of a term that is named by its id, CURIE or IRI.

    >>> names = Namespaces("https://example.org/kg/")
    >>> [read_term_id(text, names) for text in ("dk:Company", TERMS + "Company", "Company")]
    ['Company', 'Company', 'Company']
    """
    iri = names.expand(text)
    return term_id(iri, names) if iri else text
