"""The services that `enrich` knows: one row each, so that adding one takes a row and no code.

Limits and formats: https://www.wikidata.org/wiki/Wikidata:SPARQL_query_service, https://www.gleif.org/en/lei-data/gleif-api,
https://ror.readme.io/docs/rest-api, https://www.geonames.org/ontology/documentation.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from digitech_kg.mappings import TARGETS

_SPACES = {target.prefix: target.namespace for target in TARGETS}
_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_GN, _WGS = "http://www.geonames.org/ontology#", "http://www.w3.org/2003/01/geo/wgs84_pos#"


class Protocol(Enum):
    """How a service is asked."""

    #: Statements of an item with rank, reference and time, by SPARQL in Wikidata's model; a path is a property number,
    #: or two with a slash for a qualifier of a statement: P414/P249 is the symbol under which a share is listed.
    WIKIBASE = "wikibase"
    #: A JSON document for each thing; a path is a JMESPath expression.
    JSON = "json"
    #: An RDF/XML document for each thing; a path is a predicate's IRI.
    RDF = "rdf"


@dataclass(frozen=True, slots=True)
class Field:
    """What is taken from a service: our property, where it is there, and what becomes of the value."""

    property: str
    path: str
    #: text, label (the English name of the thing that is the value), year, decimal, or latitude or longitude of a point
    #: that is written as WKT.
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class EnrichSource:
    """A service with its licence, the address of a thing's document, and the fields to take."""

    name: str
    #: By language tag; a project takes those of its languages.
    titles: Mapping[str, str]
    license: str
    protocol: Protocol
    #: `{id}` stands for the identifier; a SPARQL endpoint has none.
    address: str
    accept: str
    fields: tuple[Field, ...]
    #: The classes of things that the fields' properties are made for.
    classes: tuple[str, ...]
    #: Things are found there by links into this namespace …
    namespace: str = ""
    #: … or by the values that external claims give for this property.
    identifier: str = ""
    #: Seconds between two requests.
    pause_s: float = 1.0


ENRICH_SOURCES: Final[dict[str, EnrichSource]] = {
    source.name: source
    for source in (
        EnrichSource(
            "wikidata",
            {
                "en": "Wikidata, by its query service",
                "nb": "Wikidata, gjennom spørretjenesten",
                "zh-hans": "维基数据查询服务",
            },
            _CC0,
            Protocol.WIKIBASE,
            "https://query.wikidata.org/sparql",
            "application/sparql-results+json",
            (
                Field("headquartersCity", "P159", "label"),
                Field("foundedIn", "P571", "year"),
                Field("lei", "P1278"),
                Field("isin", "P946"),
                Field("tickerSymbol", "P414/P249"),
                Field("industryName", "P452", "label"),
                Field("ownerName", "P127", "label"),
                Field("website", "P856"),
                Field("latitude", "P159/P625", "latitude"),
                Field("longitude", "P159/P625", "longitude"),
            ),
            classes=("Organisation",),
            namespace=_SPACES["wd"],
        ),
        EnrichSource(
            "wikidata-places",
            {
                "en": "Wikidata on places, by its query service",
                "nb": "Wikidata om steder, gjennom spørretjenesten",
                "zh-hans": "维基数据查询服务（地点）",
            },
            _CC0,
            Protocol.WIKIBASE,
            "https://query.wikidata.org/sparql",
            "application/sparql-results+json",
            (
                Field("latitude", "P625", "latitude"),
                Field("longitude", "P625", "longitude"),
                Field("isoCode", "P297"),
            ),
            classes=("Place", "State"),
            namespace=_SPACES["wd"],
        ),
        EnrichSource(
            "gleif-records",
            {
                "en": "LEI records, by the API of GLEIF",
                "nb": "LEI-oppføringer, gjennom GLEIFs API",
                "zh-hans": "LEI记录（GLEIF接口）",
            },
            _CC0,
            Protocol.JSON,
            "https://api.gleif.org/api/v1/lei-records/{id}",
            "application/vnd.api+json",
            (
                Field("legalName", "data.attributes.entity.legalName.name"),
                Field("foundedIn", "data.attributes.entity.creationDate", "year"),
                Field("headquartersCity", "data.attributes.entity.headquartersAddress.city"),
                Field("headquartersCountry", "data.attributes.entity.headquartersAddress.country"),
            ),
            classes=("Organisation",),
            identifier="lei",
        ),
        EnrichSource(
            "gleif-isins",
            {
                "en": "Securities by LEI, by the API of GLEIF",
                "nb": "Verdipapirer etter LEI, gjennom GLEIFs API",
                "zh-hans": "按LEI查询的证券（GLEIF接口）",
            },
            _CC0,
            Protocol.JSON,
            "https://api.gleif.org/api/v1/lei-records/{id}/isins?page[size]=200",
            "application/vnd.api+json",
            (Field("isin", "data[].attributes.isin"),),
            classes=("Organisation",),
            identifier="lei",
        ),
        EnrichSource(
            "ror",
            {
                "en": "Research Organization Registry",
                "nb": "Research Organization Registry (ROR)",
                "zh-hans": "研究机构注册系统",
            },
            _CC0,
            Protocol.JSON,
            "https://api.ror.org/v2/organizations/{id}",
            "application/json",
            (
                Field("foundedIn", "established", "year"),
                Field("website", "links[?type=='website'].value"),
                Field("headquartersCity", "locations[].geonames_details.name"),
                Field("headquartersCountry", "locations[].geonames_details.country_code"),
                Field("latitude", "locations[].geonames_details.lat", "decimal"),
                Field("longitude", "locations[].geonames_details.lng", "decimal"),
            ),
            classes=("Organisation",),
            namespace=_SPACES["ror"],
        ),
        EnrichSource(
            "geonames",
            {"en": "GeoNames", "nb": "GeoNames stedsnavn", "zh-hans": "地名数据库"},
            "https://creativecommons.org/licenses/by/4.0/",
            Protocol.RDF,
            "https://sws.geonames.org/{id}/about.rdf",
            "application/rdf+xml",
            (
                Field("latitude", _WGS + "lat", "decimal"),
                Field("longitude", _WGS + "long", "decimal"),
                Field("isoCode", _GN + "countryCode"),
            ),
            classes=("Place", "State"),
            namespace=_SPACES["geonames"],
        ),
    )
}
