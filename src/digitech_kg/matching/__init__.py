"""Which of a project's things a name means."""

from digitech_kg.matching.entities import entities_of, read_term_id, stated_plainly, term_id
from digitech_kg.matching.ranking import MATCH_SCORE, Candidate, Entity, NameIndex

__all__ = [
    "MATCH_SCORE",
    "Candidate",
    "Entity",
    "NameIndex",
    "entities_of",
    "read_term_id",
    "stated_plainly",
    "term_id",
]
