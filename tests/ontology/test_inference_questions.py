"""Questions tagged `inference` get fewer answers from the same graph without what a reasoner adds."""

from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from bundled import NAMES
from conftest import ROOT
from digitech_kg.namespaces import DK, RDF
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import load_in_memory

FILES = sorted(p for p in (ROOT / "data/queries").glob("*.rq") if "#+   - inference" in p.read_text(encoding="utf-8"))


def count_rows(store: Store, query: str) -> int:
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return sum(1 for _ in solutions)


@pytest.fixture(scope="module")
def without_inference(snapshot: Snapshot) -> Store:
    store = load_in_memory(snapshot.store)
    for graph in [name for name in store.named_graphs() if name.value.endswith("/inferred")]:
        store.remove_graph(graph)
    return store


def test_at_least_ten_questions_need_inference() -> None:
    assert len(FILES) >= 10


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_without_inference_there_are_fewer_rows(path: Path, in_memory: Store, without_inference: Store) -> None:
    query = path.read_text(encoding="utf-8")
    assert count_rows(without_inference, query) < count_rows(in_memory, query)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_row_without_inference_is_not_called_inferred(path: Path, without_inference: Store) -> None:
    solutions = without_inference.query(path.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    assert '"inferred"' not in {str(value) for row in solutions for value in row}


@pytest.mark.parametrize(
    ("policy", "is_of_state"),
    [("us-sanctions", True), ("vpn-crackdown", True), ("communication-on-5g-toolbox", False)],
)
def test_a_state_or_a_body_of_one_makes_a_policy_a_states(policy: str, is_of_state: bool, in_memory: Store) -> None:
    patterns = (
        in_memory.quads_for_pattern(NAMES.thing(policy), RDF.type, cls) for cls in (DK.Policy, DK.PolicyOfState)
    )
    assert [any(True for _ in found) for found in patterns] == [True, is_of_state]
