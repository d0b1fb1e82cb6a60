"""Links to other data sets: SSSOM files, the quads of `graph:links`, and the data sets that are known.

`mappings.files` and `mappings.sssom` are imported by name where files are read: their library takes long to load.
"""

from digitech_kg.mappings.model import JUSTIFICATIONS, PREDICATES, Mapping, MappingSet, mapping_quads, mapping_sets
from digitech_kg.mappings.targets import TARGETS, Target, target_of

__all__ = [
    "JUSTIFICATIONS",
    "PREDICATES",
    "TARGETS",
    "Mapping",
    "MappingSet",
    "Target",
    "mapping_quads",
    "mapping_sets",
    "target_of",
]
