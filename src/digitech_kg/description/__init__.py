"""Describe a dataset for machines: VoID, DCAT and saved queries, as quads of `graph:catalog`; schema.org for pages."""

from digitech_kg.description.access import distribution_of
from digitech_kg.description.catalog import DATASET, describe
from digitech_kg.description.markup import dataset_markup
from digitech_kg.description.metadata import Metadata, metadata_of

__all__ = ["DATASET", "Metadata", "dataset_markup", "describe", "distribution_of", "metadata_of"]
