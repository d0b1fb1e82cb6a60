"""The start page, `/documents`, `/things`, `/topics` and `/data`."""

from collections.abc import Iterable, Iterator
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import ClaimFilter, TopicEntry
from digitech_kg.errors import not_there
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DK, SKOS, TERMS
from digitech_kg.search.question import NO_SUBJECTS
from digitech_kg.web.http.languages import ngettext
from digitech_kg.web.pages.issue_view import IssueView
from digitech_kg.web.pages.issues import is_disputed, list_disputes
from digitech_kg.web.reading.addresses import nothing_about, resource_page
from digitech_kg.web.reading.dataset import name_topics, read_documents, read_metadata
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.questions import SavedQuestion, list_questions
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Group, Sentence, Telling, say_unfinished, say_who_speaks
from digitech_kg.web.site import Site

#: Things of a kind that the page of all kinds names, and those that several documents speak of.
_MOST_OF_A_KIND: Final = 8
_MOST_SHARED: Final = 24


class _SpokenOf:
    """The things that documents speak of, and those of each kind, most spoken of first."""

    def __init__(self, reader: GraphReader) -> None:
        book = reader.book
        beside = {thing for thing, _kind in book.instances(*NO_SUBJECTS)}
        self.documents = {thing: told for thing, told in book.spoken_of().items() if thing not in beside}
        kinds = [kind for kind in book.class_counts(reader.names.prefixes["id"]) if kind.startswith(TERMS)]
        places = {thing: place for place, thing in enumerate(self.documents)}
        found = grouped((kind, thing) for thing, kind in book.instances(*kinds) if thing in places)
        self.kinds = {kind: sorted(own, key=places.__getitem__) for kind, own in found.items()}

    def weight(self, kind: str) -> int:
        """Return in how many claims things of a kind are the subject: a reader looks for them, not for what is said."""
        return sum(self.documents[thing][2] for thing in self.kinds[kind])

    def found(self, things: Iterable[str], labels: Labels) -> list[tuple[Name, int]]:
        """Return things, each with how many documents speak of it."""
        return [(labels.name(thing), self.documents[thing][0]) for thing in things]


def view_things(reader: GraphReader) -> dict[str, object]:
    """Return the kinds of things, the one of which most is said first, and what several documents speak of."""
    told = _SpokenOf(reader)
    shown = {kind: own[:_MOST_OF_A_KIND] for kind, own in told.kinds.items()}
    shared = [thing for thing, (documents, *_claims) in told.documents.items() if documents > 1]
    first = shared[:_MOST_SHARED]
    labels = Labels(reader, {*shown, *first, *(thing for things in shown.values() for thing in things)})
    kinds = [
        {"name": labels.name(kind), "total": len(told.kinds[kind]), "things": told.found(shown[kind], labels)}
        for kind in sorted(shown, key=lambda kind: (-told.weight(kind), kind))
    ]
    found = told.found(first, labels)
    return {"kinds": kinds, "shared": found, "total": len(told.documents), "shared_total": len(shared)}


def view_kind(reader: GraphReader, key: str) -> dict[str, object]:
    """Return all things of a kind, by name. Raises `NotFound` if documents speak of none."""
    told = _SpokenOf(reader)
    things = told.kinds.get(TERMS + key)
    if not things:
        kinds = (kind.removeprefix(TERMS) for kind in told.kinds)
        raise not_there("kind", key, kinds, "/things lists the kinds.")
    labels = Labels(reader, (TERMS + key, *things))
    found = sorted(told.found(things, labels), key=lambda thing: thing[0].text.casefold())
    return {"name": labels.name(TERMS + key), "total": len(found), "things": found}


def group_questions(
    questions: Iterable[SavedQuestion],
) -> tuple[list[tuple[str, list[SavedQuestion]]], list[SavedQuestion]]:
    """Return the questions for readers by group, and those for programs; if none has a group, all are for readers."""
    groups = grouped((question.group, question) for question in questions)
    others = groups.pop("", [])
    return (sorted(groups.items()), others) if groups else ([("", others)], [])


#: Issues in dispute that the page lists, those first on which most documents speak; the matrix has all.
_MOST_ISSUES: Final = 8
#: The sides of which the worked answer gives a sentence.
_TAKEN: Final = ("yes", "no", "if")


def view_start(reader: GraphReader) -> dict[str, object]:
    """Return who made it, one worked answer with a sentence of each side, issues in dispute, and the documents."""
    issues, documents = reader.book.issues, tuple(read_documents(reader).values())
    disputed = list_disputes(reader, filter(is_disputed, issues.values()))
    told = read_metadata(reader)
    who, count = reader.text(told.creators, told.creator), len(documents)
    made = ngettext("Made by %(who)s from one document.", "Made by %(who)s from %(num)d documents.", count, who=who)
    example = told.example.removeprefix(reader.names.prefixes["issue"])
    chosen = example if example in issues else disputed[0].issue.name if disputed else ""
    answer, first_of = IssueView(reader, chosen) if chosen else None, dict[str, Sentence]()
    for stand in answer.stands if answer else ():
        if stand.said:
            first_of.setdefault(stand.answer.mark, stand.said)
    return {
        "made": made if who else "",
        "answer": answer,
        "stands": [first_of[side] for side in _TAKEN if side in first_of],
        "issues": disputed[:_MOST_ISSUES],
        "all_disputed": len(disputed),
        "all_issues": len(issues),
        "documents": documents,
    }


#: Main claims of a document that are shown without unfolding them.
_SHOWN_ON_TOPIC: Final = 5


def group_topics(reader: GraphReader) -> list[tuple[str, list[TopicEntry]]]:
    """Return the topics of which documents speak, by what the topic above them is called; first those on their own."""
    topics, texts = reader.book.topics.values(), name_topics(reader)
    heads, told = {topic.broader for topic in topics}, sorted(topics, key=lambda topic: texts[topic.iri])
    above = {t.iri: texts.get(t.broader) or (texts[t.iri] if t.iri in heads else "") for t in topics}
    return sorted(grouped((above[topic.iri], topic) for topic in told if topic.claims).items())


def view_topic(reader: GraphReader, topic: TopicEntry) -> dict[str, object]:
    book = reader.book
    mains = book.find_claims(ClaimFilter(topic=topic.iri, part="0"), order="text")
    things = [iri for iri, _by in book.pointing(topic.iri, DK.hasTopic) if iri.startswith(reader.names.prefixes["id"])]
    told = Telling(reader, mains, things)
    said = grouped((one.document.key, one) for one in told.sentences.values())
    return {
        "topic": topic,
        "above": [other for other in book.topics.values() if other.iri == topic.broader],
        "below": [other for other in book.topics.values() if other.broader == topic.iri],
        "finding": say_who_speaks(topic.claims, told.documents),
        "groups": [Group(tuple(said[key]), own, _SHOWN_ON_TOPIC) for key, own in told.documents.items() if key in said],
        "issues": [issue for issue in book.issues.values() if topic.iri in issue.topics],
        "things": sorted(map(told.labels.name, things), key=lambda thing: thing.text.casefold()),
    }


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the start page and those that lead to documents, things and data."""
    blueprint = site.blueprint("places", __name__)

    @blueprint.get("/")
    def start() -> str:
        return render_template("start.html", view=view_start(site.reader))

    @blueprint.get("/documents")
    def documents() -> str:
        found = read_documents(site.reader).values()
        return render_template("documents.html", documents=found, unfinished=say_unfinished(found))

    @blueprint.get("/things")
    def things() -> str:
        if key := request.args.get("kind"):
            return render_template("kind.html", kind=view_kind(site.reader, key))
        return render_template("things.html", view=view_things(site.reader))

    @blueprint.get("/data")
    def data() -> str:
        groups, others = group_questions(list_questions(site.reader))
        return render_template("data.html", groups=groups, others=others)

    yield blueprint
    yield _topics_pages(site)


def _topics_pages(site: Site) -> Blueprint:
    """Return the blueprint of `/topics` and `/topic/<name>`; the IRI of a topic leads programs to its data."""
    names, blueprint = site.service.names, site.blueprint("topics", __name__, has_data=True)

    @blueprint.get("/topics")
    def board() -> str:
        reader = site.reader
        documents = read_documents(reader).values()
        return render_template("topics.html", documents=documents, groups=group_topics(reader))

    @blueprint.get("/topic/<name>")
    def topic(name: str) -> WerkzeugResponse:
        book, iri = site.service.book(), names.prefixes["topic"] + name
        if any(iri == scheme for scheme, _by in book.instances(SKOS.ConceptScheme)):
            return redirect(url_for("topics.board"), code=303)
        if name not in book.topics:
            raise nothing_about(book, iri)
        return resource_page("topic.html", iri, names, **view_topic(site.reader, book.topics[name]))

    return blueprint
