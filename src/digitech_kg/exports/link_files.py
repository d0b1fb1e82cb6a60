"""The links to other data sets as the SSSOM files that they were read from, byte for byte."""

from __future__ import annotations

from digitech_kg.exports.archives import zip_of
from digitech_kg.exports.content import Content
from digitech_kg.mappings import mapping_sets


def sssom_files(content: Content) -> dict[str, bytes]:
    """Return the text of each mapping file by its name."""
    # The library behind it takes long to load, and most commands write no such file.
    from digitech_kg.mappings.sssom import write_mapping_set

    found = mapping_sets(content.links)
    return {f"{s.name.replace('/', '-')}.sssom.tsv": write_mapping_set(s, content.names).encode() for s in found}


def sssom_archive(content: Content) -> bytes:
    """Return the mapping files in one zip file."""
    return zip_of(sssom_files(content))
