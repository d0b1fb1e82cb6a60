"""A dataset with a claim for each value of each reserve: what outlets must say plainly, and what not."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from digitech_kg.claims.reserves import AXES, Effect
from digitech_kg.namespaces import DK, RDF, XSD, Namespaces

FILE = Path(__file__).parents[1] / "data/two_documents.trig"
NAMES = Namespaces(
    "https://example.org/kg/",
    (("ship", "http://vocabulary.example/ships#"), ("one-claim", "https://example.org/kg/claim/one/")),
)
ID, ACME, PAINT = NAMES.prefixes["id"], NAMES.thing("acme"), NAMES.thing("paint")
TRUE = Literal("true", datatype=XSD.boolean)


def store_with(*more: Quad) -> Store:
    store = Store()
    store.extend([*parse(FILE.read_bytes(), RdfFormat.TRIG), *more])
    return store


def reserved_claims() -> dict[NamedNode, tuple[list[Quad], Effect]]:
    """A claim for each value of each axis, on an object of its own, and what the value does."""
    found = {}
    graph = NAMES.graphs.document("one")
    values = [(axis, value) for axis in AXES for value in axis.values or (PAINT,)]
    for number, (axis, value) in enumerate(values):
        claim, field = NAMES.claim("one", f"c{number}"), NAMES.thing(f"field-{number}")
        said = [(RDF.type, DK.Claim), (DK.subject, ACME), (DK.predicate, DK.isActiveIn), (DK.object, field)]
        quads = [Quad(claim, prop, term, graph) for prop, term in [*said, (axis.property, value)]]
        if axis.effect_of(value) is not Effect.WEAKENING:
            quads.append(Quad(ACME, DK.isActiveIn, field, NAMES.graphs.statements("one")))
        found[field] = (quads, axis.effect_of(value))
    return found


RESERVED = reserved_claims()
PLAIN = {PAINT, *(field for field, (_, effect) in RESERVED.items() if effect is not Effect.WEAKENING)}


def iris(nodes: Iterable[NamedNode]) -> set[str]:
    return {node.value for node in nodes}
