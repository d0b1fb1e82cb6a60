"""Query a dataset under limits: a published snapshot in worker processes that can be killed, or a remote store."""

from digitech_kg.engine.face import QueryService, ServedDataset
from digitech_kg.engine.pool import WorkerPool
from digitech_kg.engine.remote import RemoteService
from digitech_kg.engine.request import Answer, DatasetClause, Limits, QueryRequest
from digitech_kg.engine.service import SnapshotService

__all__ = [
    "Answer",
    "DatasetClause",
    "Limits",
    "QueryRequest",
    "QueryService",
    "RemoteService",
    "ServedDataset",
    "SnapshotService",
    "WorkerPool",
]
