"""The SPARQL editor's page, and what it asks the server: saved questions, prefixes, names to complete."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.errors import CallError
from digitech_kg.namespaces import PREFIXES, expand, shorten
from digitech_kg.sources.parameters import options_query
from digitech_kg.web.http.bundle import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.pages.search import find_hits
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.catalog import list_questions
from digitech_kg.web.reading.names import Names
from digitech_kg.web.reading.reader import GraphReader, values

_MOST_NAMES = 30
#: A name that a query can hold as it is; others need their IRI written out.
_PLAIN = re.compile(r"[a-z]\w*:[\w-]+(?:\.[\w-]+)*$")


@dataclass(frozen=True, slots=True)
class Completion:
    """A name that can stand in a query."""

    curie: str
    label: str
    kind: str
    definition: str


def editor_blueprint(service: QueryService) -> Blueprint:
    """Give the blueprint of what the editor's script asks for."""
    blueprint = Blueprint("editor", __name__)

    @blueprint.get("/editor/known")
    def known() -> Response:
        questions = {question.name: question.text for question in list_questions(service, current_language())}
        return jsonify(prefixes=PREFIXES, questions=questions)

    @blueprint.get("/editor/complete")
    def complete() -> Response:
        return jsonify(find_completions(service, request.args.get("q", "")[:100], current_language()))

    @blueprint.get("/editor/options")
    def options() -> Response:
        return jsonify(list_options(service, request.args.get("class", ""), current_language()))

    return blueprint


def find_completions(service: QueryService, typed: str, language: str) -> list[Completion]:
    """Give names that begin with what is typed: `dk:hasOw` and `owner` both find `dk:hasOwner`."""
    prefix, colon, local = typed.rpartition(":")
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|[-_.]", " ", local if colon else typed)
    hits = find_hits(service, text)
    iris = [hit.iri for hit in hits if not hit.guessed and _PLAIN.match(shorten(hit.iri))]
    if colon:
        iris = [iri for iri in iris if shorten(iri).startswith(prefix + ":")]
    iris.sort(key=lambda iri: not iri.startswith(PREFIXES["dk"]))
    iris = iris[:_MOST_NAMES]
    reader = GraphReader(service)
    names = Names(reader, language, iris)
    rows = reader.rows(browse_queries.DEFINITIONS.format(these=values(iris))) if iris else []
    definitions = {row["thing"].value: row["definition"].value for row in rows}
    return [Completion(shorten(iri), names.name(iri).text, _icon(iri), definitions.get(iri, "")) for iri in iris]


def _icon(iri: str) -> str:
    local = iri.removeprefix(PREFIXES["dk"])
    return "constant" if local == iri else "class" if local[:1].isupper() else "property"


@dataclass(frozen=True, slots=True)
class Option:
    """A thing that a parameter of a query may stand for."""

    iri: str
    label: str


def list_options(service: QueryService, cls: str, language: str) -> list[Option]:
    """Give the things of a class by name, for a pick-list. Raises `CallError` if `cls` is no IRI or known name."""
    iri = expand(cls)
    if iri is None:
        raise CallError(f"'{cls[:100]}' is no class", hint="Name it as in a query: dk:Company, or by its whole IRI.")
    reader = GraphReader(service)
    things = [row["option"].value for row in reader.rows(options_query(iri))]
    names = Names(reader, language, things)
    return sorted(
        (Option(thing, names.name(thing).text) for thing in things), key=lambda o: (o.label.casefold(), o.iri)
    )


def render_editor(service: QueryService, query: str | None = None) -> str:
    """Give the editor's page, with a query in it; without a bundle it is a form that works all the same."""
    script = script_address("editor")
    return render_template(
        "editor.html", questions=list_questions(service, current_language()), query=query, script=script
    )
