"""The graph for Python programs and notebooks."""

import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import RdfFormat

from digitech_kg.book import open_book
from digitech_kg.commit.building import open_or_build
from digitech_kg.engine.pool import WorkerPool
from digitech_kg.engine.request import QueryRequest
from digitech_kg.formats import Format, Kind, by_name
from digitech_kg.settings import Settings, default_data_dir
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sources.project import Project, find_project
from digitech_kg.sources.saved_queries import find_saved_query
from digitech_kg.sparql_text.checks import check_query
from digitech_kg.sparql_text.parameters import bind, check_choice, read_parameters
from digitech_kg.tables import python_value
from digitech_kg.triple_store import open_read_only

if TYPE_CHECKING:
    from rdflib import Dataset

_JSON, _TURTLE, _TSV = by_name("json"), by_name("turtle"), by_name("tsv")


class Rows(list[dict[str, Any]]):
    """The solutions of a query: one dict per row, from variable to Python value; unbound variables are None.

    `pandas.DataFrame(rows)` makes a table of them.

    Literals of number and boolean types become Python's, everything else text: IRIs as they are,
    and what is not what its datatype says.
    """

    def __init__(self, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
        super().__init__(rows)
        self.columns = tuple(columns)


class Graph(AbstractContextManager["Graph"]):
    """A published snapshot to query; use it in a `with`, or `close` it, to end its worker process."""

    #: Many queries are faster with all in memory; a single one is answered sooner without reading it first.
    in_memory = True

    def __init__(self, project: Project, snapshot: Snapshot, settings: Settings) -> None:
        self.project = project
        self.snapshot = snapshot
        self._settings = settings

    @cached_property
    def _pool(self) -> WorkerPool:
        settings = replace(self._settings, workers=1, queue_length=16)
        return WorkerPool(self.snapshot, settings, in_memory=self.in_memory)

    def run(self, text: str, fmt: Format | None, *, table: bool = False) -> tuple[bytes, str]:
        """Return the serialized result of a query and the name of its format ("table" for solutions in JSON).

        Without `fmt`, solutions come as JSON if `table`, else TSV, and graphs as Turtle.
        """
        solutions = (_JSON if table else _TSV) if fmt is None else fmt if fmt.kind is Kind.SOLUTIONS else None
        graph = _TURTLE if fmt is None else fmt if fmt.kind is not Kind.SOLUTIONS else None
        request = QueryRequest(text, solutions, graph, prefixes=self.snapshot.names.prefixes_in(text))
        check_query(text, self._settings.query_length)
        with self._pool.query(request) as answer:
            is_table = table and answer.format is _JSON
            return answer.read(), "table" if is_table else answer.format.name

    def query(self, text: str) -> Rows | bool | str:
        """Run a SPARQL query on the union of all graphs; the project's prefixes need no declaration.

        Gives rows for SELECT, True or False for ASK, and Turtle text for CONSTRUCT and DESCRIBE. Raises the errors of
        `digitech_kg.errors`: syntax with line and column, or the limit that the query ran into.
        """
        body, kind = self.run(text, None, table=True)
        if kind != "table":
            return body.decode()
        document = json.loads(body)
        if "boolean" in document:
            return bool(document["boolean"])
        columns, found = document["head"]["vars"], document["results"]["bindings"]
        return Rows(columns, ({name: _value(row.get(name)) for name in columns} for row in found))

    def question(self, name: str, /, **values: str | Sequence[str]) -> Rows | bool | str:
        """Ask a saved question, with other values for its parameters; returns what `query` returns.

        Raises `NotFound` for an unknown question, `CallError` for a parameter or value that it can't have.

        >>> with open_graph() as graph:
        ...     graph.question("is_state_ownership_denied", company="id:tencent")
        True
        """
        text = find_saved_query(self.project.root / "data" / "queries", name).read_text(encoding="utf-8")
        return self.query(self.bind(text, values))

    def bind(self, text: str, values: Mapping[str, str | Sequence[str]]) -> str:
        """Return a query with other values for its parameters: CURIEs or IRIs of things."""
        given = {name: [value] if isinstance(value, str) else list(value) for name, value in values.items()}
        names, book = self.snapshot.names, open_book(self.snapshot)
        bound = bind(text, given, names)
        for parameter in read_parameters(text, names):
            if parameter.name in given:
                known = [thing for thing, _ in book.instances(*book.classes_below(parameter.type), inferred=True)]
                for value in given[parameter.name]:
                    check_choice(parameter, value, known, names)
        return bound

    def rdflib(self) -> "Dataset":
        """Return a copy of the snapshot as an rdflib Dataset, named graphs kept."""
        from rdflib import Dataset

        dataset = Dataset(default_union=True)
        dataset.parse(data=open_read_only(self.snapshot.store).dump(format=RdfFormat.N_QUADS), format="nquads")
        return dataset

    def close(self) -> None:
        if "_pool" in self.__dict__:
            self._pool.close()
            del self.__dict__["_pool"]

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def open_graph(
    project: Path | str | None = None, *, data_dir: Path | str | None = None, query_timeout: float = 30.0
) -> Graph:
    """Open the bundled graph, or another project's, built first if nothing is published yet.

    Warns if what is published isn't what the project's files say now.

    >>> with open_graph() as graph:
    ...     graph.query("ASK { id:huawei ?p ?o }")
    True
    """
    found = find_project(Path(project) if project is not None else None)
    repository = SnapshotRepository(Path(data_dir) if data_dir is not None else default_data_dir(found))
    settings = Settings(query_timeout=query_timeout).checked()
    snapshot, note = open_or_build(found, repository)
    if note:
        warnings.warn(note, stacklevel=2)
    return Graph(found, snapshot, settings)


def _value(term: dict[str, Any] | None) -> Any:
    if term is None:
        return None
    value = python_value(term["value"], term["datatype"]) if "datatype" in term else None
    if isinstance(value, Decimal):
        return float(value)
    # Dates stay as written.
    return value if isinstance(value, int) else term["value"]
