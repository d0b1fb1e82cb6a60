"""Tables as Parquet files: the one module that knows the library for them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from digitech_kg.tables.libraries import load_library
from digitech_kg.tables.model import ColumnType, Table


def to_parquet(table: Table) -> bytes:
    """Return a table as a Parquet file. Raises `CallError` if the library is not installed."""
    core, files = load_library("arro3.core"), load_library("arro3.io")
    arrays: dict[str, Any] = {}
    for place, column in enumerate(table.columns):
        kind, plain, convert = _arrow(core, column.type)
        values = [None if row[place] is None else convert(row[place]) for row in table.rows]
        name = column.name if column.name not in arrays else f"{column.name}_{place}"
        array = core.Array(values, plain)
        arrays[name] = array if kind is plain else array.cast(kind)
    out = io.BytesIO()
    files.write_parquet(core.Table.from_pydict(arrays), out, compression="zstd(3)")
    return out.getvalue()


def _arrow(core: Any, kind: ColumnType) -> tuple[Any, Any, Callable[[Any], Any]]:
    """Return the type of an array, the one to make it from, and how to turn a value into that."""
    types = core.DataType
    if kind is ColumnType.DATE:
        return types.date32(), types.int32(), lambda value: (value - date(1970, 1, 1)).days
    if kind is ColumnType.TIME:
        start = datetime(1970, 1, 1, tzinfo=UTC)
        return types.timestamp("us", tz="UTC"), types.int64(), lambda value: _microseconds(value - start)
    plain = {
        ColumnType.INTEGER: types.int64(),
        ColumnType.NUMBER: types.float64(),
        ColumnType.BOOLEAN: types.bool(),
        ColumnType.TEXT: types.utf8(),
    }[kind]
    return plain, plain, lambda value: value


def _microseconds(span: Any) -> int:
    return int((span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds)
