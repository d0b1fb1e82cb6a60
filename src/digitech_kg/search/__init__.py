"""Finding things by name: the matcher of names, and the index of a snapshot that search reads."""

from digitech_kg.search.index import FILE_NAME, indexed_subjects, update_search_index, write_search_index
from digitech_kg.search.lookup import Hit, find

__all__ = ["FILE_NAME", "Hit", "find", "indexed_subjects", "update_search_index", "write_search_index"]
