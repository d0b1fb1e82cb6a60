"""Write a snapshot in the formats that other programs read."""

from digitech_kg.exports.kept import KeptFile, KeptFiles
from digitech_kg.exports.writing import export_dataset

__all__ = ["KeptFile", "KeptFiles", "export_dataset"]
