"""A change → the next version, on one road: apply, derive, infer, validate, compare, describe, publish."""

from digitech_kg.commit.building import Assembly, BuildResult, assemble, build, build_or_keep, create_empty
from digitech_kg.commit.files import HoldsOtherData, WrittenBack, is_up_to_date, read_content, write_back
from digitech_kg.commit.request import (
    Commit,
    GraphWrite,
    Outcome,
    Patch,
    Payload,
    ProjectFiles,
    Revert,
    SparqlUpdate,
    Write,
)
from digitech_kg.commit.road import Committer

__all__ = [
    "Assembly",
    "BuildResult",
    "Commit",
    "Committer",
    "GraphWrite",
    "HoldsOtherData",
    "Outcome",
    "Patch",
    "Payload",
    "ProjectFiles",
    "Revert",
    "SparqlUpdate",
    "Write",
    "WrittenBack",
    "assemble",
    "build",
    "build_or_keep",
    "create_empty",
    "is_up_to_date",
    "read_content",
    "write_back",
]
