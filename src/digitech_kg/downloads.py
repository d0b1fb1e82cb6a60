"""One table of the files that a dataset can be downloaded as.

The command line, the server, the description of the dataset and the pages read it; `exports` writes the files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from digitech_kg.errors import CallError
from digitech_kg.formats import FORMATS, Kind
from digitech_kg.messages import Message
from digitech_kg.namespaces import Namespaces

_ZIP: Final = "application/zip"
_OWL: Final = "http://www.w3.org/TR/owl2-overview/"


@dataclass(frozen=True, slots=True)
class Download:
    """A file: `name` is what `export --format` takes, `ending` what its name at `/download/` ends in."""

    name: str
    ending: str
    #: Of what is inside; `package` or `compression` is that of the file around it.
    media_type: str
    title: str
    package: str = ""
    compression: str = ""
    #: The specification or model that it follows.
    conforms_to: str = ""

    @property
    def content_type(self) -> str:
        """The media type of the file as it is sent."""
        outer = self.compression or self.package or self.media_type
        return f"{outer}; charset=utf-8" if outer.startswith("text/") else outer

    def file_name(self, names: Namespaces) -> str:
        """Return what the file is called, after the last part of the project's base IRI.

        >>> DOWNLOADS["csv"].file_name(Namespaces("https://example.org/kg/"))
        'kg-csv.zip'
        """
        parts: list[str] = re.findall(r"[\w.-]+", names.base)
        return parts[-1] + self.ending


_TITLES = {
    "turtle": "All triples as Turtle",
    "ntriples": "All triples as N-Triples",
    "rdfxml": "All triples as RDF/XML",
    "jsonld": "All triples as JSON-LD",
    "trig": "The named graphs as TriG",
    "nquads": "The named graphs as N-Quads",
}

DOWNLOADS: Final[dict[str, Download]] = {
    download.name: download
    for download in (
        *(
            Download(f.name, f".{f.extension}", f.media_type, _TITLES[f.name], conforms_to=f.iri)
            for f in FORMATS
            if f.kind is not Kind.SOLUTIONS
        ),
        Download(
            "nquads-gz",
            ".nq.gz",
            "application/n-quads",
            "The named graphs as N-Quads, compressed",
            compression="application/gzip",
            conforms_to="http://www.w3.org/ns/formats/N-Quads",
        ),
        Download(
            "owl",
            "-data.owl",
            "application/rdf+xml",
            "All data as an OWL 2 document that imports the ontology",
            conforms_to=_OWL,
        ),
        Download("ontology", "-ontology.owl", "application/rdf+xml", "The ontology alone, as OWL 2", conforms_to=_OWL),
        Download(
            "owl-complete",
            ".owl",
            "application/rdf+xml",
            "Ontology and data in one OWL 2 document, to open without a network",
            conforms_to=_OWL,
        ),
        Download(
            "alignments",
            "-alignments.owl",
            "application/rdf+xml",
            "How the ontology's terms relate to other vocabularies, as OWL 2",
            conforms_to=_OWL,
        ),
        Download(
            "rdf12",
            "-rdf12.ttl",
            "text/turtle",
            "All claims with triple terms, as Turtle of RDF 1.2",
            conforms_to="https://www.w3.org/TR/rdf12-turtle/",
        ),
        Download(
            "nanopubs",
            "-nanopubs.trig",
            "application/trig",
            "Each claim as a nanopublication: assertion, provenance, publication",
            conforms_to="https://nanopub.net/guidelines/working_draft/",
        ),
        Download(
            "annotations",
            "-annotations.jsonld",
            "application/ld+json",
            "Passages and the claims made from them as Web Annotations",
            conforms_to="https://www.w3.org/TR/annotation-model/",
        ),
        Download(
            "csv",
            "-csv.zip",
            "text/csv",
            "Tables by class, claims, statements and links as CSV",
            package=_ZIP,
            conforms_to="https://specs.frictionlessdata.io/tabular-data-package/",
        ),
        Download(
            "xlsx",
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "The same tables as an Excel workbook, a sheet for each",
        ),
        Download(
            "parquet",
            "-parquet.zip",
            "application/vnd.apache.parquet",
            "The same tables as Parquet files",
            package=_ZIP,
        ),
        Download(
            "graphml",
            ".graphml",
            "application/xml",
            "Things and the claims between them as a network in GraphML",
            conforms_to="http://graphml.graphdrawing.org/",
        ),
        Download(
            "geojson",
            ".geojson",
            "application/geo+json",
            "Places as GeoJSON; those without known coordinates have no geometry",
            conforms_to="https://www.rfc-editor.org/rfc/rfc7946",
        ),
        Download(
            "sssom",
            "-links.zip",
            "text/tab-separated-values",
            "Links to other data sets as SSSOM files",
            package=_ZIP,
            conforms_to="https://w3id.org/sssom/",
        ),
        Download(
            "ro-crate",
            "-crate.zip",
            _ZIP,
            "Research object: description, dataset, ontology, tables and links in one file",
            package=_ZIP,
            conforms_to="https://w3id.org/ro/crate/1.1",
        ),
    )
}


def by_download(name: str) -> Download:
    """Find a download by name. Raises `CallError` that lists the names.

    >>> by_download("geojson").media_type
    'application/geo+json'
    """
    if name not in DOWNLOADS:
        raise CallError(
            Message("unknown format '{name}'", name=name),
            hint=Message("Choose one of: {names}.", names=", ".join(DOWNLOADS)),
        )
    return DOWNLOADS[name]


def by_file_name(file_name: str, names: Namespaces) -> Download | None:
    """Find a download by what its file is called."""
    return next((d for d in DOWNLOADS.values() if d.file_name(names) == file_name), None)
