"""Carry out a SPARQL update with the engine, and record exactly which quads change.

The engine's own update has no dataset of the protocol and no union of all graphs, and doesn't tell what it changed; to
compare whole graphs afterwards would take as long as they are large. So it is asked for the change: each operation with
a pattern is one CONSTRUCT of the quads to delete and to insert, as triple terms.
Source: SPARQL 1.1 Update, section 4.3, https://www.w3.org/TR/sparql11-update/#formalModelGraphUpdate
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, Final
from uuid import uuid4

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from digitech_kg.commit.attempt import TrackedStore
from digitech_kg.commit.request import SparqlUpdate
from digitech_kg.errors import CallError, LimitExceeded, QuerySyntaxError
from digitech_kg.namespaces import GraphName, Namespaces
from digitech_kg.sparql_text.checks import check_services, way_out
from digitech_kg.sparql_text.mistakes import mend, read_syntax_error, syntax_error
from digitech_kg.sparql_text.tokens import Operation, Token, split_operations
from digitech_kg.triple_store import store_of

#: Begins the names of ours in a CONSTRUCT; nobody knows it beforehand, so no IRI of a request does.
_OURS: Final = f"urn:uuid:{uuid4()}:"
_DELETE, _INSERT = (NamedNode(_OURS + word) for word in ("delete", "insert"))
_DEFAULT: Final = DefaultGraph()
#: Stands for the default graph where only a term can.
_DEFAULT_NAME: Final = NamedNode(_OURS + "default")
_COPYING: Final = re.compile(r"\b(?:ADD|COPY|MOVE)\b", re.IGNORECASE)
#: An operation that an empty store cannot carry out.
_FAILING: Final = "DROP GRAPH <urn:digitech-kg:none> ; "
#: Memory that a quad to delete or insert takes at least, with the sets that it is in.
_BYTES_PER_QUAD: Final = 1_000


def evaluate_update(
    request: SparqlUpdate,
    target: TrackedStore,
    names: Namespaces,
    *,
    union_default_graph: bool,
    derives: bool = False,
    memory_bytes: int | None = None,
    rewrite: Callable[[str], str] = lambda query: query,
) -> None:
    """Carry out all operations of a request in order; `derives` says that there are graphs nobody writes by hand.

    The prefixes of `names` need no declaration. `rewrite` puts a query in words that the engine evaluates faster; it
    can't use what is counted, since each operation changes the data.

    A pattern that leads to more quads than `memory_bytes` are for is refused as soon as that is known. Raises
    `QuerySyntaxError` for what isn't an update, `Forbidden` for `SERVICE` and `LOAD`, `CallError` for an operation
    that can't be carried out, and `LimitExceeded`; the store may then hold a part of the change, so it is to be thrown
    away.
    """
    text = _with_keywords(request.text)
    _check_syntax(text, names)
    for operation in split_operations(text, names.prefixes):
        _Execution(
            operation=operation,
            request=request,
            target=target,
            names=names,
            union_default_graph=union_default_graph,
            derives=derives,
            memory_bytes=memory_bytes,
            rewrite=rewrite,
        ).run()


def _with_keywords(text: str) -> str:
    """Return a request with GRAPH before `graph:x` in ADD, COPY and MOVE: the engine takes it for GRAPH and `:x`."""
    operations = split_operations(text) if _COPYING.search(text) else ()
    pairs = (pairwise(operation.tokens) for operation in operations if _COPYING.match(operation.words[0]))
    found = [(word.text.upper(), name) for each in pairs for word, name in each]
    for name in (name for word, name in reversed(found) if word != "GRAPH" and name.text.upper().startswith("GRAPH:")):
        text = f"{text[: name.start]}GRAPH {text[name.start :]}"
    return text


def _check_syntax(text: str, names: Namespaces) -> None:
    """Have the engine parse the whole request. Raises `QuerySyntaxError`, and `Forbidden` for `SERVICE`."""
    operations = list(split_operations(text))
    fault = _find_fault(text, operations, names)
    if fault and len({operation.prologue for operation in operations}) > 1:
        # The grammar allows declarations after a semicolon (rule 29), the engine doesn't: try each by itself then.
        found = (_find_fault(operation.alone, [operation], names) for operation in operations)
        fault = next(filter(None, found), None)
    if fault is not None:
        raise mend(fault, text, names.prefixes, is_update=True)
    check_services(text)


def _find_fault(text: str, operations: Sequence[Operation], names: Namespaces) -> QuerySyntaxError | None:
    """Parse a text that begins with these operations, and carry out none: before the first stands one that fails."""
    start = operations[0].tokens[0].start if operations else len(text)
    before, failing = text[:start], _FAILING if operations else ""
    try:
        whole = f"{before}{failing}{text[start:]}"
        store_of([]).update(whole, base_iri=names.base, prefixes=dict(names.prefixes))
    except SyntaxError as error:
        message, line, column = read_syntax_error(error)
        if column and line == before.count("\n") + 1 and column > start - before.rfind("\n"):
            column -= len(failing)
        return QuerySyntaxError(message, line=line, column=column)
    except RuntimeError:
        pass
    return None


@dataclass
class _Modification:
    """The parts of `WITH … DELETE … INSERT … USING … WHERE …`; templates and pattern as tokens with their braces."""

    graph: str = ""
    delete: Sequence[Token] = ()
    insert: Sequence[Token] = ()
    using: list[str] = field(default_factory=list)
    using_named: list[str] = field(default_factory=list)
    where: Sequence[Token] = ()

    @classmethod
    def of(cls, operation: Operation) -> "_Modification":
        """Read a `DELETE`/`INSERT` operation with a pattern, or `DELETE WHERE`."""
        found, words, tokens, at = cls(), operation.words, operation.tokens, 0
        if words[:2] == ("DELETE", "WHERE"):
            return cls(delete=tokens[2:], where=tokens[2:])
        while at < len(words):
            if words[at] == "WITH":
                found.graph = tokens[at + 1].text
                at += 2
            elif words[at] == "USING":
                named = words[at + 1] == "NAMED"
                (found.using_named if named else found.using).append(tokens[at + 1 + named].text)
                at += 2 + named
            elif words[at] in ("DELETE", "INSERT"):
                end = _end_of_group(tokens, at + 1)
                setattr(found, words[at].lower(), tokens[at + 1 : end])
                at = end
            else:
                found.where = tokens[at + (words[at] == "WHERE") :]
                break
        return found


def _end_of_group(tokens: Sequence[Token], start: int) -> int:
    depths = accumulate((token.text == "{") - (token.text == "}") for token in tokens[start:])
    return next((end for end, depth in enumerate(depths, start + 1) if depth == 0), len(tokens))


@dataclass(frozen=True, kw_only=True)
class _Execution:
    """An operation of a request, and what `evaluate_update` was given to carry it out with."""

    operation: Operation
    request: SparqlUpdate
    target: TrackedStore
    names: Namespaces
    union_default_graph: bool
    derives: bool
    memory_bytes: int | None
    rewrite: Callable[[str], str]

    def run(self) -> None:
        words, tokens = self.operation.words, self.operation.tokens
        if words[1:2] == ("DATA",) and words[0] in ("INSERT", "DELETE"):
            change = self.target.add if words[0] == "INSERT" else self.target.remove
            change(self._quads_of_data(self._text(tokens[2:])))
        elif words[0] in ("INSERT", "DELETE", "WITH"):
            self._modify(_Modification.of(self.operation))
        elif words[0] == "LOAD":
            # With SILENT it may fail, and here it always does (SPARQL 1.1 Update, section 3.1.4).
            if words[1] != "SILENT":
                raise way_out("LOAD")
        else:
            self._manage_graphs(words[0], silent="SILENT" in words[1:2])

    def _text(self, tokens: Sequence[Token]) -> str:
        return self.operation.source[tokens[0].start : tokens[-1].end] if tokens else ""

    def _quads_of_data(self, data: str) -> list[Quad]:
        scratch = store_of([])
        scratch.update(f"{self.operation.prologue}\nINSERT DATA {data}", base_iri=self.names.base)
        return list(scratch)

    def _modify(self, parts: _Modification) -> None:
        changes: dict[NamedNode, list[Quad]] = {_DELETE: [], _INSERT: []}
        for number, (kind, quad) in enumerate(self._find_changes(parts)):
            if self.memory_bytes is not None and number * _BYTES_PER_QUAD > self.memory_bytes:
                message = f"the update would delete and insert more than {number - 1:,} quads"
                hint = "Nothing was changed. Split it, use CLEAR or digitech-kg import, or raise --query-memory."
                most = self.memory_bytes
                raise LimitExceeded(message, limit="query_memory", value=most, unit="bytes", hint=hint)
            changes[kind].append(quad)
        if any(word.text.upper() == "GRAPH" and name.kind == "variable" for word, name in pairwise(parts.delete)):
            # A variable, not a name, led to derived graphs: what stands there is derived anew anyway.
            is_derived = self.names.graphs.is_derived
            changes[_DELETE] = [q for q in changes[_DELETE] if not (self.derives and is_derived(q.graph_name))]
        self.target.remove(changes[_DELETE])
        self.target.add(changes[_INSERT])

    def _find_changes(self, parts: _Modification) -> Iterator[tuple[NamedNode, Quad]]:
        """Yield the quads to delete and to insert, each with what is to be done."""
        graph = str(self._iri(parts.graph)) if parts.graph else str(_DEFAULT_NAME)
        template = [*self._template(parts.delete, _DELETE, graph), *self._template(parts.insert, _INSERT, graph)]
        construct = f"{self.operation.prologue}\nCONSTRUCT {{ {' '.join(template)} }} WHERE "
        query = construct + self._pattern(parts)
        try:
            found: Any = self.target.store.query(query, base_iri=self.names.base, **self._dataset(parts))
            for row in found:
                # Only IRIs name graphs (SPARQL 1.1 Query, section 13): a blank node makes no quad.
                if isinstance(row.subject, NamedNode):
                    quad, graph_name = row.object, _DEFAULT if row.subject == _DEFAULT_NAME else row.subject
                    yield row.predicate, Quad(quad.subject, quad.predicate, quad.object, graph_name)
        except SyntaxError as error:
            raise syntax_error(error) from None
        except (RuntimeError, ValueError) as error:
            raise CallError(f"the pattern can't be evaluated: {error}", hint="Try it as a query first.") from None

    def _pattern(self, parts: _Modification) -> str:
        """Return the pattern as the engine is to evaluate it; all its variables count as used outside."""
        pattern, select = self._text(parts.where), f"{self.operation.prologue}\nSELECT * WHERE "
        rewritten = self.rewrite(select + pattern)
        return rewritten.removeprefix(select) if rewritten.startswith(select) else pattern

    def _template(self, tokens: Sequence[Token], kind: NamedNode, graph: str) -> Iterator[str]:
        """Yield a triple of a CONSTRUCT for each quad of a template: its graph, what is to be done, and the quad."""
        if not tokens:
            return
        text, start = self._text(tokens), tokens[0].start
        for token in reversed([token for token in tokens if token.kind == "variable"]):
            place = token.start - start
            text = f"{text[:place]}<{_OURS}?{token.text[1:]}>{text[place + len(token.text) :]}"
        for quad in self._quads_of_data(text):
            name = _to_sparql(quad.graph_name) if quad.graph_name != _DEFAULT else graph
            yield f"{name} {kind} {_to_sparql(quad.triple)} ."

    def _dataset(self, parts: _Modification) -> dict[str, Any]:
        """Return the dataset of the pattern (SPARQL 1.1 Update, section 3.1.3; Protocol, section 2.2.3)."""
        request = self.request
        if request.using or request.using_named:
            if parts.graph or parts.using or parts.using_named:
                hint = "Name the graphs in one of the two places."
                raise CallError("both the update (WITH or USING) and the request name graphs", hint=hint)
            default, named = map(NamedNode, request.using), map(NamedNode, request.using_named)
            return {"default_graph": list(default), "named_graphs": list(named)}
        if parts.using or parts.using_named:
            default, named = map(self._iri, parts.using), map(self._iri, parts.using_named)
            return {"default_graph": list(default), "named_graphs": list(named)}
        if parts.graph:
            return {"default_graph": self._iri(parts.graph)}
        return {"use_default_graph_as_union": self.union_default_graph}

    def _iri(self, term: str) -> NamedNode:
        query = f"{self.operation.prologue}\nSELECT ({term} AS ?iri) {{}}"
        solutions: Any = store_of([]).query(query, base_iri=self.names.base)
        iri: NamedNode = next(iter(solutions))["iri"]
        return iri

    def _manage_graphs(self, verb: str, *, silent: bool) -> None:
        """Have the engine carry out CLEAR, DROP, CREATE, ADD, COPY or MOVE, and compare the graphs named."""
        target, operation = self.target, self.operation
        if operation.words[-1] in ("ALL", "NAMED"):
            graphs: list[GraphName] = [_DEFAULT, *target.store.named_graphs()]
        else:
            terms = (t for t in operation.tokens if t.kind in ("iri", "name") or t.text.upper() == "DEFAULT")
            graphs = [_DEFAULT if t.text.upper() == "DEFAULT" else self._iri(t.text) for t in terms]
            # The engine would take a graph that isn't there for an empty one, and empty the goal of a COPY.
            if target.has_graph(graphs[0]) == (verb == "CREATE"):
                if not silent:
                    there = "already" if verb == "CREATE" else "not"
                    raise CallError(f"the graph {graphs[0]} is {there} there", hint=f"{verb} SILENT does not mind.")
                return
        target.update(f"{operation.prologue}\n{self._text(operation.tokens)}", self.names.base, graphs)


def _to_sparql(term: Any) -> str:
    """Return a term of a template in SPARQL, with the variables that it had."""
    if isinstance(term, Triple):
        return f"<<( {_to_sparql(term.subject)} {_to_sparql(term.predicate)} {_to_sparql(term.object)} )>>"
    if isinstance(term, NamedNode) and term.value.startswith(f"{_OURS}?"):
        return term.value.removeprefix(_OURS)
    return str(term)
