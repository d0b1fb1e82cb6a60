"""Why a triple holds, computed from the snapshot."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request
from pyoxigraph import Triple

from digitech_kg.engine import QueryService
from digitech_kg.errors import Busy, CallError, NotAcceptable, NotFound
from digitech_kg.reasoning import DEFAULT_LIMIT, answer_in_process, parse_triple
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.http.negotiation import HTML
from digitech_kg.web.http.wordings import say
from digitech_kg.web.reading.addresses import page_of

_TIMEOUT_S: Final = 20.0
_MOST_JUSTIFICATIONS: Final = 50
#: Explanations that are computed at the same time; each is a process of its own.
_AT_ONCE: Final = 2
_JSON: Final = "application/json"


def why_blueprint(service: QueryService) -> Blueprint:
    """Give the blueprint of `/why?subject=…&predicate=…&object=…` (IRIs, CURIEs, or a quoted literal as object)."""
    blueprint = Blueprint("why", __name__)
    free = threading.BoundedSemaphore(_AT_ONCE)

    @lru_cache(maxsize=512)
    def explanation(_version: str, store: Path, triple: Triple, limit: int) -> dict[str, Any]:
        if not free.acquire(timeout=_TIMEOUT_S):
            hint = "Wait as long as Retry-After says."
            raise Busy(
                "explanations are being computed", limit="why_at_once", value=_AT_ONCE, unit="answers", hint=hint
            )
        try:
            return answer_in_process(store, triple, limit=limit, timeout_s=_TIMEOUT_S)
        finally:
            free.release()

    @blueprint.get("/why")
    def why() -> Response | str:
        html = _wants_html()
        triple, limit = _read_triple(), _read_limit()
        snapshot = service.snapshot
        if not isinstance(snapshot, Snapshot):
            hint = "Ask a server over the project itself."
            raise NotFound("explanations are given only for snapshots of this server's own", hint=hint)
        answer = explanation(snapshot.version, snapshot.store, triple, limit)
        headers = {"Vary": "Accept", "Dataset-Version": snapshot.version}
        if html:
            return Response(render_template("why.html", why=answer, say=say, here=page_of), headers=headers)
        response = jsonify(answer)
        response.headers.update(headers)
        return response

    return blueprint


def _read_triple() -> Triple:
    """Read the three parameters. Raises `CallError` that names those that are missing."""
    names = ("subject", "predicate", "object")
    missing = [name for name in names if not request.args.get(name, "").strip()]
    if missing:
        hint = "Example: /why?subject=id:huawei&predicate=rdf:type&object=dk:Agent"
        raise CallError(f"the parameter {', '.join(missing)} is missing", hint=hint)
    return parse_triple(*(request.args[name].strip() for name in names))


def _read_limit() -> int:
    text = request.args.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= _MOST_JUSTIFICATIONS):
        hint = f"Give a number from 1 to {_MOST_JUSTIFICATIONS}."
        raise CallError(f"limit cannot be '{text[:40]}'", hint=hint)
    return int(text)


def _wants_html() -> bool:
    wanted = request.args.get("format", "")
    if wanted not in ("", "html", "json"):
        raise CallError(f"unknown format '{wanted}'", hint="Choose one of: html, json.")
    if wanted:
        return wanted == "html"
    accepted = request.accept_mimetypes
    if not accepted:
        return False
    best = accepted.best_match([_JSON, HTML])
    if best is None:
        raise NotAcceptable(f"no explanation can be given as '{accepted}'", available=[_JSON, HTML])
    return best == HTML
