"""Premises → what follows from them, and whether they contradict each other. The part `why` says why."""

from digitech_kg.reasoning.inference import Base, Entailments, contradiction, infer
from digitech_kg.reasoning.premises import Leaf, read_leaves, select_premises

__all__ = ["Base", "Entailments", "Leaf", "contradiction", "infer", "read_leaves", "select_premises"]
