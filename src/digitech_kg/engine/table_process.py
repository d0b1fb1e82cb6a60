"""The process that writes one file: `python -m digitech_kg.engine.table_process`.

Standard input is a line of options in JSON and then a result in SPARQL JSON; standard output is the file. If that can't
be, the exit status is 1, and standard output is the pickled error.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any, TypeVar

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from digitech_kg.engine.confinement import address_space
from digitech_kg.errors import DigitechError, LimitExceeded, NotAcceptable
from digitech_kg.formats import Kind, of_kind
from digitech_kg.tables import Table, Value, make_table, python_value, to_parquet, to_xlsx

Term = NamedNode | BlankNode | Literal | Triple
#: Rows between two looks at the memory, and what has to be left of it then: the library that makes the terms waits for
#: ever instead of failing when it gets none.
_ROWS, _RESERVE = 1000, 64 * 1024 * 1024
_Row = TypeVar("_Row")


def main(given: IO[bytes], out: IO[bytes]) -> None:
    """Write the file. Raises `NotAcceptable` for a yes or no, `LimitExceeded` for what is too large."""
    options = json.loads(given.readline())
    # What the interpreter and its libraries take already is not the result's.
    ceiling = options["memory_bytes"] + 512 * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    results = parse_query_results(given, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        available = [f.media_type for f in of_kind(Kind.SOLUTIONS)]
        raise NotAcceptable("the answer is yes or no, which is not a table", available=available)
    try:
        table = table_of(results, ceiling)
        if options["format"] == "xlsx":
            created = datetime.fromisoformat(options["created"]) if options["created"] else None
            file = to_xlsx([table, _about(options)], created=created)
        else:
            file = to_parquet(table)
    except MemoryError:
        raise LimitExceeded(
            f"writing the file needed more than {options['memory_bytes']:,} bytes of memory",
            limit="memory_bytes",
            value=options["memory_bytes"],
            unit="bytes",
            hint="Add a LIMIT, select fewer columns, or ask for CSV, which needs the least memory.",
        ) from None
    out.write(file)
    out.flush()


def table_of(results: QuerySolutions, ceiling: int) -> Table:
    """Return solutions as a table with typed columns.

    A column of text in some language has its language tags in a column beside it. Raises `MemoryError` when the process
    comes near `ceiling`, in bytes.
    """
    names = [variable.value for variable in results.variables]
    rows = [tuple(solution[name] for name in names) for solution in _within(ceiling, results)]
    tagged = [
        any(isinstance(row[place], Literal) and row[place].language for row in rows) for place in range(len(names))
    ]
    header = list(_header(names, tagged))
    return make_table("Result", header, (tuple(_values(row, tagged)) for row in _within(ceiling, rows)))


def _within(ceiling: int, rows: Iterable[_Row]) -> Iterator[_Row]:
    for number, row in enumerate(rows):
        if number % _ROWS == 0 and address_space() > ceiling - _RESERVE:
            raise MemoryError
        yield row


def _header(names: list[str], tagged: list[bool]) -> Iterator[str]:
    for name, has_language in zip(names, tagged, strict=True):
        yield name
        if has_language:
            beside = f"{name}_language"
            yield beside if beside not in names else f"{beside}_tag"


def _values(row: Iterable[Term | None], tagged: list[bool]) -> Iterator[Value]:
    for term, has_language in zip(row, tagged, strict=True):
        yield _value(term)
        if has_language:
            yield term.language if isinstance(term, Literal) else None


def _value(term: Term | None) -> Value:
    if term is None:
        return None
    if isinstance(term, Literal):
        return term.value if term.language else python_value(term.value, term.datatype.value)
    return term.value if isinstance(term, NamedNode) else str(term)


def _about(options: dict[str, Any]) -> Table:
    """Return the sheet with the origin of the result."""
    lines = [
        *([["Source", options["source"]]] if options["source"] else []),
        ["Snapshot", options["version"]],
        *(["Query" if i == 0 else "", line] for i, line in enumerate(options["query"].splitlines())),
    ]
    return make_table("Query", ["What", "Text"], lines)


if __name__ == "__main__":
    try:
        main(sys.stdin.buffer, sys.stdout.buffer)
    except DigitechError as error:
        sys.stdout.buffer.write(pickle.dumps(error))
        sys.exit(1)
