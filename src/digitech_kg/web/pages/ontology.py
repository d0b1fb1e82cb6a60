"""The ontology and the shapes at their own addresses: as RDF, and as a page for people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, redirect, render_template, url_for
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.errors import NotFound
from digitech_kg.exports.writing import read_alignments
from digitech_kg.formats import HTML, by_name
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import reachable
from digitech_kg.namespaces import ONTOLOGY_IRI, OWL, RDF, SH, SHAPES
from digitech_kg.ontology.standalone import merge_modules, module_document
from digitech_kg.ontology.terms import Documentation
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.http.languages import words_of
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.pages.resources import rdf_response
from digitech_kg.web.reading.reader import GraphReader, once_per_version, write_rdf
from digitech_kg.web.site import Site

_ONTOLOGY: Final = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH graph:ontology { ?s ?p ?o } }"


class OntologyDocument:
    """The ontology of one snapshot; `modules` has its modules and versions by what stands after `/ontology/`."""

    def __init__(self, triples: list[Triple]) -> None:
        self.merged = tuple(merge_modules(triples))
        # Alignments are no part of what is served: they come with the package.
        alignments = read_alignments()
        self.modules = {**_modules(triples), **dict.fromkeys(_addresses(alignments), tuple(alignments))}
        replaced = (t.object for t in triples if t.predicate == OWL.incompatibleWith)
        #: The numbers of versions that this one replaces.
        self.older = {iri.value.removeprefix(f"{ONTOLOGY_IRI}/") for iri in replaced if isinstance(iri, NamedNode)}


@once_per_version
def load_ontology(reader: GraphReader) -> OntologyDocument:
    return OntologyDocument(reader.triples(_ONTOLOGY))


@once_per_version
def _load_page(reader: GraphReader) -> Documentation:
    merged, messages = load_ontology(reader).merged, messages_by_term(load_shapes(reader.service.snapshot))
    # How many things have a class, and how many claims a predicate.
    uses = {**reader.book.class_counts(reader.names.base), **dict(reader.book.rows("uses_of_predicates"))}
    return Documentation(merged, uses, messages, names=reader.names, language=reader.language)


def _modules(triples: list[Triple]) -> dict[str, tuple[Triple, ...]]:
    """Return the modules and versions by the end of their IRIs; each stands alone, with what it imports merged in."""
    modules: dict[str, tuple[Triple, ...]] = {}
    for module in (t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology):
        if isinstance(module, NamedNode):
            header = [t for t in triples if t.subject == module]
            modules |= dict.fromkeys(_addresses(header), tuple(sorted(module_document(triples, module), key=str)))
    return modules


def _addresses(header: list[Triple]) -> list[str]:
    """Return what stands after `/ontology/` in the addresses of a module and its version."""
    modules = [t.subject for t in header if t.predicate == RDF.type and t.object == OWL.Ontology]
    versions = [t.object for t in header if t.predicate == OWL.versionIRI]
    iris = [iri.value for iri in (*modules, *versions) if isinstance(iri, NamedNode)]
    start = ONTOLOGY_IRI + "/"
    return [iri.removeprefix(start) for iri in iris if iri.startswith(start)]


#: RDF/XML first: Protégé and OWLAPI take it where they ask for nothing in particular.
_FORMATS = tuple(by_name(name) for name in ("rdfxml", "turtle", "jsonld", "ntriples"))


def _respond(reader: GraphReader, part: str) -> Response:
    document = load_ontology(reader)
    fmt = requested_format((*_FORMATS, HTML))
    if fmt is HTML and part.endswith("alignments"):
        fmt = by_name("turtle")
    if fmt is HTML:
        page = render_template("ontology.html", documentation=_load_page(reader), words=words_of("ontology"))
        return Response(page, content_type=fmt.content_type)
    found = document.modules[part] if part else document.merged
    return Response(write_rdf(found, fmt, reader.names), content_type=fmt.content_type)


_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
#: How a shape leads to its parts.
_PARTS = (SH.property, SH.sparql, SH["not"], SH.node)


def load_shapes(snapshot: object) -> tuple[Triple, ...]:
    """Return the shapes that a snapshot was checked by; none if it keeps none."""
    file = snapshot.directory / "shapes.nt" if isinstance(snapshot, Snapshot) else Path()
    text = file.read_bytes() if file.is_file() else b""
    return tuple(quad.triple for quad in parse(text, RdfFormat.N_TRIPLES))


def messages_by_term(shapes: Iterable[Triple]) -> dict[str, tuple[str, ...]]:
    """Return what shapes say of faults, by IRI of the classes that they are about and the properties they constrain."""
    index, found = GraphView(sorted(shapes, key=str)), defaultdict[str, set[str]](set)
    for shape in index.subjects(RDF.type, SH.NodeShape):
        targets = [target for name in _TARGETS for target in index.nodes(shape, SH[name])]
        for part in reachable([shape], lambda node: chain.from_iterable(index.nodes(node, prop) for prop in _PARTS)):
            texts = index.texts(part, SH.message)
            message = texts.get("en") or next(iter(texts.values()), "")
            for term in (*targets, index.value(part, SH.path)):
                if message and isinstance(term, NamedNode):
                    found[term.value].add(message)
    return {term: tuple(sorted(own)) for term, own in found.items()}


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the ontology, and of `/shapes`, the document of `shapes#CompanyShape` and its like."""
    blueprint = site.blueprint("ontology", __name__, is_negotiated=True)

    @blueprint.get("/ontology", defaults={"part": ""})
    @blueprint.get("/ontology/<path:part>")
    def ontology(part: str) -> WerkzeugResponse:
        document = load_ontology(site.reader)
        version, _, module = part.partition("/")
        if version in document.older:
            # Only the newest is kept: whoever asks for an older one is sent there.
            current = url_for("ontology.ontology", part=module if module in document.modules else None)
            answer = redirect(current, 303)
            answer.headers["Link"] = f'<{ONTOLOGY_IRI}>; rel="latest-version"'
            return answer
        if part and part not in document.modules:
            hint = f"There are: {', '.join(sorted(document.modules))}."
            raise NotFound(f"the ontology has no module or version '{part}'", hint=hint)
        return _respond(site.reader, part)

    @blueprint.get("/shapes")
    def shapes() -> Response:
        triples = load_shapes(site.service.snapshot)
        if not triples:
            raise NotFound("this server has no shapes", hint="Ask a server that has built its own graph.")
        response = rdf_response(site.reader, triples)
        response.headers["Link"] = f'<{SHAPES.rstrip("#")}>; rel="describes"'
        return response

    yield blueprint
