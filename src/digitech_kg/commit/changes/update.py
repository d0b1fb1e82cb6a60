"""Carry out update operations on a tracked store, so that exactly what changed is known without looking at the rest.

The engine parses and evaluates: a pattern as a query on the store, data and templates as insertions into an empty
store, of which each quad is then added to or removed from the tracked one.
Source: SPARQL 1.1 Update, section 4.3, https://www.w3.org/TR/sparql11-update/#formalModelGraphUpdate
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from uuid import uuid4

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from digitech_kg.batches import batched
from digitech_kg.commit.changes.operations import (
    Modification,
    Operation,
    read_modification,
    split_operations,
    variables_of,
)
from digitech_kg.commit.request import SparqlUpdate
from digitech_kg.commit.tracked_store import TrackedStore
from digitech_kg.errors import CallError, QuerySyntaxError
from digitech_kg.namespaces import GraphName
from digitech_kg.sparql_text.checks import check_services, way_out
from digitech_kg.sparql_text.mistakes import mend_names, read_syntax_error, syntax_error
from digitech_kg.sparql_text.tokens import iter_tokens
from digitech_kg.triple_store import store_of

#: Solutions that go into one VALUES block.
_BATCH: Final = 2000
#: Begins the IRIs that stand for blank nodes of the store; nobody knows it beforehand, so no IRI of a request does.
_SKOLEM: Final = f"urn:uuid:{uuid4()}:"
_DEFAULT: Final = DefaultGraph()
#: An operation that an empty store cannot carry out.
_FAILING: Final = "DROP GRAPH <urn:digitech-kg:none> ; "


def evaluate_update(
    request: SparqlUpdate,
    target: TrackedStore,
    base_iri: str,
    *,
    union_default_graph: bool,
    is_derived: Callable[[GraphName], bool] = lambda _: False,
) -> None:
    """Carry out all operations of a request in order; `is_derived` tells which graphs nobody writes by hand.

    Raises `QuerySyntaxError` for what is no update, `Forbidden` for `SERVICE` and `LOAD`, `CallError` for an operation
    that cannot be carried out; the store may then hold a part of the change, so it is to be thrown away.
    """
    check_syntax(request.text, base_iri)
    for operation in split_operations(request.text):
        _Evaluation(operation, request, target, base_iri, union_default_graph, is_derived).run()


def check_syntax(text: str, base_iri: str) -> None:
    """Have the engine parse the whole request. Raises `QuerySyntaxError`, and `Forbidden` for `SERVICE`."""
    operations = list(split_operations(text))
    fault = _find_fault(text, base_iri, operations)
    if fault and len({operation.prologue for operation in operations}) > 1:
        # The grammar has declarations after a semicolon (rule 29), the engine not: each operation for itself then.
        found = (_find_fault(operation.alone, base_iri, [operation]) for operation in operations)
        fault = next(filter(None, found), None)
    if fault is not None:
        raise mend_names(fault, text, ())
    check_services(text)


def _find_fault(text: str, base_iri: str, operations: Sequence[Operation]) -> QuerySyntaxError | None:
    """Parse a text that begins with these operations, and carry out none: before the first stands one that fails."""
    start = operations[0].tokens[0].start if operations else len(text)
    before, failing = text[:start], _FAILING if operations else ""
    try:
        store_of([]).update(f"{before}{failing}{text[start:]}", base_iri=base_iri)
    except SyntaxError as error:
        message, line, column = read_syntax_error(error)
        if column and line == before.count("\n") + 1 and column > start - before.rfind("\n"):
            column -= len(failing)
        return QuerySyntaxError(message, line=line, column=column)
    except RuntimeError:
        pass
    return None


@dataclass(frozen=True)
class _Evaluation:
    """One operation on one store."""

    _operation: Operation
    _request: SparqlUpdate
    _target: TrackedStore
    _base_iri: str
    _union: bool
    _is_derived: Callable[[GraphName], bool]

    def run(self) -> None:
        words = self._operation.words
        if words[1:2] == ("DATA",) and words[0] in ("INSERT", "DELETE"):
            self._change_data(adding=words[0] == "INSERT")
        elif words[0] in ("INSERT", "DELETE", "WITH"):
            self._modify(read_modification(self._operation))
        elif words[0] in ("CLEAR", "DROP", "CREATE"):
            self._manage(words[0])
        elif words[0] == "LOAD":
            # With SILENT it may fail, and here it always does (SPARQL 1.1 Update, section 3.1.4).
            if words[1] != "SILENT":
                raise way_out("LOAD")
        else:
            self._transfer(words[0])

    def _change_data(self, *, adding: bool) -> None:
        data = self._operation.slice(2, len(self._operation.tokens))
        quads = self._instantiate(f"INSERT DATA {data}")
        if adding:
            self._target.add(quads)
        else:
            self._target.remove(quads)

    def _instantiate(self, insertion: str) -> list[Quad]:
        scratch = store_of([])
        scratch.update(f"{self._operation.prologue}\n{insertion}", base_iri=self._base_iri)
        # Of graphs only IRIs are names (SPARQL 1.1 Query, section 13): a blank node makes no quad.
        quads = map(_without_skolems, scratch)
        return [quad for quad in quads if not isinstance(quad.graph_name, BlankNode)]

    def _modify(self, parts: Modification) -> None:
        names = sorted(variables_of(parts.delete) | variables_of(parts.insert))
        graph = f"WITH {parts.graph}" if parts.graph else ""
        heading = " ".join(f"?{name}" for name in names)
        deleted: list[Quad] = []
        inserted: list[Quad] = []
        for rows in batched(self._solutions(parts, names), _BATCH):
            solutions = f"WHERE {{ VALUES ({heading}) {{ {' '.join(rows)} }} }}"
            for template, quads in ((parts.delete, deleted), (parts.insert, inserted)):
                if template:
                    quads += self._instantiate(f"{graph} INSERT {template} {solutions}")
        self._target.remove(quad for quad in deleted if not self._is_by_the_way(quad, parts))
        self._target.add(inserted)

    def _is_by_the_way(self, quad: Quad, parts: Modification) -> bool:
        """Whether a variable, not a name, led to a derived graph: what stands there is derived anew anyway."""
        return self._is_derived(quad.graph_name) and quad.graph_name not in self._graphs_named(parts)

    def _graphs_named(self, parts: Modification) -> set[NamedNode]:
        """Return the graphs that a modification names in its template or before it."""
        words = [token.text for token in iter_tokens(parts.delete, replace_escapes=False)]
        named = [after for word, after in pairwise(words) if word.upper() == "GRAPH" and after[:1] not in "?$"]
        return {self._iri(term) for term in (*named, *filter(None, [parts.graph]))}

    def _solutions(self, parts: Modification, names: list[str]) -> Iterator[str]:
        """Yield the solutions of the pattern, each as a row of a VALUES block."""
        variables = " ".join(f"?{name}" for name in names) or "(1 AS ?one)"
        query = f"{self._operation.prologue}\nSELECT {variables} WHERE {parts.where}"
        try:
            solutions: Any = self._target.store.query(query, base_iri=self._base_iri, **self._dataset(parts))
            for solution in solutions:
                yield f"({' '.join(_as_value(solution[name]) for name in names)})"
        except SyntaxError as error:
            raise syntax_error(error) from None
        except (RuntimeError, ValueError) as error:
            raise CallError(f"the pattern cannot be evaluated: {error}", hint="Try it as a query first.") from None

    def _dataset(self, parts: Modification) -> dict[str, Any]:
        """Return the dataset of the pattern (SPARQL 1.1 Update, section 3.1.3; Protocol, section 2.2.3)."""
        request = self._request
        if request.using or request.using_named:
            if parts.graph or parts.using or parts.using_named:
                hint = "Name the graphs in one of the two places."
                raise CallError("the update has WITH or USING, and so has the request", hint=hint)
            return _clause(map(NamedNode, request.using), map(NamedNode, request.using_named))
        if parts.using or parts.using_named:
            return _clause(map(self._iri, parts.using), map(self._iri, parts.using_named))
        if parts.graph:
            return {"default_graph": self._iri(parts.graph)}
        return {"use_default_graph_as_union": self._union}

    def _iri(self, term: str) -> NamedNode:
        """Return the IRI that a term of the operation stands for."""
        query = f"{self._operation.prologue}\nSELECT ({term} AS ?iri) {{}}"
        solutions: Any = store_of([]).query(query, base_iri=self._base_iri)
        iri: NamedNode = next(iter(solutions))["iri"]
        return iri

    def _manage(self, verb: str) -> None:
        words, silent = self._operation.words, "SILENT" in self._operation.words[1:2]
        rest = words[1 + silent :]
        if verb == "CREATE":
            graph = self._iri(self._operation.tokens[-1].text)
            if self._target.has_graph(graph) and not silent:
                raise CallError(f"there is a graph {graph} already", hint="CREATE SILENT does not mind.")
            self._target.store.add_graph(graph)
            return
        for graph_name in self._graphs(rest, silent=silent):
            self._target.remove(self._target.graph(graph_name))
            if verb == "DROP" and not isinstance(graph_name, DefaultGraph):
                self._target.store.remove_graph(graph_name)

    def _graphs(self, rest: tuple[str, ...], *, silent: bool) -> list[GraphName]:
        if rest[0] == "GRAPH":
            graph = self._iri(self._operation.tokens[-1].text)
            if not self._target.has_graph(graph):
                if not silent:
                    raise CallError(f"there is no graph {graph}", hint="SILENT does not mind.")
                return []
            return [graph]
        named: list[GraphName] = list(self._target.store.named_graphs()) if rest[0] in ("NAMED", "ALL") else []
        return named if rest[0] == "NAMED" else [*named, _DEFAULT]

    def _transfer(self, verb: str) -> None:
        """ADD, MOVE and COPY."""
        operation, silent = self._operation, "SILENT" in self._operation.words[1:2]
        to = max(place for place, word in enumerate(operation.words) if word == "TO")
        source = self._end(operation.slice(1 + silent, to))
        goal = self._end(operation.slice(to + 1, len(operation.words)))
        if not self._target.has_graph(source):
            if not silent:
                raise CallError(f"there is no graph {source}", hint=f"{verb} SILENT does not mind.")
            return
        if source == goal:
            return
        quads = self._target.graph(source)
        if verb != "ADD":
            self._target.remove(self._target.graph(goal))
        if isinstance(goal, NamedNode):
            self._target.store.add_graph(goal)
        self._target.add(Quad(q.subject, q.predicate, q.object, goal) for q in quads)
        if verb == "MOVE":
            self._target.remove(quads)
            if not isinstance(source, DefaultGraph):
                self._target.store.remove_graph(source)

    def _end(self, text: str) -> NamedNode | DefaultGraph:
        if text.upper() == "DEFAULT":
            return _DEFAULT
        is_named = text[:5].upper() == "GRAPH" and text[5:6] in " \t\r\n<#"
        return self._iri(text[5:] if is_named else text)


def _clause(default: Iterable[NamedNode], named: Iterable[NamedNode]) -> dict[str, Any]:
    return {"default_graph": list(default), "named_graphs": list(named)}


def _as_value(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, BlankNode):
        return f"<{_SKOLEM}{term.value}>"
    if isinstance(term, Triple):
        return f"<<( {_as_value(term.subject)} {term.predicate} {_as_value(term.object)} )>>"
    return str(term)


def _without_skolems(quad: Quad) -> Quad:
    terms = (quad.subject, quad.object, quad.graph_name)
    if not any(isinstance(t, Triple) or (isinstance(t, NamedNode) and t.value.startswith(_SKOLEM)) for t in terms):
        return quad
    return Quad(_blank(quad.subject), quad.predicate, _blank(quad.object), _blank(quad.graph_name))


def _blank(term: Any) -> Any:
    if isinstance(term, Triple):
        return Triple(_blank(term.subject), term.predicate, _blank(term.object))
    if isinstance(term, NamedNode) and term.value.startswith(_SKOLEM):
        return BlankNode(term.value.removeprefix(_SKOLEM))
    return term
