"""The page `/why`, which explains why a triple holds in the current snapshot."""

import threading
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from pyoxigraph import Triple

from digitech_kg.errors import Busy, CallError, NotFound
from digitech_kg.formats import HTML, JSON
from digitech_kg.namespaces import Namespaces
from digitech_kg.parts.why.explanation import Item, explain, parse_triple
from digitech_kg.processes import run_or_refuse
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.reading.addresses import page_of
from digitech_kg.web.site import Site

_TIMEOUT_S: Final = 20.0
#: Explanations that are computed at the same time; each is a process of its own.
_AT_ONCE: Final = 2


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of `/why?subject=…&predicate=…&object=…` (IRIs, CURIEs, or a quoted literal as object)."""
    service = site.service
    blueprint = Blueprint("why", __name__, template_folder="templates")
    free = threading.BoundedSemaphore(_AT_ONCE)

    @lru_cache(maxsize=512)
    def explanation(_version: str, store: Path, triple: Triple) -> Item:
        if not free.acquire(timeout=_TIMEOUT_S):
            message, hint = "too many explanations are being computed", "Wait as long as Retry-After says."
            raise Busy(message, limit="why_at_once", value=_AT_ONCE, unit="answers", hint=hint)
        try:
            hint = "Ask on the command line: digitech-kg reason --why."
            given = (store, triple, service.names)
            return run_or_refuse("the explanation", explain, *given, timeout_s=_TIMEOUT_S, hint=hint)
        finally:
            free.release()

    @blueprint.get("/why")
    def why() -> Response:
        html = requested_format((JSON, HTML)) is HTML
        triple = _read_triple(service.names)
        snapshot = service.snapshot
        if not isinstance(snapshot, Snapshot):
            hint = "Ask a server that has built its own graph."
            raise NotFound("explanations are only available for data that this server has built", hint=hint)
        answer = explanation(snapshot.version, snapshot.store, triple)
        here = partial(page_of, names=service.names)
        response = (
            make_response(render_template("why.html", why=answer, here=here)) if html else jsonify(asdict(answer))
        )
        response.vary.add("Accept")
        return response

    yield blueprint


def _read_triple(names: Namespaces) -> Triple:
    """Read the three parameters. Raises `CallError` that names those that are missing."""
    parts = ("subject", "predicate", "object")
    missing = [part for part in parts if not request.args.get(part, "").strip()]
    if missing:
        hint = "Example: /why?subject=id:acme&predicate=rdf:type&object=dk:Agent"
        raise CallError(f"the parameter {', '.join(missing)} is missing", hint=hint)
    subject, predicate, value = (request.args[part].strip() for part in parts)
    return parse_triple(subject, predicate, value, names)
