"""`/history`: the versions, who made them and why; `/history/<version>`: what one of them changed, grouped once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode, Quad
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.claims.labels import choose_text
from digitech_kg.engine.request import QueryService
from digitech_kg.engine.service import SnapshotService
from digitech_kg.errors import NotFound
from digitech_kg.formats import HTML, JSON
from digitech_kg.namespaces import Namespaces, value_of
from digitech_kg.snapshot.grouping import (
    Edit,
    changes_document,
    group_change,
    labels_in,
    split_derived,
    version_document,
)
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.web.http.caching import tagged
from digitech_kg.web.http.problems import requested_format
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name, part_of
from digitech_kg.web.reading.reader import GraphReader, RdfTerm
from digitech_kg.web.site import Site

#: Versions on one page.
VERSIONS_PER_PART: Final = 50
#: Lines on one page, unless a single thing or claim has more.
_MOST_SHOWN: Final = 300
#: Lines of one thing or claim that are shown.
_MOST_LINES: Final = 200
#: A longer change is not shown.
_MOST_QUADS: Final = 50_000
_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A statement that went or came; `part` is the label of a node without a name that it is about."""

    added: bool
    predicate: Name
    value: DisplayValue
    #: Its graph, unless all lines are of one.
    graph: str
    part: str


@dataclass(frozen=True)
class EditView:
    """What changed in one thing or claim; without a name for nodes that hang on nothing named."""

    name: Name | None
    #: The graph of all lines, if it is one.
    graph: str
    lines: tuple[Line, ...]
    #: How many lines are not shown.
    more: int


@dataclass(frozen=True)
class Difference:
    """What a version changed by hand, and the number of quads that follow by graph.

    `labels` are those in the change itself. A change that is too long has no edits.
    """

    edits: tuple[Edit, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    derived: Mapping[str, int] = field(default_factory=dict)
    is_too_long: bool = False

    @property
    def shown(self) -> tuple[Edit, ...]:
        """The first edits, as many as fit on a page."""
        lines = accumulate(len(_shown(edit)) for edit in self.edits)
        return self.edits[: max(1, sum(count <= _MOST_SHOWN for count in lines))]


def _shown(edit: Edit) -> list[Quad]:
    return [*edit.removed[:_MOST_LINES], *edit.added[:_MOST_LINES]]


def view_edits(reader: GraphReader, edits: Sequence[Edit], texts: Mapping[str, Mapping[str, str]]) -> list[EditView]:
    """Return edits, each with what went, then what came, under the names that things have now.

    Things that are gone have the names of `texts`, which are in the change.
    """
    terms = {term for edit in edits for quad in _shown(edit) for term in (quad.predicate, quad.object)}
    iris = {term.value for term in terms if isinstance(term, NamedNode)} | {edit.resource for edit in edits}
    labels = Labels(reader, iris)

    def name_of(iri: str) -> Name:
        # The page of what is gone is gone with it.
        chosen = None if labels.is_known(iri) else choose_text(texts.get(iri, {}), (reader.language, "en"))
        if chosen is None:
            return labels.name(iri)
        tag, text = chosen
        tag = "" if tag == reader.language else tag
        return replace(labels.name(iri), text=text, full=text, language=tag, names=None)

    def shown_value(term: RdfTerm) -> DisplayValue:
        return DisplayValue(name=name_of(term.value)) if isinstance(term, NamedNode) else labels.value(term)

    def view(edit: Edit) -> EditView:
        graphs = {_graph(quad, reader.names) for quad in (*edit.removed, *edit.added)}
        common, added, shown = graphs.pop() if len(graphs) == 1 else "", frozenset(edit.added), _shown(edit)
        lines = tuple(
            Line(
                quad in added,
                name_of(quad.predicate.value),
                shown_value(quad.object),
                "" if common else _graph(quad, reader.names),
                "" if value_of(quad.subject) == edit.resource else str(quad.subject),
            )
            for quad in shown
        )
        more = len(edit.removed) + len(edit.added) - len(shown)
        return EditView(name_of(edit.resource) if edit.resource else None, common, lines, more)

    return [view(edit) for edit in edits]


def _graph(quad: Quad, names: Namespaces) -> str:
    graph = quad.graph_name
    return names.shorten(graph.value) if isinstance(graph, NamedNode) else str(graph)


class HistoryReader:
    """The history of what a service serves. Thread-safe."""

    def __init__(self, service: QueryService) -> None:
        self._service = service
        #: What a version changed, by its name; people turn its pages.
        self.difference = lru_cache(maxsize=_KEPT)(self._difference)

    @property
    def repository(self) -> SnapshotRepository:
        """The versions. Raises `NotFound` before a remote store, which keeps its own."""
        if not isinstance(self._service, SnapshotService):
            raise NotFound("a remote store has no history here", hint="Ask the store itself for it.")
        return self._service.repository

    def page(self) -> tuple[list[Manifest], int, int]:
        """Return the versions of the part that is asked for, newest first, its number, and the number of parts."""
        manifests = self.repository.history()[::-1]
        part, parts = part_of(len(manifests), VERSIONS_PER_PART)
        return manifests[(part - 1) * VERSIONS_PER_PART : part * VERSIONS_PER_PART], part, parts

    def _difference(self, version: str) -> Difference:
        manifest = self.repository.at(version)
        if not manifest.previous:
            return Difference()
        if manifest.added + manifest.removed > _MOST_QUADS:
            return Difference(is_too_long=True)
        change, derived = self.repository.change(version), dict[str, int]()
        if manifest.derives:
            change, derived = split_derived(change, manifest.names)
        return Difference(tuple(group_change(change, manifest.names)), labels_in(change), derived)


def history_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the history; programs get JSON at the same addresses."""
    service, history = site.service, HistoryReader(site.service)

    def answer_programs() -> WerkzeugResponse | None:
        if requested_format((HTML, JSON)) is HTML:
            return None
        name = (request.view_args or {}).get("name")
        return list_for_programs() if name is None else version_for_programs(name)

    blueprint = site.blueprint("history", __name__, programs=answer_programs)

    @blueprint.get("/history")
    def versions() -> str:
        repository, (manifests, part, parts) = history.repository, history.page()
        return render_template(
            "history.html",
            manifests=manifests,
            repository=repository,
            part=part,
            parts=parts,
        )

    @blueprint.get("/history/<name>")
    def version(name: str) -> WerkzeugResponse:
        repository, manifest = history.repository, history.repository.at(name)
        if manifest.version != name:
            return redirect(url_for("history.version", name=manifest.version), code=302)
        difference = history.difference(manifest.version)
        shown = render_template(
            "version.html",
            m=manifest,
            kept=repository.has_data(manifest.version),
            after=next((m.version for m in repository.history() if m.previous == manifest.version), ""),
            difference=difference,
            edits=view_edits(site.reader, difference.shown, difference.labels),
        )
        return make_response(shown)

    def list_for_programs() -> Response:
        """Answer one part of the versions, newest first, with the address of the next part."""
        repository, (manifests, part, parts) = history.repository, history.page()
        told = {
            "versions": [{**version_document(repository, m), "href": _address(m)} for m in manifests],
            "part": part,
            "parts": parts,
            "retention": str(repository.keep or "all"),
        }
        if part < parts:
            told["next"] = url_for("history.versions", part=part + 1, format="json")
        return _respond(service.snapshot.version, told)

    def version_for_programs(name: str) -> Response:
        """Answer a version and what it changed by thing and claim."""
        repository, manifest = history.repository, history.repository.at(name)
        difference = history.difference(manifest.version)
        told = version_document(repository, manifest) | {
            "derived": difference.derived,
            "changes": changes_document(difference.edits) if manifest.previous and not difference.is_too_long else None,
            "cut": difference.is_too_long,
        }
        # Whether its data is kept changes with later versions.
        return _respond(f"{manifest.version} {service.snapshot.version}", told)

    return blueprint


def _address(manifest: Manifest) -> str:
    return url_for("history.version", name=manifest.version, lang=None)


def _respond(state: str, document: Mapping[str, Any]) -> Response:
    return tagged(lambda: json.dumps(document), JSON.media_type, state, request.full_path, request.url_root)
