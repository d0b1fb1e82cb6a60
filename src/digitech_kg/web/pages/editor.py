"""The query editor, the results of a query as a page shows them, and advice on the query."""

import re
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.errors import CallError
from digitech_kg.formats import FORMATS
from digitech_kg.namespaces import SKOS, TERMS, XSD, local_name
from digitech_kg.settings import MIB
from digitech_kg.sources.saved_queries import without_header
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.questions import list_questions
from digitech_kg.web.reading.reader import (
    PAGE_QUERIES,
    GraphReader,
    QueryResult,
    RdfTerm,
    advise_on,
    iris_of,
    is_iri,
    query_for_people,
    run_query,
)
from digitech_kg.web.site import Site

#: The end of a file's name for each format that a result can be downloaded in.
EXTENSIONS = {fmt.name: fmt.extension for fmt in FORMATS}
#: Things of a result that are named.
_MOST_NAMED = 2000
#: Formats as people call them: of "SPARQL Results in JSON", the last word.
FORMAT_NAMES = {fmt.name: fmt.serializer.name.rpartition(" ")[2] for fmt in FORMATS if fmt.serializer}


def view_cells(reader: GraphReader, result: QueryResult) -> list[list[Name | None]]:
    """Return the cells of each row, with the names of things in a language."""
    labels = _name_all(reader, iris_of(result.rows))

    def cell(term: RdfTerm | None) -> Name | None:
        """Return a value as it is written; a literal with its language or datatype."""
        if isinstance(term, NamedNode):
            return labels.name(term.value)
        if not isinstance(term, Literal):
            return Name(text=str(term)) if term else None
        note = "" if term.datatype == XSD.string else term.language or reader.names.shorten(term.datatype.value)
        return Name(text=term.value, note=note)

    return [[cell(row.get(name)) for name in result.columns] for row in result.rows]


def _name_all(reader: GraphReader, iris: Iterable[str]) -> Labels:
    """Return what things are called: the first of them, as a table is read from its top."""
    return Labels(reader, sorted(iris)[:_MOST_NAMED])


_MOST_NAMES = 30
#: Letters from which the search looks up the beginnings of words.
_SHORTEST_WORD = 3
#: A name that a query can hold as it is; others need their IRI written out.
_WRITABLE = re.compile(r"[a-z]\w*:[\w-]+(?:\.[\w-]+)*$")


def find_completions(reader: GraphReader, typed: str) -> list[dict[str, str]]:
    """Return names that begin with what is typed: `dk:hasOw` and `owner` both find `dk:hasOwner`."""
    iris = _find_terms(reader, typed)
    labels, told = Labels(reader, iris), reader.book.values(iris, SKOS.definition) if iris else {}
    found = []
    for name in map(labels.name, iris):
        kinds = set(map(local_name, name.kinds))
        is_property = any(kind.endswith("Property") for kind in kinds)
        icon = "class" if "Class" in kinds else "property" if is_property else "constant"
        definition = labels.best(told.get(name.iri, {}).get(SKOS.definition, ())).text
        found.append({"curie": name.curie, "label": name.text, "kind": icon, "definition": definition})
    return found


def _find_terms(reader: GraphReader, typed: str) -> list[str]:
    """Return the IRIs of what may be meant, terms of the ontology first."""
    prefix, colon, local = typed.rpartition(":")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[-_.]", " ", local if colon else typed).split()
    begun = len(words) > 1 and len(words[-1]) < _SHORTEST_WORD
    found = [hit.iri for hit in reader.book.search(" ".join(words[:-1] if begun else words)) if not hit.guessed]
    curies = {iri: curie for iri in found if _WRITABLE.match(curie := reader.names.shorten(iri))}
    if colon:
        # The search takes words as short as the one that is being typed for whole ones.
        start = typed if begun else f"{prefix}:"
        curies = {iri: curie for iri, curie in curies.items() if curie.lower().startswith(start.lower())}
    return sorted(curies, key=lambda iri: not iri.startswith(TERMS))[:_MOST_NAMES]


def list_options(reader: GraphReader, cls: str) -> dict[str, str]:
    """Return what the things of a class are called, by IRI; in alphabetical order, for a pick-list.

    Raises `CallError` if `cls` is no IRI or known name.
    """
    iri = reader.names.expand(cls)
    if iri is None or not is_iri(iri):
        hint = "Write it as in a query, such as dk:Company, or give the whole IRI."
        raise CallError(f"'{cls[:100]}' is not a class", hint=hint)
    book = reader.book
    found = {thing for thing, _ in book.instances(*book.classes_below(iri), inferred=True)}
    names = map(Labels(reader, found).name, found)
    return {n.iri: n.text for n in sorted(names, key=lambda name: (name.text.casefold(), name.iri))}


def render_editor(reader: GraphReader) -> str:
    """Return the editor's page; without a bundle it is a form that works all the same."""
    query = request.args.get("edit", "").strip()
    # It finds something in every dataset with a claim.
    example = query_for_people(reader.names, PAGE_QUERIES["example"])
    return render_template("editor.html", questions=list_questions(reader), query=query, example=example)


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the editor and of `/results`, whose pages are as many as there are queries: none is kept.

    Their queries count to the client like those of the endpoint.
    """
    blueprint = Blueprint("editor", __name__)

    @blueprint.get("/editor/known")
    def known() -> Response:
        questions = {each.name: without_header(each.text) for each in list_questions(site.reader)}
        return jsonify(prefixes=dict(site.service.names.prefixes), questions=questions)

    @blueprint.get("/editor/complete")
    def complete() -> Response:
        return jsonify(find_completions(site.reader, request.args.get("q", "")[:100]))

    @blueprint.post("/editor/names")
    def names() -> Response:
        request.max_content_length = site.settings.body_size * MIB
        iris = request.get_data(as_text=True).split()
        return jsonify(_name_all(site.reader, filter(is_iri, iris)).found_names())

    @blueprint.get("/editor/options")
    def options() -> Response:
        found = list_options(site.reader, request.args.get("class", ""))
        return jsonify([{"iri": iri, "label": label} for iri, label in found.items()])

    @blueprint.get("/results")
    def results() -> str | WerkzeugResponse:
        query = request.args.get("query", "").strip()
        if not query:
            return redirect(url_for("sparql.sparql"), code=303)
        with site.clients.admit(request.remote_addr or ""):
            result = run_query(site.service, query)
        return render_template(
            "results.html",
            query=query,
            advice=advise_on(site.service, query),
            result=result,
            rows=view_cells(site.reader, result),
        )

    yield blueprint
