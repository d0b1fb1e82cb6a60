"""`/history`: the versions, who made them and why; `/history/<version>`: what one of them changed."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.commit.patches import MEDIA_TYPE as PATCH_TYPE
from digitech_kg.commit.patches import version_patch
from digitech_kg.description import version_iri
from digitech_kg.engine import QueryService
from digitech_kg.formats import HTML, JSON, Format, Kind
from digitech_kg.snapshot import Manifest, SnapshotRepository, topics_document, version_document
from digitech_kg.web.history.reader import VERSIONS_PER_PART, Difference, HistoryReader, version_row, view_topics
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.reading.addresses import DATA_FORMATS, check_part, data_of, part_wanted
from digitech_kg.web.reading.reader import GraphReader


def list_json(repository: SnapshotRepository, manifests: Sequence[Manifest], part: int, parts: int) -> str:
    """Return one part of the versions, newest first, with the address of the next part."""
    following = {"next": url_for("history.versions", part=part + 1, format="json")} if part < parts else {}
    rows = [{**version_document(repository, m), "href": _address(m)} for m in manifests]
    retention = str(repository.retention)
    return _json({"versions": rows, "part": part, "parts": parts, "retention": retention, **following})


def version_json(repository: SnapshotRepository, manifest: Manifest, difference: Difference, part: int) -> str:
    """Return a version and one part of what it changed by thing and claim."""
    parts = len(difference.parts)
    following = {"next": _address(manifest, part=part + 1, format="json")} if part < parts else {}
    topics = topics_document(difference.parts[part - 1]) if parts else None
    whole = {"derived": difference.derived, "topics": topics, "cut": difference.is_cut}
    links = {"patch": _address(manifest, format="patch"), **following}
    document = version_document(repository, manifest)
    return _json({**document, **whole, "part": part, "parts": parts, **links})


def _address(manifest: Manifest, **values: Any) -> str:
    return url_for("history.version", name=manifest.version, lang=None, **values)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)


#: A change as RDF Patch.
PATCH: Final = Format("patch", PATCH_TYPE, "patch", Kind.DOCUMENT, None)


_LIST_FORMATS = (HTML, JSON)
_VERSION_FORMATS = (HTML, JSON, PATCH, *DATA_FORMATS)


def history_blueprint(service: QueryService, cache: PageCache) -> Blueprint:
    """Return the blueprint of the history; programs get JSON or a patch at the same addresses."""
    blueprint = Blueprint("history", __name__)
    history, reader = HistoryReader(service), GraphReader(service)

    @blueprint.before_request
    def answer_programs() -> WerkzeugResponse | None:
        name = (request.view_args or {}).get("name")
        fmt = requested_format(_LIST_FORMATS if name is None else _VERSION_FORMATS)
        if fmt is HTML:
            return None
        return _list_for_programs() if name is None else _version_for_programs(name, fmt)

    cache.attach(blueprint)

    @blueprint.get("/history")
    def versions() -> str:
        repository = history.repository
        manifests, part, parts = _page(history)
        rows = [version_row(repository, manifest, reader.names) for manifest in manifests]
        kept, count = len(repository.versions()), len(repository.history())
        return render_template(
            "history.html",
            rows=rows,
            part=part,
            parts=parts,
            count=count,
            kept=kept,
            retention=repository.retention,
            disk_bytes=history.disk_bytes(),
        )

    @blueprint.get("/history/<name>")
    def version(name: str) -> WerkzeugResponse:
        repository, manifest, part = history.repository, history.repository.at(name), part_wanted()
        if manifest.version != name:
            return redirect(url_for("history.version", name=manifest.version), code=302)
        difference = history.difference(manifest)
        topics = list(difference.parts[part - 1]) if _has_part(part, len(difference.parts)) else []
        before, after = history.neighbours(manifest)
        return make_response(
            render_template(
                "version.html",
                row=version_row(repository, manifest, reader.names),
                before=before,
                after=after,
                difference=difference,
                topics=view_topics(reader, topics, difference.labels or {}, current_language()),
                part=part,
            )
        )

    def _list_for_programs() -> Response:
        repository, (manifests, part, parts) = history.repository, _page(history)
        return _respond(service.snapshot.version, JSON, lambda: list_json(repository, manifests, part, parts))

    def _version_for_programs(name: str, fmt: Format) -> WerkzeugResponse:
        repository, manifest = history.repository, history.repository.at(name)
        if fmt is PATCH:
            return _respond(manifest.version, fmt, lambda: version_patch(repository, manifest))
        if fmt is not JSON:
            address = data_of(version_iri(manifest.version, manifest.names).value, fmt, reader.names)
            return redirect(address, code=303)
        part, difference = part_wanted(), history.difference(manifest)
        _has_part(part, len(difference.parts))
        # Whether its data is kept changes with later versions.
        state = f"{manifest.version} {service.snapshot.version}"
        return _respond(state, fmt, lambda: version_json(repository, manifest, difference, part))

    @blueprint.after_request
    def vary(response: Response) -> Response:
        response.vary.add("Accept")
        return response

    return blueprint


def _page(history: HistoryReader) -> tuple[list[Manifest], int, int]:
    """Return the versions of the part that is asked for, newest first, its number, and the number of parts."""
    manifests, part = history.repository.history()[::-1], part_wanted()
    parts = max(1, math.ceil(len(manifests) / VERSIONS_PER_PART))
    _has_part(part, parts)
    return manifests[(part - 1) * VERSIONS_PER_PART : part * VERSIONS_PER_PART], part, parts


def _has_part(part: int, parts: int) -> bool:
    """Whether there is anything in a part. Raises `NotFound` for one after the last."""
    check_part(part, parts)
    return parts > 0


def _respond(state: str, fmt: Format, write: Callable[[], str | Iterator[bytes]]) -> Response:
    """Return an answer with a tag for its state, or 304 to a client that has it."""
    parts = (state, fmt.name, request.full_path, request.url_root)
    tag = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else Response(write(), content_type=fmt.media_type)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
