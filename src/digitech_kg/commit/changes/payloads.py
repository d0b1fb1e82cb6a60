"""Triples of a request's body, as quads of the graph that they are for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Final
from xml.parsers import expat

from pyoxigraph import DefaultGraph, NamedNode, Quad, parse

from digitech_kg.commit.changes.bodies import check_lengths, check_nesting
from digitech_kg.commit.request import Payload
from digitech_kg.errors import CallError, Forbidden, QuerySyntaxError
from digitech_kg.formats import by_name
from digitech_kg.triple_store import store_of

_PIECE: Final = 64 * 1024


def read_payloads(payloads: Iterable[Payload], graph: NamedNode | DefaultGraph, base_iri: str) -> list[Quad]:
    """Return the triples of files as quads of one graph; blank nodes of different files stay apart.

    Raises `QuerySyntaxError` with line and column for a body that is not in its format, `CallError` for one that names
    graphs itself, `Forbidden` for RDF/XML that declares entities, `LimitExceeded` for one that nests too deeply or has
    terms that are too long.
    """
    # In a store literals get the form that they will have in the dataset.
    scratch = store_of([])
    base = graph.value if isinstance(graph, NamedNode) else base_iri
    for payload in payloads:
        try:
            with payload.path.open("rb") as file:
                if payload.format == "rdfxml":
                    refuse_entities(file)
                check_nesting(file, payload.format)
                quads = parse(file, format=by_name(payload.format).rdf, base_iri=base, rename_blank_nodes=True)
                scratch.bulk_extend(_moved(check_lengths(quad), graph) for quad in quads)
        except SyntaxError as error:
            message = f"the body is not valid {payload.format}: {error.msg or error}"
            raise _not_valid(message, error) from None
        except ValueError as error:
            raise CallError(
                f"the body is not valid {payload.format}: {error}", hint="Mend it and send it again."
            ) from None
    return list(scratch)


def refuse_entities(file: IO[bytes]) -> None:
    """Raise `Forbidden` for XML that declares entities, by which a short text stands for any length of it.

    What is not well-formed passes, for the parser that reads it to say where, unless it looks like such XML.
    """
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse
    # Declarations stand before the first element.
    parser.StartElementHandler = _stop
    try:
        while piece := file.read(_PIECE):
            parser.Parse(piece)
    except _FirstElement:
        pass
    except expat.ExpatError:
        file.seek(0)
        if b"<!ENTITY" in file.read():
            _refuse("")
    file.seek(0)


class _FirstElement(Exception):
    """Nothing can be declared any more."""


def _stop(*_: object) -> None:
    raise _FirstElement


def _refuse(name: str, *_: object) -> None:
    hint = "Write what it stands for in its place, or send another format, such as Turtle."
    raise Forbidden(f"the body declares an XML entity{f', {name[:80]}' if name else ''}", hint=hint)


def _moved(quad: Quad, graph: NamedNode | DefaultGraph) -> Quad:
    if not isinstance(quad.graph_name, DefaultGraph):
        hint = "Send triples without graph names, or each graph on its own. digitech-kg import takes files with graphs."
        raise CallError(
            f"the body names the graph {quad.graph_name}, but the request says which one it is for", hint=hint
        )
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _not_valid(message: str, error: SyntaxError) -> QuerySyntaxError:
    found = QuerySyntaxError(message, line=error.lineno, column=error.offset)
    found.title = "Syntax error"
    found.hint = "Correct the body at this place and send it again."
    return found
