"""The names of the bundled project as constants, for tests of its content."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from digitech_kg.sources.project import find_project
from digitech_kg.triple_store import store_of

NAMES = find_project().names
BASE, PREFIXES, GRAPHS = NAMES.base, NAMES.prefixes, NAMES.graphs
#: The first document.
BRIEF = "nupi-digi-tech"


def thing(name: str) -> NamedNode:
    return NAMES.thing(name)


def claim(name: str, document: str = BRIEF) -> NamedNode:
    return NAMES.claim(document, name)


def passage(name: str, document: str = BRIEF) -> NamedNode:
    return NAMES.passage(document, name)


def triples_of(quads: Iterable[Quad]) -> bytes:
    """Return the triples of all graphs as N-Triples, as a store gives them back."""
    return serialize({quad.triple for quad in store_of(quads)}, format=RdfFormat.N_TRIPLES) or b""
