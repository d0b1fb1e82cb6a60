"""Write a snapshot in the formats that other programs read."""

from digitech_kg.exports.rdf import read_alignments
from digitech_kg.exports.writing import KeptFile, KeptFiles, OwlOptions, export_dataset

__all__ = ["KeptFile", "KeptFiles", "OwlOptions", "export_dataset", "read_alignments"]
