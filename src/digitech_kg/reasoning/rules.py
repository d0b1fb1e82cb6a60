"""Turn axioms into rules: those of OWL 2 RL, and sound ones beyond it.

A class expression counts as a class of its own whose members follow from its parts and the other way round; only the
axiom that links it to a named class is a leaf. Source: the tables of rules of OWL 2 RL,
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import OWL
from digitech_kg.reasoning.premises import Leaf
from digitech_kg.reasoning.saturation import CLASH, DIFFERENT, SAME, TYPE, Derivation, Fact, Rule

_X, _Y, _Z = "?x", "?y", "?z"
#: The parts of a body, and what follows from them.
_Lines = Iterator[tuple[tuple[Fact, ...], Fact]]


def compile_rules(leaves: Sequence[Leaf], view: GraphView, properties: Iterable[object]) -> list[Rule]:
    """Return the rules of all axioms among the leaves, of the class expressions and of denials."""
    rules = [Rule((_is(_X, OWL.Nothing),), (CLASH,))]
    for prop in map(str, properties):
        rules.append(Rule(((_X, prop, _Y), (_X, _denial_of(prop), _Y)), (CLASH,)))
    for number, leaf in enumerate(leaves):
        # A named class may be described directly, without a blank node in between.
        lines = _boolean(leaf.subject, view) if leaf.kind == "definition" else _axiom(leaf, view)
        rules += (Rule(body, (head,), (number,)) for body, head in lines)
    for node in view.all_subjects():
        if isinstance(node, BlankNode):
            rules += (Rule(body, (head,)) for body, head in (*_boolean(node, view), *_restriction(node, view)))
            rules += _promise(node, view)
    return rules


def facts_of(number: int, leaf: Leaf) -> Iterator[Derivation]:
    """Yield what a leaf says of individuals: an assertion, a denial, or that individuals are different."""
    if leaf.kind == "assertion":
        yield Derivation((str(leaf.subject), str(leaf.predicate), str(leaf.value)), (), (number,))
    elif leaf.kind == "NegativePropertyAssertion":
        denial = (str(leaf.subject), _denial_of(str(leaf.predicate)), str(leaf.value))
        yield Derivation(denial, (), (number,))
    elif leaf.kind == "AllDifferent":
        for one, other in combinations(leaf.value, 2):
            yield Derivation((str(one), DIFFERENT, str(other)), (), (number,))


def fact_of(triple: Triple) -> Fact:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def listed_members(view: GraphView, leaves: Mapping[str, tuple[int, ...]]) -> list[Derivation]:
    """Return the memberships of listed individuals [cls-oo], with the leaf of a named class that lists them."""
    found = []
    for node in view.all_subjects():
        for member in view.items(view.value(node, OWL.oneOf)):
            if isinstance(member, NamedNode):
                found.append(Derivation((str(member), TYPE, str(node)), (), leaves.get(str(node), ())))
    return found


def _denial_of(role: str) -> str:
    """Return what stands for the property in facts that deny."""
    return f"not {role}"


def _is(term: str, cls: Any) -> Fact:
    return term, TYPE, str(cls)


def _are(term: str, *classes: Any) -> tuple[Fact, ...]:
    """Return what says that something is in classes; everything is in `owl:Thing`."""
    return tuple(_is(term, cls) for cls in classes if cls != OWL.Thing)


def _has(view: GraphView, start: str, role: Any, end: str) -> Fact:
    """Return what says that a property, or the inverse of one, relates two things."""
    inverse = view.value(role, OWL.inverseOf) if isinstance(role, BlankNode) else None
    return (end, str(inverse), start) if inverse is not None else (start, str(role), end)


def _axiom(leaf: Leaf, view: GraphView) -> _Lines:
    """Yield what an axiom leads to; nothing for other leaves."""
    one, other = leaf.subject, leaf.value

    def has(start: str, role: Any, end: str) -> Fact:
        return _has(view, start, role, end)

    match leaf.kind:
        case "subClassOf":
            yield (_is(_X, one),), _is(_X, other)
        case "equivalentClass":
            yield (_is(_X, one),), _is(_X, other)
            yield (_is(_X, other),), _is(_X, one)
        case "disjointWith" | "AllDisjointClasses":
            yield from _apart(leaf.members)
        case "disjointUnionOf":
            parts = view.items(other)
            yield from (((_is(_X, part),), _is(_X, one)) for part in parts)
            yield from _apart(parts)
        case "domain":
            yield (has(_X, one, _Y),), _is(_X, other)
        case "range":
            yield (has(_X, one, _Y),), _is(_Y, other)
        case "subPropertyOf":
            yield (has(_X, one, _Y),), has(_X, other, _Y)
        case "equivalentProperty":
            yield (has(_X, one, _Y),), has(_X, other, _Y)
            yield (has(_X, other, _Y),), has(_X, one, _Y)
        case "inverseOf":
            yield (has(_X, one, _Y),), has(_Y, other, _X)
            yield (has(_X, other, _Y),), has(_Y, one, _X)
        case "SymmetricProperty":
            yield (has(_X, one, _Y),), has(_Y, one, _X)
        case "TransitiveProperty":
            yield (has(_X, one, _Y), has(_Y, one, _Z)), has(_X, one, _Z)
        case "propertyChainAxiom":
            steps = view.items(other)
            links = tuple(has(f"?{place}", step, f"?{place + 1}") for place, step in enumerate(steps))
            yield links, has("?0", one, f"?{len(steps)}")
        case "FunctionalProperty":
            yield (has(_X, one, _Y), has(_X, one, _Z)), (_Y, SAME, _Z)
        case "InverseFunctionalProperty":
            yield (has(_Y, one, _X), has(_Z, one, _X)), (_Y, SAME, _Z)
        case "propertyDisjointWith" | "AllDisjointProperties":
            for first, second in combinations(leaf.members, 2):
                yield (has(_X, first, _Y), has(_X, second, _Y)), CLASH
        case "AsymmetricProperty":
            yield (has(_X, one, _Y), has(_Y, one, _X)), CLASH
        case "IrreflexiveProperty":
            yield (has(_X, one, _X),), CLASH


def _apart(classes: Iterable[Any]) -> _Lines:
    """Nothing is in two of the classes."""
    return ((_are(_X, *pair), CLASH) for pair in combinations(classes, 2))


def _boolean(node: Any, view: GraphView) -> _Lines:
    """Intersections, unions, enumerations and complements. `listed_members` gives the members of enumerations."""
    if parts := view.items(view.value(node, OWL.intersectionOf)):
        yield from (((_is(_X, node),), _is(_X, part)) for part in parts)
        yield _are(_X, *parts), _is(_X, node)
    for part in view.items(view.value(node, OWL.unionOf)):
        yield (_is(_X, part),), _is(_X, node)
    if len(members := view.items(view.value(node, OWL.oneOf))) == 1:
        yield (_is(_X, node),), (_X, SAME, str(members[0]))
    if (other := view.value(node, OWL.complementOf)) is not None:
        yield from _apart((node, other))


def _restriction(node: Any, view: GraphView) -> _Lines:
    member, role = _is(_X, node), view.value(node, OWL.onProperty)
    link, second = _has(view, _X, role, _Y), _has(view, _X, role, _Z)
    if (some := _at_least_one(node, view)) is not None:
        yield (link, *_are(_Y, some)), member
    if (value := view.value(node, OWL.hasValue)) is not None:
        valued = _has(view, _X, role, str(value))
        yield (valued,), member
        yield (member,), valued
    if (every := view.value(node, OWL.allValuesFrom)) is not None:
        yield (link, member), _is(_Y, every)
    if view.value(node, OWL.hasSelf) is not None:
        own = _has(view, _X, role, _X)
        yield (own,), member
        yield (member,), own
    most, cls = _number(node, view, OWL.maxCardinality, OWL.maxQualifiedCardinality)
    if most == "0":
        yield (member, link, *_are(_Y, cls)), CLASH
    elif most == "1":
        yield (member, link, second, *_are(_Y, cls), *_are(_Z, cls)), (_Y, SAME, _Z)


def _promise(node: Any, view: GraphView) -> Iterator[Rule]:
    """A member of a restriction has an unknown value if none is known."""
    if (some := _at_least_one(node, view)) is not None:
        link = _has(view, _X, view.value(node, OWL.onProperty), _Y)
        yield Rule((_is(_X, node),), (link, *_are(_Y, some)), promises=True)


def _at_least_one(node: Any, view: GraphView) -> Any:
    """Return the class of which a member has at least one value; None if it need not have one."""
    least, cls = _number(node, view, OWL.minCardinality, OWL.minQualifiedCardinality)
    return view.value(node, OWL.someValuesFrom) or (cls if least == "1" else None)


def _number(node: Any, view: GraphView, plain: NamedNode, qualified: NamedNode) -> tuple[str, Any]:
    """Return the number of values that a restriction allows, and the class that they are counted in."""
    if (number := view.value(node, plain, OWL.cardinality)) is not None:
        return number.value, OWL.Thing
    number = view.value(node, qualified, OWL.qualifiedCardinality)
    return number.value if number is not None else "", view.value(node, OWL.onClass, OWL.onDataRange) or OWL.Thing
