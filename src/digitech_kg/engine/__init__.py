"""Query a published snapshot under limits, in worker processes that can be killed."""

from digitech_kg.engine.pool import WorkerPool
from digitech_kg.engine.request import Answer, DatasetClause, Limits, QueryRequest
from digitech_kg.engine.service import QueryService

__all__ = ["Answer", "DatasetClause", "Limits", "QueryRequest", "QueryService", "WorkerPool"]
