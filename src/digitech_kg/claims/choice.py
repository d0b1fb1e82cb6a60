"""Which pattern says a claim: that of what is done, of the value, or else of the predicate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from digitech_kg.claims.clauses import Clause, SentencePatterns
from digitech_kg.claims.labels import Labels
from digitech_kg.claims.languages import Language
from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import DK

#: Predicates that say of a thing only that it is done, by whether the doer is the object.
_DOING: Final = {DK.conducts: False, DK.adopts: False, DK.isConductedBy: True, DK.isAdoptedBy: True}
#: What is said of a deed and has no place in its pattern, by whether the doer is the object.
_OF_DEEDS: Final = (DK.objectQuantifier, DK.objectCount, DK.focus), (DK.subjectQuantifier, DK.subjectCount)


@dataclass(frozen=True, slots=True)
class PatternChoice:
    """Chooses among patterns in one language."""

    language: Language
    patterns: SentencePatterns
    labels: Labels

    def choose(self, claim: Claim) -> Clause:
        """Return what a claim says without its reserves; a name and a value if nothing has a pattern."""
        found = self._deed(claim) or self._find(claim.object) or self._find(claim.predicate, claim)
        name = self.labels.text(claim.predicate, self.language.tag).replace("{", "(").replace("}", ")")
        return found or Clause("{subject}:", "", "", name + ": {object}")

    def _find(self, term: Any, claim: Claim | None = None) -> Clause | None:
        """Return the pattern of a term that asks for most of what a claim has."""
        found = [clause for clause in self.patterns.find(term, self.language.tag) if not clause.is_deed]
        suiting = [clause for clause in found if claim is None or self._suits(clause, claim)]
        return max(suiting, key=lambda clause: (len(clause.beside) + len(clause.kinds), clause.after), default=None)

    def _suits(self, clause: Clause, claim: Claim) -> bool:
        ends = ((claim.subject if end == "subject" else claim.object, DK[kind]) for end, kind in clause.kinds)
        return all(map(claim.all, clause.beside)) and all(self.patterns.is_of(thing, kind) for thing, kind in ends)

    def _deed(self, claim: Claim) -> Clause | None:
        """Return the clause of what a claim says that somebody does, if it has a pattern of its own."""
        by_object = _DOING.get(claim.predicate) if claim.predicate else None
        if by_object is None or any(map(claim.all, _OF_DEEDS[by_object])):
            return None
        found = self.patterns.find(claim.subject if by_object else claim.object, self.language.tag)
        clause = next((each for each in found if each.is_deed), None)
        if clause and by_object:  # The doer then stands in the place of the object.
            return replace(clause, before=clause.before.replace("{subject}", "{object}"))
        return clause
