"""What follows from assertions by the rules, kept ready so that a small change costs only what it touches.

Facts are retracted by deleting all that may have depended on them and deriving again what has another support: all
derivations are kept, so no rule runs for that. Source: Gupta, Mumick and Subrahmanian, Maintaining views
incrementally, SIGMOD 1993 (the algorithm DRed).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse

from digitech_kg.namespaces import GRAPH, PREFIXES
from digitech_kg.reasoning.proofs import Theory
from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Saturation

_VOCABULARY = tuple("<" + PREFIXES[name] for name in ("owl", "rdf", "rdfs", "xsd"))


class Materialization:
    """All facts about individuals that follow from premises by the rules."""

    def __init__(self, premises: Sequence[Triple], properties: Iterable[object]) -> None:
        self._theory = Theory.of(premises)
        self._keys = {TYPE, *map(str, properties)}
        self._saturation = Saturation(self._theory.rules)
        #: Premise → derivations that use it.
        self._uses: dict[Fact, set[Derivation]] = defaultdict(set)
        self._asserted: dict[Fact, Derivation] = {
            derivation.conclusion: derivation for derivation in self._theory.given if derivation.leaves
        }
        self._next_leaf = len(self._theory.leaves)
        self._index(self._saturation.add(self._theory.given))

    @property
    def is_consistent(self) -> bool:
        """Whether the rules find no contradiction."""
        return CLASH not in self._saturation.found.by_conclusion

    def facts(self) -> set[Fact]:
        """Give the facts between named things, stated ones included."""
        return {fact for fact in self._saturation.found.facts.known if self._is_telling(fact)}

    def holds(self, fact: Fact) -> bool:
        """Whether a fact is stated or follows."""
        return fact in self._saturation.found.facts.known and self._is_telling(fact)

    def change(self, added: Iterable[Triple], removed: Iterable[Triple]) -> set[Fact]:
        """Take assertions in and out; give the facts that hold now and did not before, or the other way round."""
        gone = self._retract([d for t in removed if (d := self._asserted.pop(fact_of(t), None)) is not None])
        come = {derivation.conclusion for derivation in self._assert(added)}
        return {fact for fact in gone | come if self._is_telling(fact)}

    def _assert(self, triples: Iterable[Triple]) -> list[Derivation]:
        given = []
        for triple in triples:
            fact = fact_of(triple)
            if isinstance(triple.object, Literal):
                self._theory.literals[fact[2]] = triple.object
            if fact not in self._asserted:
                self._asserted[fact] = Derivation(fact, (), (self._next_leaf,))
                self._next_leaf += 1
                given.append(self._asserted[fact])
        return self._index(self._saturation.add(given))

    def _index(self, derivations: list[Derivation]) -> list[Derivation]:
        for derivation in derivations:
            for premise in derivation.premises:
                self._uses[premise].add(derivation)
        return derivations

    def _retract(self, derivations: Iterable[Derivation]) -> set[Fact]:
        by_conclusion = self._saturation.found.by_conclusion
        roots = []
        for derivation in derivations:
            self._forget(derivation)
            roots.append(derivation.conclusion)
        gone = self._unsupported(self._dependent(roots))
        for fact in gone:
            for derivation in (*by_conclusion.get(fact, ()), *self._uses.get(fact, ())):
                self._forget(derivation)
            by_conclusion.pop(fact, None)
            self._uses.pop(fact, None)
            self._saturation.found.facts.remove(fact)
        return gone

    def _dependent(self, roots: Iterable[Fact]) -> set[Fact]:
        """Give the facts that a derivation leads to from these, themselves included."""
        found: set[Fact] = set()
        pending = list(roots)
        while pending:
            fact = pending.pop()
            if fact not in found:
                found.add(fact)
                pending += [derivation.conclusion for derivation in self._uses.get(fact, ())]
        return found

    def _unsupported(self, doubtful: set[Fact]) -> set[Fact]:
        """Give those of the doubtful facts that no derivation from facts beyond doubt leads to."""
        pending = list(doubtful)
        while pending:
            fact = pending.pop()
            derivations = self._saturation.found.by_conclusion.get(fact, ())
            if fact in doubtful and any(doubtful.isdisjoint(derivation.premises) for derivation in derivations):
                doubtful.discard(fact)
                pending += [derivation.conclusion for derivation in self._uses.get(fact, ())]
        return doubtful

    def _forget(self, derivation: Derivation) -> None:
        if derivation not in self._saturation.seen:
            return
        self._saturation.seen.discard(derivation)
        self._saturation.found.by_conclusion[derivation.conclusion].remove(derivation)
        for premise in derivation.premises:
            self._uses[premise].discard(derivation)

    def _is_telling(self, fact: Fact) -> bool:
        subject, predicate, value = fact
        return predicate in self._keys and not subject.startswith("_:") and not value.startswith(("_:", *_VOCABULARY))


def fact_of(triple: Triple) -> Fact:
    """Give a triple as a fact."""
    return str(triple.subject), str(triple.predicate), str(triple.object)


def quad_of(fact: Fact) -> Quad:
    """Give a fact as a quad of `graph:inferred`."""
    subject, predicate, value = fact
    (quad,) = parse(f"{subject} {predicate} {value} .", format=RdfFormat.N_TRIPLES)
    return Quad(quad.subject, quad.predicate, quad.object, GRAPH.inferred)
