"""Derive all that rules give from facts, and keep every derivation, so that it can be told why something holds.

Facts are triples of N-Triples terms. A derivation leads from premises (facts) and leaves (numbers of the axioms and
assertions it uses) to a conclusion. `CLASH` is the conclusion that says that the facts contradict each other.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from digitech_kg.errors import ReasonerFailure
from digitech_kg.namespaces import OWL, RDF

Fact = tuple[str, str, str]
TYPE: Final = str(RDF.type)
SAME: Final = str(OWL.sameAs)
CLASH: Final[Fact] = ("", "clash", "")


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


def key_of(fact: Fact) -> str:
    """Give the class of a type assertion, the property of any other fact."""
    return fact[2] if fact[1] == TYPE else fact[1]


@dataclass
class Facts:
    """Facts with the look-ups that joins need."""

    known: set[Fact] = field(default_factory=set)
    forward: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    backward: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, fact: Fact) -> None:
        """Make a fact known."""
        subject, predicate, value = fact
        self.known.add(fact)
        self.forward[subject, predicate].append(value)
        self.backward[predicate, value].append(subject)

    def values(self, subject: str, role: str, *, inverse: bool = False) -> list[str]:
        """Give what the subject is related to by a property, or what is related to it."""
        found = self.backward.get((role, subject)) if inverse else self.forward.get((subject, role))
        return list(found or ())

    def members(self, cls: str) -> list[str]:
        """Give the known members of a class."""
        return list(self.backward.get((TYPE, cls)) or ())

    def is_member(self, individual: str, cls: str) -> bool:
        """Whether an individual is known to be in a class."""
        return (individual, TYPE, cls) in self.known

    def about(self, individual: str) -> list[Fact]:
        """Give every fact in which an individual stands."""
        return [fact for fact in self.known if individual in (fact[0], fact[2])]


@dataclass
class Derivations:
    """All derivations by conclusion, in the order in which they were found."""

    by_conclusion: dict[Fact, list[Derivation]] = field(default_factory=lambda: defaultdict(list))
    facts: Facts = field(default_factory=Facts)

    def leading_to(self, goal: Fact) -> dict[Fact, list[Derivation]]:
        """Give the derivations that can have a part in deriving the goal."""
        cone: dict[Fact, list[Derivation]] = {}
        pending = [goal]
        while pending:
            fact = pending.pop()
            if fact not in cone:
                cone[fact] = self.by_conclusion.get(fact, [])
                pending += [premise for derivation in cone[fact] for premise in derivation.premises]
        return cone


def saturate(given: Iterable[Derivation], rules: Iterable[Rule], *, deadline: float | None = None) -> Derivations:
    """Derive everything from the given facts (derivations without premises).

    `deadline` is a value of `time.monotonic`; raises `ReasonerFailure` when it has passed.
    """
    by_key: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for key in rule.triggers:
            by_key[key].append(rule)
    found = Derivations()
    seen: set[Derivation] = set()
    pending: deque[Fact] = deque()

    def note(derivation: Derivation) -> None:
        if derivation in seen or derivation.conclusion in derivation.premises:
            return
        seen.add(derivation)
        if derivation.conclusion not in found.by_conclusion:
            pending.append(derivation.conclusion)
        found.by_conclusion[derivation.conclusion].append(derivation)

    for derivation in given:
        note(derivation)
    while pending:
        if deadline is not None and time.monotonic() > deadline:
            raise ReasonerFailure("there was not enough time to derive what follows", hint="Use digitech-kg reason.")
        fact = pending.popleft()
        found.facts.add(fact)
        for rule in by_key.get(key_of(fact), ()):
            for derivation in rule.apply(found.facts, fact):
                note(derivation)
        for derivation in _replace_equals(found.facts, fact):
            note(derivation)
    return found


def _replace_equals(facts: Facts, fact: Fact) -> Iterator[Derivation]:
    """Carry what is said of one individual over to those that are the same (rules eq-rep-s and eq-rep-o)."""
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
    subject, predicate, value = fact
    if subject == old:
        yield Derivation((new, predicate, value), (fact, reason), ())
    if value == old and predicate != TYPE:
        yield Derivation((subject, predicate, new), (fact, reason), ())


def relevant(rules: Iterable[Rule], goals: Iterable[str]) -> tuple[list[Rule], set[str]]:
    """Give the rules that can lead to facts about these classes and properties, and all that they look at."""
    rules = list(rules)
    wanted: set[str] = set(goals)
    chosen: list[Rule] = []
    while True:
        new = [rule for rule in rules if not rule.gives or rule.gives & wanted]
        if not new:
            return chosen, wanted
        chosen += new
        rules = [rule for rule in rules if not (not rule.gives or rule.gives & wanted)]
        for rule in new:
            wanted |= rule.triggers
