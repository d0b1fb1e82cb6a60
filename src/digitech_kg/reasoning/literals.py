"""Values of literals: whether two are different values, and whether one is of a datatype.

Only datatypes of OWL 2 are compared; of others nothing is known, as for HermiT.
Source: OWL 2 Structural Specification, section 4, https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal

from digitech_kg.namespaces import VOCABULARIES

_XSD: Final = VOCABULARIES["xsd"]
_NUMBERS: Final = ("decimal", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
#: The kind of value that a datatype stands for; values of different kinds are never the same.
_KINDS: Final = {
    **{_XSD + name: "number" for name in _NUMBERS},
    _XSD + "double": "double",
    _XSD + "float": "float",
    _XSD + "boolean": "boolean",
    _XSD + "string": "text",
    VOCABULARIES["rdf"] + "langString": "text in a language",
    _XSD + "anyURI": "address",
}


def kind_of(datatype: str) -> str | None:
    """Return the kind of value of a datatype, or None if it is not compared."""
    return _KINDS.get(datatype)


def are_different(one: Literal, other: Literal) -> bool:
    """Whether two literals certainly stand for different values."""
    kinds = kind_of(one.datatype.value), kind_of(other.datatype.value)
    if None in kinds:
        return False
    return kinds[0] != kinds[1] or _value(one, str(kinds[0])) != _value(other, str(kinds[1]))


def is_certainly_not(literal: Literal, datatype: str) -> bool:
    """Whether a literal certainly isn't a value of the datatype."""
    kind, wanted = kind_of(literal.datatype.value), kind_of(datatype)
    if kind is None or wanted is None:
        return False
    if kind != wanted:
        return True
    return datatype == _XSD + "integer" and _value(literal, kind) % 1 != 0  # type: ignore[operator]


def is_certainly(literal: Literal, datatype: str) -> bool:
    """Whether a literal certainly is a value of the datatype."""
    if datatype == literal.datatype.value or datatype == VOCABULARIES["rdfs"] + "Literal":
        return True
    return datatype == _XSD + "decimal" and kind_of(literal.datatype.value) == "number"


def _value(literal: Literal, kind: str) -> object:
    if kind == "number":
        try:
            return Decimal(literal.value)
        except InvalidOperation:
            return literal.value
    if kind == "boolean":
        return literal.value in ("true", "1")
    return (literal.value, (literal.language or "").lower())
