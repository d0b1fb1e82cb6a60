"""The dataset as files: `/download/` lists them, `/download/…` gives one; `/nanopub/…` gives one claim."""

from __future__ import annotations

import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from functools import cached_property
from threading import Lock
from typing import Final

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound, NotReady
from digitech_kg.exports import KeptFile, KeptFiles, nanopublication
from digitech_kg.formats import by_name
from digitech_kg.hooks import downloads_of, find_file
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.pages.about import schema_org
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.reader import node
from digitech_kg.web.site import Site

#: How long a request waits for a file that is being written; the writing goes on after that.
_PATIENCE_S = 20.0


class _Writer:
    """Writes files one after the other; requests for the same file share it."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, str], Future[KeptFile]] = {}
        self._lock = Lock()

    @cached_property
    def _executor(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="download")

    def get(self, snapshot: Snapshot, name: str) -> KeptFile:
        """Return a download. Raises `NotReady` if writing it takes longer than a request may wait."""
        files, key = KeptFiles(snapshot), (snapshot.version, name)
        if kept := files.find(name):
            return kept
        with self._lock:
            future = self._running.get(key)
            if future is None:
                future = self._running[key] = self._executor.submit(files.get, name)
                future.add_done_callback(lambda _: self._running.pop(key, None))
        try:
            return future.result(timeout=_PATIENCE_S)
        except StillRunning:
            hint = "Ask again after the number of seconds in Retry-After."
            file_name = downloads_of(snapshot.names)[name].file_name(snapshot.names)
            raise NotReady(f"{file_name} is being written", hint=hint) from None


def downloads_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the list of files, of `/download/<file>` and of `/download/tables/<table>.<format>`."""
    blueprint, service = Blueprint("downloads", __name__), site.service
    writer = _Writer()

    @blueprint.before_request
    def read_range() -> None:
        # Units other than bytes must be ignored, and several ranges may be (RFC 9110, section 14.2).
        wanted = request.range
        if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
            request.environ.pop("HTTP_RANGE", None)

    @blueprint.get("/download/")
    def listing() -> str:
        snapshot = service.snapshot
        kept = KeptFiles(snapshot).found() if isinstance(snapshot, Snapshot) else ()
        sizes = {file.download.name: file.size for file in kept}
        there = downloads_of(snapshot.names).values() if isinstance(snapshot, Snapshot) else ()
        files = [(download.file_name(service.names), download) for download in there]
        page = {"files": files, "sizes": sizes, "version": snapshot.version, "schema": schema_org(service)}
        return render_template("downloads.html", **page)

    @blueprint.get("/download/<name>")
    def download(name: str) -> Response:
        snapshot = _snapshot(service)
        wanted = find_file(name, snapshot.names)
        if wanted is None:
            there = sorted(download.file_name(snapshot.names) for download in downloads_of(snapshot.names).values())
            raise NotFound(
                f"there is no download '{name}'",
                hint=f"There are: {', '.join(there)}.",
            )
        if unchanged := _unchanged(snapshot, wanted.name):
            return unchanged
        kept = writer.get(snapshot, wanted.name)
        tag = f"{snapshot.version}-{wanted.name}"
        response = send_file(kept.path, wanted.media_type, as_attachment=True, download_name=name, etag=tag)
        response.content_type = wanted.content_type
        response.headers["Repr-Digest"] = f"sha-256=:{kept.digest}:"
        return _marked(response, snapshot, wanted.name)

    @blueprint.get("/download/tables/<name>.<extension>")
    def table(name: str, extension: str) -> Response:
        snapshot = _snapshot(service)
        archive_of = downloads_of(snapshot.names).get(extension)
        if archive_of is None or not archive_of.package:
            hint = "There are those that are listed at /download/."
            raise NotFound(f"there are no tables as '{extension}'", hint=hint)
        if unchanged := _unchanged(snapshot, f"{name}.{extension}"):
            return unchanged
        with zipfile.ZipFile(writer.get(snapshot, extension).path) as archive:
            names = sorted(entry for entry in archive.namelist() if entry.endswith("." + extension))
            if f"{name}.{extension}" not in names:
                raise NotFound(f"there is no table '{name}'", hint=f"There are: {', '.join(names)}.")
            response = Response(archive.read(f"{name}.{extension}"), mimetype=archive_of.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
        return _marked(response, snapshot, f"{name}.{extension}").make_conditional(request.environ, accept_ranges=True)

    return blueprint


def _snapshot(service: QueryService) -> Snapshot:
    snapshot = service.snapshot
    if not isinstance(snapshot, Snapshot):
        raise NotFound("a remote store has no downloads here", hint="Ask the store itself for its data.")
    return snapshot


def _unchanged(snapshot: Snapshot, name: str) -> Response | None:
    """Return 304 if the client has this version: known without the file, so that none is written for it."""
    if not request.if_none_match.contains_weak(f"{snapshot.version}-{name}"):
        return None
    return _marked(Response(status=304), snapshot, name)


def _marked(response: Response, snapshot: Snapshot, name: str) -> Response:
    response.set_etag(f"{snapshot.version}-{name}")
    response.headers["Dataset-Version"] = snapshot.version
    response.headers["Cache-Control"] = "no-cache"
    return response


_TRIG: Final = by_name("trig")
#: Everything about a claim, its passages, its document and the dataset, without inferences.
_TOLD: Final = """
CONSTRUCT { ?about ?property ?value }
WHERE {
  VALUES ?graph { $graphs }
  { BIND($claim AS ?about) }
  UNION
  { $claim dk:statedIn ?about }
  UNION
  { VALUES ?about { $document $dataset } }
  GRAPH ?graph { ?about ?property ?value }
}
"""


def nanopubs_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/nanopub/<document>/<claim>`, which answers TriG."""
    blueprint, reader = Blueprint("nanopubs", __name__), site.reader

    @blueprint.get("/nanopub/<document>/<path:name>")
    def nanopub(document: str, name: str) -> Response:
        names, graphs = reader.names, reader.names.graphs
        told = reader.triples(
            _TOLD,
            claim=node(f"{names.prefixes['claim']}{document}/{name}"),
            document=names.thing(document),
            dataset=names.dataset,
            graphs=" ".join(map(str, (graphs.document(document), graphs.evidence(document), graphs.catalog))),
        )
        written = nanopublication(told, names, read_metadata(reader).created)
        if b"Nanopublication" not in written:
            raise NotFound(
                f"there is no claim '{document}/{name}'", hint="Search for what you meant.", code="unknown-claim"
            )
        response = Response(written, content_type=_TRIG.content_type)
        response.set_etag(f"{reader.version}-nanopub", weak=True)
        response.make_conditional(request)
        return response

    return blueprint
