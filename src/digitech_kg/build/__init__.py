"""Project files → a published snapshot, step by step."""

from digitech_kg.build.merging import Collision, EditsCollide
from digitech_kg.build.pipeline import (
    BuildResult,
    Dataset,
    assemble,
    build_or_keep,
    build_snapshot,
    is_up_to_date,
    load_rules,
    validate_dataset,
)
from digitech_kg.build.publication import Rules, publish_store
from digitech_kg.build.reasoning import Reasoning
from digitech_kg.build.syncing import sync_project
from digitech_kg.build.writing_back import WrittenBack, write_back

__all__ = [
    "BuildResult",
    "Collision",
    "Dataset",
    "EditsCollide",
    "Reasoning",
    "Rules",
    "WrittenBack",
    "assemble",
    "build_or_keep",
    "build_snapshot",
    "is_up_to_date",
    "load_rules",
    "publish_store",
    "sync_project",
    "validate_dataset",
    "write_back",
]
