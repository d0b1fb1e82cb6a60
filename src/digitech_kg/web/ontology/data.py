"""The ontology of the current snapshot, read once: merged and by module, its documentation, its diagram."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.formats import Format, by_name
from digitech_kg.namespaces import BASE, GRAPH, ONTOLOGY_IRI, OWL, PREFIXES, RDF
from digitech_kg.ontology import (
    Documentation,
    Link,
    Usage,
    document_ontology,
    draw_diagram,
    merge_modules,
    shapes_by_term,
    without_axioms,
)
from digitech_kg.web.http.languages import translations

_ONTOLOGY = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPH.ontology.value}> {{ ?s ?p ?o }} }}"
#: Things by class and claims by predicate; what is inferred is not counted as use.
_USAGE = f"""
PREFIX dk: <{PREFIXES["dk"]}>
PREFIX rdf: <{PREFIXES["rdf"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?term (COUNT(DISTINCT ?user) AS ?count) (GROUP_CONCAT(DISTINCT ?pair; SEPARATOR="\\u001E") AS ?pairs)
WHERE {{
  {{
    GRAPH ?graph {{ ?user rdf:type ?term }}
    FILTER(?graph NOT IN (<{GRAPH.inferred.value}>, <{GRAPH.catalog.value}>, <{GRAPH.ontology.value}>))
  }} UNION {{
    ?user dk:predicate ?term .
  }} UNION {{
    ?user dk:certainty|dk:stance|dk:quantifier|dk:object ?term .
  }}
  FILTER(STRSTARTS(STR(?term), "{PREFIXES["dk"]}") && ISIRI(?user))
  OPTIONAL {{ ?user rdfs:label|rdfs:comment ?text . FILTER(LANG(?text) = "en") }}
  BIND(CONCAT(STR(?user), "\\u001F", COALESCE(?text, STR(?user))) AS ?pair)
}}
GROUP BY ?term
"""
_EXAMPLES = 3


@dataclass(frozen=True)
class OntologyDocument:
    """The ontology of one snapshot; `parts` are what stands after `/ontology/`: modules and versions."""

    version: str
    merged: tuple[Triple, ...]
    parts: Mapping[str, tuple[Triple, ...]]

    def serialize(self, fmt: Format, part: str = "") -> bytes:
        """Give the whole, or one part, in a format for graphs."""
        triples = self.parts[part] if part else self.merged
        return serialize(triples, format=fmt.rdf, prefixes=PREFIXES) or b""


@dataclass(frozen=True)
class OntologyPage:
    """The ontology as a page shows it in one language."""

    documentation: Documentation
    diagram: Markup


def load_ontology(service: QueryService) -> OntologyDocument:
    """Give the ontology of the current snapshot; read once per snapshot."""
    return _load(service, service.snapshot.version)


def load_ontology_page(service: QueryService, language: str) -> OntologyPage:
    """Give the page of the ontology in a language; documented and drawn once per snapshot."""
    return _load_page(service, service.snapshot.version, language)


@lru_cache(maxsize=4)
def _load(service: QueryService, version: str) -> OntologyDocument:
    with service.query(QueryRequest(_ONTOLOGY, None, by_name("ntriples"))) as answer:
        triples = [Triple(q.subject, q.predicate, q.object) for q in parse(answer.read(), RdfFormat.N_TRIPLES)]
    merged = tuple(merge_modules(triples))
    return OntologyDocument(version, merged, _parts(triples, merged))


@lru_cache(maxsize=8)
def _load_page(service: QueryService, version: str, language: str) -> OntologyPage:
    merged = _load(service, version).merged
    shapes = getattr(service.snapshot, "directory", Path()) / "shapes.nt"
    messages = shapes_by_term(shapes.read_bytes()) if shapes.is_file() else {}
    documentation = document_ontology(merged, _usage(service), messages, language=language)
    drawing = draw_diagram(merged, language=language, translate=translations(language).ugettext)
    # The drawing is made of escaped text by our own code, so it may go into the page as it is.
    return OntologyPage(documentation, Markup(drawing))  # noqa: S704


def _parts(triples: list[Triple], merged: tuple[Triple, ...]) -> dict[str, tuple[Triple, ...]]:
    """Give the modules and versions by the end of their IRIs.

    Each stands alone, with what it imports merged in: so all hold the whole, but the module of terms, which imports
    nothing, leaves the axioms out.
    """
    parts: dict[str, tuple[Triple, ...]] = {}
    headers: dict[NamedNode, list[Triple]] = defaultdict(list)
    modules = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Ontology}
    for t in triples:
        if t.subject in modules and isinstance(t.subject, NamedNode) and t.predicate != OWL.imports:
            headers[t.subject].append(t)
    body = [t for t in merged if t.subject != NamedNode(ONTOLOGY_IRI)]
    for module, header in headers.items():
        versions = [t.object.value for t in header if t.predicate == OWL.versionIRI and isinstance(t.object, NamedNode)]
        for iri in (module.value, *versions):
            if iri.startswith(ONTOLOGY_IRI + "/"):
                held = without_axioms(body) if module.value.endswith("/terms") else body
                parts[iri.removeprefix(ONTOLOGY_IRI + "/")] = (*header, *held)
    return parts


def _usage(service: QueryService) -> dict[str, Usage]:
    with service.query(QueryRequest(_USAGE, by_name("json"), None)) as answer:
        rows = json.loads(answer.read())["results"]["bindings"]
    usage = {}
    for row in rows:
        pairs = sorted(pair.partition("\u001f") for pair in row["pairs"]["value"].split("\u001e"))
        # Relative to /ontology, where this server answers for its own things and claims.
        examples = tuple(Link(text, iri.removeprefix(BASE)) for iri, _, text in pairs[:_EXAMPLES])
        usage[row["term"]["value"]] = Usage(int(row["count"]["value"]), examples)
    return usage
