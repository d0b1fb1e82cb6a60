"""A small dataset of two documents that disagree, and one of each construct of OWL."""

import pytest
from pyoxigraph import Quad, RdfFormat, Triple, parse

from digitech_kg.reasoning.inference import Base
from digitech_kg.reasoning.premises import select_premises
from reasoning.example import DATA, NAMES, part_of


@pytest.fixture(scope="session")
def examples() -> tuple[Triple, ...]:
    """Premises with one of each construct."""
    return select_premises(parse(path=DATA / "every_rule.ttl", format=RdfFormat.TURTLE))


@pytest.fixture(scope="session")
def stated() -> list[Quad]:
    """The small dataset before anything is inferred."""
    return list(parse(path=DATA / "small.trig", format=RdfFormat.TRIG))


@pytest.fixture(scope="session")
def dataset(stated: list[Quad]) -> list[Quad]:
    """The small dataset with what follows from it."""
    base = Base(select_premises(part_of(stated, None)))
    found = {"things": base.entailments.triples}
    for document in ("note", "other"):
        found[document] = base.infer(base.select(part_of(stated, document))).triples
    graphs = NAMES.graphs
    return stated + [Quad(*triple, graphs.inferred(name)) for name, triples in found.items() for triple in triples]
