"""One table of the files that the dataset can be taken away as.

The command line, the server, the description of the dataset and the pages read it; `exports` writes the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from digitech_kg.errors import CallError
from digitech_kg.formats import FORMATS, Kind

_STEM: Final = "digitech-kg"
_ZIP: Final = "application/zip"


@dataclass(frozen=True, slots=True)
class Download:
    """A file: `name` is what `export --format` takes, `file` what it is called at `/download/`."""

    name: str
    file: str
    #: Of what is inside; `package` or `compression` is that of the file around it.
    media_type: str
    title: str
    package: str = ""
    compression: str = ""
    #: The specification or model that it follows.
    conforms_to: str = ""
    #: The extra of the package that brings what writes it.
    extra: str = ""

    @property
    def content_type(self) -> str:
        """The media type of the file as it is sent."""
        outer = self.compression or self.package or self.media_type
        return f"{outer}; charset=utf-8" if outer.startswith("text/") else outer


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
            Download(f.name, f"{_STEM}.{f.extension}", f.media_type, _TITLES[f.name], conforms_to=f.iri)
            for f in FORMATS
            if f.kind is not Kind.SOLUTIONS
        ),
        Download(
            "nquads-gz",
            f"{_STEM}.nq.gz",
            "application/n-quads",
            "The named graphs as N-Quads, compressed",
            compression="application/gzip",
            conforms_to="http://www.w3.org/ns/formats/N-Quads",
        ),
        Download(
            "owl",
            f"{_STEM}.owl",
            "application/rdf+xml",
            "Ontology and data as one OWL 2 document",
            conforms_to="http://www.w3.org/TR/owl2-overview/",
        ),
        Download(
            "ontology",
            f"{_STEM}-ontology.owl",
            "application/rdf+xml",
            "The ontology alone, as an OWL 2 document",
            conforms_to="http://www.w3.org/TR/owl2-overview/",
        ),
        Download(
            "csv",
            f"{_STEM}-csv.zip",
            "text/csv",
            "Tables by class, claims, statements and links as CSV",
            package=_ZIP,
            conforms_to="https://specs.frictionlessdata.io/tabular-data-package/",
        ),
        Download(
            "xlsx",
            f"{_STEM}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "The same tables as an Excel workbook, a sheet for each",
            extra="tables",
        ),
        Download(
            "parquet",
            f"{_STEM}-parquet.zip",
            "application/vnd.apache.parquet",
            "The same tables as Parquet files",
            package=_ZIP,
            extra="tables",
        ),
        Download(
            "graphml",
            f"{_STEM}.graphml",
            "application/xml",
            "Things and the claims between them as a network in GraphML",
            conforms_to="http://graphml.graphdrawing.org/",
            extra="graphs",
        ),
        Download(
            "gexf",
            f"{_STEM}.gexf",
            "application/xml",
            "The same network in GEXF, for Gephi",
            conforms_to="https://gexf.net/",
            extra="graphs",
        ),
        Download(
            "geojson",
            f"{_STEM}.geojson",
            "application/geo+json",
            "Places as GeoJSON; those without known coordinates have no geometry",
            conforms_to="https://www.rfc-editor.org/rfc/rfc7946",
        ),
        Download(
            "sssom",
            f"{_STEM}-links.zip",
            "text/tab-separated-values",
            "Links to other data sets as SSSOM files",
            package=_ZIP,
            conforms_to="https://w3id.org/sssom/",
        ),
        Download(
            "ro-crate",
            f"{_STEM}-crate.zip",
            _ZIP,
            "Research object: description, dataset, ontology, tables and links in one file",
            package=_ZIP,
            conforms_to="https://w3id.org/ro/crate/1.1",
        ),
        Download(
            "croissant",
            f"{_STEM}-croissant.json",
            "application/ld+json",
            "Description of the tables for machine learning (Croissant)",
            conforms_to="http://mlcommons.org/croissant/1.0",
        ),
    )
}


def by_download(name: str) -> Download:
    """Find a download by name. Raises `CallError` that lists the names.

    >>> by_download("geojson").media_type
    'application/geo+json'
    """
    if name not in DOWNLOADS:
        raise CallError(f"unknown format '{name}'", hint=f"Choose one of: {', '.join(DOWNLOADS)}.")
    return DOWNLOADS[name]
