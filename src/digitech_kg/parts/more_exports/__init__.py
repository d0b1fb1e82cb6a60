"""Downloads for networks, maps, columnar files and mapping tools."""

from digitech_kg.downloads import Download
from digitech_kg.formats import PARQUET
from digitech_kg.hooks import Part

_FILES = "digitech_kg.parts.more_exports.files"

PART = Part(
    name="more_exports",
    summary="Adds downloads: tables as Parquet, networks as GraphML, places as GeoJSON, links as SSSOM.",
    downloads=(
        Download(
            "parquet",
            "-parquet.zip",
            PARQUET.media_type,
            "The same tables as Parquet files",
            writer=f"{_FILES}:write_parquet",
        ),
        Download(
            "graphml",
            ".graphml",
            "application/xml",
            "Things and the claims between them as a network in GraphML",
            "http://graphml.graphdrawing.org/",
            f"{_FILES}:write_graphml",
        ),
        Download(
            "geojson",
            ".geojson",
            "application/geo+json",
            "Places as GeoJSON; those without known coordinates have no geometry",
            "https://www.rfc-editor.org/rfc/rfc7946",
            f"{_FILES}:write_geojson",
        ),
        Download(
            "sssom",
            "-links.zip",
            "text/tab-separated-values",
            "Links to other data sets as SSSOM files",
            "https://w3id.org/sssom/",
            f"{_FILES}:write_sssom",
        ),
    ),
)
