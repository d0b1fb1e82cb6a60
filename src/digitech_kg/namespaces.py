"""The IRIs of the project: one base, one prefix table, named graphs and terms."""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

#: Where every IRI of ours begins. It resolves once registered with w3id.org; the server answers the same paths.
BASE: Final = "https://w3id.org/digitech-kg/"

ONTOLOGY_IRI: Final = BASE + "ontology"

#: The same prefix for the same namespace in every file, query and page.
PREFIXES: Final[dict[str, str]] = {
    "brreg": "https://data.brreg.no/enhetsregisteret/api/enheter/",
    "claim": BASE + "claim/",
    "dbr": "http://dbpedia.org/resource/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dk": BASE + "ontology#",
    "eucountry": "http://publications.europa.eu/resource/authority/country/",
    "eurovoc": "http://eurovoc.europa.eu/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geonames": "https://sws.geonames.org/",
    "graph": BASE + "graph/",
    "id": BASE + "id/",
    "lcsh": "http://id.loc.gov/authorities/subjects/",
    "mappings": BASE + "mappings/",
    "nupi": BASE + "passage/nupi-digi-tech/",
    "oa": "http://www.w3.org/ns/oa#",
    "openalex": "https://openalex.org/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "passage": BASE + "passage/",
    "pav": "http://purl.org/pav/",
    "prov": "http://www.w3.org/ns/prov#",
    "query": BASE + "query/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "ror": "https://ror.org/",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": BASE + "shapes#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sssom": "https://w3id.org/sssom/",
    "stw": "http://zbw.eu/stw/descriptor/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Namespace:
    """Makes terms of one namespace: `DK.Claim`, `DK["subject"]` → `NamedNode`."""

    def __init__(self, prefix: str) -> None:
        self._iri = PREFIXES[prefix]
        self._terms: dict[str, NamedNode] = {}

    def __getitem__(self, name: str) -> NamedNode:
        if name not in self._terms:
            self._terms[name] = NamedNode(self._iri + name)
        return self._terms[name]

    def __getattr__(self, name: str) -> NamedNode:
        return self[name]


DCAT = Namespace("dcat")
DCTERMS = Namespace("dcterms")
DK = Namespace("dk")
FOAF = Namespace("foaf")
GRAPH = Namespace("graph")
OWL = Namespace("owl")
PAV = Namespace("pav")
PROV = Namespace("prov")
RDF = Namespace("rdf")
RDFS = Namespace("rdfs")
SCHEMA = Namespace("schema")
SD = Namespace("sd")
SH = Namespace("sh")
SKOS = Namespace("skos")
SPDX = Namespace("spdx")
SSSOM = Namespace("sssom")
VOID = Namespace("void")
XSD = Namespace("xsd")

#: Graphs that only the build writes; an update that names one is refused.
DERIVED_GRAPHS: Final = frozenset(GRAPH[name] for name in ("statements", "evidence", "inferred", "catalog"))


def value_of(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """Give the IRI, label or lexical form of a term; a triple term, which project files never hold, as text."""
    return str(term) if isinstance(term, Triple) else term.value


def shorten(iri: str) -> str:
    """Give the CURIE of an IRI with the longest matching prefix, or the IRI in angle brackets.

    >>> shorten("https://w3id.org/digitech-kg/passage/nupi-digi-tech/p12.s03")
    'nupi:p12.s03'
    >>> shorten("https://example.org/x")
    '<https://example.org/x>'
    """
    fits = [(len(ns), prefix) for prefix, ns in PREFIXES.items() if iri.startswith(ns)]
    if not fits:
        return f"<{iri}>"
    length, prefix = max(fits)
    return f"{prefix}:{iri[length:]}"


def expand(name: str) -> str | None:
    """Give the IRI of a CURIE, of `<IRI>` or of a bare absolute IRI; None if it is none of these.

    >>> expand("id:huawei")
    'https://w3id.org/digitech-kg/id/huawei'
    """
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return name if "://" in name else None
