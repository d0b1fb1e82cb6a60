"""The start page, and the page of each saved question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template

from digitech_kg.book import IssueEntry
from digitech_kg.claims.labels import choose_text
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.answers.pages import render_answer
from digitech_kg.web.pages.issue_finding import say_finding
from digitech_kg.web.pages.issue_view import Stand
from digitech_kg.web.pages.issues import is_disputed
from digitech_kg.web.pages.places import DocumentLine, list_lines
from digitech_kg.web.pages.tallies import SIDES, Dispute, list_disputes
from digitech_kg.web.reading.claim_views import load_claims_of
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.documents import DocumentName
from digitech_kg.web.reading.labels import preferred_languages
from digitech_kg.web.reading.marks import answer_words, is_second_hand
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site

#: Issues in dispute that the page lists, those first on which most documents speak; the matrix has all.
_MOST_ISSUES: Final = 8
#: The sides of which the worked answer gives a sentence.
_TAKEN: Final = SIDES[:3]


@dataclass(frozen=True)
class WorkedAnswer:
    """An issue with its finding, and a sentence of each side that is taken."""

    name: str
    question: str
    #: Of the question, if it is not the page's.
    language: str
    finding: str
    stands: tuple[Stand, ...]


@dataclass(frozen=True)
class StartView:
    """Who made it, one worked answer with a sentence of each side, the issues in dispute, and the documents."""

    made: str
    answer: WorkedAnswer | None
    issues: tuple[Dispute, ...]
    all_issues: int
    lines: tuple[DocumentLine, ...]


def view_start(reader: GraphReader, language: str) -> StartView:
    """Read what the start page shows."""
    issues, lines = reader.book.issues, list_lines(reader, language)
    disputed = list_disputes(reader, filter(is_disputed, issues.values()), language)[:_MOST_ISSUES]
    chosen = issues.get(_example(reader)) or (issues[disputed[0].name] if disputed else None)
    return StartView(
        _made(reader, len(lines)),
        _answer(reader, chosen, {line.name.key: line.name for line in lines}, language) if chosen else None,
        disputed,
        len(issues),
        lines,
    )


def _made(reader: GraphReader, count: int) -> str:
    """Return who made it from how many documents; "" if nobody is named."""
    who = read_metadata(reader).creator
    if not who:
        return ""
    return ngettext("Made by %(who)s from one document.", "Made by %(who)s from %(num)d documents.", count, who=who)


def _example(reader: GraphReader) -> str:
    """Return the name of the issue that the dataset gives as its example."""
    return read_metadata(reader).example.removeprefix(reader.names.prefixes["issue"])


def _answer(
    reader: GraphReader, issue: IssueEntry, documents: Mapping[str, DocumentName], language: str
) -> WorkedAnswer:
    languages, positions = preferred_languages(reader.names, language), issue.positions
    bests = [position.best for position in positions.values() if position.best]
    claims = {view.iri: view for view in load_claims_of(reader, bests, language)}
    told = {key: claims.get(positions[key].best) if key in positions else None for key in documents}
    first_of: dict[str, Stand] = {}
    for key, claim in told.items():
        if claim:
            answer, is_told = answer_words(positions[key], issue.kind, claim), is_second_hand(claim)
            stand = Stand(documents[key], answer, claim, is_second_hand=documents[key].is_second_hand or is_told)
            first_of.setdefault(answer.mark, stand)
    tag, question = choose_text(issue.question, languages) or ("", issue.name)
    finding = say_finding(issue, documents, told, language)
    stands = tuple(first_of[side] for side in _TAKEN if side in first_of)
    return WorkedAnswer(issue.name, question, "" if tag == languages[0] else tag, finding, stands)


def pages_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the start page and `/page/query/<name>`."""
    blueprint, service = site.blueprint("pages", __name__), site.service

    @blueprint.get("/")
    def start() -> str:
        view = view_start(site.reader, current_language())
        return render_template("start.html", view=view, script=script_address("suggest"))

    @blueprint.get("/page/query/<name>")
    def question(name: str) -> str:
        return render_answer(service, name, site.copies)

    return blueprint
