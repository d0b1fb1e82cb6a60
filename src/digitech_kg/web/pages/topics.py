"""`/topics` and `/topic/<name>`: what documents speak of, and what each one says of a topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import ClaimFilter, TopicEntry
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK, SKOS
from digitech_kg.web.reading.dataset import name_topics, read_documents
from digitech_kg.web.reading.labels import resource_page
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Telling, group_by_document, say_who_speaks
from digitech_kg.web.site import Site

#: Main claims of a document that are shown without unfolding them.
_SHOWN: Final = 5


def group_topics(reader: GraphReader) -> list[tuple[str, list[TopicEntry]]]:
    """Return the topics of which documents speak, by what the topic above them is called; first those on their own."""
    topics, texts = reader.book.topics.values(), name_topics(reader)
    heads, groups = {topic.broader for topic in topics}, defaultdict[str, list[TopicEntry]](list)
    for topic in sorted(topics, key=lambda topic: texts[topic.iri]):
        if topic.claims:
            groups[texts.get(topic.broader) or (texts[topic.iri] if topic.iri in heads else "")].append(topic)
    return sorted(groups.items())


def view_topic(reader: GraphReader, topic: TopicEntry) -> dict[str, object]:
    book = reader.book
    mains = book.find_claims(ClaimFilter(topic=topic.iri, part="0"), order="text")
    things = [iri for iri, _by in book.pointing(topic.iri, DK.hasTopic) if iri.startswith(reader.names.prefixes["id"])]
    told = Telling(reader, mains, things)
    groups = {group.document.key: group for group in group_by_document(told.sentences.values(), _SHOWN)}
    return {
        "topic": topic,
        "above": [other for other in book.topics.values() if other.iri == topic.broader],
        "below": [other for other in book.topics.values() if other.broader == topic.iri],
        "finding": say_who_speaks(topic.claims, told.documents),
        "groups": [groups[key] for key in told.documents if key in groups],
        "issues": [issue for issue in book.issues.values() if topic.iri in issue.topics],
        "things": sorted(map(told.labels.name, things), key=lambda thing: thing.text.casefold()),
    }


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of both pages; the IRI of a topic leads programs to its data."""
    names = site.service.names

    blueprint = site.blueprint("topics", __name__, has_data=True)

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
        found = book.topics.get(name)
        if found is None:
            raise NotFound(f"there is no topic '{name[:60]}'", hint="/topics lists them all.", code="unknown-topic")
        return resource_page("topic.html", found.iri, names, **view_topic(site.reader, found))

    yield blueprint
