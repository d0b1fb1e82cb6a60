"""Describe a dataset for machines: VoID, DCAT, questions and versions in `graph:catalog`; schema.org for pages."""

from digitech_kg.description.catalog import describe, describe_queries, distribution_of
from digitech_kg.description.census import GraphCensus, count_graph
from digitech_kg.description.metadata import (
    Metadata,
    dataset_markup,
    describe_version,
    described_versions,
    metadata_of,
    quads_about_version,
    version_iri,
)

__all__ = [
    "GraphCensus",
    "Metadata",
    "count_graph",
    "dataset_markup",
    "describe",
    "describe_queries",
    "describe_version",
    "described_versions",
    "distribution_of",
    "metadata_of",
    "quads_about_version",
    "version_iri",
]
