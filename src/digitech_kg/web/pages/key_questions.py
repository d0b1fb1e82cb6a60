"""What people ask first of a thing of some class: which claims answer, so that its page can begin with them.

The questions are data: subjects with `dk:askedOfClass` in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.book import Term
from digitech_kg.namespaces import DK, SH
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader

_PROPERTIES: Final = (DK.askedOfClass, SH.order, DK.answerPredicate, DK.incomingAnswerPredicate, DK.tellsSilence)


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    """A question, answered by claims with these predicates that have the thing as subject, or as object."""

    name: Name
    asked_of: str
    predicates: frozenset[str]
    incoming: bool
    #: Whether the page says so if a document does not answer.
    needed: bool


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """A question with its claims; none means that the document does not say."""

    name: Name
    claims: tuple[ClaimView, ...]


def list_key_questions(reader: GraphReader, kinds: Iterable[str], language: str) -> tuple[KeyQuestion, ...]:
    """Return the questions asked of a thing of some kinds, in their order; of several kinds the first one asked of."""
    questions, of = _load(reader, reader.version, language), set(kinds)
    asked = next((each.asked_of for each in questions if each.asked_of in of), None)
    return tuple(each for each in questions if each.asked_of == asked)


@lru_cache(maxsize=8)
def _load(reader: GraphReader, _version: str, language: str) -> tuple[KeyQuestion, ...]:
    told = reader.book.values(reader.book.having(DK.askedOfClass), *_PROPERTIES)
    labels = Labels(reader, language, told)
    in_order = sorted(told, key=lambda iri: (int(_first(told[iri], SH.order) or 0), iri))
    return tuple(_question(labels.name(iri), told[iri]) for iri in in_order)


def _question(name: Name, told: Mapping[NamedNode, Sequence[Term]]) -> KeyQuestion:
    incoming = told.get(DK.incomingAnswerPredicate, ())
    return KeyQuestion(
        name,
        _first(told, DK.askedOfClass),
        frozenset(term.value for term in incoming or told.get(DK.answerPredicate, ())),
        bool(incoming),
        _first(told, DK.tellsSilence) == "true",
    )


def _first(told: Mapping[NamedNode, Sequence[Term]], prop: NamedNode) -> str:
    return next((term.value for term in told.get(prop, ())), "")


def answer_questions(
    questions: Iterable[KeyQuestion], about: Iterable[ClaimView], towards: Iterable[ClaimView]
) -> tuple[KeyAnswer, ...]:
    """Answer questions from the claims of one document about a thing, and those with it as object."""
    sides = {False: tuple(about), True: tuple(towards)}
    found = ((question, _answer(question, sides[question.incoming])) for question in questions)
    return tuple(answer for question, answer in found if answer.claims or question.needed)


def _answer(question: KeyQuestion, claims: tuple[ClaimView, ...]) -> KeyAnswer:
    return KeyAnswer(question.name, tuple(claim for claim in claims if claim.predicate.iri in question.predicates))
