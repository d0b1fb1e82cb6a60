"""What a shape reads of the data, as ways from its focus node to the triples that decide its verdict.

A change matters to a focus node only if a changed triple lies at the end of such a way, so following the ways backwards
from a change gives the nodes to validate again, and following them forwards gives all that validating needs to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal as Choice
from typing import TypeAlias

from pyoxigraph import NamedNode
from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.term import Node

from digitech_kg.namespaces import RDF

Role: TypeAlias = Choice["subject", "predicate", "object"]


class Unbounded(Exception):
    """What a shape reads cannot be told; its text says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step from node to node: along triples of these predicates (none named: any), or against them."""

    predicates: frozenset[NamedNode]
    forward: bool = True
    #: Any number of times, none included.
    repeated: bool = False

    def reversed(self) -> Step:
        """The way back."""
        return Step(self.predicates, not self.forward, self.repeated)

    @property
    def cost(self) -> int:
        """How many nodes it leads to, roughly: a class has many instances."""
        return 10 if not self.forward and RDF.type in self.predicates else 1


#: Steps one after the other, the first from the focus node.
Chain: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Triples that are read: those of these predicates (none named: any) whose terms are where the chains lead.

    `ends` has at least one term of the triple with the chain that leads to it, the cheapest to follow first.
    """

    predicates: frozenset[NamedNode]
    ends: tuple[tuple[Role, Chain], ...]


def named(*iris: Node) -> frozenset[NamedNode]:
    """Give predicates as the store has them."""
    return frozenset(NamedNode(str(iri)) for iri in iris)


def chains_of(path: URIRef | Path) -> list[Chain]:
    """Give the chains that a property path stands for; together they lead to at least the nodes that it leads to.

    Raises `Unbounded` for a repeated path of more than one step.
    """
    if isinstance(path, URIRef):
        return [(Step(named(path)),)]
    if isinstance(path, NegatedPath):
        return [(Step(frozenset()),), (Step(frozenset(), forward=False),)]
    if isinstance(path, InvPath):
        return [_turned(chain) for chain in chains_of(path.arg)]
    if isinstance(path, SequencePath):
        chains: list[Chain] = [()]
        for part in path.args:
            chains = [(*before, *after) for before in chains for after in chains_of(part)]
        return chains
    if isinstance(path, AlternativePath):
        return _merged(chain for part in path.args for chain in chains_of(part))
    if isinstance(path, MulPath):
        return [_repeated(chains_of(path.path), at_least_once=path.mod == "+")]
    raise Unbounded(f"{path} is no path")


def readings_along(chain: Chain, start: Chain = ()) -> Iterator[Reading]:
    """Yield what is read by following `chain` from where `start` leads."""
    for position, step in enumerate(chain):
        reached = (*start, *chain[:position])
        # A triple that is read by a repeated step begins anywhere on the way.
        reached = (*reached, step) if step.repeated else reached
        yield Reading(step.predicates, (("subject" if step.forward else "object", reached),))


def cost_of(role: Role, chain: Chain, predicates: frozenset[NamedNode]) -> int:
    """Tell roughly how many triples are read when they are looked for from this end."""
    return sum(step.cost for step in chain) + (10 if role != "subject" and RDF.type in predicates else 0)


def _turned(chain: Chain) -> Chain:
    return tuple(step.reversed() for step in reversed(chain))


def _merged(chains: Iterable[Chain]) -> list[Chain]:
    """Make one step of the alternatives that are a single step in the same direction."""
    kept: list[Chain] = []
    together: dict[bool, frozenset[NamedNode]] = {}
    for chain in chains:
        if len(chain) == 1 and not chain[0].repeated and chain[0].predicates:
            together[chain[0].forward] = together.get(chain[0].forward, frozenset()) | chain[0].predicates
        else:
            kept.append(chain)
    return [*((Step(predicates, forward),) for forward, predicates in together.items()), *kept]


def _repeated(chains: list[Chain], *, at_least_once: bool) -> Chain:
    if len(chains) != 1 or len(chains[0]) != 1:
        raise Unbounded("it repeats a path of several steps")
    step = chains[0][0]
    many = Step(step.predicates, step.forward, repeated=True)
    return (step, many) if at_least_once and not step.repeated else (many,)
