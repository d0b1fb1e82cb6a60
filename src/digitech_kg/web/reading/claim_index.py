"""The table of claims of the current version: that of its search index, or one made from a query where it has none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from digitech_kg.engine import QueryService
from digitech_kg.namespaces import DK
from digitech_kg.search import FILE_NAME, ClaimTable, holds_claims
from digitech_kg.search.claim_table import PROPERTIES
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import claims_of
from digitech_kg.web.reading.reader import GraphReader, text_of

#: Versions whose tables are kept open.
_OPEN: Final = 4


def index_file(service: QueryService) -> Path | None:
    """Return where the search index of the current version is; a store elsewhere has none."""
    snapshot = service.snapshot
    return snapshot.directory / FILE_NAME if isinstance(snapshot, Snapshot) else None


def open_claims(reader: GraphReader) -> ClaimTable:
    """Return the table of the claims of the documents."""
    return _open(reader, reader.version, index_file(reader.service))


@lru_cache(maxsize=_OPEN)
def _open(reader: GraphReader, _version: str, path: Path | None) -> ClaimTable:
    names = reader.names
    if path is not None and holds_claims(path):
        return ClaimTable.open(path, names)
    rows = reader.rows(browse_queries.CLAIM_INDEX, properties=" ".join(map(str, (DK.predicate, *PROPERTIES))))
    own = [r for r in rows if r["graph"] == names.graphs.document(names.document_of(text_of(r, "claim")) or "")]
    return ClaimTable.of(claims_of(own), names)
