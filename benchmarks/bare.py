"""The bare engine: it reads a query per line, evaluates it on the snapshot in memory, prints the seconds it took."""

import sys
import time
from pathlib import Path
from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat

from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.triple_store import load_in_memory


def main() -> None:
    """Answer until standard input ends."""
    snapshot = SnapshotRepository(Path(sys.argv[1])).current()
    assert snapshot is not None
    store = load_in_memory(snapshot.store)
    union = sys.argv[2] == "union"
    for line in sys.stdin:
        started = time.perf_counter()
        results: Any = store.query(line, use_default_graph_as_union=union)
        tabular = isinstance(results, QuerySolutions | QueryBoolean)
        results.serialize(format=QueryResultsFormat.JSON if tabular else RdfFormat.TURTLE)
        print(time.perf_counter() - started, flush=True)


if __name__ == "__main__":
    main()
