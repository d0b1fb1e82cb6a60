"""Describe a dataset for machines: VoID, DCAT, saved queries and versions, as quads of `graph:catalog`."""

from digitech_kg.description.catalog import describe, describe_queries
from digitech_kg.description.census import Census
from digitech_kg.description.versions import describe_version, version_iri

__all__ = ["Census", "describe", "describe_queries", "describe_version", "version_iri"]
