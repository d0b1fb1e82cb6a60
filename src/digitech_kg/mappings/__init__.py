"""Links to other data sets: SSSOM files, the quads of `graph:links`, and the data sets that are known.

`mappings.sssom` is imported by name where files are read: its library takes long to load.
"""

from digitech_kg.mappings.model import (
    PREDICATES,
    TARGETS,
    Mapping,
    MappingSet,
    Target,
    mapping_quads,
    mapping_sets,
    target_of,
)

__all__ = [
    "PREDICATES",
    "TARGETS",
    "Mapping",
    "MappingSet",
    "Target",
    "mapping_quads",
    "mapping_sets",
    "target_of",
]
