"""Files → quads: finds a project's files, parses them, and reports every fault with file and line."""

from digitech_kg.sources.loading import Sources, load_sources
from digitech_kg.sources.project import Project, SourceFile, find_project
from digitech_kg.sources.saved_queries import SavedQuery

__all__ = ["Project", "SavedQuery", "SourceFile", "Sources", "find_project", "load_sources"]
