"""Class expressions → rules: who is in an expression, and what follows for its members.

Of literals only values of OWL 2's datatypes are compared; of others nothing is known, as for HermiT.
Source: OWL 2 Structural Specification, section 4, https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL, VOCABULARIES
from digitech_kg.reasoning.saturation import CLASH, SAME, TYPE, WITNESS, Derivation, Fact, Facts, Rule

_XSD: Final = VOCABULARIES["xsd"]
_NUMBERS: Final = ("decimal", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
#: The kind of value that a datatype stands for; values of different kinds are never the same.
_KINDS: Final = {
    **{_XSD + name: "number" for name in _NUMBERS},
    _XSD + "double": "double",
    _XSD + "float": "float",
    _XSD + "boolean": "boolean",
    _XSD + "string": "text",
    VOCABULARIES["rdf"] + "langString": "text in a language",
    _XSD + "anyURI": "address",
}


def kind_of(datatype: str) -> str | None:
    """Return the kind of value of a datatype, or None if it is not compared."""
    return _KINDS.get(datatype)


def are_different(one: Literal, other: Literal) -> bool:
    """Whether two literals certainly stand for different values."""
    kinds = kind_of(one.datatype.value), kind_of(other.datatype.value)
    if None in kinds:
        return False
    return kinds[0] != kinds[1] or _value(one, str(kinds[0])) != _value(other, str(kinds[1]))


def is_certainly_not(literal: Literal, datatype: str) -> bool:
    """Whether a literal certainly isn't a value of the datatype."""
    kind, wanted = kind_of(literal.datatype.value), kind_of(datatype)
    if kind is None or wanted is None:
        return False
    if kind != wanted:
        return True
    return datatype == _XSD + "integer" and _value(literal, kind) % 1 != 0  # type: ignore[operator]


def is_certainly(literal: Literal, datatype: str) -> bool:
    """Whether a literal certainly is a value of the datatype."""
    if datatype == literal.datatype.value or datatype == VOCABULARIES["rdfs"] + "Literal":
        return True
    return datatype == _XSD + "decimal" and kind_of(literal.datatype.value) == "number"


def _value(literal: Literal, kind: str) -> object:
    if kind == "number":
        try:
            return Decimal(literal.value)
        except InvalidOperation:
            return literal.value
    if kind == "boolean":
        return literal.value in ("true", "1")
    return (literal.value, (literal.language or "").lower())


_THING: Final = str(OWL.Thing)
#: Unknown values of unknown values are followed so far.
_DEEPEST: Final = 3


def rule(triggers: Iterable[str], gives: Iterable[str], apply: Any, concerns: Any = None) -> Rule:
    return Rule(frozenset(triggers), frozenset(gives), apply, concerns)


def implied(lower: str, upper: str, leaves: tuple[int, ...]) -> Rule:
    """Members of one class are members of another [cax-sco, cax-eqc]."""
    return rule([lower], [upper], lambda _, f: [Derivation((f[0], TYPE, upper), (f,), leaves)])


def disjoint(classes: Iterable[str], leaves: tuple[int, ...]) -> Rule:
    """No individual is in two of the classes [cax-dw, cax-adc, cls-com]."""
    apart = frozenset(classes)

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        for other in facts.values(fact[0], TYPE):
            if other in apart and other != fact[2]:
                yield Derivation(CLASH, (fact, (fact[0], TYPE, other)), leaves)

    return rule(apart, [CLASH[1]], apply)


def expression_rules(
    view: GraphView, literals: dict[str, Literal], *, node: Any = None, leaves: tuple[int, ...] = ()
) -> list[Rule]:
    """Return the rules of all class expressions, or of a named class `node` that is described directly."""
    nodes = [node] if node is not None else [n for n in view.all_subjects() if isinstance(n, BlankNode)]
    rules: list[Rule] = []
    for name in nodes:
        rules += _boolean(name, view, leaves)
        if view.value(name, OWL.onProperty) is not None:
            rules += _restriction(name, view, literals)
    return rules


def _boolean(node: Any, view: GraphView, leaves: tuple[int, ...]) -> Iterator[Rule]:
    """Intersections, unions, enumerations and complements [cls-int1, cls-int2, cls-uni, cls-oo, cls-com]."""
    name = str(node)
    if parts := [str(part) for part in view.items(view.value(node, OWL.intersectionOf))]:
        yield from (implied(name, part, leaves) for part in parts)
        yield rule(parts, [name], _all_of(name, parts, leaves), _others_of(parts))
    for part in view.items(view.value(node, OWL.unionOf)):
        yield implied(str(part), name, leaves)
    if members := [str(member) for member in view.items(view.value(node, OWL.oneOf))]:
        yield from _enumeration(name, members, leaves)
    if (other := view.value(node, OWL.complementOf)) is not None:
        yield disjoint([name, str(other)], leaves)


def _all_of(name: str, parts: list[str], leaves: tuple[int, ...]) -> Any:
    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        if all(facts.is_member(fact[0], part) or part == _THING for part in parts):
            premises = tuple((fact[0], TYPE, part) for part in parts if part != _THING)
            yield Derivation((fact[0], TYPE, name), premises, leaves)

    return apply


def _others_of(parts: list[str]) -> Any:
    """Part of an intersection matters for the members of all other parts."""

    def concerns(facts: Facts, part: str, individual: str) -> bool:
        return all(facts.is_member(individual, other) for other in parts if other not in (part, _THING))

    return concerns


def _enumeration(name: str, members: list[str], leaves: tuple[int, ...]) -> Iterator[Rule]:
    """The only individual that is listed is the same as every member; `listed_members` gives the memberships."""
    if len(members) == 1:
        yield rule(
            [name],
            [SAME],
            lambda _, f: [Derivation((f[0], SAME, members[0]), (f,), leaves)] if f[0] != members[0] else [],
        )


def listed_members(view: GraphView, leaves: Mapping[str, tuple[int, ...]]) -> list[Derivation]:
    """Return the memberships of listed individuals [cls-oo], with the leaf of a named class that lists them."""
    found = []
    for node in view.all_subjects():
        for member in view.items(view.value(node, OWL.oneOf)):
            if isinstance(member, NamedNode):
                found.append(Derivation((str(member), TYPE, str(node)), (), leaves.get(str(node), ())))
    return found


def _restriction(node: Any, view: GraphView, literals: dict[str, Literal]) -> Iterator[Rule]:
    name, on = str(node), view.value(node, OWL.onProperty)
    inverse = view.value(on, OWL.inverseOf) if isinstance(on, BlankNode) else None
    role, backwards = (str(inverse), True) if inverse is not None else (str(on), False)
    some = view.value(node, OWL.someValuesFrom) or _at_least_one(node, view)
    if some is not None:
        yield from _some(name, role, backwards, some, literals)
    if (value := view.value(node, OWL.hasValue)) is not None:
        yield from _has_value(name, role, backwards, str(value))
    if (every := view.value(node, OWL.allValuesFrom)) is not None:
        yield _every(name, role, backwards, str(every), literals)
    if (most := _at_most(node, view)) is not None:
        yield _limit(name, role, backwards, *most, literals)
    if view.value(node, OWL.hasSelf) is not None:
        yield rule([role], [name], lambda _, f: [Derivation((f[0], TYPE, name), (f,), ())] if f[0] == f[2] else [])
        yield rule([name], [role], lambda _, f: [Derivation((f[0], role, f[0]), (f,), ())])


def _at_least_one(node: Any, view: GraphView) -> Any:
    """Return the class of which at least one value is asked for, if the number is one."""
    number = view.value(node, OWL.minCardinality, OWL.cardinality)
    if number is not None and number.value == "1":
        return OWL.Thing
    number = view.value(node, OWL.minQualifiedCardinality, OWL.qualifiedCardinality)
    return view.value(node, OWL.onClass, OWL.onDataRange) if number is not None and number.value == "1" else None


def _at_most(node: Any, view: GraphView) -> tuple[int, str] | None:
    """Return the largest number of values, if it is 0 or 1, and the class that they are counted in."""
    number = view.value(node, OWL.maxCardinality, OWL.cardinality)
    cls = OWL.Thing
    if number is None:
        number = view.value(node, OWL.maxQualifiedCardinality, OWL.qualifiedCardinality)
        cls = view.value(node, OWL.onClass) or cls
    return (int(number.value), str(cls)) if number is not None and number.value in ("0", "1") else None


def _related(role: str, backwards: bool, start: str, end: str) -> Fact:
    return (end, role, start) if backwards else (start, role, end)


def _some(name: str, role: str, backwards: bool, cls: Any, literals: dict[str, Literal]) -> Iterator[Rule]:
    """[cls-svf1, cls-svf2], and a member has an unknown value if none is known."""
    filler = str(cls)

    def premises(facts: Facts, end: str, link: Fact) -> tuple[Fact, ...] | None:
        if filler == _THING:
            return (link,)
        if end in literals:
            return (link,) if is_certainly(literals[end], cls.value) else None
        return (link, (end, TYPE, filler)) if facts.is_member(end, filler) else None

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        if fact[1] == role:
            start, end = (fact[2], fact[0]) if backwards else (fact[0], fact[2])
            if (found := premises(facts, end, fact)) is not None:
                yield Derivation((start, TYPE, name), found, ())
            return
        for start in facts.values(fact[0], role, inverse=not backwards):
            yield Derivation((start, TYPE, name), (_related(role, backwards, start, fact[0]), fact), ())

    def witness(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        start = fact[0]
        ends = facts.values(start, role, inverse=backwards)
        if start.count(WITNESS) == _DEEPEST or any(
            premises(facts, e, _related(role, backwards, start, e)) for e in ends
        ):
            return
        unknown = f"{WITNESS}{role} for {start}"
        yield Derivation(_related(role, backwards, start, unknown), (fact,), ())
        yield Derivation((unknown, TYPE, filler), (fact,), ())

    def is_value(facts: Facts, _: str, individual: str) -> bool:
        return bool(facts.values(individual, role, inverse=not backwards))

    yield rule([role, filler], [name], apply, is_value)
    yield rule([name], [role, filler], witness)


def _has_value(name: str, role: str, backwards: bool, value: str) -> Iterator[Rule]:
    """[cls-hv1, cls-hv2]"""

    def apply(_: Facts, fact: Fact) -> Iterator[Derivation]:
        start, end = (fact[2], fact[0]) if backwards else (fact[0], fact[2])
        if end == value:
            yield Derivation((start, TYPE, name), (fact,), ())

    yield rule([role], [name], apply)
    yield rule([name], [role], lambda _, f: [Derivation(_related(role, backwards, f[0], value), (f,), ())])


def _every(name: str, role: str, backwards: bool, filler: str, literals: dict[str, Literal]) -> Rule:
    """[cls-avf]"""

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        if fact[1] == role:
            start, end = (fact[2], fact[0]) if backwards else (fact[0], fact[2])
            if end not in literals and facts.is_member(start, name):
                yield Derivation((end, TYPE, filler), (fact, (start, TYPE, name)), ())
            return
        for end in facts.values(fact[0], role, inverse=backwards):
            if end not in literals:
                yield Derivation((end, TYPE, filler), (_related(role, backwards, fact[0], end), fact), ())

    return rule([role, name], [filler], apply)


def _limit(name: str, role: str, backwards: bool, most: int, cls: str, literals: dict[str, Literal]) -> Rule:
    """[cls-maxc1, cls-maxc2, cls-maxqc1 to 4]"""

    def counted(facts: Facts, start: str) -> Iterator[tuple[str, tuple[Fact, ...]]]:
        for end in facts.values(start, role, inverse=backwards):
            link = _related(role, backwards, start, end)
            if cls == _THING:
                yield end, (link,)
            elif facts.is_member(end, cls):
                yield end, (link, (end, TYPE, cls))

    def apply(facts: Facts, fact: Fact) -> Iterator[Derivation]:
        if fact[1] == TYPE:
            starts = [fact[0]] if fact[2] == name else facts.values(fact[0], role, inverse=not backwards)
        else:
            starts = [fact[2] if backwards else fact[0]]
        for start in starts:
            if not facts.is_member(start, name):
                continue
            found = list(counted(facts, start))
            member = (start, TYPE, name)
            if most == 0:
                yield from (Derivation(CLASH, (member, *links), ()) for _, links in found)
                continue
            for end, links in found:
                for other, more in found:
                    if end < other and end not in literals and other not in literals:
                        yield Derivation((end, SAME, other), (member, *links, *more), ())

    return rule([role, name, cls], [SAME, CLASH[1]], apply)
