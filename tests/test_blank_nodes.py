"""Blank nodes keep their identity under labels that the parser takes, wherever the stream is cut."""

from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from digitech_kg.engine import blank_nodes
from digitech_kg.engine.blank_nodes import relabel_blank_nodes

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


class Trickle(io.BytesIO):
    """A stream that gives few bytes at a time, as a socket may."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(7, size) if size and size > 0 else 7)


@given(st.lists(LABELS, max_size=8))
def test_labels_become_plain_and_equal_ones_stay_equal(labels: list[str]) -> None:
    body = results([{"type": "bnode", "value": label} for label in labels])
    new = labels_of(relabel_blank_nodes(Trickle(body)).read())
    assert all(label.isascii() and label.replace("_", "").isalnum() and label[0] != "_" for label in new)
    assert [new.index(label) for label in new] == [labels.index(label) for label in labels]


@given(st.text(st.characters(codec="utf-8")))
def test_other_terms_are_left_alone(text: str) -> None:
    body = results(
        [{"type": "literal", "value": text}, {"type": "literal", "value": '"type": "bnode", "value": "n:1"'}]
    )
    assert relabel_blank_nodes(Trickle(body)).read() == body


def test_long_result_is_rewritten_to_its_end() -> None:
    count = blank_nodes._CHUNK // 20
    body = results([{"type": "bnode", "value": f"n:{number}"} for number in range(count)])
    assert len(set(labels_of(relabel_blank_nodes(io.BytesIO(body)).read()))) == count
