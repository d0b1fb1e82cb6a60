"""The next snapshot from an update, a graph or a patch, gated by validation."""

from digitech_kg.update.process import WriterProcess
from digitech_kg.update.remote import RemoteWriter
from digitech_kg.update.request import Commit, GraphWrite, Outcome, Patch, Payload, Revert, SparqlUpdate, Write
from digitech_kg.update.writer import Writer

__all__ = [
    "Commit",
    "GraphWrite",
    "Outcome",
    "Patch",
    "Payload",
    "RemoteWriter",
    "Revert",
    "SparqlUpdate",
    "Write",
    "Writer",
    "WriterProcess",
]
