"""The saved questions, read from the catalogue graph of the snapshot."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from pyoxigraph import Literal

from digitech_kg.engine import QueryService
from digitech_kg.errors import NotFound
from digitech_kg.web.reading.labels import choose_text, preferred_languages
from digitech_kg.web.reading.reader import GraphReader, Row, text_of

_QUESTIONS: Final = """
SELECT ?question ?label ?description ?text ?tag ?other
WHERE {
  GRAPH graph:catalog {
    ?question a dk:SavedQuestion ;
      rdfs:label ?label ;
      dcterms:description ?description ;
      sh:select|sh:ask|sh:construct ?text .
    OPTIONAL { ?question dcat:keyword ?tag }
    OPTIONAL { ?question spex:federatesWith ?other }
  }
}
ORDER BY ?question ?tag ?other
"""


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
    groups = groupby(reader.rows(_QUESTIONS), key=lambda row: text_of(row, "question"))
    return tuple(_question(iri.removeprefix(root), list(rows), languages) for iri, rows in groups)


def _question(name: str, rows: list[Row], languages: tuple[str, ...]) -> SavedQuestion:
    labels = {term.language or "": term.value for row in rows if isinstance(term := row["label"], Literal)}
    language, label = choose_text(labels, languages) or ("", name)
    return SavedQuestion(
        name,
        label,
        text_of(rows[0], "description"),
        text_of(rows[0], "text"),
        tuple(dict.fromkeys(text_of(row, "tag") for row in rows if "tag" in row)),
        tuple(dict.fromkeys(text_of(row, "other") for row in rows if "other" in row)),
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
