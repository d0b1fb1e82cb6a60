"""`/history`: the versions, who made them and why; `/history/<version>`: what one of them changed, grouped once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode, Quad
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.engine.request import QueryService
from digitech_kg.engine.service import SnapshotService
from digitech_kg.errors import NotFound
from digitech_kg.formats import HTML, JSON
from digitech_kg.namespaces import value_of
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
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.problems import requested_format
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name, part_of
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site

#: Versions on one page.
VERSIONS_PER_PART: Final = 50
#: Lines on one page, unless a single thing or claim has more.
_LINES_PER_PART: Final = 300
#: Lines of one thing or claim that are shown.
_MOST_LINES: Final = 200


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as a list shows it."""

    manifest: Manifest
    kept: bool

    @property
    def digest(self) -> str:
        """The second half of the version's name."""
        return self.manifest.version.partition("-")[2]


@dataclass(frozen=True, slots=True)
class Line:
    """A statement that went or came; `part` is the label of a node without a name that it is about."""

    added: bool
    predicate: Name
    value: DisplayValue
    graph: str
    part: str = ""


def version_row(repository: SnapshotRepository, manifest: Manifest) -> VersionRow:
    """Return what a list shows of a version."""
    return VersionRow(manifest, repository.has_data(manifest.version))


def split_parts(edits: Iterable[Edit]) -> list[list[Edit]]:
    """Return edits in parts that fit on a page; never empty."""
    parts, lines = [list[Edit]()], 0
    for edit in edits:
        size = len(_shown(edit))
        if lines and lines + size > _LINES_PER_PART:
            parts.append([])
            lines = 0
        parts[-1].append(edit)
        lines += size
    return parts


class NamedChange:
    """A part of a change with the names that things have now, or had in the change if they are gone."""

    def __init__(
        self, reader: GraphReader, edits: Sequence[Edit], labels: Mapping[str, Mapping[str, str]], language: str
    ) -> None:
        self.edits, self._labels, self._language, self._namespaces = edits, labels, language, reader.names
        terms = {term for edit in edits for quad in _shown(edit) for term in (quad.predicate, quad.object)}
        iris = {term.value for term in terms if isinstance(term, NamedNode)}
        self._names = Labels(reader, language, iris.union(edit.resource for edit in edits))

    def name(self, iri: str) -> Name:
        """Return what a thing is called; the page of one that is gone is gone with it."""
        name, labels = self._names.name(iri), self._labels.get(iri, {})
        if self._names.is_known(iri) or not labels:
            return name
        language = next((code for code in (self._language, "en", "") if code in labels), next(iter(labels)))
        text, marked = labels[language], "" if language == self._language else language
        return replace(name, text=text, full=text, language=marked, href=None)

    def lines(self, edit: Edit) -> list[Line]:
        """Return what is shown of a change: what went, then what came."""
        graph_of_all, added = self.graph_of(edit), frozenset(edit.added)
        return [
            Line(
                quad in added,
                self.name(quad.predicate.value),
                DisplayValue(name=self.name(value.value)) if isinstance(value, NamedNode) else self._names.value(value),
                "" if graph_of_all else self._graph(quad),
                "" if value_of(quad.subject) == edit.resource else str(quad.subject),
            )
            for quad in _shown(edit)
            for value in [quad.object]
        ]

    def more(self, edit: Edit) -> int:
        """Return how many lines of a change are not shown."""
        return len(edit.removed) + len(edit.added) - len(_shown(edit))

    def graph_of(self, edit: Edit) -> str:
        """Return the graph of all lines of a change, if it is one."""
        graphs = {self._graph(quad) for quad in (*edit.removed, *edit.added)}
        return next(iter(graphs)) if len(graphs) == 1 else ""

    def _graph(self, quad: Quad) -> str:
        graph = quad.graph_name
        return self._namespaces.shorten(graph.value) if isinstance(graph, NamedNode) else str(graph)


def _shown(edit: Edit) -> list[Quad]:
    return [*edit.removed[:_MOST_LINES], *edit.added[:_MOST_LINES]]


#: Of a longer change only the beginning is shown: what is among so many lines.
_MOST_QUADS: Final = 50_000
_FIRST_LINES: Final = 5_000
#: Changes that are kept, since people turn their pages.
_KEPT: Final = 8


@dataclass(frozen=True)
class Difference:
    """What a version changed by hand, in parts that fit on a page, and the number of quads that follow by graph.

    `labels` are those in the change itself. Of a change that is too long the parts have the beginning.
    """

    parts: tuple[tuple[Edit, ...], ...] = ()
    labels: dict[str, dict[str, str]] | None = None
    derived: dict[str, int] | None = None
    is_cut: bool = False

    def part(self, number: int) -> tuple[Edit, ...]:
        """Return what is in a part, numbered from 1; nothing if nothing changed."""
        return self.parts[number - 1] if self.parts else ()


class HistoryReader:
    """The history of what a service serves. Thread-safe."""

    def __init__(self, service: QueryService) -> None:
        self._service = service
        self._kept = lru_cache(maxsize=_KEPT)(self._read)

    @property
    def repository(self) -> SnapshotRepository:
        """The versions. Raises `NotFound` before a remote store, which keeps its own."""
        if not isinstance(self._service, SnapshotService):
            raise NotFound("a remote store has no history here", hint="Ask the store itself for it.")
        return self._service.repository

    def neighbours(self, manifest: Manifest) -> tuple[str, str]:
        """Return the names of the versions before and after one, "" where there is none."""
        after = next((m.version for m in self.repository.history() if m.previous == manifest.version), "")
        return manifest.previous, after

    def difference(self, manifest: Manifest) -> Difference:
        """Return what a version changed."""
        return self._kept(manifest.version)

    def _read(self, version: str) -> Difference:
        manifest = self.repository.at(version)
        if not manifest.previous:
            return Difference()
        names, derived = manifest.names, dict[str, int]()
        is_cut = manifest.added + manifest.removed > _MOST_QUADS
        read = self.repository
        change = read.beginning_of_change(manifest.version, _FIRST_LINES) if is_cut else read.change(manifest.version)
        if manifest.derives:
            change, derived = split_derived(change, names)
        parts = tuple(map(tuple, split_parts(group_change(change, names))))
        return Difference(parts, labels_in(change), {} if is_cut else derived, is_cut)


def history_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the history; programs get JSON at the same addresses."""
    service, history, reader = site.service, HistoryReader(site.service), site.reader

    def answer_programs() -> WerkzeugResponse | None:
        if requested_format((HTML, JSON)) is HTML:
            return None
        name = (request.view_args or {}).get("name")
        return _list_for_programs() if name is None else _version_for_programs(name)

    blueprint = site.blueprint("history", __name__, programs=answer_programs)

    @blueprint.get("/history")
    def versions() -> str:
        repository = history.repository
        manifests, part, parts = _page(history)
        return render_template(
            "history.html",
            rows=[version_row(repository, manifest) for manifest in manifests],
            part=part,
            parts=parts,
            count=len(repository.history()),
            kept=len(repository.versions()),
            retention=repository.retention,
        )

    @blueprint.get("/history/<name>")
    def version(name: str) -> WerkzeugResponse:
        repository, manifest = history.repository, history.repository.at(name)
        if manifest.version != name:
            return redirect(url_for("history.version", name=manifest.version), code=302)
        difference = history.difference(manifest)
        part, parts = part_of(len(difference.parts), 1)
        before, after = history.neighbours(manifest)
        return make_response(
            render_template(
                "version.html",
                row=version_row(repository, manifest),
                before=before,
                after=after,
                difference=difference,
                change=NamedChange(reader, difference.part(part), difference.labels or {}, current_language()),
                part=part,
                parts=parts,
            )
        )

    def _list_for_programs() -> Response:
        """Answer one part of the versions, newest first, with the address of the next part."""
        repository, (manifests, part, parts) = history.repository, _page(history)
        rows = ({**version_document(repository, m), "href": _address(m)} for m in manifests)
        following = {"next": url_for("history.versions", part=part + 1, format="json")} if part < parts else {}
        about = {"part": part, "parts": parts, "retention": str(repository.retention), **following}
        return _respond(service.snapshot.version, lambda: json.dumps({"versions": [*rows], **about}))

    def _version_for_programs(name: str) -> WerkzeugResponse:
        """Answer a version and one part of what it changed by thing and claim."""
        repository, manifest = history.repository, history.repository.at(name)
        difference, told = history.difference(manifest), version_document(repository, manifest)
        (part, _parts), parts = part_of(len(difference.parts), 1), len(difference.parts)
        changes = changes_document(difference.part(part)) if parts else None
        following = {"next": _address(manifest, part=part + 1, format="json")} if part < parts else {}
        told |= {
            "derived": difference.derived,
            "changes": changes,
            "cut": difference.is_cut,
            "part": part,
            "parts": parts,
        }
        told |= following
        # Whether its data is kept changes with later versions.
        return _respond(f"{manifest.version} {service.snapshot.version}", lambda: json.dumps(told))

    return blueprint


def _address(manifest: Manifest, **values: Any) -> str:
    return url_for("history.version", name=manifest.version, lang=None, **values)


def _page(history: HistoryReader) -> tuple[list[Manifest], int, int]:
    """Return the versions of the part that is asked for, newest first, its number, and the number of parts."""
    manifests = history.repository.history()[::-1]
    part, parts = part_of(len(manifests), VERSIONS_PER_PART)
    return manifests[(part - 1) * VERSIONS_PER_PART : part * VERSIONS_PER_PART], part, parts


def _respond(state: str, write: Callable[[], str]) -> Response:
    return tagged(write, JSON.media_type, state, request.full_path, request.url_root)
