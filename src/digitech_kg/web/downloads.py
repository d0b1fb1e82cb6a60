"""The dataset as files to take away."""

from __future__ import annotations

from threading import Lock

from cachetools import LRUCache, cached
from flask import Blueprint, request
from werkzeug.wrappers import Response

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.exports import EXPORT_FORMATS, export_dataset
from digitech_kg.snapshot import Snapshot

_STEM = "digitech-kg"


def downloads_blueprint(service: QueryService) -> Blueprint:
    """Give the blueprint of `/download/digitech-kg.<extension>`."""
    blueprint = Blueprint("downloads", __name__)
    by_file = {f"{_STEM}.{fmt.extension}": fmt for fmt in EXPORT_FORMATS.values()}

    # Written once for each snapshot and format: a download costs far more than a query.
    @cached(LRUCache(2 * len(by_file)), key=lambda snapshot, name: (snapshot.version, name), lock=Lock())
    def written(snapshot: Snapshot, format_name: str) -> bytes:
        return export_dataset(snapshot, format_name)

    @blueprint.get("/download/<name>")
    def download(name: str) -> Response:
        fmt = by_file.get(name)
        if fmt is None:
            raise NotFound(f"there is no download '{name}'", hint=f"There are: {', '.join(sorted(by_file))}.")
        snapshot = service.snapshot
        if not isinstance(snapshot, Snapshot):
            raise NotFound("there are no downloads before a remote store", hint="Ask the store itself for its data.")
        response = Response(content_type=fmt.content_type)
        response.set_etag(f"{snapshot.version}-{fmt.name}")
        response.headers["Dataset-Version"] = snapshot.version
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.make_conditional(request.environ)
        if response.status_code != 304:
            response.set_data(written(snapshot, fmt.name))
        return response

    return blueprint
