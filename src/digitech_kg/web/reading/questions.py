"""The saved questions of a dataset, as readers see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from digitech_kg.book import QUERIES, Term
from digitech_kg.errors import not_there
from digitech_kg.namespaces import DCTERMS, DK, RDFS, SPEX
from digitech_kg.web.reading.reader import GraphReader, by_language, once_per_version


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    name: str
    label: str
    description: str
    text: str
    #: Endpoints elsewhere that it asks, as IRIs.
    endpoints: tuple[str, ...] = ()
    #: The language of the label, if it is not the page's.
    language: str = ""
    #: What it is listed under for readers; "" for a question that only programs ask.
    group: str = ""


@once_per_version
def list_questions(reader: GraphReader) -> tuple[SavedQuestion, ...]:
    """Return all saved questions by name, labelled in the reader's language where they can be."""
    root = reader.names.prefixes["query"]
    iris = [iri for iri, _ in reader.book.instances(DK.SavedQuestion)]
    properties = (RDFS.label, DCTERMS.description, DCTERMS.subject, *QUERIES, SPEX.federatesWith)
    told = reader.book.values(iris, *properties)
    return tuple(_question(reader, iri.removeprefix(root), told[iri]) for iri in iris if iri in told)


def _question(reader: GraphReader, name: str, told: Mapping[NamedNode, Sequence[Term]]) -> SavedQuestion:
    def texts(*properties: NamedNode) -> tuple[str, ...]:
        return tuple(term.value for prop in properties for term in told.get(prop, ()))

    label, language = reader.text_and_language(by_language(told.get(RDFS.label, ())), name)
    description, text = (next(iter(found), "") for found in (texts(DCTERMS.description), texts(*QUERIES)))
    group = reader.text(by_language(told.get(DCTERMS.subject, ())))
    return SavedQuestion(name, label, description, text, texts(SPEX.federatesWith), language, group)


def find_question(reader: GraphReader, name: str) -> SavedQuestion:
    """Return the saved question of this name. Raises `NotFound` with names that look alike."""
    questions = {question.name: question for question in list_questions(reader)}
    if name not in questions:
        raise not_there("saved question", name, questions, "The page Data lists all saved questions.")
    return questions[name]
