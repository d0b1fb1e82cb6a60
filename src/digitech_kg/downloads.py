"""One table of the files that a dataset can be downloaded as.

The command line, the server, the description of the dataset and the pages read it; `exports` writes the files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from digitech_kg.formats import XLSX, Kind, of_kind
from digitech_kg.namespaces import Namespaces

_OWL: Final = "http://www.w3.org/TR/owl2-overview/"
_RDF_XML: Final = "application/rdf+xml"


@dataclass(frozen=True, slots=True)
class Download:
    """A file: `name` is what `export --format` takes, `ending` what its name at `/download/` ends in."""

    name: str
    ending: str
    #: Of what is inside; `package` or `compression` is that of the file around it.
    media_type: str
    title: str
    #: The specification or model that it follows.
    conforms_to: str = ""
    #: The function that writes it, as `module:name`, if a part adds it; it takes an `exports.writing.Opened`.
    writer: str = ""

    @property
    def package(self) -> str:
        """The media type of the archive around several files, if it is one."""
        return "application/zip" if self.ending.endswith(".zip") else ""

    @property
    def compression(self) -> str:
        """The media type of a compressed file, if it is one."""
        return "application/gzip" if self.ending.endswith(".gz") else ""

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

_FILES: Final = (
    *(
        Download(f.name, f".{f.extension}", f.media_type, _TITLES[f.name], f.iri)
        for f in of_kind(Kind.GRAPH, Kind.DATASET)
    ),
    Download(
        "nquads-gz",
        ".nq.gz",
        "application/n-quads",
        "The named graphs as N-Quads, compressed",
        "http://www.w3.org/ns/formats/N-Quads",
    ),
    Download("owl", "-data.owl", _RDF_XML, "All data as an OWL 2 document that imports the ontology", _OWL),
    Download("ontology", "-ontology.owl", _RDF_XML, "The ontology alone, as OWL 2", _OWL),
    Download(
        "owl-complete", ".owl", _RDF_XML, "Ontology and data in one OWL 2 document, to open without a network", _OWL
    ),
    Download(
        "alignments",
        "-alignments.owl",
        _RDF_XML,
        "How the ontology's terms relate to other vocabularies, as OWL 2",
        _OWL,
    ),
    Download(
        "csv",
        "-csv.zip",
        "text/csv",
        "Tables by class, claims, statements and links as CSV",
        "https://specs.frictionlessdata.io/tabular-data-package/",
    ),
    Download("xlsx", ".xlsx", XLSX.media_type, "The same tables as an Excel workbook, a sheet for each"),
    Download(
        "sssom",
        "-links.zip",
        "text/tab-separated-values",
        "Links to other data sets as SSSOM files",
        "https://w3id.org/sssom/",
    ),
)
DOWNLOADS: Final[dict[str, Download]] = {download.name: download for download in _FILES}
