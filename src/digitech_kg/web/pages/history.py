"""`/history`: the versions, who made them and why; `/history/<version>`: what one of them changed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine.request import QueryService
from digitech_kg.engine.service import SnapshotService
from digitech_kg.errors import NotFound
from digitech_kg.formats import HTML, JSON
from digitech_kg.snapshot.grouping import Edit, changes_document, group_change, split_derived, version_document
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.reading.addresses import requested_part
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, RdfTerm
from digitech_kg.web.site import Site

#: Versions on one page.
VERSIONS_PER_PART: Final = 50
#: Things and claims on one page, and lines that came and that went of each.
_MOST_EDITS: Final = 60
_MOST_LINES: Final = 40
#: A longer change is not shown.
_MOST_QUADS: Final = 50_000


def find_difference(repository: SnapshotRepository, version: str) -> tuple[list[Edit] | None, dict[str, int]]:
    """Return what a version changed by hand, None if it is too long, and the number of quads that follow by graph."""
    manifest = repository.at(version)
    if not manifest.previous:
        return [], {}
    if manifest.added + manifest.removed > _MOST_QUADS:
        return None, {}
    change, derived = repository.change(version), dict[str, int]()
    if manifest.derives:
        change, derived = split_derived(change, manifest.names)
    return group_change(change, manifest.names), derived


def view_edits(reader: GraphReader, edits: Iterable[Edit]) -> Iterator[dict[str, object]]:
    """Yield edits, each with what went, then what came, under the names that things have now.

    Nodes that hang on nothing named have no name; `more` says how many lines are not shown.
    """
    shown = {edit: [*edit.removed[:_MOST_LINES], *edit.added[:_MOST_LINES]] for edit in edits}
    terms = {term for quads in shown.values() for quad in quads for term in (quad.predicate, quad.object)}
    iris = {term.value for term in terms if isinstance(term, NamedNode)} | {edit.resource for edit in shown}
    labels = Labels(reader, iris)

    def name_of(iri: str) -> Name:
        # The page of what is gone is gone with it.
        is_gone = reader.names.is_own(iri) and not labels.is_known(iri)
        return replace(labels.name(iri), names=None) if is_gone else labels.name(iri)

    def value_of(term: RdfTerm) -> Name:
        if isinstance(term, NamedNode):
            return name_of(term.value)
        # A text of which the language changed looks the same else.
        value, language = labels.value(term), getattr(term, "language", None)
        return replace(value, note=language) if language else value

    for edit, quads in shown.items():
        changed, added = (*edit.removed, *edit.added), frozenset(edit.added)
        graphs = {quad.graph_name.value for quad in changed if isinstance(quad.graph_name, NamedNode)}
        yield {
            "name": name_of(edit.resource) if edit.resource else None,
            "graphs": ", ".join(map(reader.names.shorten, sorted(graphs))),
            # Whether each statement came or went, its property and its value.
            "lines": [(quad in added, name_of(quad.predicate.value), value_of(quad.object)) for quad in quads],
            "more": len(changed) - len(quads),
        }


def repository_of(service: QueryService) -> SnapshotRepository:
    """Return the versions. Raises `NotFound` before a remote store, which keeps its own."""
    if not isinstance(service, SnapshotService):
        raise NotFound("a remote store has no history here", hint="Ask the store itself for it.")
    return service.repository


def _wants_json() -> bool:
    """Whether a program asks: an address of its own, so that it is kept apart from the page."""
    return request.args.get("format") == "json"


def blueprints(site: Site) -> Iterator[Blueprint]:
    service, blueprint = site.service, site.blueprint("history", __name__)

    @blueprint.url_value_preprocessor
    def check_format(*_: object) -> None:
        requested_format((HTML, JSON))

    @blueprint.get("/history")
    def versions() -> Response | str:
        repository = repository_of(service)
        # The newest come first.
        manifests = repository.history()[::-1]
        part, parts = requested_part(len(manifests), VERSIONS_PER_PART)
        shown = manifests[(part - 1) * VERSIONS_PER_PART : part * VERSIONS_PER_PART]
        if _wants_json():
            told = [version_document(repository, manifest) for manifest in shown]
            return jsonify(versions=told, part=part, parts=parts, retention=str(repository.keep or "all"))
        return render_template("history.html", manifests=shown, repository=repository, part=part, parts=parts)

    @blueprint.get("/history/<name>")
    def version(name: str) -> WerkzeugResponse | str:
        repository = repository_of(service)
        manifest = repository.at(name)
        edits, derived = find_difference(repository, manifest.version)
        if _wants_json():
            changes = changes_document(edits) if manifest.previous and edits is not None else None
            told = {"derived": derived, "changes": changes, "cut": edits is None}
            return jsonify(version_document(repository, manifest) | told)
        if manifest.version != name:
            return redirect(url_for("history.version", name=manifest.version), code=302)
        return render_template(
            "version.html",
            m=manifest,
            kept=repository.has_data(manifest.version),
            after=next((m.version for m in repository.history() if m.previous == manifest.version), ""),
            derived=derived,
            edits=[*view_edits(site.reader, (edits or ())[:_MOST_EDITS])],
            is_cut=edits is None or len(edits) > _MOST_EDITS,
        )

    yield blueprint
