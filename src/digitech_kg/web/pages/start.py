"""The start page, the saved questions, and one page for the result of any query."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template

from digitech_kg.book import Book, ClaimEntry, ClaimFilter, ClaimGroup
from digitech_kg.claims.firmness import KINDS
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.pages.answers.pages import render_answer
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.dataset import list_questions
from digitech_kg.web.reading.documents import DocumentEntry, list_documents
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site

#: Tag of the questions that the start page begins with.
_FIRST: Final = "start"
_CONTRADICTS: Final = "contradicts"
#: Documents that are told of at length.
_MOST_SPEAKERS: Final = 12
#: The answers that the page gives: what their claims are filtered by, and how many are shown.
_ANSWERS: Final = {
    "denied": (ClaimFilter(denied="1", kind="statement", voice="own"), 1),
    "held": (ClaimFilter(voice="other"), 1),
    "predicted": (ClaimFilter(kind="prediction"), 5),
    "advised": (ClaimFilter(kind="recommendation"), 5),
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A document, and how many claims it makes of each kind."""

    document: DocumentEntry
    total: int
    passages: int
    kinds: tuple[tuple[str, int], ...]
    hedged: int
    denied: int
    reported: int


@dataclass(frozen=True, slots=True)
class WorkedAnswer:
    """A question of the page, by its key: the claims that answer it first, and how many there are."""

    key: str
    claims: tuple[ClaimView, ...]
    total: int


@dataclass(frozen=True)
class StartView:
    """The ways into the graph."""

    speakers: tuple[Speaker, ...]
    #: Further documents, of which the page gives the titles.
    others: tuple[DocumentEntry, ...]
    #: Two claims of different documents that contradict each other, and how many such pairs there are.
    clash: WorkedAnswer | None
    answers: tuple[WorkedAnswer, ...]


def view_start(reader: GraphReader, language: str) -> StartView:
    """Read what the start page shows."""
    book = reader.book
    documents = list_documents(reader, language)
    answers = (_answer(reader, key, book, language) for key in _ANSWERS)
    return StartView(
        _speakers(documents[:_MOST_SPEAKERS], book),
        documents[_MOST_SPEAKERS:],
        _clash(reader, language),
        tuple(answer for answer in answers if answer.claims),
    )


def _speakers(documents: Iterable[DocumentEntry], book: Book) -> tuple[Speaker, ...]:
    groups: dict[str, list[ClaimGroup]] = defaultdict(list)
    for group in book.claim_groups:
        groups[group.document].append(group)
    return tuple(_speaker(each, groups[each.name], book.stated_passages.get(each.name, 0)) for each in documents)


def _speaker(document: DocumentEntry, own: list[ClaimGroup], passages: int) -> Speaker:
    counts: Counter[str] = Counter()
    for group in own:
        counts[group.firm.kind] += group.count
    kinds = tuple((kind, counts[kind]) for kind in KINDS if counts[kind])
    return Speaker(
        document,
        counts.total(),
        passages,
        kinds,
        sum(group.count for group in own if group.firm.certainty != "certain"),
        sum(group.count for group in own if group.firm.denied),
        sum(group.count for group in own if group.firm.voice == "other"),
    )


def _answer(reader: GraphReader, key: str, book: Book, language: str) -> WorkedAnswer:
    wanted, most = _ANSWERS[key]
    return WorkedAnswer(
        key, load_claims_of(reader, book.claims_in_turn(wanted, most), language), book.count_claims(wanted)
    )


def _clash(reader: GraphReader, language: str) -> WorkedAnswer | None:
    """Return the pair of claims that contradict each other most firmly; None if no two do."""
    found = reader.book.comparisons(_CONTRADICTS)
    known = reader.book.find_entries(iri for each in found for iri in (each.first, each.second))
    pairs = [(known[each.first], known[each.second]) for each in found if {each.first, each.second} <= known.keys()]
    if not pairs:
        return None
    best = min(pairs, key=lambda pair: sum(map(_softness, pair)))
    return WorkedAnswer("clash", load_claims_of(reader, [entry.iri for entry in best], language), len(pairs))


def _softness(entry: ClaimEntry) -> int:
    """Return how much is taken back of a claim: 0 if nothing is, and it matters to its document."""
    put = entry.put
    return put.firm.doubt + (put.firm.voice != "own") + put.is_limited + put.is_conditional + (put.salience != "key")


def pages_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the start page and `/page/query/<name>`."""
    blueprint, service = site.blueprint("pages", __name__), site.service

    @blueprint.get("/")
    def start() -> str:
        questions = list_questions(service, current_language())
        return render_template(
            "start.html",
            view=view_start(site.reader, current_language()),
            first=[question for question in questions if _FIRST in question.tags],
            questions=[question for question in questions if not question.endpoints],
            script=script_address("suggest"),
        )

    @blueprint.get("/page/query/<name>")
    def question(name: str) -> str:
        return render_answer(service, name, site.copies)

    return blueprint
