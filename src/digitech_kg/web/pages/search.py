"""`/search`: things, claims and questions by name, grouped by kind; what a name or an address may have meant."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from digitech_kg.book import ClaimFilter, Hit
from digitech_kg.engine import QueryService
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DK, RDFS, SKOS, TERMS
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.reading.claim_views import ClaimView, by_weight, load_claims_of
from digitech_kg.web.reading.labels import DESCRIBED, Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site

_LONGEST: Final = 200
_MOST_SUGGESTED: Final = 8
#: Letters up to which a word is marked only as a whole.
_SHORT: Final = 3
#: The properties that give a thing its names.
_NAMES: Final = (RDFS.label, DK.shortName, SKOS.altLabel, SKOS.hiddenLabel)
_CLAIMS: Final = frozenset((DK.Claim.value, DK.ExternalClaim.value))
#: Letters of an address that are searched for.
_LONGEST_ADDRESS: Final = 100
_MOST_FOUND: Final = 8
#: First segments of addresses that name a thing.
_OF_THINGS: Final = frozenset(("page", "data", "document", *DESCRIBED))
#: Score from which another address may mean a thing, and letters up to which a word means only what is called so:
#: `/login` and `/home` are addresses of other sites, not names that were misspelt.
_SURE: Final = 80.0
_SHORT_ADDRESS: Final = 5


@dataclass(frozen=True, slots=True)
class FoundThing:
    """A hit, and the name by which it was found if that is not the one shown."""

    name: Name
    matched: str = ""


@dataclass(frozen=True)
class Found:
    """What a search gave: things of this name by kind, the kind of the best hit first; claims; what has the words."""

    text: str
    groups: tuple[tuple[Name, tuple[FoundThing, ...]], ...]
    claims: tuple[ClaimView, ...]
    outside: tuple[ClaimView, ...]
    #: Things that have the words in their description, and terms of the ontology.
    others: tuple[tuple[Name, tuple[FoundThing, ...]], ...]
    guessed: bool
    count: int
    #: Whether there are more than these.
    is_cut: bool = False

    def marked(self, sentence: str) -> list[tuple[str, bool]]:
        """Return a sentence in pieces, each with whether it is a word that was sought or begins like one."""
        words = plain(self.text).split()
        pieces = re.split(r"(\w[\w.-]*)", sentence)
        return [(piece, any(_is_like(plain(piece), word) for word in words)) for piece in pieces if piece]


def search_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/search`."""
    blueprint, service = site.blueprint("search", __name__), site.service

    @blueprint.get("/search")
    def search() -> str:
        text = request.args.get("q", "").strip()[:_LONGEST]
        found, script = look_up(service, text, current_language()), script_address("suggest")
        return render_template("search.html", found=found, query_text=text, script=script)

    @blueprint.get("/search/suggestions.json")
    def suggestions() -> Response:
        found = look_up(service, request.args.get("q", "").strip()[:_LONGEST], current_language(), limit=30)
        things = ((thing.name, kind) for kind, group in (*found.groups, *found.others) for thing in group)
        shown = [{"label": name.text, "kind": kind.text, "href": name.href} for name, kind in things if name.href]
        return jsonify(shown[:_MOST_SUGGESTED])

    return blueprint


def look_up(service: QueryService, text: str, language: str, *, limit: int = 200, least: float = 0.0) -> Found:
    """Find what fits a text in the current snapshot with at least a score, and name it in a language."""
    found = service.book().search(text, limit=limit + 1)
    hits = [hit for hit in found[:limit] if hit.score >= least]
    reader = GraphReader(service)
    others = [hit for hit in hits if hit.kind not in _CLAIMS]
    labels = Labels(reader, language, {hit.iri for hit in others} | {hit.kind for hit in others})
    names = _other_names(reader, others, labels)
    said = dict.fromkeys(hit.iri for hit in hits if hit.kind in _CLAIMS)
    # The sentence of a claim may name what it is about in other words.
    named = [hit.iri for hit in others if hit.matched == plain(text)]
    said.update(dict.fromkeys(_claims_about(reader, named, limit - len(hits))))
    claims = load_claims_of(reader, list(said), language)
    return Found(
        text,
        _groups([hit for hit in others if _is_named(hit)], labels, names),
        tuple(sorted((claim for claim in claims if not claim.external), key=by_weight)),
        tuple(claim for claim in claims if claim.external),
        _groups([hit for hit in others if not _is_named(hit)], labels, names),
        bool(hits) and hits[0].guessed,
        len(others) + len(said),
        len(found) > limit,
    )


def _claims_about(reader: GraphReader, things: Sequence[str], limit: int) -> list[str]:
    """Return the claims that have one of the things on either side, those of the first thing first."""
    found = (reader.book.find_claims(ClaimFilter(thing=iri, outside="1"), limit=max(limit, 0)) for iri in things)
    return [claim for claims in found for claim in claims][: max(limit, 0)]


def _is_like(own: str, word: str) -> bool:
    return own == word or (len(word) > _SHORT and own.startswith(word))


def _is_named(hit: Hit) -> bool:
    """Whether a thing or question is called so, or was guessed; not what has the words elsewhere, and no term."""
    return bool(hit.matched or hit.guessed) and not hit.iri.startswith(TERMS)


def _other_names(reader: GraphReader, hits: Sequence[Hit], labels: Labels) -> dict[tuple[str, str], str]:
    """Return the names by which hits were found and which are not the ones shown, by IRI and plain form."""
    unlike = {hit.iri for hit in hits if hit.matched and hit.matched not in plain(labels.name(hit.iri).text)}
    called = reader.book.values(unlike, *_NAMES) if unlike else {}
    names = ((iri, name.value) for iri, own in called.items() for terms in own.values() for name in terms)
    return {(iri, plain(name)): name for iri, name in names}


def _groups(
    hits: Sequence[Hit], labels: Labels, others: Mapping[tuple[str, str], str]
) -> tuple[tuple[Name, tuple[FoundThing, ...]], ...]:
    """Return hits by kind, in the order of the best hit of each."""
    groups: dict[str, list[FoundThing]] = defaultdict(list)
    for hit in hits:
        groups[hit.kind].append(FoundThing(labels.name(hit.iri), others.get((hit.iri, hit.matched), "")))
    return tuple((labels.name(kind), tuple(found)) for kind, found in groups.items())


@dataclass(frozen=True)
class Suggestions:
    """The words of an address; addresses of pages that look like it; what a search finds for the words."""

    words: str
    pages: tuple[str, ...]
    found: Found


def suggest(service: QueryService, path: str, language: str) -> Suggestions:
    """Return what may have been meant by a path."""
    segments = path.strip("/").split("/")
    words = re.sub(r"[\W_]+", " ", segments[-1]).strip()[:_LONGEST_ADDRESS]
    names_a_thing = len(segments) > 1 and segments[0] in _OF_THINGS
    least = 0.0 if names_a_thing else _SURE if len(words) > _SHORT_ADDRESS else 100.0
    return Suggestions(words, _pages_like(path), look_up(service, words, language, limit=_MOST_FOUND, least=least))


def _pages_like(path: str) -> tuple[str, ...]:
    """Return the pages without a parameter, such as `/about`, whose addresses look like a path."""
    rules = (rule for rule in current_app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ()))
    others = {rule.rule for rule in rules} - {path}
    close = difflib.get_close_matches(path.lower().rstrip("/"), others, n=2, cutoff=0.75)
    return tuple(request.script_root + page for page in close)
