"""What authors need: documents cut into passages, terms to be found, a project to begin with, checks against a text."""

from digitech_kg.authoring.checking import check_against_text, find_twins
from digitech_kg.authoring.reading import TextCopy, read_texts

__all__ = ["TextCopy", "check_against_text", "find_twins", "read_texts"]
