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

    def remove(self, fact: Fact) -> None:
        """Make a known fact unknown."""
        subject, predicate, value = fact
        self.known.discard(fact)
        self.forward[subject, predicate].remove(value)
        self.backward[predicate, value].remove(subject)

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


class Saturation:
    """Derivations that are complete under some rules, and are kept so when more is given."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.found = Derivations()
        self.seen: set[Derivation] = set()
        self._pending: deque[Fact] = deque()
        self._by_key: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            for key in rule.triggers:
                self._by_key[key].append(rule)

    def add(self, given: Iterable[Derivation], *, deadline: float | None = None) -> list[Derivation]:
        """Add derivations and all that follows from them; give those that are new.

        `deadline` is a value of `time.monotonic`; raises `ReasonerFailure` when it has passed.
        """
        news: list[Derivation] = []
        for derivation in given:
            self._note(derivation, news)
        while self._pending:
            if deadline is not None and time.monotonic() > deadline:
                hint = "Use digitech-kg reason."
                raise ReasonerFailure("there was not enough time to derive what follows", hint=hint)
            fact = self._pending.popleft()
            self.found.facts.add(fact)
            for rule in self._by_key.get(key_of(fact), ()):
                for derivation in rule.apply(self.found.facts, fact):
                    self._note(derivation, news)
            for derivation in _replace_equals(self.found.facts, fact):
                self._note(derivation, news)
        return news

    def _note(self, derivation: Derivation, news: list[Derivation]) -> None:
        if derivation in self.seen or derivation.conclusion in derivation.premises:
            return
        self.seen.add(derivation)
        news.append(derivation)
        if derivation.conclusion not in self.found.by_conclusion:
            self._pending.append(derivation.conclusion)
        self.found.by_conclusion[derivation.conclusion].append(derivation)


def saturate(given: Iterable[Derivation], rules: Iterable[Rule], *, deadline: float | None = None) -> Derivations:
    """Derive everything from the given facts (derivations without premises), as `Saturation.add` does."""
    saturation = Saturation(rules)
    saturation.add(given, deadline=deadline)
    return saturation.found


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
