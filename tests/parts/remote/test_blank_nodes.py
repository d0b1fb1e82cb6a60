"""Blank nodes keep their identity under labels that the parser takes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from digitech_kg.parts.remote.client import relabel_blank_nodes

LABELS = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_characters='"{}\\', exclude_categories=["Cc"]), min_size=1, max_size=8
    ),
    st.sampled_from(["b1", "nodeID://b1", "x6e", "n", "_x", "a-b", "a.b"]),
)


def labels_of(body: bytes) -> list[str]:
    return [row["x"]["value"] for row in json.loads(body)["results"]["bindings"]]


def results(terms: list[dict[str, str]]) -> bytes:
    document = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term} for term in terms]}}
    return json.dumps(document, ensure_ascii=False).encode()


@given(st.lists(LABELS, max_size=8))
def test_labels_become_plain_and_equal_ones_stay_equal(labels: list[str]) -> None:
    body = results([{"type": "bnode", "value": label} for label in labels])
    new = labels_of(relabel_blank_nodes(body))
    assert all(label.isascii() and label.replace("_", "").isalnum() and label[0] != "_" for label in new)
    assert [new.index(label) for label in new] == [labels.index(label) for label in labels]


@given(st.text(st.characters(codec="utf-8")))
def test_other_terms_are_left_alone(text: str) -> None:
    body = results(
        [{"type": "literal", "value": text}, {"type": "literal", "value": '"type": "bnode", "value": "n:1"'}]
    )
    assert relabel_blank_nodes(body) == body
