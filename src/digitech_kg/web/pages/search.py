"""`/search`: things, claims and questions by name, grouped by kind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from digitech_kg.engine import QueryService
from digitech_kg.namespaces import DK
from digitech_kg.search import FILE_NAME, Hit, find
from digitech_kg.snapshot import Snapshot
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.page_cache import PageCache
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader

_LONGEST = 200
#: Kinds that come after all others: there are many, and things are what people look for first.
_LAST = (DK.Claim.value, DK.ExternalClaim.value)


@dataclass(frozen=True)
class Found:
    """What a search gave, by kind, the kind of the best hit first and claims last."""

    text: str
    groups: tuple[tuple[Name, tuple[Name, ...]], ...]
    guessed: bool
    count: int
    #: Whether there are more than these.
    is_cut: bool = False


def search_blueprint(service: QueryService, cache: PageCache) -> Blueprint:
    """Return the blueprint of `/search`."""
    blueprint = Blueprint("search", __name__)
    cache.attach(blueprint)

    @blueprint.get("/search")
    def search() -> str:
        text = request.args.get("q", "").strip()[:_LONGEST]
        return render_template("search.html", found=look_up(service, text, current_language()), query_text=text)

    return blueprint


def find_hits(service: QueryService, text: str, *, limit: int = 200) -> tuple[Hit, ...]:
    """Search the index of the current snapshot; a store elsewhere has none."""
    snapshot = service.snapshot
    return find(snapshot.directory / FILE_NAME, text, limit=limit) if isinstance(snapshot, Snapshot) else ()


def look_up(service: QueryService, text: str, language: str, *, limit: int = 200, least: float = 0.0) -> Found:
    """Find what fits a text in the current snapshot with at least a score, and name it in a language."""
    # A store elsewhere has no index of ours; there people ask in SPARQL.
    found = find_hits(service, text, limit=limit + 1)
    hits = [hit for hit in found[:limit] if hit.score >= least]
    labels = Labels(GraphReader(service), language, {hit.iri for hit in hits} | {hit.kind for hit in hits})
    groups: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        groups[hit.kind].append(hit)
    ordered = sorted(groups, key=lambda kind: _LAST.index(kind) if kind in _LAST else -1)
    return Found(
        text,
        tuple((labels.name(kind), tuple(labels.name(hit.iri) for hit in groups[kind])) for kind in ordered),
        bool(hits) and hits[0].guessed,
        len(hits),
        len(found) > limit,
    )
