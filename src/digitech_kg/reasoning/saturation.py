"""Apply rules to facts until nothing new follows.

Facts are triples of N-Triples terms. A derivation leads from premises (facts) and leaves (numbers of the axioms and
assertions it uses) to a conclusion. `CLASH` is the conclusion that says that the facts contradict each other.

Of literals only values of OWL 2's datatypes are compared; of others nothing is known, as for HermiT.
Source: OWL 2 Structural Specification, section 4, https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final, NamedTuple

from digitech_kg.iteration import grouped, reachable
from digitech_kg.namespaces import OWL, RDF, VOCABULARIES

Fact = tuple[str, str, str]
TYPE: Final = str(RDF.type)
SAME: Final = str(OWL.sameAs)
CLASH: Final[Fact] = ("", "clash", "")
#: Begins the name of the individual that stands for the unknown value which a restriction promises.
WITNESS: Final = "_:some value of "


#: What the terms of a rule stand for.
_Values = dict[str, str]
DIFFERENT: Final = str(OWL.differentFrom)
#: Unknown values of unknown values are followed so far.
_DEEPEST: Final = 3


class Derivation(NamedTuple):
    """One application of a rule."""

    conclusion: Fact
    premises: tuple[Fact, ...]
    leaves: tuple[int, ...]


@dataclass(frozen=True)
class Rule:
    """What follows from facts like those of the body, in which terms that begin with "?" stand for any."""

    body: tuple[Fact, ...]
    heads: tuple[Fact, ...]
    leaves: tuple[int, ...] = ()
    #: Whether the heads promise a value `?y` that may be unknown.
    promises: bool = False

    @cached_property
    def ways(self) -> "tuple[Way, ...]":
        """Each part of the body with the others, in an order in which each has a known end."""
        ways = []
        for number, part in enumerate(self.body):
            others = _in_reach(part, [*self.body[:number], *self.body[number + 1 :]])
            need = others[0][2] if others and others[0][:2] == (part[0], TYPE) else ""
            ways.append(Way(self, part, others, need))
        return tuple(ways)


class Way(NamedTuple):
    """A rule as it is applied to a fact like one part of its body."""

    rule: Rule
    part: Fact
    others: tuple[Fact, ...]
    #: A class without which nothing follows of the subject, "" if there is none: most ways end here.
    need: str


def _in_reach(start: Fact, rest: list[Fact]) -> tuple[Fact, ...]:
    known, ordered = set(start), list[Fact]()
    while rest:
        part = next((p for p in rest if p[0] in known or p[2] in known), rest[0])
        rest.remove(part)
        ordered.append(part)
        known.update(part)
    return tuple(ordered)


def _key_of(fact: Fact) -> str:
    """Return the class of a type assertion, the property of any other fact."""
    return fact[2] if fact[1] == TYPE else fact[1]


class Saturation:
    """Facts with all that follows from them by rules, and the look-ups that joins need."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        #: Each fact with the derivation by which it became known.
        self.known: dict[Fact, Derivation] = {}
        #: The facts in the order in which they became known.
        self.order: list[Fact] = []
        self._indexed = 0
        self._forward: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._backward: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._by_key = grouped((_key_of(way.part), way) for rule in rules for way in rule.ways)

    @property
    def is_consistent(self) -> bool:
        return CLASH not in self.known

    def add(self, given: Iterable[Derivation], *, until_clash: bool = False) -> None:
        """Add derivations and all that follows from them; with `until_clash` only up to the first contradiction."""
        for derivation in given:
            self._note(derivation)
        while self._indexed < len(self.order):
            if until_clash and CLASH in self.known:
                return
            fact = subject, predicate, value = self.order[self._indexed]
            self._indexed += 1
            self._forward[subject][predicate].append(value)
            self._backward[value][predicate].append(subject)
            for way in self._by_key.get(_key_of(fact), ()):
                if way.need and (fact[0], TYPE, way.need) not in self.known:
                    continue
                for derivation in self.apply(way, fact):
                    self._note(derivation)
            for derivation in _equality(self, fact):
                self._note(derivation)

    def _note(self, derivation: Derivation) -> None:
        conclusion = derivation.conclusion
        if conclusion not in self.known:
            self.known[conclusion] = derivation
            self.order.append(conclusion)

    @contextmanager
    def assuming(self, given: Iterable[Derivation], *, until_clash: bool = False) -> Iterator[int]:
        """Add derivations as `add` does, and take them and what followed from them back at the end.

        Yields the number of facts that were there before.
        """
        before = len(self.order)
        try:
            self.add(given, until_clash=until_clash)
            yield before
        finally:
            while len(self.order) > before:
                fact = subject, predicate, value = self.order.pop()
                del self.known[fact]
                if self._indexed > len(self.order):
                    # It is the last of the facts that look-ups find.
                    self._forward[subject][predicate].pop()
                    self._backward[value][predicate].pop()
                    self._indexed -= 1

    def leaves_of(self, fact: Fact) -> frozenset[int]:
        """Return the axioms and assertions that the derivation of a known fact rests on."""
        steps = reachable([fact], lambda step: self.known[step].premises)
        return frozenset(leaf for step in steps for leaf in self.known[step].leaves)

    def values(self, subject: str, role: str, *, inverse: bool = False) -> Sequence[str]:
        """Return what the subject is related to by a property, or what is related to it."""
        found = (self._backward if inverse else self._forward).get(subject)
        return found.get(role, ()) if found is not None else ()

    def individuals(self) -> list[str]:
        """Return everything that stands in a fact, literals too."""
        return list(dict.fromkeys(end for s, p, o in self.order for end in ((s,) if p == TYPE else (s, o))))

    def apply(self, way: Way, fact: Fact) -> Iterator[Derivation]:
        """Yield what a rule leads to from a fact, known or not, and known ones."""
        rule, bound = way.rule, _bind(way.part, fact)
        if bound is None:
            return
        for values, premises in self._matches(way.others, bound) if way.others else ((bound, ()),):
            if rule.promises:
                if fact[0].count(WITNESS) == _DEEPEST or next(self._matches(rule.heads, values), None):
                    continue
                values["?y"] = f"{WITNESS}{rule.heads[0][1]} for {fact[0]}"
            for start, key, end in rule.heads:
                if conclusion := _worth((values.get(start, start), key, values.get(end, end))):
                    yield Derivation(conclusion, (fact, *premises), rule.leaves)

    def _matches(self, parts: Sequence[Fact], bound: _Values) -> Iterator[tuple[_Values, tuple[Fact, ...]]]:
        """Yield values for which all parts are known facts, with these."""
        if not parts:
            yield bound, ()
            return
        subject, key, value = parts[0]
        start, end = bound.get(subject, subject), bound.get(value, value)
        if key == TYPE and is_literal(start):
            if is_certainly(start, end):
                yield from self._matches(parts[1:], bound)
            return
        if start.startswith("?"):
            found = [(other, key, end) for other in self.values(end, key, inverse=True)]
        elif end.startswith("?"):
            found = [(start, key, other) for other in self.values(start, key)]
        elif (start, key, end) in self.known:
            found = [(start, key, end)]
        else:
            return
        for fact in found:
            for values, premises in self._matches(parts[1:], {**bound, subject: fact[0], value: fact[2]}):
                yield values, (fact, *premises)

    def about(self, individual: str) -> list[Fact]:
        ahead = [(individual, p, v) for p, values in self._forward.get(individual, {}).items() for v in values]
        behind = self._backward.get(individual, {}).items()
        return ahead + [(s, p, individual) for p, subjects in behind if p != TYPE for s in subjects if s != individual]


def _bind(part: Fact, fact: Fact) -> _Values | None:
    """Return what the terms of part of a body stand for in a fact; None if it isn't like it."""
    (start, key, end), (subject, predicate, value) = part, fact
    if key != predicate or (start == end and subject != value):
        return None
    if (start[0] != "?" and start != subject) or (end[0] != "?" and end != value):
        return None
    return {start: subject, end: value}


def _worth(fact: Fact) -> Fact | None:
    """Return a conclusion, or None if it says nothing; of literals it may be a contradiction [dt-diff, dt-not-type]."""
    subject, predicate, value = fact
    if predicate == TYPE and is_literal(subject):
        return CLASH if is_certainly_not(subject, value) else None
    if predicate == SAME and is_literal(subject) and is_literal(value):
        return CLASH if are_different(subject, value) else None
    return None if predicate == SAME and subject == value else fact


def _equality(facts: Saturation, fact: Fact) -> Iterator[Derivation]:
    """Yield what equality and difference lead to [eq-sym, eq-trans, eq-rep-s, eq-rep-o, eq-diff1].

    That a named individual is an unknown value is said one way only, and what is said of it isn't carried over to that:
    all that follows for the unknown value follows for the named one.
    """
    subject, predicate, value = fact
    if predicate in (SAME, DIFFERENT):
        if predicate == DIFFERENT and subject == value:
            yield Derivation(CLASH, (fact,), ())
        second = SAME if predicate == DIFFERENT else DIFFERENT
        for other in ((subject, second, value), (value, second, subject)):
            if other in facts.known:
                yield Derivation(CLASH, (fact, other), ())
    if predicate == SAME:
        if subject.startswith(WITNESS) or not value.startswith(WITNESS):
            for same in facts.values(subject, SAME):
                if same != value:
                    yield Derivation((value, SAME, same), (fact, (subject, SAME, same)), ())
        if value.startswith(WITNESS) or not subject.startswith(WITNESS):
            yield Derivation((value, SAME, subject), (fact,), ())
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
    replaced = [(new, predicate, value)] if subject == old else []
    replaced += [(subject, predicate, new)] if value == old and predicate != TYPE else []
    yield from (Derivation(found, (fact, reason), ()) for found in map(_worth, replaced) if found)


_XSD: Final = VOCABULARIES["xsd"]
_TEXT_IN_A_LANGUAGE: Final = VOCABULARIES["rdf"] + "langString"
_NUMBERS: Final = ("decimal", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
#: The kind of value that a datatype stands for; values of different kinds are never the same.
_KINDS: Final = {
    **{_XSD + name: "number" for name in _NUMBERS},
    _XSD + "double": "double",
    _XSD + "float": "float",
    _XSD + "boolean": "boolean",
    _XSD + "string": "text",
    _TEXT_IN_A_LANGUAGE: "text in a language",
    _XSD + "anyURI": "address",
}


def is_literal(term: str) -> bool:
    return term.startswith('"')


def are_different(one: str, other: str) -> bool:
    """Whether two literals certainly stand for different values.

    >>> are_different('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"1.0"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    False
    """
    kind, value, _ = _read(one)
    other_kind, other_value, _ = _read(other)
    return None not in (kind, other_kind) and (kind, value) != (other_kind, other_value)


def is_certainly_not(literal: str, datatype: str) -> bool:
    """Whether a literal certainly isn't a value of the datatype, written in N-Triples."""
    (kind, value, _), wanted = _read(literal), _KINDS.get(datatype[1:-1])
    if kind is None or wanted is None:
        return False
    return kind != wanted or (datatype[1:-1] == _XSD + "integer" and isinstance(value, Decimal) and value % 1 != 0)


def is_certainly(literal: str, datatype: str) -> bool:
    """Whether a literal certainly is a value of the datatype, written in N-Triples."""
    (kind, _, own), wanted = _read(literal), datatype[1:-1]
    return wanted in (own, VOCABULARIES["rdfs"] + "Literal") or (wanted == _XSD + "decimal" and kind == "number")


def _read(literal: str) -> tuple[str | None, object, str]:
    """Return the kind of value that a literal stands for, if it is known, the value, and the datatype."""
    text, _, rest = literal[1:].rpartition('"')
    language = "" if rest.startswith("^^") else rest.lower()
    datatype = _TEXT_IN_A_LANGUAGE if language else rest[3:-1] or _XSD + "string"
    kind = _KINDS.get(datatype)
    if kind == "number":
        with suppress(InvalidOperation):
            return kind, Decimal(text), datatype
    if kind == "boolean":
        return kind, text in ("true", "1"), datatype
    return kind, text + language, datatype
