"""The saved questions of the dataset."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.book import Term
from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DCAT, DCTERMS, DK, RDFS, SH, SPEX
from digitech_kg.web.reading.labels import choose_text, preferred_languages
from digitech_kg.web.reading.reader import GraphReader

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


def list_questions(service: QueryService, language: str) -> tuple[SavedQuestion, ...]:
    """Return all saved questions by name, labelled in a language where they can be; read once per snapshot."""
    return _load_questions(GraphReader(service), service.snapshot.version, language)


@lru_cache(maxsize=8)
def _load_questions(reader: GraphReader, _version: str, language: str) -> tuple[SavedQuestion, ...]:
    languages, root = preferred_languages(reader.names, language), reader.names.prefixes["query"]
    iris = [iri for iri, _ in reader.book.instances(DK.SavedQuestion)]
    properties = (RDFS.label, DCTERMS.description, *_QUERIES, DCAT.keyword, SPEX.federatesWith)
    told = reader.book.values(iris, *properties)
    return tuple(_question(iri.removeprefix(root), told[iri], languages) for iri in iris if iri in told)


def _question(name: str, told: Mapping[NamedNode, Sequence[Term]], languages: tuple[str, ...]) -> SavedQuestion:
    def texts(*properties: NamedNode) -> tuple[str, ...]:
        return tuple(term.value for prop in properties for term in told.get(prop, ()))

    labels = {term.language or "": term.value for term in told.get(RDFS.label, ()) if isinstance(term, Literal)}
    language, label = choose_text(labels, languages) or ("", name)
    return SavedQuestion(
        name,
        label,
        next(iter(texts(DCTERMS.description)), ""),
        next(iter(texts(*_QUERIES)), ""),
        texts(DCAT.keyword),
        texts(SPEX.federatesWith),
        "" if language == languages[0] else language,
    )


def find_question(service: QueryService, name: str, language: str) -> SavedQuestion:
    """Return the saved question of this name. Raises `NotFound` with names that look alike."""
    questions = {question.name: question for question in list_questions(service, language)}
    if name in questions:
        return questions[name]
    close = difflib.get_close_matches(name, questions, n=3)
    hint = "The start page lists all saved questions."
    if close:
        hint = f"Did you mean: {', '.join(close)}?"
    raise NotFound(f"there is no saved question '{name}'", hint=hint, code="unknown-question")
