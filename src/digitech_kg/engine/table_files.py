"""Solutions as Excel files, written by a process of their own so that the server never waits for them."""

from __future__ import annotations

import os
import resource
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Final, TypeVar

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

from digitech_kg.engine.request import Answer, Limits
from digitech_kg.errors import Busy, NotAcceptable
from digitech_kg.formats import Format, Kind, of_kind
from digitech_kg.processes import address_space, run_or_refuse
from digitech_kg.tables import Table, Value, make_table, python_value, to_xlsx

Term = NamedNode | BlankNode | Literal | Triple
#: Files written at the same time; each takes a processor.
_MOST: Final = 2
#: Rows between two looks at the memory, and what has to be left of it then: the library that makes the terms waits
#: forever instead of failing when it gets none.
_ROWS, _RESERVE = 1000, 64 * 1024 * 1024
_HINT: Final = "Add a LIMIT, select fewer columns, or ask for CSV, which needs the least memory."
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a result comes from: stands in a sheet of its own."""

    query: str
    #: Date of the data, ISO 8601, and its address; "" if not known.
    created: str
    source: str
    version: str


class TableWriter:
    """Turns results in SPARQL JSON into files, a few at a time. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._free = threading.BoundedSemaphore(_MOST)

    def write(
        self,
        answer: Answer,
        fmt: Format,
        *,
        query: str,
        created: str,
        source: str = "",
        timeout_s: float | None = None,
    ) -> Answer:
        """Return a result as a file, and close `answer`.

        `created` is the date of the data, ISO 8601, and `source` its address; "" if not known. Raises `NotAcceptable`
        for a yes or no, `QueryTimeout`, `LimitExceeded` for memory or for what a sheet cannot hold, `Busy` while too
        many are written.
        """
        allowed = min(self._limits.timeout_s, timeout_s or self._limits.timeout_s)
        with answer:
            if not self._free.acquire(timeout=allowed):
                hint = "Ask again in a moment, or ask for CSV."
                raise Busy(
                    "too many other files are being written", limit="tables", value=_MOST, unit="files", hint=hint
                )
            try:
                return self._convert(answer, fmt, Origin(query, created, source, answer.version), allowed)
            finally:
                self._free.release()

    def _convert(self, answer: Answer, fmt: Format, origin: Origin, allowed_s: float) -> Answer:
        out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it.
        try:
            with tempfile.TemporaryFile() as given:
                given.writelines(answer.chunks())
                given.seek(0)
                files, memory_bytes = (given.fileno(), out.fileno()), self._limits.memory_bytes
                run_or_refuse(
                    "writing the file",
                    write_table,
                    *files,
                    origin,
                    timeout_s=allowed_s,
                    hint=_HINT,
                    memory_bytes=memory_bytes + 2 * _RESERVE,
                    files=files,
                )
        except BaseException:
            out.close()
            raise
        return replace(answer, format=fmt, length=out.seek(0, 2), source=out)


def write_table(given: int, out: int, origin: Origin) -> None:
    """Write the SPARQL JSON in one open file as a workbook into another. Runs in a process of its own.

    Raises `NotAcceptable` for a yes or no, `MemoryError` for what is too large.
    """
    with os.fdopen(given, "rb") as results, os.fdopen(out, "wb") as file:
        file.write(_workbook(results, origin))


def _workbook(given: IO[bytes], origin: Origin) -> bytes:
    results = parse_query_results(given, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        available = [f.media_type for f in of_kind(Kind.SOLUTIONS)]
        raise NotAcceptable("the answer is yes or no, which is not a table", available=available)
    table = table_of(results, resource.getrlimit(resource.RLIMIT_AS)[0])
    created = datetime.fromisoformat(origin.created) if origin.created else None
    return to_xlsx([table, _about(origin)], created=created)


def table_of(results: QuerySolutions, ceiling: int) -> Table:
    """Return solutions as a table with typed columns.

    A column of text in some language has its language tags in a column beside it. Raises `MemoryError` when the process
    comes near `ceiling`, in bytes; a negative one is none.
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
        if number % _ROWS == 0 and 0 <= ceiling < address_space() + _RESERVE:
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


def _about(origin: Origin) -> Table:
    """Return the sheet with the origin of the result."""
    lines = [
        *([["Source", origin.source]] if origin.source else []),
        ["Snapshot", origin.version],
        *(["Query" if i == 0 else "", line] for i, line in enumerate(origin.query.splitlines())),
    ]
    return make_table("Query", ["What", "Text"], lines)
