"""The names of the bundled project as constants, for tests of its content."""

from __future__ import annotations

from pyoxigraph import NamedNode

from digitech_kg.sources import find_project

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
