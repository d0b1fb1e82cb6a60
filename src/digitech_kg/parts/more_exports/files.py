"""The functions that write the downloads of this part."""

from __future__ import annotations

from digitech_kg.exports.writing import Opened
from digitech_kg.mappings import mapping_sets
from digitech_kg.parts.more_exports.geojson import geojson
from digitech_kg.parts.more_exports.graphml import graphml
from digitech_kg.tables import to_parquet, zip_of


def write_graphml(opened: Opened) -> bytes:
    """Return things and claims as a network. Raises `CallError` if networkx is not installed."""
    return graphml(opened.content)


def write_geojson(opened: Opened) -> bytes:
    """Return the places."""
    return geojson(opened.content)


def write_parquet(opened: Opened) -> bytes:
    """Return a zip file with a Parquet file for each table. Raises `CallError` if the library is not installed."""
    return zip_of({f"{table.name}.parquet": to_parquet(table) for table in opened.tables})


def write_sssom(opened: Opened) -> bytes:
    """Return the mapping files in one zip file, as they stand in the project."""
    # The library behind it takes long to load, and the other downloads don't need it.
    from digitech_kg.mappings.sssom import write_mapping_set

    found = mapping_sets(opened.content.links)
    texts = {f"{s.name.replace('/', '-')}.sssom.tsv": write_mapping_set(s, opened.names) for s in found}
    return zip_of({name: text.encode() for name, text in texts.items()})
