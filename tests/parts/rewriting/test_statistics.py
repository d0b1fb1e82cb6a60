"""The statistics of a version are those of all its quads, however it came from the one before."""

from pathlib import Path
from random import Random

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad

from digitech_kg.namespaces import RDF
from digitech_kg.parts.rewriting.statistics import Statistics, read_statistics, statistics_of, write_statistics
from digitech_kg.snapshot.changes import Change
from digitech_kg.triple_store import store_of
from parts.rewriting.random_queries import EX, random_quads


@pytest.mark.parametrize("seed", range(40))
def test_statistics_follow_what_is_added_and_removed(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)  # noqa: S311 - chance has to be repeatable.
    older, newer = tmp_path / "1", tmp_path / "2"
    before, after = store_of(random_quads(chance)), store_of(random_quads(chance))
    for store, directory, previous, change in (
        (before, older, None, Change(frozenset(before))),
        (after, newer, older, Change(frozenset(after) - set(before), frozenset(before) - set(after))),
    ):
        directory.mkdir()
        write_statistics(directory, previous, change, store)
        assert read_statistics(directory) == statistics_of(store)


def test_triples_are_counted_by_property_class_and_ends() -> None:
    node, blank, graph = NamedNode(f"{EX}a"), BlankNode(), NamedNode(f"{EX}g")
    typed = [Quad(node, RDF.type, node, graph), Quad(node, RDF.type, blank, graph)]
    found = statistics_of(store_of([*typed, Quad(node, node, node), Quad(node, node, node, graph)]))
    properties = {node.value: 2, RDF.type.value: 2}
    kinds = {"subject iri": 4, "object blank": 1, "object iri": 3}
    subjects, objects = ({"": total, node.value: 1, RDF.type.value: typed} for total, typed in ((1, 1), (2, 2)))
    assert found == Statistics(4, properties, {node.value: 1}, kinds, subjects, objects)
    assert not found.all_classes_have_names


def test_a_version_without_these_statistics_is_served_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "statistics.json").write_text('{"triples": 1, "properties": {}, "kinds": {}}')
    assert read_statistics(tmp_path) is None
