"""Which pattern says a claim: that of a share, of what is done, of the value, or else of the predicate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from digitech_kg.claims.clauses import Clause, SentencePatterns
from digitech_kg.claims.labels import Labels
from digitech_kg.claims.languages import Language
from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import DK

#: Predicates that say of a thing only that it is done, by whether the doer is the object.
_DOING: Final = {DK.conducts: False, DK.adopts: False, DK.isConductedBy: True, DK.isAdoptedBy: True}
#: What is said of a deed and has no place in its pattern, by whether the doer is the object.
_OF_DEEDS: Final = {
    False: (DK.objectQuantifier, DK.objectCount, DK.focus),
    True: (DK.subjectQuantifier, DK.subjectCount),
}


@dataclass(frozen=True, slots=True)
class PatternChoice:
    """Chooses among patterns in one language."""

    language: Language
    patterns: SentencePatterns
    labels: Labels

    def choose(self, claim: Claim, together: Sequence[Claim] = ()) -> Clause:
        """Return what a claim says without its reserves; a name and a value if nothing has a pattern.

        Claims said `together` with it have the same predicate.
        """
        value = claim.object if all(each.object == claim.object for each in together) else None
        found = self._share(claim) or self._deed(claim, together)
        found = found or self._find(value) or self._find(self._predicate(claim))
        name = self.labels.text(claim.predicate, self.language.tag).replace("{", "(").replace("}", ")")
        return found or Clause("{subject}:", "", "", name + ": {object}")

    def _find(self, term: Any) -> Clause | None:
        return self.patterns.find(term, self.language.tag)

    def _share(self, claim: Claim) -> Clause | None:
        """Return the clause that has a place for an owner's share, if the claim tells one: "Anna owns 2 per cent"."""
        return self._find(DK.ownershipShare) if claim.all(DK.ownershipShare) else None

    def _deed(self, claim: Claim, together: Sequence[Claim]) -> Clause | None:
        """Return the clause of what a claim says that somebody does, if it has a pattern of its own."""
        by_object = _DOING.get(claim.predicate) if claim.predicate else None
        if by_object is None or any(map(claim.all, _OF_DEEDS[by_object])):
            return None
        deeds = {each.subject if by_object else each.object for each in (claim, *together)}
        clause = self.patterns.find_deed(deeds.pop(), self.language.tag) if len(deeds) == 1 else None
        return clause.done_by_object() if clause and by_object else clause

    def _predicate(self, claim: Claim) -> NamedNode | None:
        """Return the predicate to say: a group that is part of a larger one of its kind is among those in it."""
        if claim.predicate != DK.isPartOf or claim.all(DK.degree):
            return claim.predicate
        names = [self.labels.text(term, self.language.tag) for term in (claim.subject, claim.object)]
        shorter, longer = sorted(map(self.language.noun_of, names), key=len)
        of_a_kind = all(map(self.language.is_counted, names)) and longer.endswith(shorter)
        return DK.isAmong if of_a_kind else claim.predicate
