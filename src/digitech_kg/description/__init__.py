"""Describe a dataset for machines: VoID, DCAT and saved queries, as quads of `graph:catalog`."""

from digitech_kg.description.catalog import describe

__all__ = ["describe"]
