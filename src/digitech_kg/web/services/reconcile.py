"""The Reconciliation Service API 0.2, which OpenRefine and others use to find out which things names mean."""

from __future__ import annotations

from decimal import Decimal
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.matching import read_term_id
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import INTEGERS, TERMS, Namespaces
from digitech_kg.tables import python_value
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.services.entities import Catalogue, NamedTerm, Value
from digitech_kg.web.services.reconciliation import (
    manifest,
    parse_batch,
    parse_extension,
    result_of,
)

#: How many classes are offered first.
_MOST_TYPES = 7
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
        catalogue = Catalogue(service.book())
        if "queries" in request.values:
            return jsonify(_reconcile(catalogue, request.values["queries"], service.names))
        if "extend" in request.values:
            return jsonify(_extend(catalogue, *parse_extension(request.values["extend"], service.names)))
        root = (public_url or request.url_root).rstrip("/")
        about = {"name": read_metadata(GraphReader(service)).title, "version": version("digitech-kg")}
        spaces = (service.names.prefixes["id"], TERMS)
        return jsonify(
            manifest(
                root,
                **about,
                default_types=[(term.id, term.name) for term in catalogue.common_classes(_MOST_TYPES)],
                spaces=spaces,
            )
        )

    @blueprint.get("/suggest/entity")
    def suggest_entity() -> Response:
        return jsonify(result=_suggest_entities(Catalogue(service.book()), request.args.get("prefix", "")))

    @blueprint.get("/suggest/property")
    def suggest_property() -> Response:
        return jsonify(result=_suggest_terms(Catalogue(service.book()).properties_of()))

    @blueprint.get("/suggest/type")
    def suggest_type() -> Response:
        return jsonify(result=_suggest_terms(Catalogue(service.book()).classes()))

    @blueprint.get("/propose_properties")
    def propose_properties() -> Response:
        cls = read_term_id(request.args.get("type", ""), service.names)
        found = Catalogue(service.book()).properties_of(cls)
        limit = max(request.args.get("limit", default=0, type=int), 0) or None
        answer: dict[str, Any] = {"properties": [_shown(term) for term in found[:limit]]}
        return jsonify({**answer, **({"type": cls} if cls else {}), **({"limit": limit} if limit else {})})

    @blueprint.get("/preview/<name>")
    def preview(name: str) -> Response:
        catalogue = Catalogue(service.book())
        entity = catalogue.find(name)
        if entity is None:
            raise NotFound(f"there is no thing '{name}'", hint="Ask the suggest service for one.")
        types = [term.name for term in catalogue.terms(entity.types).values()]
        response = Response(render_template("preview.html", entity=entity, types=types))
        response.headers["Content-Security-Policy"] = _PREVIEW_POLICY
        return response

    return blueprint


def _reconcile(catalogue: Catalogue, text: str, names: Namespaces) -> dict[str, Any]:
    found = {
        key: catalogue.rank(
            query.text, types=query.types, strict=query.strict, properties=query.properties, limit=query.limit
        )
        for key, query in parse_batch(text, names).items()
    }
    terms = catalogue.terms({t for candidates in found.values() for c in candidates for t in c.entity.types})
    return {key: result_of(candidates, lambda name: terms[name].name) for key, candidates in found.items()}


def _suggest_entities(catalogue: Catalogue, prefix: str) -> list[dict[str, Any]]:
    """Things with a name that begins like this come first, then those that the name may mean."""
    found = catalogue.starting_with(prefix, _PAGE) if plain(prefix) else []
    page = found[_cursor() : _cursor() + _PAGE]
    terms = catalogue.terms({t for entity in page for t in entity.types})
    return [
        {
            "id": entity.id,
            "name": entity.name,
            "description": entity.description,
            "notable": [_shown(terms[t]) for t in entity.types],
        }
        for entity in page
    ]


def _cursor() -> int:
    return max(request.args.get("cursor", default=0, type=int), 0)


def _suggest_terms(terms: list[NamedTerm]) -> list[dict[str, str]]:
    prefix = request.args.get("prefix", "")
    start = plain(prefix)
    found = [t for t in terms if start in plain(t.name) or t.id.casefold().startswith(prefix.casefold())]
    found.sort(key=lambda t: (t.id != prefix, not plain(t.name).startswith(start), t.name))
    return [{**_shown(term), "description": term.description} for term in found[_cursor() : _cursor() + _PAGE]]


def _shown(term: NamedTerm) -> dict[str, str]:
    return {"id": term.id, "name": term.name}


def _extend(catalogue: Catalogue, ids: list[str], properties: dict[str, int | None]) -> dict[str, Any]:
    known, terms = catalogue.values(ids), catalogue.terms(properties)
    rows = {
        identifier: {
            prop: [_cell(value) for value in known.get(identifier, {}).get(prop, ())[:limit]]
            for prop, limit in properties.items()
        }
        for identifier in ids
    }
    return {"meta": [_shown(term) for term in terms.values()], "rows": rows}


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
