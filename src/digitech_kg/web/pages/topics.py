"""`/topics` and `/topic/<name>`: what documents speak of, and what each one says of a topic."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import ClaimFilter, TopicEntry
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK, SKOS
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.reading.dataset import DocumentName, name_documents
from digitech_kg.web.reading.labels import Name, lead_to_data, preferred_languages, resource_page, text_in
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Group, Telling, group_by_document, say_who_speaks
from digitech_kg.web.site import Site

#: Main claims of a document that are shown without unfolding them.
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic as a row: how many main claims each document has on it, in the order of the documents."""

    name: str
    text: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class TopicBoard:
    """All topics of which documents speak, below the topics above them."""

    documents: tuple[DocumentName, ...]
    groups: tuple[tuple[str, tuple[TopicLine, ...]], ...]


@dataclass(frozen=True)
class TopicView:
    """Everything that the page of a topic shows."""

    name: str
    iri: str
    text: str
    definition: str
    #: Names and texts of the topics above and below it.
    above: tuple[tuple[str, str], ...]
    below: tuple[tuple[str, str], ...]
    #: How many documents speak of it, and in how many main claims.
    finding: str
    documents: tuple[Group, ...]
    issues: tuple[tuple[str, str], ...]
    things: tuple[Name, ...]


def view_board(reader: GraphReader, language: str) -> TopicBoard:
    """Read how many main claims each document has on each topic."""
    documents, topics = name_documents(reader, language), reader.book.topics
    languages = preferred_languages(reader.names, language)
    by_iri = {topic.iri: topic for topic in topics.values()}
    groups: dict[str, list[TopicLine]] = defaultdict(list)
    for topic in topics.values():
        if topic.claims:
            counts = tuple(topic.claims.get(key, 0) for key in documents)
            line = TopicLine(topic.name, _text(topic, languages), counts)
            groups[_text(by_iri.get(topic.broader, topic), languages)].append(line)
    told = ((head, tuple(sorted(lines, key=lambda line: line.text))) for head, lines in sorted(groups.items()))
    return TopicBoard(tuple(documents.values()), tuple(told))


def view_topic(reader: GraphReader, name: str, language: str) -> TopicView:
    """Read what the page of a topic shows. Raises `NotFound` if there is none of that name."""
    book, languages = reader.book, preferred_languages(reader.names, language)
    topic = book.topics.get(name)
    if topic is None:
        raise NotFound(f"there is no topic '{name[:60]}'", hint="/topics lists them all.", code="unknown-topic")
    mains = book.find_claims(ClaimFilter(topic=topic.iri, part="0"), order="text")
    things = [iri for iri, _by in book.pointing(topic.iri, DK.hasTopic) if iri.startswith(reader.names.prefixes["id"])]
    told = Telling(reader, mains, language, things)
    groups = {group.document.key: group for group in group_by_document(told.sentences.values(), _SHOWN)}
    return TopicView(
        topic.name,
        topic.iri,
        _text(topic, languages),
        text_in(topic.definition, languages),
        tuple((other.name, _text(other, languages)) for other in book.topics.values() if other.iri == topic.broader),
        tuple((other.name, _text(other, languages)) for other in book.topics.values() if other.broader == topic.iri),
        say_who_speaks(topic.claims, told.documents, language),
        tuple(groups[key] for key in told.documents if key in groups),
        tuple(
            (issue.name, text_in(issue.question, languages, issue.name))
            for issue in book.issues.values()
            if topic.iri in issue.topics
        ),
        tuple(sorted(map(told.labels.name, things), key=lambda thing: thing.text.casefold())),
    )


def _text(topic: TopicEntry, languages: tuple[str, ...]) -> str:
    return text_in(topic.label, languages, topic.name)


def topics_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of both pages; the IRI of a topic leads programs to its data."""
    reader = site.reader

    def is_scheme(iri: str) -> bool:
        """Whether an IRI is that of all topics together."""
        return any(iri == scheme for scheme, _by in reader.book.instances(SKOS.ConceptScheme))

    def answer_programs() -> WerkzeugResponse | None:
        if request.endpoint != "topics.topic":
            return None
        name = (request.view_args or {}).get("name", "")
        iri = reader.names.prefixes["topic"] + name
        return lead_to_data(iri, reader.names, lambda: name in reader.book.topics or is_scheme(iri))

    blueprint = site.blueprint("topics", __name__, programs=answer_programs)

    @blueprint.get("/topics")
    def board() -> str:
        return render_template("topics.html", page=view_board(reader, current_language()))

    @blueprint.get("/topic/<name>")
    def topic(name: str) -> WerkzeugResponse:
        if is_scheme(reader.names.prefixes["topic"] + name):
            return redirect(url_for("topics.board"), code=303)
        view = view_topic(reader, name, current_language())
        return resource_page("topic.html", view.iri, reader.names, page=view)

    return blueprint
