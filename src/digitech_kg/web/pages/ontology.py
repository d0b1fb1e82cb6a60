"""The ontology and the shapes at their own addresses: for OWL software, other RDF by negotiation, pages for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from digitech_kg.errors import NotFound
from digitech_kg.exports.rdf import read_alignments
from digitech_kg.formats import HTML, by_name
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import ONTOLOGY_IRI, OWL, RDF, SH, SHAPES, TERMS, VOCABULARIES
from digitech_kg.ontology.standalone import merge_modules, module_document
from digitech_kg.ontology.terms import Documentation, document_ontology, list_alignments
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.project import find_project
from digitech_kg.web.http.caching import tagged
from digitech_kg.web.http.problems import requested_format
from digitech_kg.web.reading.labels import DATA_FORMATS, PAGE_OR_DATA, Labels
from digitech_kg.web.reading.reader import GraphReader, once_per_version, write_rdf
from digitech_kg.web.site import Site

_ONTOLOGY: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH graph:ontology { ?s ?p ?o } }"
#: In how many claims a predicate is used.
_CLAIMS: Final = "SELECT term.text, count(*) FROM claim JOIN term ON term.id = claim.predicate GROUP BY term.text"


@dataclass(frozen=True)
class OntologyDocument:
    """The ontology of one snapshot; `parts` are what stands after `/ontology/`: modules and versions."""

    merged: tuple[Triple, ...]
    parts: Mapping[str, tuple[Triple, ...]]
    #: The numbers of versions that this one replaces.
    older: frozenset[str] = frozenset()


@once_per_version
def load_ontology(reader: GraphReader) -> OntologyDocument:
    """Return the ontology of the current snapshot."""
    triples = reader.triples(_ONTOLOGY)
    merged = tuple(merge_modules(triples))
    # Alignments are no part of what is served: they come with the package.
    alignments = read_alignments(find_project().alignment_files())
    parts = {**_parts(triples), **dict.fromkeys(_addresses(alignments), tuple(alignments))}
    start = ONTOLOGY_IRI + "/"
    replaced = [
        t.object.value for t in triples if t.predicate == OWL.incompatibleWith and isinstance(t.object, NamedNode)
    ]
    older = frozenset(iri.removeprefix(start) for iri in replaced)
    return OntologyDocument(merged, parts, older)


@once_per_version
def _load_page(reader: GraphReader) -> Documentation:
    """Return the documentation of the ontology in a language."""
    merged = load_ontology(reader).merged
    shapes = getattr(reader.service.snapshot, "directory", Path()) / "shapes.nt"
    messages = read_shapes(shapes).by_term() if shapes.is_file() else {}
    # How many things have a class, and how many claims a predicate.
    uses = {**reader.book.class_counts(reader.names.base), **dict(reader.book.rows(_CLAIMS))}
    return document_ontology(merged, uses, messages, names=reader.names, language=reader.language)


def _parts(triples: list[Triple]) -> dict[str, tuple[Triple, ...]]:
    """Return the modules and versions by the end of their IRIs; each stands alone, with what it imports merged in."""
    parts: dict[str, tuple[Triple, ...]] = {}
    for module in (t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology):
        if isinstance(module, NamedNode):
            header = [t for t in triples if t.subject == module]
            parts |= dict.fromkeys(_addresses(header), tuple(sorted(module_document(triples, module), key=str)))
    return parts


def _addresses(header: list[Triple]) -> list[str]:
    """Return what stands after `/ontology/` in the addresses of a module and its version."""
    modules = [t.subject for t in header if t.predicate == RDF.type and t.object == OWL.Ontology]
    versions = [t.object for t in header if t.predicate == OWL.versionIRI]
    iris = [iri.value for iri in (*modules, *versions) if isinstance(iri, NamedNode)]
    start = ONTOLOGY_IRI + "/"
    return [iri.removeprefix(start) for iri in iris if iri.startswith(start)]


#: RDF/XML first: Protégé and OWLAPI take it where they ask for nothing in particular.
_FORMATS = tuple(by_name(name) for name in ("rdfxml", "turtle", "jsonld", "ntriples"))


def ontology_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/ontology`, its modules and its versions."""
    blueprint = Blueprint("ontology", __name__)

    @blueprint.get("/ontology")
    def ontology() -> Response:
        return _respond(site.reader)

    @blueprint.get("/ontology/<path:part>")
    def part(part: str) -> Response:
        document = load_ontology(site.reader)
        version, _, module = part.partition("/")
        if version in document.older:
            # Only the newest is kept: whoever asks for an older one is sent there.
            has_module = module in document.parts
            current = url_for("ontology.part", part=module) if has_module else url_for("ontology.ontology")
            answer = make_response(redirect(current, 303))
            answer.headers["Link"] = f'<{ONTOLOGY_IRI}>; rel="latest-version"'
            return answer
        if part not in document.parts:
            hint = f"There are: {', '.join(sorted(document.parts))}."
            what = f"the ontology has no module or version '{part}'"
            raise NotFound(what, hint=hint)
        return _respond(site.reader, part)

    return blueprint


def _respond(reader: GraphReader, part: str = "") -> Response:
    document = load_ontology(reader)
    fmt = requested_format((*_FORMATS, HTML))

    def write() -> str | bytes:
        if fmt is not HTML:
            return write_rdf(document.parts[part] if part else document.merged, fmt, reader.names)
        if part.endswith("alignments"):
            return _alignments(reader)
        return render_template("ontology.html", documentation=_load_page(reader))

    response = tagged(write, fmt.content_type, reader.version, part, fmt.name, reader.language)
    response.vary.add("Accept")
    return response


def _alignments(reader: GraphReader) -> str:
    document, shorten = load_ontology(reader), reader.names.shorten
    rows = [
        {
            "anchor": row.term.removeprefix(TERMS),
            **{key: shorten(getattr(row, key)).strip("<>") for key in ("term", "relation", "other")},
            "address": row.other,
            "vocabulary": re.sub(r"^<https?://(www\.)?|[:/].*", "", shorten(row.other)),
            "reason": row.reason,
        }
        for row in list_alignments(document.parts["alignments"])
    ]
    formats = [(fmt.name, fmt.media_type) for fmt in _FORMATS]
    return render_template("alignments.html", rows=rows, formats=formats)


_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
#: How a shape leads to its parts.
_PARTS = (SH.property, SH.sparql, SH["not"], SH.node)
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A part of a shape: its name in the address, what it says of a fault, how grave that is, and of which property."""

    anchor: str
    message: str
    severity: str
    path: str = ""


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

    def by_term(self) -> dict[str, tuple[str, ...]]:
        """Return the messages on the classes that shapes are about and the properties that they constrain, by IRI."""
        found = (
            (term, rule.message) for s in self.shapes for rule in s.rules for term in (*s.targets, rule.path) if term
        )
        return {term: tuple(message for _, message in own) for term, own in groupby(sorted(set(found)), itemgetter(0))}


def load_shapes(snapshot: object) -> ShapesDocument:
    """Return the shapes that a snapshot was checked by. Raises `NotFound` if it keeps none."""
    file = snapshot.directory / "shapes.nt" if isinstance(snapshot, Snapshot) else Path()
    if not file.is_file():
        raise NotFound("this server has no shapes", hint="Ask a server that has built its own graph.")
    return read_shapes(file)


@lru_cache(maxsize=4)
def read_shapes(file: Path) -> ShapesDocument:
    """Return the shapes of a file; read once."""
    triples = tuple(quad.triple for quad in parse(file.read_bytes(), RdfFormat.N_TRIPLES))
    index = GraphView(sorted(triples, key=str))
    nodes = [node for node in index.subjects(RDF.type, SH.NodeShape) if isinstance(node, NamedNode)]
    shapes = (Shape(_anchor(node), _targets(index, node), tuple(_rules(index, node))) for node in nodes)
    return ShapesDocument(triples, tuple(sorted(shapes, key=lambda shape: shape.anchor.casefold())))


def _anchor(node: NamedNode | BlankNode) -> str:
    """Return the part of an IRI of a shape after the `#`; parts without an IRI have none."""
    return node.value.removeprefix(SHAPES) if isinstance(node, NamedNode) else ""


def _targets(index: GraphView, node: NamedNode) -> tuple[str, ...]:
    found = (target for name in _TARGETS for target in index.nodes(node, SH[name]))
    return tuple(target.value for target in found if isinstance(target, NamedNode))


def _rules(index: GraphView, node: NamedNode | BlankNode, depth: int = _DEPTH) -> Iterator[Rule]:
    """Yield the rules of a shape, its own first."""
    texts, path = index.texts(node, SH.message), index.value(node, SH.path)
    severity = next((s.value.removeprefix(VOCABULARIES["sh"]) for s in index.nodes(node, SH.severity)), "Violation")
    if texts:
        message, prop = texts.get("en") or next(iter(texts.values())), path.value if isinstance(path, NamedNode) else ""
        yield Rule(_anchor(node) if depth < _DEPTH else "", message, severity, prop)
    for part in _PARTS if depth else ():
        for inner in index.nodes(node, part):
            yield from _rules(index, inner, depth - 1)


def shapes_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/shapes`, the document of `shapes#CompanyShape` and its like."""
    blueprint = Blueprint("shapes", __name__)

    @blueprint.get("/shapes")
    def shapes() -> Response:
        document, reader = load_shapes(site.service.snapshot), site.reader
        fmt = requested_format(PAGE_OR_DATA)

        def write() -> str | bytes:
            if fmt is not HTML:
                return write_rdf(document.triples, fmt, reader.names)
            labels = Labels(reader, {target for shape in document.shapes for target in shape.targets})
            return render_template("shapes.html", shapes=document.shapes, name=labels.name, formats=DATA_FORMATS)

        response = tagged(write, fmt.content_type, reader.version, fmt.name, reader.language)
        response.vary.add("Accept")
        response.headers["Link"] = f'<{SHAPES.rstrip("#")}>; rel="describes"'
        return response

    return blueprint
