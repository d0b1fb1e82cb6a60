"""What a policy analyst asks is answered from schema terms and the names in the question (`analyst.py`)."""

import re

import pytest
from pyoxigraph import Store

from analyst import Question, answer, read_questions

QUESTIONS = read_questions()


@pytest.mark.parametrize("question", QUESTIONS, ids=[question.id for question in QUESTIONS])
def test_the_graph_gives_the_full_answer(question: Question, in_memory: Store) -> None:
    assert answer(in_memory, question.query) == question.expected, question.en


def test_there_are_150_questions_half_of_them_from_plain_triples() -> None:
    plain = [question for question in QUESTIONS if question.form == "plain"]
    assert len(QUESTIONS) >= 150
    assert len(plain) >= len(QUESTIONS) / 2
    assert not any(re.search(r"dk:(?:subject|predicate|object|value)\b", question.query) for question in plain)
    for wordings in ({question.en for question in QUESTIONS}, {question.nb for question in QUESTIONS}):
        assert len(wordings) == len(QUESTIONS)


def test_no_query_searches_labels_or_lists_individuals() -> None:
    searching = re.compile(r"rdfs:label|\bVALUES\b|\bIN\s*\(|\bLCASE\b", re.IGNORECASE)
    assert not [question.id for question in QUESTIONS if searching.search(question.query)]


def test_almost_every_question_has_an_answer() -> None:
    assert len([question for question in QUESTIONS if not question.expected]) <= 7
