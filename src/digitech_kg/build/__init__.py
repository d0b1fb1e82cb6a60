"""Project files → a published snapshot, step by step."""

from digitech_kg.build.pipeline import (
    BuildResult,
    Dataset,
    assemble,
    build_snapshot,
    is_up_to_date,
    publish_store,
    validate_dataset,
)
from digitech_kg.build.reasoning import Reasoning

__all__ = [
    "BuildResult",
    "Dataset",
    "Reasoning",
    "assemble",
    "build_snapshot",
    "is_up_to_date",
    "publish_store",
    "validate_dataset",
]
