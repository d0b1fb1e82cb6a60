"""The description of the dataset for search engines, as pages embed it."""

from __future__ import annotations

from typing import Any

from flask import url_for

from digitech_kg.description import dataset_markup
from digitech_kg.engine import QueryService
from digitech_kg.exports import KeptFiles
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.reader import GraphReader


def schema_org(service: QueryService) -> dict[str, Any]:
    """Return the JSON-LD document to embed in a page as `<script type="application/ld+json">`."""
    snapshot = service.snapshot
    sizes = None
    if isinstance(snapshot, Snapshot):
        sizes = {kept.download.name: kept.size for kept in KeptFiles(snapshot).found()}
    root = url_for("pages.start", lang=None, _external=True).rstrip("/")
    return dataset_markup(read_metadata(GraphReader(service)), service.names, root=root, sizes=sizes)
