"""What is written again and again, each by one client: claims by updates, graphs by the Graph Store Protocol."""

from collections.abc import Iterator
from dataclasses import dataclass

import requests
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from digitech_kg.namespaces import DK, RDF, RDFS
from small import GRAPHS, HEADER, NAMES, NOTE, claim, thing

_CLAIMS, _GRAPHS = 6, 2
_NUMBER = NamedNode("https://example.org/soak/number")
#: Triples of a graph: more than a few, so that a half of them would be seen.
_TRIPLES = 20

#: What an item is: absent, or what the write with this number made of it.
Value = int | None
ABSENT: Value = None


@dataclass(frozen=True, slots=True)
class Item:
    """A claim or a graph, and the client that writes it."""

    kind: str
    client: int
    number: int

    @property
    def node(self) -> NamedNode:
        """The claim, or the name of the graph."""
        name = f"soak-{self.client}-{self.number}"
        return claim(name) if self.kind == "claim" else GRAPHS[name]

    def owns(self, quad: Quad) -> bool:
        """Whether a quad that is written by hand belongs to it."""
        return self.node == (quad.subject if self.kind == "claim" else quad.graph_name)


def items_of(clients: int) -> Iterator[Item]:
    """Yield what the clients write."""
    for client in range(clients):
        yield from (Item("claim", client, number) for number in range(_CLAIMS))
        yield from (Item("graph", client, number) for number in range(_GRAPHS))


def quads_of(item: Item, value: Value) -> set[Quad]:
    """Give the quads that are written by hand when an item has a value."""
    if value is None:
        return set()
    if item.kind == "graph":
        things = (NamedNode(f"https://example.org/soak/{index}") for index in range(_TRIPLES))
        return {Quad(thing, _NUMBER, Literal(value), item.node) for thing in things}
    facts = {
        RDF.type: DK.Claim,
        RDFS.comment: Literal(f"Said for the {value}th time.", language="en"),
        DK.subject: thing("acme"),
        DK.predicate: DK.isActiveIn,
        DK.object: thing("paint-trade"),
        DK.statedIn: NAMES.passage("note", "s01"),
    }
    return {Quad(item.node, predicate, value, NOTE) for predicate, value in facts.items()}


def request_for(item: Item, value: Value, url: str) -> requests.Request:
    """Give the request that gives an item a value, whatever it has."""
    if item.kind == "graph":
        headers = {"Content-Type": "application/n-triples"}
        method = "DELETE" if value is None else "PUT"
        body = serialize((quad.triple for quad in quads_of(item, value)), format=RdfFormat.N_TRIPLES)
        return requests.Request(
            method, f"{url}/graph-store", params={"graph": item.node.value}, data=body, headers=headers
        )
    text = f"DELETE WHERE {{ GRAPH {NOTE} {{ {item.node} ?p ?o }} }}"
    if value is not None:
        body = " . ".join(f"{quad.subject} {quad.predicate} {quad.object}" for quad in quads_of(item, value))
        text += f" ; INSERT DATA {{ GRAPH {NOTE} {{ {body} }} }}"
    headers = {"Content-Type": "application/sparql-update"}
    return requests.Request("POST", f"{url}/sparql", data=HEADER + text, headers=headers)
