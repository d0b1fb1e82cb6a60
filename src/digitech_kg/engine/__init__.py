"""Query a dataset under limits: a published snapshot in worker processes that can be killed."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digitech_kg.engine.pool import WorkerPool
    from digitech_kg.engine.request import Answer, DatasetClause, Limits, QueryRequest, QueryService, ServedDataset
    from digitech_kg.engine.service import SnapshotService

__all__ = [
    "Answer",
    "DatasetClause",
    "Limits",
    "QueryRequest",
    "QueryService",
    "ServedDataset",
    "SnapshotService",
    "WorkerPool",
]

_HOMES = {
    "Answer": "request",
    "DatasetClause": "request",
    "Limits": "request",
    "QueryRequest": "request",
    "QueryService": "request",
    "ServedDataset": "request",
    "SnapshotService": "service",
    "WorkerPool": "pool",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: workers live here too, and are smaller and forked sooner without."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
