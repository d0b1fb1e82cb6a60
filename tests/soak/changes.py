"""Random changes to a dataset, right and wrong ones, from a seeded source: each says what it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from digitech_kg.claims import derive_statements
from digitech_kg.namespaces import BASE, DK, GRAPH, OWL, RDF, RDFS, SCHEMA, SKOS, XSD
from soak.worlds import World

Node = NamedNode | BlankNode
_DERIVED = (GRAPH.statements, GRAPH.evidence)
_NOWHERE = NamedNode(BASE + "id/nothing-is-called-this")
_LITERALS = (
    Literal(""),
    Literal("two  spaces", language="en"),
    Literal("noe", language="nb"),
    Literal("etwas", language="de"),
    Literal("no language"),
    Literal("-3", datatype=XSD.integer),
    Literal("0", datatype=XSD.integer),
    Literal("99999", datatype=XSD.integer),
    Literal("2.5", datatype=XSD.decimal),
    Literal("false", datatype=XSD.boolean),
    Literal("true", datatype=XSD.boolean),
    Literal("31 February", datatype=XSD.date),
    Literal("2021-21~"),
)


@dataclass(frozen=True)
class Change:
    """Quads to take out and to put in."""

    what: str
    removed: frozenset[Quad]
    added: frozenset[Quad]

    def applied(self, quads: frozenset[Quad]) -> frozenset[Quad]:
        """Give the quads after the change."""
        return (quads - self.removed) | self.added


class Changer:
    """Makes changes to one dataset; the same seed makes the same ones."""

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._random = world, Random(seed)
        self._of: dict[Node, list[Quad]] = defaultdict(list)
        self._by_predicate: dict[NamedNode, list[Quad]] = defaultdict(list)
        self._to: dict[object, list[Quad]] = defaultdict(list)
        members: dict[object, set[Node]] = defaultdict(set)
        for quad in sorted(world.quads, key=str):
            if quad.graph_name == world.without or not isinstance(quad.subject, Node):
                continue
            self._of[quad.subject].append(quad)
            self._by_predicate[quad.predicate].append(quad)
            self._to[quad.object].append(quad)
            if quad.predicate == RDF.type:
                members[quad.object].add(quad.subject)
        self._members = {kind: sorted(found, key=str) for kind, found in members.items()}
        self._kinds = sorted(self._members, key=str)

    def change(self) -> Change:
        """Make one to three small changes as one; half of the time what follows from claims is derived anew."""
        removed: set[Quad] = set()
        added: set[Quad] = set()
        words = []
        for _ in range(self._random.choice((1, 1, 1, 2, 3))):
            make = self._random.choice(_MAKERS)
            out, into = make(self, self._node())
            removed |= set(out)
            added |= set(into)
            words.append(make.__name__.replace("_", " "))
        change = Change(", ".join(words), frozenset(removed), frozenset(added))
        return self._derived(change) if self._world.graph is None and self._random.random() < 0.5 else change

    def _derived(self, change: Change) -> Change:
        """Give the change with what it means for the derived graphs."""
        after = change.applied(self._world.quads)
        given = {quad for quad in after if quad.graph_name not in _DERIVED}
        derived = set(derive_statements(sorted((q for q in given if q.graph_name != self._world.without), key=str)))
        old = self._world.quads
        new = frozenset(given | derived)
        return Change(f"{change.what}, derived", old - new, new - old)

    def _node(self) -> Node:
        """Choose a class, then one of its members, so that rare classes have their turn."""
        return self._random.choice(self._members[self._random.choice(self._kinds)])

    def _quad(self, node: Node) -> Quad:
        return self._random.choice(self._of[node])

    def _value(self, predicate: NamedNode) -> NamedNode | BlankNode | Literal:
        """Choose a value that the predicate has somewhere."""
        value = self._random.choice(self._by_predicate[predicate]).object
        assert isinstance(value, Node | Literal)
        return value


_Quads = list[Quad]
_Maker = Callable[[Changer, Node], tuple[_Quads, _Quads]]


def _with(quad: Quad, value: NamedNode | BlankNode | Literal) -> Quad:
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


def drop_a_value(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return [self._quad(node)], []


def drop_all_values_of_a_predicate(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    predicate = self._quad(node).predicate
    return [quad for quad in self._of[node] if quad.predicate == predicate], []


def add_a_second_value(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    quad = self._quad(node)
    return [], [_with(quad, self._value(quad.predicate))]


def put_another_value(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    quad = self._quad(node)
    return [quad], [_with(quad, self._value(quad.predicate))]


def put_a_literal(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    quad = self._quad(node)
    return [quad] if self._random.random() < 0.7 else [], [_with(quad, self._random.choice(_LITERALS))]


def change_the_datatype_or_language(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    quads = [quad for quad in self._of[node] if isinstance(quad.object, Literal)]
    if not quads:
        return put_a_literal(self, node)
    quad = self._random.choice(quads)
    text = quad.object.value
    others = [
        Literal(text),
        Literal(text, language="en"),
        Literal(text, datatype=XSD.date),
        Literal(text + "!", language="nb"),
    ]
    return [quad], [_with(quad, self._random.choice(others))]


def point_nowhere(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    quad = self._quad(node)
    return [quad] if self._random.random() < 0.7 else [], [_with(quad, _NOWHERE)]


def point_at_itself(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return [], [_with(self._quad(node), node)]


def point_at_another_kind_of_thing(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    quad = self._quad(node)
    return [quad], [_with(quad, self._node())]


def give_it_a_predicate_of_others(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    predicate = self._random.choice(sorted(self._by_predicate, key=str))
    return [], [Quad(node, predicate, self._value(predicate), self._quad(node).graph_name)]


def change_the_class(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    types = [quad for quad in self._of[node] if quad.predicate == RDF.type]
    other = self._random.choice(self._kinds)
    kept = types[0] if types else Quad(node, RDF.type, _NOWHERE, self._quad(node).graph_name)
    return types, [_with(kept, other)]  # type: ignore[arg-type]


def add_a_class(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return [], [Quad(node, RDF.type, self._random.choice(self._kinds), self._quad(node).graph_name)]  # type: ignore[arg-type]


def forget_the_class(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return [quad for quad in self._of[node] if quad.predicate == RDF.type], []


def delete_it(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return list(self._of[node]), []


def delete_it_and_what_points_at_it(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return [*self._of[node], *self._to[node]], []


def delete_what_points_at_it(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return list(self._to[node]), []


def rename_it(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    old = [*self._of[node], *self._to[node]]
    base = node.value if isinstance(node, NamedNode) else _NOWHERE.value
    name = self._random.choice((NamedNode(f"{base}-renamed"), NamedNode(f"{base}_Renamed"), BlankNode("renamed")))
    new = []
    for quad in old:
        subject = name if quad.subject == node else quad.subject
        new.append(Quad(subject, quad.predicate, name if quad.object == node else quad.object, quad.graph_name))
    return old, new


def copy_it(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    name = NamedNode(f"{node.value}-copy") if isinstance(node, NamedNode) else BlankNode("copy")
    return [], [Quad(name, quad.predicate, quad.object, quad.graph_name) for quad in self._of[node]]


def copy_it_with_a_fault(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    _, new = copy_it(self, node)
    fault = self._random.randrange(len(new))
    return [], new[:fault] + new[fault + 1 :]


def say_it_in_another_graph_too(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return [], [Quad(q.subject, q.predicate, q.object, GRAPH.elsewhere) for q in self._of[node]]


def move_it_to_another_graph(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    graph = self._random.choice((GRAPH.elsewhere, GRAPH.inferred))
    return list(self._of[node]), [Quad(q.subject, q.predicate, q.object, graph) for q in self._of[node]]


def swap_with_another(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    one = self._quad(node)
    two = self._random.choice(self._by_predicate[one.predicate])
    return [one, two], [_with(one, two.object), _with(two, one.object)]  # type: ignore[arg-type]


def take_a_label_away_or_add_one(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    labels = [quad for quad in self._of[node] if quad.predicate in (RDFS.label, SKOS.definition, RDFS.comment)]
    if labels and self._random.random() < 0.6:
        return [self._random.choice(labels)], []
    predicate = self._random.choice((RDFS.label, SKOS.definition, SKOS.altLabel))
    return [], [Quad(node, predicate, self._random.choice(_LITERALS), self._quad(node).graph_name)]


def make_a_claim_less_sure(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    claim = self._random.choice(self._members.get(DK.Claim, [node]))
    predicate = self._random.choice((DK.hedgeCue, DK.stance, DK.heldBy, DK.certainty, DK.negated, DK.time, DK.supports))
    if predicate not in self._by_predicate:
        return put_another_value(self, node)
    old = [quad for quad in self._of[claim] if quad.predicate == predicate]
    return old, [Quad(claim, predicate, self._value(predicate), self._quad(claim).graph_name)]


def change_what_a_property_is_for(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    hints = [q for p in (SCHEMA.domainIncludes, SCHEMA.rangeIncludes) for q in self._by_predicate.get(p, ())]
    quad = self._random.choice(hints)
    return [quad], [] if self._random.random() < 0.5 else [_with(quad, self._value(quad.predicate))]


def change_the_class_tree(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    quad = self._random.choice(self._by_predicate[RDFS.subClassOf])
    return [quad], [] if self._random.random() < 0.5 else [_with(quad, self._value(RDFS.subClassOf))]


def deprecate_it(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    return [], [Quad(node, OWL.deprecated, Literal("true", datatype=XSD.boolean), self._quad(node).graph_name)]


def take_out_what_is_not_there(self: Changer, node: Node) -> tuple[_Quads, _Quads]:
    quad = _with(self._quad(node), _NOWHERE)
    return [quad], []


_MAKERS: tuple[_Maker, ...] = (
    *(2 * (drop_a_value, drop_all_values_of_a_predicate, add_a_second_value, put_another_value, put_a_literal)),
    *(2 * (change_the_datatype_or_language, point_nowhere, give_it_a_predicate_of_others, change_the_class)),
    *(2 * (copy_it, copy_it_with_a_fault, delete_it, take_a_label_away_or_add_one, make_a_claim_less_sure)),
    point_at_itself,
    point_at_another_kind_of_thing,
    add_a_class,
    forget_the_class,
    delete_it_and_what_points_at_it,
    delete_what_points_at_it,
    rename_it,
    say_it_in_another_graph_too,
    move_it_to_another_graph,
    swap_with_another,
    change_what_a_property_is_for,
    change_the_class_tree,
    deprecate_it,
    take_out_what_is_not_there,
)  # fmt: skip
