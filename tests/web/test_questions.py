"""Every saved question gives exactly the answer that was read against the brief (`tests/data/questions`)."""

import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from conftest import ROOT
from digitech_kg.api import Graph, Rows
from digitech_kg.errors import SourceError
from digitech_kg.sources.loading import load_sources
from digitech_kg.sources.project import Project, find_project

EXPECTED = Path(__file__).parents[1] / "data/questions"
FILES = sorted((ROOT / "data/queries").glob("*.rq"))
#: The brief's example questions, with the answers that its readers expect: question → column → values.
EXAMPLES = {
    "companies_in_critical_components": {
        "companyLabel": {
            "China Electronics",
            "China Electronics Technology",
            "Semiconductor Manufacturing International",
            "Will Semiconductor",
        }
    },
    "sectors_of_named_companies": {"sectorLabel": {"Platforms - apps", "Networks", "Devices"}},
    "fields_with_leading_positions": {"fieldLabel": {"network construction", "mobile phone sales"}},
    "top_selling_phone_brands": {"companyLabel": {"Huawei", "Xiaomi"}},
    "huawei_network_position": {
        "quantifier": {"https://w3id.org/digitech-kg/ontology#many", None},
        "limitLabel": {"countries", "developing countries", None},
    },
    "posts_of_the_author": {
        "positionLabel": {"Senior Research Fellow at NUPI", "Postdoctoral Fellow at the University of Bergen"}
    },
    "harmful_activities_and_actors": {
        "activityLabel": {"intelligence gathering", "hacking", "hostile cyber operations"},
        "actorLabel": {"foreign states", "criminal actors"},
        "cue": {"may facilitate"},
    },
    "where_concerns_outside_china_arise": {"holder": {None}},
    "recommendation_on_standards": {"number": {4}},
    "companies_not_state_owned": {"companyLabel": {"Huawei", "Lenovo", "Xiaomi", "Tencent"}},
    "state_ownership_by_group": {"quantifier": {"https://w3id.org/digitech-kg/ontology#many"}},
    "foreign_companies_reducing_operations": {"companyLabel": {"Google", "Facebook", "Twitter", "LinkedIn", "Yahoo"}},
    "mainly_domestic_companies": {"companyLabel": {"Alibaba", "Tencent", "NetEase"}},
}


def comparable(body: bytes) -> Counter[str]:
    """Rows or triples as a multiset; blank nodes have a new label in every answer."""
    if body[:1] in (b"@", b"<"):
        body = "\n".join(map(str, parse(body, format=RdfFormat.TURTLE))).encode()
    return Counter(re.sub(r"_:\w+", "_:b", body.decode()).splitlines())


def test_there_are_at_least_forty_questions() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_answer_is_the_expected_one(path: Path, graph: Graph) -> None:
    body, _ = graph.run(path.read_text(encoding="utf-8"), None)
    expected = (EXPECTED / f"{path.stem}.tsv").read_bytes()
    assert comparable(body) == comparable(expected)


def test_every_expected_answer_says_something() -> None:
    empty = {"", "false\n"}
    texts = {path.stem: path.read_text(encoding="utf-8") for path in EXPECTED.glob("*.tsv")}
    assert [name for name, text in texts.items() if text in empty or (text[0] == "?" and text.count("\n") < 2)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_question_gives_the_values_that_readers_expect(name: str, graph: Graph) -> None:
    rows = graph.query((ROOT / f"data/queries/{name}.rq").read_text(encoding="utf-8"))
    assert isinstance(rows, Rows)
    assert {column: {row[column] for row in rows} for column in EXAMPLES[name]} == EXAMPLES[name]


def test_no_expected_answer_is_left_over() -> None:
    assert {p.stem for p in EXPECTED.glob("*.tsv")} == {p.stem for p in FILES}


def faults_of_style(text: str) -> list[str]:
    """Return what the text of a saved question does otherwise than the others."""
    prefixes = re.findall(r"^PREFIX (\w+):", text, re.MULTILINE)
    body = re.sub(r"^(#\+|PREFIX).*\n", "", text, flags=re.MULTILINE)
    faults = {
        "prefixes out of order": prefixes != sorted(prefixes),
        "prefix without use": any(not re.search(rf"\b{prefix}:", body) for prefix in prefixes),
        "all columns": "SELECT *" in body,
        "no order": body.lstrip().startswith("SELECT") and "ORDER BY" not in body,
    }
    return [name for name, is_there in faults.items() if is_there]


def test_query_files_keep_the_house_style() -> None:
    assert {path.stem: faults for path in FILES if (faults := faults_of_style(path.read_text(encoding="utf-8")))} == {}
    assert [path.stem for path in FILES if path.stem != path.stem.lower()] == []


def test_a_query_in_another_style_would_be_told() -> None:
    text = "PREFIX b: <x:b>\nPREFIX a: <x:a>\nSELECT * WHERE { ?s a: ?o }"
    assert faults_of_style(text) == ["prefixes out of order", "prefix without use", "all columns", "no order"]


def test_two_questions_of_one_name_are_a_fault(small_project: Path) -> None:
    folder = small_project / "data/queries"
    (folder / "more").mkdir(parents=True)
    text = (ROOT / "data/queries/predictions.rq").read_text(encoding="utf-8")
    for path in (folder / "predictions.rq", folder / "more/predictions.rq"):
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load_sources(find_project(small_project))
    assert any("has this name already" in fault.what for fault in caught.value.faults)


def test_questions_are_told_apart_by_name_and_summary(project: Project) -> None:
    queries = load_sources(project).queries
    assert len({query.summaries for query in queries}) == len(queries)
