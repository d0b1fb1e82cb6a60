"""Questions of a policy analyst, each with a query in schema terms and the answer that the bundled graph gives.

`make answers` takes the answers anew (`answers.py`).
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from bundled import PREFIXES
from digitech_kg.namespaces import RDFS
from digitech_kg.triple_store import open_read_only

FILE = Path(__file__).parents[1] / "data/analyst_questions.tsv"
_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dk", "id"))
_FIELDS = ("id", "form", "en", "nb", "query", "expected")


@dataclass(frozen=True, slots=True)
class Question:
    """A row of the file: `form` is "plain" if plain triples alone answer it, else "claims"."""

    id: str
    form: str
    en: str
    nb: str
    query: str
    expected: tuple[tuple[str, ...], ...]


def read_questions() -> list[Question]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Question(**{**row, "expected": tuple(map(tuple, json.loads(row["expected"])))}) for row in rows]


def write_questions(questions: Iterable[Question]) -> None:
    lines = ["\t".join(_FIELDS)]
    for question in questions:
        expected = json.dumps(question.expected, ensure_ascii=False)
        lines.append("\t".join((question.id, question.form, question.en, question.nb, question.query, expected)))
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def in_memory(directory: Path) -> Store:
    """Return a copy in memory of the store in a snapshot."""
    store = Store()
    store.bulk_extend(iter(open_read_only(directory)))
    return store


def answer(store: Store, query: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a query in the order of their text; things are called by their English labels."""
    found = store.query(_PROLOGUE + query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return tuple(sorted({tuple(_text(store, term) for term in row) for row in found}))


def _text(store: Store, term: object) -> str:
    if not isinstance(term, NamedNode):
        return term.value if isinstance(term, Literal) else ""
    labels = (quad.object for quad in store.quads_for_pattern(term, RDFS.label, None))
    english = sorted(label.value for label in labels if isinstance(label, Literal) and label.language == "en")
    return english[0] if english else term.value
