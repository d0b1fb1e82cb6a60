"""Compare literals: which ones certainly differ, and which ones certainly have a datatype.

Of literals only values of OWL 2's datatypes are compared; of others nothing is known, as for HermiT.
Source: OWL 2 Structural Specification, section 4, https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
"""

from decimal import Decimal, InvalidOperation
from typing import Final

from digitech_kg.namespaces import VOCABULARIES

_XSD: Final = VOCABULARIES["xsd"]
_TEXT_IN_A_LANGUAGE: Final = VOCABULARIES["rdf"] + "langString"
_NUMBERS: Final = ("decimal", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
#: The kind of value that a datatype stands for; values of different kinds are never the same.
_KINDS: Final = {
    **{_XSD + name: "number" for name in _NUMBERS},
    _XSD + "double": "double",
    _XSD + "float": "float",
    _XSD + "boolean": "boolean",
    _XSD + "string": "text",
    _TEXT_IN_A_LANGUAGE: "text in a language",
    _XSD + "anyURI": "address",
}


def is_literal(term: str) -> bool:
    return term.startswith('"')


def are_different(one: str, other: str) -> bool:
    """Whether two literals certainly stand for different values.

    >>> are_different('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"1.0"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    False
    """
    kinds = [_KINDS.get(_split(literal)[1]) for literal in (one, other)]
    return None not in kinds and (kinds[0] != kinds[1] or _value(one) != _value(other))


def is_certainly_not(literal: str, datatype: str) -> bool:
    """Whether a literal certainly isn't a value of the datatype, written in N-Triples."""
    kind, wanted = _KINDS.get(_split(literal)[1]), _KINDS.get(datatype[1:-1])
    if kind is None or wanted is None:
        return False
    value = _value(literal)
    return kind != wanted or (datatype[1:-1] == _XSD + "integer" and isinstance(value, Decimal) and value % 1 != 0)


def is_certainly(literal: str, datatype: str) -> bool:
    """Whether a literal certainly is a value of the datatype, written in N-Triples."""
    own, wanted = _split(literal)[1], datatype[1:-1]
    if wanted in (own, VOCABULARIES["rdfs"] + "Literal"):
        return True
    return wanted == _XSD + "decimal" and _KINDS.get(own) == "number"


def _split(literal: str) -> tuple[str, str]:
    """Return the text of a literal, with the tag of its language, and its datatype."""
    text, _, rest = literal.rpartition('"')
    if rest.startswith("^^"):
        return text, rest[3:-1]
    return text + rest.lower(), _TEXT_IN_A_LANGUAGE if rest else _XSD + "string"


def _value(literal: str) -> object:
    text, datatype = _split(literal)
    kind = _KINDS.get(datatype)
    if kind == "number":
        try:
            return Decimal(text[1:])
        except InvalidOperation:
            return text
    return text in ('"true', '"1') if kind == "boolean" else text
