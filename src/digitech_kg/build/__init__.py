"""Project files → a published snapshot, step by step."""

from digitech_kg.build.pipeline import (
    BuildResult,
    Dataset,
    assemble,
    build_snapshot,
    is_up_to_date,
    load_rules,
    validate_dataset,
)
from digitech_kg.build.publication import Rules, publish_store
from digitech_kg.build.reasoning import Reasoning

__all__ = [
    "BuildResult",
    "Dataset",
    "Reasoning",
    "Rules",
    "assemble",
    "build_snapshot",
    "is_up_to_date",
    "load_rules",
    "publish_store",
    "validate_dataset",
]
