"""`/shapes`: the shapes as Turtle and other RDF, or as a page for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, render_template, request
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.formats import HTML, Format
from digitech_kg.namespaces import RDF, SH, SHAPES, VOCABULARIES, Namespaces
from digitech_kg.ontology import Index
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.reading.addresses import DATA_FORMATS, PAGE_OR_DATA
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader

_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
#: How a shape leads to its parts.
_PARTS = (SH.property, SH.sparql, SH["not"], SH.node)
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A part of a shape: its name in the address, what it says of a fault, and how grave that is."""

    anchor: str
    message: str
    severity: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape: its name in the address, the IRIs that it is about, and its rules."""

    anchor: str
    targets: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class ShapesDocument:
    """All shapes of a snapshot."""

    triples: tuple[Triple, ...]
    shapes: tuple[Shape, ...]
    names: Namespaces

    def serialize(self, fmt: Format) -> bytes:
        """Return all shapes in a format for graphs."""
        text = "".join(map(str, self.triples))
        used = {prefix: namespace for prefix, namespace in self.names.prefixes.items() if namespace in text}
        return serialize(self.triples, format=fmt.rdf, prefixes=used) or b""


def load_shapes(snapshot: object, names: Namespaces) -> ShapesDocument:
    """Return the shapes that a snapshot was checked by. Raises `NotFound` if it keeps none."""
    file = snapshot.directory / "shapes.nt" if isinstance(snapshot, Snapshot) else Path()
    if not file.is_file():
        raise NotFound("this server has no shapes", hint="Ask a server that has built its own graph.")
    return _read(file, names)


@lru_cache(maxsize=4)
def _read(file: Path, names: Namespaces) -> ShapesDocument:
    triples = tuple(quad.triple for quad in parse(file.read_bytes(), RdfFormat.N_TRIPLES))
    index = Index(triples)
    nodes = [node for node in index.subjects(RDF.type, SH.NodeShape) if isinstance(node, NamedNode)]
    shapes = (Shape(_anchor(node), _targets(index, node), tuple(_rules(index, node))) for node in nodes)
    return ShapesDocument(triples, tuple(sorted(shapes, key=lambda shape: shape.anchor.casefold())), names)


def _anchor(node: NamedNode | BlankNode) -> str:
    """Return the part of an IRI of a shape after the `#`; parts without an IRI have none."""
    return node.value.removeprefix(SHAPES) if isinstance(node, NamedNode) else ""


def _targets(index: Index, node: NamedNode) -> tuple[str, ...]:
    found = (target for name in _TARGETS for target in index.nodes(node, SH[name]))
    return tuple(target.value for target in found if isinstance(target, NamedNode))


def _rules(index: Index, node: NamedNode | BlankNode, depth: int = _DEPTH) -> Iterator[Rule]:
    """Yield the rules of a shape, its own first."""
    texts = index.texts(node, SH.message)
    severity = next((s.value.removeprefix(VOCABULARIES["sh"]) for s in index.nodes(node, SH.severity)), "Violation")
    if texts:
        yield Rule(_anchor(node) if depth < _DEPTH else "", texts.get("en") or next(iter(texts.values())), severity)
    for part in _PARTS if depth else ():
        for inner in index.nodes(node, part):
            yield from _rules(index, inner, depth - 1)


def shapes_blueprint(service: QueryService) -> Blueprint:
    """Return the blueprint of `/shapes`, the document of `shapes#CompanyShape` and its like."""
    blueprint = Blueprint("shapes", __name__)
    reader = GraphReader(service)

    @blueprint.get("/shapes")
    def shapes() -> Response:
        document = load_shapes(service.snapshot, reader.names)
        fmt = requested_format(PAGE_OR_DATA)
        if fmt is HTML:
            targets = {target for shape in document.shapes for target in shape.targets}
            labels = Labels(reader, current_language(), targets)
            page = render_template("shapes.html", shapes=document.shapes, name=labels.name, formats=DATA_FORMATS)
            response = Response(page)
        else:
            response = Response(document.serialize(fmt), content_type=fmt.content_type)
        response.vary.add("Accept")
        response.headers["Link"] = f'<{SHAPES.rstrip("#")}>; rel="describes"'
        response.set_etag(f"{service.snapshot.version}-{current_language()}-{fmt.name}", weak=True)
        response.make_conditional(request)
        return response

    return blueprint
