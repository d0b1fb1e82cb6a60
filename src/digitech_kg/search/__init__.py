"""Finding things by name: the matcher of names, and the index of a snapshot that search and lists of claims read."""

from digitech_kg.search.claim_lookup import ClaimEntry, ClaimFilter, ClaimGroup, ClaimTable, holds_claims
from digitech_kg.search.index import FILE_NAME, indexed_subjects, update_search_index, write_search_index
from digitech_kg.search.lookup import Hit, find

__all__ = [
    "FILE_NAME",
    "ClaimEntry",
    "ClaimFilter",
    "ClaimGroup",
    "ClaimTable",
    "Hit",
    "find",
    "holds_claims",
    "indexed_subjects",
    "update_search_index",
    "write_search_index",
]
