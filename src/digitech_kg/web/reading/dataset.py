"""What the dataset says of itself: title, licence, publisher and so on, and its saved questions."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flask import Flask
from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.book import Term
from digitech_kg.claims.labels import choose_text
from digitech_kg.description import Metadata, metadata_of
from digitech_kg.engine import QueryService
from digitech_kg.errors import DigitechError, NotFound
from digitech_kg.namespaces import DCAT, DCTERMS, DK, RDFS, SH, SPEX
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.reading.labels import preferred_languages
from digitech_kg.web.reading.reader import GraphReader

#: Short names of the licences that data and programs have; others are called by their address.
_LICENCES: Final = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/licenses/by-nc/4.0/": "CC-BY-NC-4.0",
    "https://creativecommons.org/licenses/by-sa/3.0/": "CC-BY-SA-3.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC-BY-SA-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL-1.0",
    "https://opensource.org/license/mit": "MIT",
    "https://www.gnu.org/licenses/old-licenses/lgpl-2.1.html": "LGPL-2.1",
}


@dataclass(frozen=True)
class DatasetView:
    """The dataset as pages show it: its title and description in one language, with their own where it is another."""

    metadata: Metadata
    #: What the head of each page calls it: the alternative title if there is one.
    brand: str
    title: str
    title_language: str
    description: str
    description_language: str


def licence_name(iri: str) -> str:
    """Return the SPDX name of a licence, or its address.

    >>> licence_name("https://creativecommons.org/licenses/by/4.0/")
    'CC-BY-4.0'
    """
    return _LICENCES.get(iri, iri)


def read_metadata(reader: GraphReader) -> Metadata:
    """Return what the dataset says of itself; read once per snapshot."""
    return _read(reader, reader.version)


@lru_cache(maxsize=4)
def _read(reader: GraphReader, version: str) -> Metadata:
    book, dataset = reader.book, reader.names.dataset
    own = book.facts(dataset.value)
    agents = {f.value.value for f in own if f.property in (DCTERMS.publisher, DCTERMS.creator)}
    facts = [*own, *(fact for agent in sorted(agents) for fact in book.facts(agent))]
    triples = (Triple(NamedNode(fact.subject), fact.property, fact.value) for fact in facts)
    created = reader.service.snapshot.manifest.created
    return metadata_of(triples, reader.names, snapshot=version, created=created)


def view_dataset(reader: GraphReader, metadata: Metadata, language: str) -> DatasetView:
    """Return the dataset in a language where it can be."""
    languages = preferred_languages(reader.names, language)
    title_tag, title = choose_text(metadata.titles, languages) or (languages[0], metadata.title)
    tag, description = choose_text(metadata.descriptions, languages) or (languages[0], "")
    _, brand = choose_text(metadata.short_titles, languages) or ("", title)
    return DatasetView(
        metadata,
        brand,
        title,
        "" if title_tag == languages[0] else title_tag,
        description,
        "" if tag == languages[0] else tag,
    )


def register_dataset(app: Flask, service: QueryService) -> None:
    """Let every template name the dataset, its licence and its base IRI."""
    reader = GraphReader(service)
    app.jinja_env.globals.update(licence_name=licence_name, base_iri=reader.names.base)

    @app.context_processor
    def context() -> dict[str, Any]:
        try:
            metadata, several = read_metadata(reader), len(reader.book.documents) > 1
        except DigitechError:
            # A page that tells of a failing engine is shown all the same.
            metadata, several = metadata_of((), reader.names, snapshot="", created=""), False
        return {"dataset": view_dataset(reader, metadata, current_language()), "several_documents": several}


#: How a question holds its query, by the query's form.
_QUERIES: Final = (SH.select, SH.ask, SH.construct)


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """A saved question as the pages show it."""

    name: str
    label: str
    description: str
    text: str
    tags: tuple[str, ...]
    #: Endpoints elsewhere that it asks, as IRIs.
    endpoints: tuple[str, ...] = ()
    #: Of the label, if it is not the page's.
    language: str = ""
    #: What it is listed under for readers; "" for a question that only programs ask.
    group: str = ""


def list_questions(service: QueryService, language: str) -> tuple[SavedQuestion, ...]:
    """Return all saved questions by name, labelled in a language where they can be; read once per snapshot."""
    return _load_questions(GraphReader(service), service.snapshot.version, language)


@lru_cache(maxsize=8)
def _load_questions(reader: GraphReader, _version: str, language: str) -> tuple[SavedQuestion, ...]:
    languages, root = preferred_languages(reader.names, language), reader.names.prefixes["query"]
    iris = [iri for iri, _ in reader.book.instances(DK.SavedQuestion)]
    properties = (RDFS.label, DCTERMS.description, DCTERMS.subject, *_QUERIES, DCAT.keyword, SPEX.federatesWith)
    told = reader.book.values(iris, *properties)
    return tuple(_question(iri.removeprefix(root), told[iri], languages) for iri in iris if iri in told)


def _question(name: str, told: Mapping[NamedNode, Sequence[Term]], languages: tuple[str, ...]) -> SavedQuestion:
    def texts(*properties: NamedNode) -> tuple[str, ...]:
        return tuple(term.value for prop in properties for term in told.get(prop, ()))

    def best(prop: NamedNode) -> tuple[str, str] | None:
        terms = (term for term in told.get(prop, ()) if isinstance(term, Literal))
        return choose_text({term.language or "": term.value for term in terms}, languages)

    language, label = best(RDFS.label) or ("", name)
    return SavedQuestion(
        name,
        label,
        next(iter(texts(DCTERMS.description)), ""),
        next(iter(texts(*_QUERIES)), ""),
        texts(DCAT.keyword),
        texts(SPEX.federatesWith),
        "" if language == languages[0] else language,
        (best(DCTERMS.subject) or ("", ""))[1],
    )


def find_question(service: QueryService, name: str, language: str) -> SavedQuestion:
    """Return the saved question of this name. Raises `NotFound` with names that look alike."""
    questions = {question.name: question for question in list_questions(service, language)}
    if name in questions:
        return questions[name]
    close = difflib.get_close_matches(name, questions, n=3)
    hint = "The page Data lists all saved questions."
    if close:
        hint = f"Did you mean: {', '.join(close)}?"
    raise NotFound(f"there is no saved question '{name}'", hint=hint, code="unknown-question")
