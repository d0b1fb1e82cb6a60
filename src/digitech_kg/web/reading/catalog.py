"""The saved questions, read from the catalogue graph of the snapshot."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from functools import lru_cache

from digitech_kg.engine import QueryRequest, QueryService
from digitech_kg.engine.federation import WELL_KNOWN
from digitech_kg.errors import NotFound
from digitech_kg.formats import by_name
from digitech_kg.namespaces import PREFIXES

_QUESTIONS = f"""
PREFIX dcat: <{PREFIXES["dcat"]}>
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX dk: <{PREFIXES["dk"]}>
PREFIX graph: <{PREFIXES["graph"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX sh: <{PREFIXES["sh"]}>
PREFIX spex: <{PREFIXES["spex"]}>
SELECT ?question ?description ?text
  (SAMPLE(?english) AS ?label) (COALESCE(SAMPLE(?translated), "") AS ?local)
  (GROUP_CONCAT(DISTINCT ?tag; SEPARATOR=", ") AS ?tags)
  (GROUP_CONCAT(DISTINCT COALESCE(STR(?other), ""); SEPARATOR=" ") AS ?others)
WHERE {{
  GRAPH graph:catalog {{
    ?question a dk:SavedQuestion ;
      rdfs:label ?english ;
      dcterms:description ?description ;
      sh:select|sh:ask|sh:construct ?text ;
      dcat:keyword ?tag .
    FILTER(LANG(?english) = "en")
    OPTIONAL {{ ?question rdfs:label ?translated FILTER(LANG(?translated) = "%(language)s") }}
    OPTIONAL {{ ?question spex:federatesWith ?other }}
  }}
}}
GROUP BY ?question ?description ?text
ORDER BY ?question
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question as the pages show it."""

    name: str
    label: str
    description: str
    text: str
    tags: tuple[str, ...]
    #: Endpoints elsewhere that it asks, as IRIs.
    endpoints: tuple[str, ...] = ()
    #: Of the label, if it is not the page's; all else is English.
    language: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """What `--service-allow` has to be given for it: well-known names, or IRIs."""
        names = {iri: name for name, iri in WELL_KNOWN.items()}
        return tuple(names.get(iri, iri) for iri in self.endpoints)

    @property
    def silent(self) -> str:
        """Its text with what an endpoint that fails would have added left out."""
        return re.sub(r"\bSERVICE\s+<", "SERVICE SILENT <", self.text)


def list_questions(service: QueryService, language: str) -> tuple[Question, ...]:
    """Give all saved questions by name, labelled in a language where they can be; read once per snapshot."""
    return _load_questions(service, service.snapshot.version, language)


@lru_cache(maxsize=8)
def _load_questions(service: QueryService, _version: str, language: str) -> tuple[Question, ...]:
    with service.query(QueryRequest(_QUESTIONS % {"language": language}, by_name("json"), None)) as answer:
        rows = json.loads(answer.read())["results"]["bindings"]
    return tuple(
        Question(
            row["question"]["value"].removeprefix(PREFIXES["query"]),
            row["local"]["value"] or row["label"]["value"],
            row["description"]["value"],
            row["text"]["value"],
            tuple(sorted(row["tags"]["value"].split(", "))),
            tuple(row["others"]["value"].split()),
            "" if row["local"]["value"] else "en",
        )
        for row in rows
    )


def find_question(service: QueryService, name: str, language: str) -> Question:
    """Give the saved question of this name. Raises `NotFound` with names that look alike."""
    questions = {question.name: question for question in list_questions(service, language)}
    if name in questions:
        return questions[name]
    close = difflib.get_close_matches(name, questions, n=3)
    hint = f"Did you mean: {', '.join(close)}?" if close else "The start page lists all saved questions."
    raise NotFound(f"there is no saved question '{name}'", hint=hint)
