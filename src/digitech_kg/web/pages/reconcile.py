"""The Reconciliation Service API 0.2 for OpenRefine and others (https://reconciliation-api.github.io/specs/0.2/)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request

from digitech_kg.book.entities import EntityReader, NamedTerm, PropertyValue, read_term_id
from digitech_kg.errors import CallError, NotFound, TooLarge, did_you_mean
from digitech_kg.matching.ranking import Candidate, Entity
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import INTEGERS, TERMS, Namespaces
from digitech_kg.settings import MIB
from digitech_kg.tables import python_value
from digitech_kg.web.http.limits import require_length
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.site import Site

#: How many queries, or rows to extend, one request may hold.
BATCH_SIZE: Final = 100
_LIMIT: Final = 10
_MOST: Final = 50
#: How many classes are offered first, and how many things or terms are suggested.
_MOST_TYPES: Final = 7
_MOST_SUGGESTED: Final = 20
#: A preview is shown inside other programs' windows; it has neither scripts nor styles.
_PREVIEW_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'"
#: Longer ones are no limits, and Python reads no number of thousands of digits.
_NUMBER: Final = re.compile(r"-?\d{1,9}")
_STRICT: Final = ("any", "all", "should")
_HELP_OF_LIMIT: Final = "How many values to give at most; 0 gives all."
_QUERY: Final = 'Give {"query": "a name"}, with a limit, a type and properties if you like.'


def blueprints(site: Site) -> Iterator[Blueprint]:
    blueprint, service = Blueprint("reconcile", __name__, url_prefix="/reconcile"), site.service
    names, most = service.names, site.settings.body_size * MIB

    @blueprint.before_request
    def bound_body() -> None:
        if request.method == "POST":
            require_length(request.environ)
        request.max_content_length = request.max_form_memory_size = most

    @blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
    def entry() -> Response:
        entities = EntityReader(service.book())
        if "queries" in request.values:
            return jsonify(_reconcile(entities, request.values["queries"], names))
        if "extend" in request.values:
            return jsonify(_extend(entities, request.values["extend"], names))
        return jsonify(_manifest(site, entities))

    @blueprint.get("/suggest/entity")
    def suggest_entity() -> Response:
        entities, prefix = EntityReader(service.book()), request.args.get("prefix", "")
        found = entities.starting_with(prefix, _MOST_SUGGESTED) if plain(prefix) else []
        terms = entities.terms({t for entity in found for t in entity.types})
        shown = [{**_described(entity), "notable": [_shown(terms[t]) for t in entity.types]} for entity in found]
        return jsonify(result=shown)

    @blueprint.get("/suggest/property")
    def suggest_property() -> Response:
        return jsonify(result=_suggest_terms(EntityReader(service.book()).properties_of()))

    @blueprint.get("/suggest/type")
    def suggest_type() -> Response:
        return jsonify(result=_suggest_terms(EntityReader(service.book()).classes()))

    @blueprint.get("/propose_properties")
    def propose_properties() -> Response:
        cls = read_term_id(request.args.get("type", ""), names)
        found = EntityReader(service.book()).properties_of(cls)
        limit = max(request.args.get("limit", default=0, type=int), 0) or None
        answer: dict[str, Any] = {"properties": [_shown(term) for term in found[:limit]]}
        return jsonify({**answer, **({"type": cls} if cls else {}), **({"limit": limit} if limit else {})})

    @blueprint.get("/preview/<name>")
    def preview(name: str) -> Response:
        entities = EntityReader(service.book())
        entity = entities.find(name)
        if entity is None:
            raise NotFound(f"there is no thing '{name}'", hint="Ask the suggest service for one.")
        types = [term.name for term in entities.terms(entity.types).values()]
        response = Response(render_template("preview.html", entity=entity, types=types))
        response.headers["Content-Security-Policy"] = _PREVIEW_POLICY
        return response

    yield blueprint


def _check(holds: bool, message: str, hint: str) -> None:
    """Raise `CallError` unless a request is as it has to be."""
    if not holds:
        raise CallError(message, hint=hint)


def _object(text: str, parameter: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        hint = "Send a JSON object, URL-encoded as a form field."
        raise CallError(f"'{parameter}' is not JSON", hint=hint) from error
    _check(isinstance(document, dict), f"'{parameter}' is not a JSON object", "Send an object.")
    return document  # type: ignore[no-any-return]


def _reconcile(entities: EntityReader, text: str, names: Namespaces) -> dict[str, Any]:
    """Answer a batch of queries. Raises `CallError` that names the faulty one, `TooLarge` above `BATCH_SIZE`."""
    batch = _object(text, "queries")
    if len(batch) > BATCH_SIZE:
        raise TooLarge(f"{len(batch)} queries in one batch", hint=f"Send at most {BATCH_SIZE} at a time (batchSize).")
    found = {key: _rank(entities, f"query '{key[:50]}'", value, names) for key, value in batch.items()}
    terms = entities.terms({t for candidates in found.values() for c in candidates for t in c.entity.types})
    return {key: {"result": [_result(each, terms) for each in candidates]} for key, candidates in found.items()}


def _rank(entities: EntityReader, where: str, value: Any, names: Namespaces) -> list[Candidate]:
    """Return the things that one query may mean: a name to look up, with what is known of the thing."""
    value = {"query": value} if isinstance(value, str) else value
    _check(isinstance(value, dict), f"{where} is not an object", _QUERY)
    text, properties, types = value.get("query", ""), value.get("properties") or [], value.get("type") or []
    types = [types] if isinstance(types, str) else types
    strict, limit = value.get("type_strict", "any"), value.get("limit")
    _check(isinstance(text, str), f"{where}: query is not a text", _QUERY)
    _check(
        isinstance(properties, list) and all(isinstance(p, dict) and {"pid", "v"} <= {*p} for p in properties),
        f"{where}: properties is not a list of objects with pid and v",
        _QUERY,
    )
    _check(isinstance(types, list), f"{where}: type is neither a text nor a list", _QUERY)
    _check(strict in _STRICT, f"{where}: type_strict is none of {', '.join(_STRICT)}", _QUERY)
    _check(limit is None or _NUMBER.fullmatch(str(limit)) is not None, f"{where}: limit is no number", _QUERY)
    wanted = {read_term_id(str(item["pid"]), names): tuple(filter(None, _texts(item["v"]))) for item in properties}
    return entities.rank(
        text[:500],
        types=tuple(read_term_id(str(name), names) for name in types),
        strict=strict,
        properties=wanted,
        limit=min(max(int(limit or _LIMIT), 0), _MOST),
    )


def _texts(value: Any) -> tuple[str, ...]:
    """Return a value, or each of a list, as texts; an object has its id and its name."""
    match value:
        case list():
            return tuple(text for each in value if not isinstance(each, list) for text in _texts(each))
        case dict():
            return str(value.get("id", "")), str(value.get("name", ""))
        case bool():
            return (str(value).lower(),)
        case str() | int() | float():
            return (str(value),)
    return ()


def _result(candidate: Candidate, terms: Mapping[str, NamedTerm]) -> dict[str, Any]:
    return {
        **_described(candidate.entity),
        "type": [_shown(terms[name]) for name in candidate.entity.types],
        "score": candidate.score,
        "match": candidate.match,
        "features": [{"id": name, "value": value} for name, value in candidate.features],
    }


def _extend(entities: EntityReader, text: str, names: Namespaces) -> dict[str, Any]:
    """Answer a data extension query: the values that things have for some properties. Raises as `_reconcile`."""
    document = _object(text, "extend")
    ids, properties = document.get("ids", 0), document.get("properties", 0)
    hint = 'Give {"ids": [], "properties": [{"id": "isInSector"}]}.'
    is_whole = isinstance(ids, list) and isinstance(properties, list)
    _check(
        is_whole and all(isinstance(p, dict) and isinstance(p.get("id"), str) for p in properties),
        "'extend' has no lists 'ids' and 'properties'",
        hint,
    )
    if len(ids) > 10 * BATCH_SIZE:
        raise TooLarge(f"{len(ids)} ids in one request", hint=f"Send at most {10 * BATCH_SIZE} at a time.")
    wanted = {read_term_id(item["id"], names): _most_of(item.get("settings")) for item in properties}
    if unknown := [name for name in wanted if not entities.knows_property(name)]:
        close = did_you_mean(unknown[0], (term.id for term in entities.properties_of()))
        raise CallError(f"there is no property '{unknown[0][:80]}'", hint=f"{close}Ask /reconcile/propose_properties.")
    known = entities.values(map(str, ids))
    rows = {
        key: {prop: list(map(_cell, known.get(key, {}).get(prop, ())[:most])) for prop, most in wanted.items()}
        for key in map(str, ids)
    }
    return {"meta": [_shown(term) for term in entities.terms(wanted).values()], "rows": rows}


def _most_of(settings: Any) -> int | None:
    """Return how many values of a property are wanted at most; None if that is not said, or is no number above 0."""
    limit = settings.get("limit") if isinstance(settings, dict) else None
    return int(limit) or None if limit is not None and _NUMBER.fullmatch(str(limit)) and int(limit) >= 0 else None


def _cell(value: PropertyValue) -> dict[str, Any]:
    if value.id:
        return {"id": value.id, "name": value.text}
    number = python_value(value.text, value.datatype)
    if isinstance(number, int) and value.datatype in INTEGERS:
        return {"int": number}
    # JSON has no NaN and no infinity.
    if isinstance(number, Decimal) and number.is_finite():
        return {"float": float(number)}
    return {"str": value.text}


def _suggest_terms(terms: Iterable[NamedTerm]) -> list[dict[str, str]]:
    """Return the terms that a text is part of the name of, first those that begin with it."""
    prefix = request.args.get("prefix", "")
    start = plain(prefix)
    found = [t for t in terms if start in plain(t.name) or t.id.casefold().startswith(prefix.casefold())]
    found.sort(key=lambda t: (t.id != prefix, not plain(t.name).startswith(start), t.name))
    return [_described(term) for term in found[:_MOST_SUGGESTED]]


def _shown(term: NamedTerm) -> dict[str, str]:
    return {"id": term.id, "name": term.name}


def _described(found: Entity | NamedTerm) -> dict[str, str]:
    return {"id": found.id, "name": found.name, "description": found.description}


def _manifest(site: Site, entities: EntityReader) -> dict[str, Any]:
    """Return the service's description, with the server's address as it may stand in a program."""
    base = site.root + "/reconcile"
    kinds = ("entity", "property", "type")
    return {
        "versions": ["0.2"],
        "name": read_metadata(site.reader).title,
        "identifierSpace": site.service.names.prefixes["id"],
        "schemaSpace": TERMS,
        "serviceVersion": version("digitech-kg"),
        "documentation": site.root + "/",
        "logo": site.root + "/static/icon.svg",
        "defaultTypes": list(map(_shown, entities.common_classes(_MOST_TYPES))),
        "view": {"url": site.root + "/id/{{id}}"},
        "preview": {"url": base + "/preview/{{id}}", "width": 420, "height": 220},
        "suggest": {kind: {"service_url": base, "service_path": f"/suggest/{kind}"} for kind in kinds},
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/propose_properties"},
            "property_settings": [
                {"name": "limit", "label": "Limit", "type": "number", "default": 0, "help_text": _HELP_OF_LIMIT}
            ],
        },
        "batchSize": BATCH_SIZE,
    }
