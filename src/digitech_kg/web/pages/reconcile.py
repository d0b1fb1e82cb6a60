"""The Reconciliation Service API 0.2, which OpenRefine and others use to find out which things names mean.

Source: https://reconciliation-api.github.io/specs/0.2/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request

from digitech_kg.book.entities import Catalogue, NamedTerm, Value
from digitech_kg.errors import CallError, NotFound, TooLarge
from digitech_kg.matching.ranking import Candidate, read_term_id
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import INTEGERS, TERMS, Namespaces
from digitech_kg.tables import python_value
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.site import Site

#: How many queries, or rows to extend, one request may hold.
BATCH_SIZE: Final = 100
_LIMIT = 10
_MOST = 50
_HELP = "How many values to give at most; 0 gives all."
_STRICT = ("any", "all", "should")


def _reconcile(catalogue: Catalogue, text: str, names: Namespaces) -> dict[str, Any]:
    """Answer a batch of queries. Raises `CallError` that names the faulty one, `TooLarge` above `BATCH_SIZE`."""
    batch = _object(text, "queries")
    if len(batch) > BATCH_SIZE:
        raise TooLarge(f"{len(batch)} queries in one batch", hint=f"Send at most {BATCH_SIZE} at a time (batchSize).")
    found = {key: _rank(catalogue, f"query '{key[:50]}'", value, names) for key, value in batch.items()}
    terms = catalogue.terms({t for candidates in found.values() for c in candidates for t in c.entity.types})
    return {key: {"result": [_result(each, terms) for each in candidates]} for key, candidates in found.items()}


def _object(text: str, parameter: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CallError(
            f"'{parameter}' is not JSON", hint="Send a JSON object, URL-encoded as a form field."
        ) from error
    if not isinstance(document, dict):
        raise CallError(f"'{parameter}' is not a JSON object", hint="Send an object, with a key for each query.")
    return document


def _rank(catalogue: Catalogue, where: str, value: Any, names: Namespaces) -> list[Candidate]:
    """Return the things that one query may mean: a name to look up, with what is known of the thing."""
    if isinstance(value, str):
        value = {"query": value}
    if not isinstance(value, dict):
        raise CallError(f"{where} is not an object", hint='Give {"query": "a name"}.')
    text, properties = value.get("query", ""), value.get("properties") or []
    if not isinstance(text, str) or not isinstance(properties, list):
        raise CallError(f"{where}: query is text and properties is a list", hint='Give {"query": "a name"}.')
    if not text.strip() and not properties:
        raise CallError(f"{where} has neither a query nor properties", hint='Give {"query": "a name"}.')
    types = value.get("type") or []
    types = [types] if isinstance(types, str) else types
    strict = value.get("type_strict", "any")
    if not isinstance(types, list) or strict not in _STRICT:
        raise CallError(f"{where}: type is a text or a list, type_strict one of {_STRICT}", hint="Leave them out.")
    return catalogue.rank(
        text[:500],
        types=tuple(read_term_id(str(name), names) for name in types),
        strict=strict,
        properties=_properties(properties, where, names),
        limit=_limit(value.get("limit"), where),
    )


def _limit(value: Any, where: str) -> int:
    if value is None:
        return _LIMIT
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise CallError(f"{where}: limit is no number", hint="Give a number, or leave it out.") from error
    return min(number, _MOST) if number > 0 else _LIMIT


def _properties(properties: Iterable[Any], where: str, names: Namespaces) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in properties:
        if not isinstance(item, dict) or "pid" not in item or "v" not in item:
            raise CallError(
                f"{where}: a property has no pid or no v", hint='Give {"pid": "isInSector", "v": "Networks"}.'
            )
        values = item["v"] if isinstance(item["v"], list) else [item["v"]]
        found[read_term_id(str(item["pid"]), names)] = tuple(text for value in values for text in _texts(value) if text)
    return found


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        return (str(value.get("id", "")), str(value.get("name", "")))
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return (str(value),) if isinstance(value, str | int | float) else ()


def parse_extension(text: str, names: Namespaces) -> tuple[list[str], dict[str, int | None]]:
    """Read a data extension query: ids, and how many values of which properties at most (None: all).

    Raises `CallError` or `TooLarge`.
    """
    document = _object(text, "extend")
    ids, properties = document.get("ids"), document.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise CallError("'extend' has no lists 'ids' and 'properties'", hint='Give {"ids": [], "properties": []}.')
    if len(ids) > 10 * BATCH_SIZE:
        raise TooLarge(f"{len(ids)} ids in one request", hint=f"Send at most {10 * BATCH_SIZE} at a time.")
    wanted: dict[str, int | None] = {}
    for item in properties:
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            raise CallError("a property of 'extend' has no id", hint='Give {"id": "isInSector"}.')
        settings = item.get("settings") or {}
        limit = settings.get("limit") if isinstance(settings, dict) else None
        wanted[read_term_id(item["id"], names)] = _limit(limit, "extend") if limit else None
    return [str(i) for i in ids], wanted


#: How many classes are offered first.
_MOST_TYPES = 7
_PAGE = 20
#: A preview is shown inside other programs' windows; it has neither scripts nor styles.
_PREVIEW_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"


def reconcile_blueprint(site: Site) -> Blueprint:
    blueprint, service = Blueprint("reconcile", __name__, url_prefix="/reconcile"), site.service
    most = site.settings.body_size * 1024 * 1024

    @blueprint.before_request
    def bound_body() -> None:
        request.max_content_length = request.max_form_memory_size = most

    @blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
    def entry() -> Response:
        catalogue = Catalogue(service.book())
        if "queries" in request.values:
            return jsonify(_reconcile(catalogue, request.values["queries"], service.names))
        if "extend" in request.values:
            return jsonify(_extend(catalogue, *parse_extension(request.values["extend"], service.names)))
        return jsonify(_manifest(site, catalogue))

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


def _manifest(site: Site, catalogue: Catalogue) -> dict[str, Any]:
    """Return the service's description, with the server's address as it may stand in a program."""
    base, names = site.root + "/reconcile", site.service.names
    kinds = ("entity", "property", "type")
    limit = {"name": "limit", "label": "Limit", "type": "number", "default": 0, "help_text": _HELP}
    return {
        "versions": ["0.2"],
        "name": read_metadata(site.reader).title,
        "identifierSpace": names.prefixes["id"],
        "schemaSpace": TERMS,
        "serviceVersion": version("digitech-kg"),
        "documentation": site.root + "/",
        "logo": site.root + "/static/icon.svg",
        "defaultTypes": list(map(_shown, catalogue.common_classes(_MOST_TYPES))),
        "view": {"url": site.root + "/id/{{id}}"},
        "preview": {"url": base + "/preview/{{id}}", "width": 420, "height": 220},
        "suggest": {kind: {"service_url": base, "service_path": f"/suggest/{kind}"} for kind in kinds},
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/propose_properties"},
            "property_settings": [limit],
        },
        "batchSize": BATCH_SIZE,
    }


def _result(candidate: Candidate, terms: Mapping[str, NamedTerm]) -> dict[str, Any]:
    entity = candidate.entity
    return {
        "id": entity.id,
        "name": entity.name,
        "description": entity.description,
        "type": [_shown(terms[name]) for name in entity.types],
        "score": candidate.score,
        "match": candidate.match,
        "features": [{"id": name, "value": value} for name, value in candidate.features],
    }


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
