"""Write a snapshot in the formats that other programs read."""

from __future__ import annotations

from digitech_kg.formats import FORMATS, Format, Kind
from digitech_kg.snapshot import Snapshot
from digitech_kg.triple_store import dump, open_read_only, sorted_nquads, union_of

#: Formats of datasets keep the named graphs; formats of graphs hold the union of all.
EXPORT_FORMATS: dict[str, Format] = {f.name: f for f in FORMATS if f.kind in (Kind.GRAPH, Kind.DATASET)}


def export_dataset(snapshot: Snapshot, format_name: str) -> bytes:
    """Give the snapshot in a format of `EXPORT_FORMATS`; N-Quads are sorted, so equal datasets give equal bytes."""
    fmt = EXPORT_FORMATS[format_name]
    store = open_read_only(snapshot.store)
    if fmt.name == "nquads":
        return sorted_nquads(store)
    if fmt.kind is Kind.DATASET:
        return dump(store, fmt.rdf)
    return union_of(store, fmt.rdf)
