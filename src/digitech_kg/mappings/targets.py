"""The data sets elsewhere that things are linked to: one table for the catalogue, the pages and the questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Target:
    """A data set: a short name for it, and what its IRIs begin with."""

    prefix: str
    namespace: str
    title: str
    homepage: str
    #: IRI of its licence, "" if its terms are not a licence with an IRI.
    license: str
    #: Where it answers SPARQL, "" if nowhere.
    endpoint: str = ""


TARGETS: Final[tuple[Target, ...]] = (
    Target(
        "brreg",
        "https://data.brreg.no/enhetsregisteret/api/enheter/",
        "Central Coordinating Register for Legal Entities",
        "https://data.brreg.no/",
        "",
    ),
    Target(
        "dbr",
        "http://dbpedia.org/resource/",
        "DBpedia",
        "https://www.dbpedia.org/",
        "https://creativecommons.org/licenses/by-sa/3.0/",
        "https://dbpedia.org/sparql",
    ),
    Target(
        "eucountry",
        "http://publications.europa.eu/resource/authority/country/",
        "EU Vocabularies: countries and territories",
        "https://op.europa.eu/en/web/eu-vocabularies",
        _CC_BY,
        "https://publications.europa.eu/webapi/rdf/sparql",
    ),
    Target(
        "eurovoc",
        "http://eurovoc.europa.eu/",
        "EuroVoc",
        "https://op.europa.eu/en/web/eu-vocabularies/eurovoc",
        _CC_BY,
        "https://publications.europa.eu/webapi/rdf/sparql",
    ),
    Target("geonames", "https://sws.geonames.org/", "GeoNames", "https://www.geonames.org/", _CC_BY),
    Target(
        "lcsh",
        "http://id.loc.gov/authorities/subjects/",
        "Library of Congress Subject Headings",
        "https://id.loc.gov/authorities/subjects.html",
        "",
    ),
    Target("openalex", "https://openalex.org/", "OpenAlex", "https://openalex.org/", _CC0),
    Target("ror", "https://ror.org/", "Research Organization Registry", "https://ror.org/", _CC0),
    Target(
        "stw",
        "http://zbw.eu/stw/descriptor/",
        "STW Thesaurus for Economics",
        "https://zbw.eu/stw/",
        "https://opendatacommons.org/licenses/odbl/1-0/",
    ),
    Target(
        "wd",
        "http://www.wikidata.org/entity/",
        "Wikidata",
        "https://www.wikidata.org/",
        _CC0,
        "https://query.wikidata.org/sparql",
    ),
)


def target_of(iri: str) -> Target | None:
    """Find the data set that an IRI belongs to.

    >>> target_of("http://www.wikidata.org/entity/Q148").title
    'Wikidata'
    """
    return next((target for target in TARGETS if iri.startswith(target.namespace)), None)
