"""What policy documents say, as a knowledge graph."""

from digitech_kg.api import Graph, Rows, open_graph
from digitech_kg.errors import DigitechError

__all__ = ["DigitechError", "Graph", "Rows", "open_graph"]
