"""`/topics` and `/topic/<name>`: what documents speak of, and what each one says of a topic."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import ClaimFilter, TopicEntry
from digitech_kg.claims.labels import choose_text
from digitech_kg.errors import NotFound
from digitech_kg.formats import HTML
from digitech_kg.namespaces import DK, SKOS
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.reading.claim_views import load_claims_of
from digitech_kg.web.reading.documents import DocumentName, name_documents
from digitech_kg.web.reading.labels import (
    PAGE_OR_DATA,
    Labels,
    Name,
    data_links,
    data_of,
    link_header,
    nothing_about,
    preferred_languages,
)
from digitech_kg.web.reading.marks import MainClaim, mark_main
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.site import Site

#: Main claims of a document that are shown without unfolding them.
_SHOWN: Final = 12


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
class Says:
    """What a document says on a topic: its first main claims, and those that fold out."""

    document: DocumentName
    claims: tuple[MainClaim, ...]
    folded: tuple[MainClaim, ...]


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
    documents: tuple[Says, ...]
    #: How many documents there are, whether they speak of it or not.
    total: int
    issues: tuple[tuple[str, str], ...]
    things: tuple[Name, ...]

    @property
    def finding(self) -> str:
        """How many documents speak of it, and in how many main claims."""
        count = sum(len(says.claims) + len(says.folded) for says in self.documents)
        return (
            ngettext(
                "%(some)s of %(all)s documents speaks of it, in one main claim.",
                "%(some)s of %(all)s documents speak of it, in %(num)d main claims.",
                count,
                some=len(self.documents),
                all=self.total,
            )
            if count
            else _("No document here has a main claim on it.")
        )


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
    topic, documents = book.topics.get(name), name_documents(reader, language)
    if topic is None:
        raise NotFound(f"there is no topic '{name[:60]}'", hint="/topics lists them all.", code="unknown-topic")
    mains = book.find_claims(ClaimFilter(topic=topic.iri, part="0"), order="text")
    parts = book.parts_of(mains)
    views = {
        view.iri: view
        for view in load_claims_of(reader, [*mains, *(iri for found in parts.values() for iri in found)], language)
    }
    told: dict[str, list[MainClaim]] = defaultdict(list)
    for view in (views[iri] for iri in mains if iri in views):
        document = documents.get(view.document_key or "")
        if document:
            own = tuple(views[iri] for iri in parts.get(view.iri, ()) if iri in views)
            told[document.key].append(mark_main(view, document, own))
    things = [iri for iri, _by in book.pointing(topic.iri, DK.hasTopic) if iri.startswith(reader.names.prefixes["id"])]
    labels = Labels(reader, language, things)
    above = [other for other in book.topics.values() if other.iri == topic.broader]
    below = [other for other in book.topics.values() if other.broader == topic.iri]
    return TopicView(
        topic.name,
        topic.iri,
        _text(topic, languages),
        (choose_text(topic.definition, languages) or ("", ""))[1],
        tuple((other.name, _text(other, languages)) for other in above),
        tuple((other.name, _text(other, languages)) for other in below),
        tuple(
            Says(documents[key], tuple(told[key][:_SHOWN]), tuple(told[key][_SHOWN:]))
            for key in documents
            if key in told
        ),
        len(documents),
        tuple(
            (issue.name, (choose_text(issue.question, languages) or ("", issue.name))[1])
            for issue in book.issues.values()
            if topic.iri in issue.topics
        ),
        tuple(sorted(map(labels.name, things), key=lambda thing: thing.text.casefold())),
    )


def _text(topic: TopicEntry, languages: tuple[str, ...]) -> str:
    return (choose_text(topic.label, languages) or ("", topic.name))[1]


def topics_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of both pages; the IRI of a topic leads programs to its data."""
    reader = site.reader

    def is_scheme(iri: str) -> bool:
        """Whether an IRI is that of all topics together."""
        return any(iri == scheme for scheme, _by in reader.book.instances(SKOS.ConceptScheme))

    def answer_programs() -> WerkzeugResponse | None:
        if request.endpoint != "topics.topic":
            return None
        fmt, name = requested_format(PAGE_OR_DATA), (request.view_args or {}).get("name", "")
        if fmt is HTML:
            return None
        iri = reader.names.prefixes["topic"] + name
        if name not in reader.book.topics and not is_scheme(iri):
            raise nothing_about(f"topic/{name}")
        response = redirect(data_of(iri, fmt, reader.names), code=303)
        response.headers["Link"] = link_header(iri, reader.names)
        return response

    blueprint = site.blueprint("topics", __name__, programs=answer_programs)

    @blueprint.get("/topics")
    def board() -> str:
        return render_template("topics.html", page=view_board(reader, current_language()))

    @blueprint.get("/topic/<name>")
    def topic(name: str) -> WerkzeugResponse:
        if is_scheme(reader.names.prefixes["topic"] + name):
            return redirect(url_for("topics.board"), code=303)
        view = view_topic(reader, name, current_language())
        shown = render_template("topic.html", page=view, **data_links(view.iri, reader.names))
        return Response(shown, headers={"Link": link_header(view.iri, reader.names)}, mimetype=HTML.media_type)

    return blueprint
