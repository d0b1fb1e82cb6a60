"""Which of a project's things a name means."""

from digitech_kg.matching.ranking import MATCH_SCORE, Candidate, Entity, NameIndex, read_term_id, term_id

__all__ = ["MATCH_SCORE", "Candidate", "Entity", "NameIndex", "read_term_id", "term_id"]
