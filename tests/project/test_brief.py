"""Against the brief's text, where it is at hand: the passages fit it, and none of its sentences is in the project."""

import csv
import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT, SHARED
from digitech_kg.api import Graph, Rows

BRIEF = SHARED / "brief"
pytestmark = pytest.mark.skipif(not BRIEF.is_dir(), reason="the brief's text is not beside this checkout")
NUPI = "https://w3id.org/digitech-kg/passage/nupi-digi-tech/"
RUN = 8
#: Runs that are names, titles or an address, not prose.
ALLOWED = (
    "new tools digitalization artificial intelligence cybersecurity",
    "nupi norwegian institute of international affairs",
    "c j hambros plass 2d pb 7024 st olavs plass 0130 oslo norway",
    "fortune 2021 global 500 forbes 2019 top 100 digital companies and forbes 2021 global 2000",
)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return set(zip(*(found[i:] for i in range(RUN)), strict=False))


def test_every_passage_carries_its_hash_offsets_and_page(graph: Graph) -> None:
    text = (BRIEF / "brief.txt").read_text(encoding="utf-8")
    query = (
        "SELECT ?passage ?hash ?start ?end ?page { ?passage dk:textHash ?hash ; dk:startOffset ?start ; "
        "dk:endOffset ?end ; dk:pageLabel ?page FILTER(STRSTARTS(STR(?passage), STR(nupi:))) }"
    )
    rows = graph.query(query)
    assert isinstance(rows, Rows)
    found = {row["passage"].removeprefix(NUPI): row for row in rows}
    with (BRIEF / "passages.tsv").open(encoding="utf-8") as file:
        expected = {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert found.keys() == expected.keys()
    for name, row in found.items():
        passage = text[row["start"] : row["end"]].strip()
        assert hashlib.sha256(passage.encode()).hexdigest() == row["hash"] == expected[name]["sha256"]
        assert row["page"] == expected[name]["page"]


def test_each_further_name_is_printed_by_the_document_in_whose_graph_it_stands(graph: Graph) -> None:
    text = " ".join((BRIEF / "brief.txt").read_text(encoding="utf-8").split()).lower()
    query = "SELECT ?graph ?name { GRAPH ?graph { ?thing skos:altLabel ?name FILTER(CONTAINS(STR(?thing), '/id/')) } }"
    rows = graph.query(query)
    assert isinstance(rows, Rows)
    names = [str(row["name"]) for row in rows if str(row["graph"]).endswith("/nupi-digi-tech")]
    assert len(names) > 40
    assert [name for name in names if name.lower() not in text] == []
    assert not any(str(row["graph"]).endswith("/things") for row in rows)


@pytest.mark.slow
def test_no_run_of_eight_words_of_the_brief_is_in_the_project() -> None:
    brief = runs((BRIEF / "brief.txt").read_text(encoding="utf-8"))
    allowed = {" ".join(words(text)) for text in ALLOWED}
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    copied = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".png", ".ico", ".woff2") or not path.is_file() or path == Path(__file__):
            continue
        for run in runs(path.read_text(encoding="utf-8")) & brief:
            if not any(" ".join(run) in text for text in allowed):
                copied.append((name, " ".join(run)))
    assert copied == []


def test_every_hedge_cue_stands_in_a_passage_of_its_claim(graph: Graph) -> None:
    text = (BRIEF / "brief.txt").read_text(encoding="utf-8")
    query = (
        "SELECT ?claim ?cue ?start ?end { ?claim dk:cue ?cue ; dk:statedIn ?p . "
        "?p dk:startOffset ?start ; dk:endOffset ?end FILTER(STRSTARTS(STR(?p), STR(nupi:))) }"
    )
    rows = graph.query(query)
    assert isinstance(rows, Rows)
    stated: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        stated.setdefault((row["claim"], row["cue"]), []).append(text[row["start"] : row["end"]].lower())
    wrong = [key for key, passages in stated.items() if not any(key[1].lower() in passage for passage in passages)]
    assert stated
    assert wrong == []
