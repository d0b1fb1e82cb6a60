"""Derive all that rules lead to from facts.

Facts are triples of N-Triples terms. A derivation leads from premises (facts) and leaves (numbers of the axioms and
assertions it uses) to a conclusion. `CLASH` is the conclusion that says that the facts contradict each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from digitech_kg.iteration import reachable
from digitech_kg.namespaces import OWL, RDF

Fact = tuple[str, str, str]
TYPE: Final = str(RDF.type)
SAME: Final = str(OWL.sameAs)
CLASH: Final[Fact] = ("", "clash", "")
#: Begins the name of the individual that stands for the unknown value which a restriction promises.
WITNESS: Final = "_:some value of "


class Derivation(NamedTuple):
    """One application of a rule."""

    conclusion: Fact
    premises: tuple[Fact, ...]
    leaves: tuple[int, ...]


class Rule(NamedTuple):
    """What to do with a new fact: `triggers` are the classes and properties it looks at, `gives` those it leads to.

    An empty `gives` stands for a rule whose conclusion can be about anything.
    """

    triggers: frozenset[str]
    gives: frozenset[str]
    apply: Callable[[Facts, Fact], Iterable[Derivation]]
    #: Whether it can matter that an individual is in a class among the triggers; None if it always can.
    concerns: Callable[[Facts, str, str], bool] | None = None


def key_of(fact: Fact) -> str:
    """Return the class of a type assertion, the property of any other fact."""
    return fact[2] if fact[1] == TYPE else fact[1]


class Facts:
    """Facts in the order in which they became known, with the look-ups that joins need."""

    def __init__(self) -> None:
        #: Each fact with the derivation by which it became known.
        self.known: dict[Fact, Derivation] = {}
        self.order: list[Fact] = []
        self._forward: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._backward: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def index(self, fact: Fact) -> None:
        """Let look-ups find a fact."""
        subject, predicate, value = fact
        self._forward[subject][predicate].append(value)
        self._backward[value][predicate].append(subject)

    def unindex(self, fact: Fact) -> None:
        """Hide the fact that was indexed last."""
        subject, predicate, value = fact
        self._forward[subject][predicate].pop()
        self._backward[value][predicate].pop()

    def values(self, subject: str, role: str, *, inverse: bool = False) -> Sequence[str]:
        """Return what the subject is related to by a property, or what is related to it."""
        found = (self._backward if inverse else self._forward).get(subject)
        return found.get(role, ()) if found is not None else ()

    def individuals(self) -> list[str]:
        """Return everything that stands in a fact, literals too."""
        return list(dict.fromkeys(end for s, p, o in self.order for end in ((s,) if p == TYPE else (s, o))))

    def is_member(self, individual: str, cls: str) -> bool:
        return (individual, TYPE, cls) in self.known

    def about(self, individual: str) -> list[Fact]:
        ahead = [(individual, p, v) for p, values in self._forward.get(individual, {}).items() for v in values]
        behind = self._backward.get(individual, {}).items()
        return ahead + [(s, p, individual) for p, subjects in behind if p != TYPE for s in subjects if s != individual]


class Saturation:
    """Facts with all that follows from them by rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.facts = Facts()
        self._indexed = 0
        self._by_key: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            for key in rule.triggers:
                self._by_key[key].append(rule)

    @property
    def is_consistent(self) -> bool:
        return CLASH not in self.facts.known

    def add(self, given: Iterable[Derivation], *, until_clash: bool = False) -> None:
        """Add derivations and all that follows from them; with `until_clash` only up to the first contradiction."""
        facts = self.facts
        for derivation in given:
            self._note(derivation)
        while self._indexed < len(facts.order):
            if until_clash and CLASH in facts.known:
                return
            fact = facts.order[self._indexed]
            self._indexed += 1
            facts.index(fact)
            for rule in self._by_key.get(key_of(fact), ()):
                for derivation in rule.apply(facts, fact):
                    self._note(derivation)
            for derivation in _replace_equals(facts, fact):
                self._note(derivation)

    def _note(self, derivation: Derivation) -> None:
        conclusion = derivation.conclusion
        if conclusion not in self.facts.known:
            self.facts.known[conclusion] = derivation
            self.facts.order.append(conclusion)

    @contextmanager
    def assuming(self, given: Iterable[Derivation], *, until_clash: bool = False) -> Iterator[int]:
        """Add derivations as `add` does, and take them and what followed from them back at the end.

        Yields the number of facts that were there before.
        """
        before = len(self.facts.order)
        try:
            self.add(given, until_clash=until_clash)
            yield before
        finally:
            self._take_back(before)

    def _take_back(self, before: int) -> None:
        facts = self.facts
        while len(facts.order) > before:
            fact = facts.order.pop()
            del facts.known[fact]
            if self._indexed > len(facts.order):
                facts.unindex(fact)
                self._indexed -= 1

    def leaves_of(self, fact: Fact) -> frozenset[int]:
        """Return the axioms and assertions that the derivation of a known fact rests on."""
        known = self.facts.known
        steps = reachable([fact], lambda step: known[step].premises)
        return frozenset(leaf for step in steps for leaf in known[step].leaves)


def _replace_equals(facts: Facts, fact: Fact) -> Iterator[Derivation]:
    """Carry what is said of one individual over to those that are the same (rules eq-rep-s and eq-rep-o).

    What is said of a named individual is not carried over to an unknown value: all that follows for this one follows
    for the named one.
    """
    subject, predicate, value = fact
    if predicate == SAME:
        for other in facts.about(subject):
            if other[1] != SAME:
                yield from _replace(other, subject, value, fact)
        return
    for same in facts.values(subject, SAME):
        yield from _replace(fact, subject, same, (subject, SAME, same))
    if predicate != TYPE:
        for same in facts.values(value, SAME):
            yield from _replace(fact, value, same, (value, SAME, same))


def _replace(fact: Fact, old: str, new: str, reason: Fact) -> Iterator[Derivation]:
    if new.startswith(WITNESS) and not old.startswith(WITNESS):
        return
    subject, predicate, value = fact
    if subject == old:
        yield Derivation((new, predicate, value), (fact, reason), ())
    if value == old and predicate != TYPE:
        yield Derivation((subject, predicate, new), (fact, reason), ())
