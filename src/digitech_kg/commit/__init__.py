"""A change → the next version, on one road: apply, derive, infer, validate, compare, describe, publish."""

from digitech_kg.commit.assembly import Assembly, assemble
from digitech_kg.commit.building import BuildResult, build, build_or_keep
from digitech_kg.commit.files.merging import Collision, EditsCollide
from digitech_kg.commit.files.project_files import is_up_to_date, read_content
from digitech_kg.commit.files.writing_back import WrittenBack, write_back
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
from digitech_kg.commit.road import Committer, create_empty

__all__ = [
    "Assembly",
    "BuildResult",
    "Collision",
    "Commit",
    "Committer",
    "EditsCollide",
    "GraphWrite",
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
