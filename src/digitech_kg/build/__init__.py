"""Project files → a published snapshot, step by step."""

from digitech_kg.build.pipeline import BuildResult, Dataset, assemble, build_snapshot, publish_store

__all__ = ["BuildResult", "Dataset", "assemble", "build_snapshot", "publish_store"]
