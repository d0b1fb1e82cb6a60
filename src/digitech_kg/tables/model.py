"""Tables with typed columns. A column has one type, found from its values; where they differ, all become text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum

from digitech_kg.namespaces import INTEGERS, NUMBERS, VOCABULARIES

Value = str | int | float | Decimal | bool | date | datetime | None

_XSD = VOCABULARIES["xsd"]
_INT64 = 2**63


class ColumnType(Enum):
    """What all values of a column are; the value is the name in Frictionless table schemas."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "datetime"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, the type of its values, and what it holds."""

    name: str
    type: ColumnType
    description: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values that fit their columns; a value that is not there is None."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    description: str = ""


def make_table(
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    description: str = "",
    descriptions: Sequence[str] = (),
) -> Table:
    """Return a table whose columns have the types of their values.

    >>> make_table("t", ["a", "b"], [[1, "x"], [2.5, None]]).columns[0].type
    <ColumnType.NUMBER: 'number'>
    """
    found = [tuple(row) for row in rows]
    types = [_type_of(row[place] for row in found) for place in range(len(header))]
    told = [*descriptions, *[""] * len(header)]
    columns = tuple(Column(*parts) for parts in zip(header, types, told, strict=False))
    return Table(name, columns, tuple(tuple(map(_fit, types, row)) for row in found), description)


def python_value(text: str, datatype: str) -> Value:
    """Return the Python value of a literal by its datatype's IRI; text where there is none or the literal is ill-typed.

    >>> python_value("12", "http://www.w3.org/2001/XMLSchema#integer")
    12
    """
    try:
        if datatype in INTEGERS:
            return int(text)
        if datatype in NUMBERS:
            return Decimal(text)
        if datatype == _XSD + "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
        if datatype == _XSD + "date":
            return date.fromisoformat(text)
        if datatype == _XSD + "dateTime":
            return datetime.fromisoformat(text)
    except (ValueError, InvalidOperation):
        return text
    return text


def _type_of(values: Iterable[Value]) -> ColumnType:
    types = {_type_of_one(value) for value in values if value is not None}
    if types == {ColumnType.INTEGER, ColumnType.NUMBER}:
        return ColumnType.NUMBER
    return types.pop() if len(types) == 1 else ColumnType.TEXT


def _type_of_one(value: Value) -> ColumnType:
    if isinstance(value, bool):
        return ColumnType.BOOLEAN
    if isinstance(value, int):
        return ColumnType.INTEGER if -_INT64 <= value < _INT64 else ColumnType.TEXT
    if isinstance(value, float | Decimal):
        return ColumnType.NUMBER
    if isinstance(value, datetime):
        # A time without zone is no point in time, so it is not turned into one.
        return ColumnType.TIME if value.tzinfo is not None else ColumnType.TEXT
    return ColumnType.DATE if isinstance(value, date) else ColumnType.TEXT


def _fit(kind: ColumnType, value: Value) -> Value:
    if value is None:
        return None
    if kind is ColumnType.NUMBER:
        return float(value)  # type: ignore[arg-type]
    if kind is ColumnType.TIME and isinstance(value, datetime):
        return value.astimezone(UTC)
    return written(value) if kind is ColumnType.TEXT else value


def written(value: Value) -> str:
    """Return a value as text; "" for one that is not there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
