"""Links to open data elsewhere: mapping files, name matching, and what other data sets hold about our things."""

from digitech_kg.linking.links import check_links, load_links
from digitech_kg.linking.mappings import Mapping, MappingSet

__all__ = ["Mapping", "MappingSet", "check_links", "load_links"]
