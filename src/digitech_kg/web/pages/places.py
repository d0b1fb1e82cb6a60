"""The start page, `/documents`, `/things` and `/data`: what was read, what it speaks of, the way to the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request

from digitech_kg.errors import NotFound
from digitech_kg.namespaces import TERMS
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.issue_view import IssueView, view_issue
from digitech_kg.web.pages.issues import SIDES, Dispute, is_disputed, list_disputes
from digitech_kg.web.pages.search_question import NO_SUBJECTS
from digitech_kg.web.reading.dataset import (
    Document,
    SavedQuestion,
    list_questions,
    read_documents,
    read_metadata,
)
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Sentence
from digitech_kg.web.site import Site

#: Things of a kind that the page of all kinds names, and those that several documents speak of.
_MOST_OF_A_KIND: Final = 8
_MOST_SHARED: Final = 24


#: Things, each with how many documents speak of it.
Spoken = tuple[tuple[Name, int], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things that documents speak of: how many there are, and the ones most spoken of, or all from A to Z."""

    name: Name
    total: int
    things: Spoken


@dataclass(frozen=True)
class ThingsView:
    """The kinds of things, the one of which most is said first, and what several documents speak of."""

    kinds: tuple[Kind, ...]
    shared: Spoken
    total: int
    shared_total: int


class _SpokenOf:
    """The things that documents speak of, by kind, most spoken of first."""

    def __init__(self, reader: GraphReader) -> None:
        book = reader.book
        beside = {thing for thing, _kind in book.instances(*NO_SUBJECTS)}
        self.documents = {thing: told for thing, told in book.spoken_of().items() if thing not in beside}
        self.kinds = defaultdict[str, list[str]](list)
        kinds = [kind for kind in book.class_counts(reader.names.prefixes["id"]) if kind.startswith(TERMS)]
        for thing, kind in book.instances(*kinds):
            if thing in self.documents:
                self.kinds[kind].append(thing)
        self.in_order = sorted(self.documents, key=self._weight)
        for things in self.kinds.values():
            things.sort(key=self._weight)

    def _weight(self, thing: str) -> tuple[int, int, str]:
        documents, claims, _as_subject = self.documents[thing]
        return -documents, -claims, thing

    def weight(self, kind: str) -> int:
        """Return in how many claims things of a kind are the subject: a reader looks for them, not for what is said."""
        return sum(self.documents[thing][2] for thing in self.kinds[kind])

    def found(self, things: Iterable[str], labels: Labels) -> Spoken:
        return tuple((labels.name(thing), self.documents[thing][0]) for thing in things)


def view_things(reader: GraphReader) -> ThingsView:
    told = _SpokenOf(reader)
    shown = {kind: own[:_MOST_OF_A_KIND] for kind, own in told.kinds.items()}
    shared = [thing for thing in told.in_order if told.documents[thing][0] > 1]
    first = shared[:_MOST_SHARED]
    labels = Labels(reader, {*shown, *first, *(thing for things in shown.values() for thing in things)})
    order = sorted(shown, key=lambda kind: (-told.weight(kind), kind))
    kinds = tuple(Kind(labels.name(k), len(told.kinds[k]), told.found(shown[k], labels)) for k in order)
    return ThingsView(kinds, told.found(first, labels), len(told.documents), len(shared))


def view_kind(reader: GraphReader, key: str) -> Kind:
    """Read all things of a kind, by name. Raises `NotFound` if documents speak of none."""
    told = _SpokenOf(reader)
    things = told.kinds.get(TERMS + key)
    if not things:
        raise NotFound(f"there is no kind of things '{key[:60]}'", hint="/things lists the kinds.", code="unknown-kind")
    labels = Labels(reader, (TERMS + key, *things))
    found = sorted(told.found(things, labels), key=lambda thing: thing[0].text.casefold())
    return Kind(labels.name(TERMS + key), len(found), tuple(found))


def group_questions(
    questions: Iterable[SavedQuestion],
) -> tuple[list[tuple[str, list[SavedQuestion]]], list[SavedQuestion]]:
    """Return the questions for readers by group, and those for programs; if none has a group, all are for readers."""
    groups = defaultdict[str, list[SavedQuestion]](list)
    for question in questions:
        groups[question.group].append(question)
    others = groups.pop("", [])
    return (sorted(groups.items()), others) if groups else ([("", others)], [])


#: Issues in dispute that the page lists, those first on which most documents speak; the matrix has all.
_MOST_ISSUES: Final = 8
#: The sides of which the worked answer gives a sentence.
_TAKEN: Final = SIDES[:3]


@dataclass(frozen=True)
class StartView:
    """Who made it, one worked answer with a sentence of each side, the issues in dispute, and the documents."""

    made: str
    answer: IssueView | None
    stands: tuple[Sentence, ...]
    issues: tuple[Dispute, ...]
    all_issues: int
    documents: tuple[Document, ...]


def view_start(reader: GraphReader) -> StartView:
    issues, documents = reader.book.issues, tuple(read_documents(reader).values())
    disputed = list_disputes(reader.book, filter(is_disputed, issues.values()))[:_MOST_ISSUES]
    told = read_metadata(reader)
    example = told.example.removeprefix(reader.names.prefixes["issue"])
    chosen = example if example in issues else disputed[0].issue.name if disputed else ""
    answer, first_of = view_issue(reader, chosen) if chosen else None, dict[str, Sentence]()
    for stand in answer.stands if answer else ():
        if stand.said:
            first_of.setdefault(stand.answer.mark, stand.said)
    return StartView(
        _made(told.creator, len(documents)),
        answer,
        tuple(first_of[side] for side in _TAKEN if side in first_of),
        disputed,
        len(issues),
        documents,
    )


def _made(who: str, count: int) -> str:
    """Return who made it from how many documents; "" if nobody is named."""
    made = ngettext("Made by %(who)s from one document.", "Made by %(who)s from %(num)d documents.", count, who=who)
    return made if who else ""


def places_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the start page and those that lead to documents, things and data."""
    blueprint = site.blueprint("places", __name__)

    @blueprint.get("/")
    def start() -> str:
        return render_template("start.html", view=view_start(site.reader))

    @blueprint.get("/documents")
    def documents() -> str:
        return render_template("documents.html", documents=read_documents(site.reader).values())

    @blueprint.get("/things")
    def things() -> str:
        if key := request.args.get("kind"):
            return render_template("kind.html", kind=view_kind(site.reader, key))
        return render_template("things.html", view=view_things(site.reader))

    @blueprint.get("/data")
    def data() -> str:
        groups, others = group_questions(list_questions(site.reader))
        return render_template("data.html", groups=groups, others=others)

    return blueprint
