"""The Reconciliation Service API 0.2, which OpenRefine and others use to find out which things names mean."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.matching import Entity, read_term_id
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import INTEGERS, TERMS, Namespaces
from digitech_kg.tables import python_value
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.services.entities import Catalogue, Term, Value, load_catalogue
from digitech_kg.web.services.reconciliation import (
    manifest,
    parse_batch,
    parse_extension,
    result_of,
)

_DEFAULT_TYPES = ("Organisation", "Agent", "Place", "Technology", "Product", "Policy", "Concern")
_PAGE = 20
#: A preview is shown inside other programs' windows; it has neither scripts nor styles.
_PREVIEW_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"


def reconcile_blueprint(service: QueryService, *, max_body_bytes: int, public_url: str = "") -> Blueprint:
    """Return the blueprint of `/reconcile` and what its manifest names."""
    blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

    @blueprint.before_request
    def bound_body() -> None:
        request.max_content_length = request.max_form_memory_size = max_body_bytes

    @blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
    def entry() -> Response:
        catalogue = load_catalogue(service)
        if "queries" in request.values:
            return jsonify(_reconcile(catalogue, request.values["queries"], service.names))
        if "extend" in request.values:
            return jsonify(_extend(catalogue, *parse_extension(request.values["extend"], service.names)))
        root = (public_url or request.url_root).rstrip("/")
        about = {"name": read_metadata(GraphReader(service)).title, "version": version("digitech-kg")}
        spaces = (service.names.prefixes["id"], TERMS)
        return jsonify(manifest(root, **about, default_types=_default_types(catalogue), spaces=spaces))

    @blueprint.get("/suggest/entity")
    def suggest_entity() -> Response:
        return jsonify(result=_suggest_entities(load_catalogue(service), request.args.get("prefix", "")))

    @blueprint.get("/suggest/property")
    def suggest_property() -> Response:
        return jsonify(result=_suggest_terms(load_catalogue(service).properties_of()))

    @blueprint.get("/suggest/type")
    def suggest_type() -> Response:
        return jsonify(result=_suggest_terms(load_catalogue(service).classes()))

    @blueprint.get("/propose_properties")
    def propose_properties() -> Response:
        cls = read_term_id(request.args.get("type", ""), service.names)
        found = load_catalogue(service).properties_of(cls)
        limit = max(request.args.get("limit", default=0, type=int), 0) or None
        answer: dict[str, Any] = {"properties": [_shown(term) for term in found[:limit]]}
        return jsonify({**answer, **({"type": cls} if cls else {}), **({"limit": limit} if limit else {})})

    @blueprint.get("/preview/<name>")
    def preview(name: str) -> Response:
        catalogue = load_catalogue(service)
        entity = catalogue.index.entities.get(name)
        if entity is None:
            raise NotFound(f"there is no thing '{name}'", hint="Ask the suggest service for one.")
        types = [catalogue.terms[t].name for t in entity.types]
        response = Response(render_template("preview.html", entity=entity, types=types))
        response.headers["Content-Security-Policy"] = _PREVIEW_POLICY
        return response

    return blueprint


def _default_types(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return the classes to offer first: well-known ones that are in use, or else those that most things have."""
    used = Counter(cls for entity in catalogue.index.entities.values() for cls in entity.types)
    ids = [cls for cls in _DEFAULT_TYPES if cls in used] or [cls for cls, _ in used.most_common(len(_DEFAULT_TYPES))]
    return [(i, catalogue.terms[i].name) for i in ids]


def _reconcile(catalogue: Catalogue, text: str, names: Namespaces) -> dict[str, Any]:
    answers = {}
    for key, query in parse_batch(text, names).items():
        found = catalogue.index.rank(
            query.text, types=query.types, strict=query.strict, properties=query.properties, limit=query.limit
        )
        answers[key] = result_of(found, lambda name: catalogue.terms[name].name)
    return answers


def _suggest_entities(catalogue: Catalogue, prefix: str) -> list[dict[str, Any]]:
    """Things with a name that begins like this come first, then those that the name may mean."""
    start = plain(prefix)
    if not start:
        return []
    begins = [e for e in catalogue.index.entities.values() if _begins(e, start)]
    begins.sort(key=lambda e: (e.id != prefix, not plain(e.name).startswith(start), len(e.name), e.id))
    others = [c.entity for c in catalogue.index.rank(prefix, limit=_PAGE)]
    found = list({e.id: e for e in [*begins, *others]}.values())
    page = found[_cursor() : _cursor() + _PAGE]
    return [
        {
            "id": entity.id,
            "name": entity.name,
            "description": entity.description,
            "notable": [{"id": t, "name": catalogue.terms[t].name} for t in entity.types],
        }
        for entity in page
    ]


def _begins(entity: Entity, start: str) -> bool:
    return entity.id.startswith(start) or any(plain(n).startswith(start) for n in (entity.name, *entity.names))


def _cursor() -> int:
    return max(request.args.get("cursor", default=0, type=int), 0)


def _suggest_terms(terms: list[Term]) -> list[dict[str, str]]:
    prefix = request.args.get("prefix", "")
    start = plain(prefix)
    found = [t for t in terms if start in plain(t.name) or t.id.casefold().startswith(prefix.casefold())]
    found.sort(key=lambda t: (t.id != prefix, not plain(t.name).startswith(start), t.name))
    return [{**_shown(term), "description": term.description} for term in found[_cursor() : _cursor() + _PAGE]]


def _shown(term: Term) -> dict[str, str]:
    return {"id": term.id, "name": term.name}


def _extend(catalogue: Catalogue, ids: list[str], properties: dict[str, int | None]) -> dict[str, Any]:
    known = {identifier: catalogue.values.get(identifier, {}) for identifier in ids}
    rows = {
        identifier: {
            prop: [_cell(value) for value in found.get(prop, ())[:limit]] for prop, limit in properties.items()
        }
        for identifier, found in known.items()
    }
    meta = [_shown(catalogue.terms.get(prop, Term(prop, prop))) for prop in properties]
    return {"meta": meta, "rows": rows}


def _cell(value: Value) -> dict[str, Any]:
    if value.id:
        return {"id": value.id, "name": value.text}
    number = python_value(value.text, value.datatype)
    if isinstance(number, int) and value.datatype in INTEGERS:
        return {"int": number}
    # JSON has no NaN and no infinity.
    if isinstance(number, Decimal) and number.is_finite():
        return {"float": float(number)}
    return {"str": value.text}
