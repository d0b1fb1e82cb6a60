"""Parameters of saved questions: declared in comments, bound as terms, never pasted as text."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from bundled import NAMES
from conftest import ROOT, Server
from digitech_kg.api import Graph, Rows
from digitech_kg.errors import CallError, NotFound
from digitech_kg.sources.saved_queries import parse_saved_query
from digitech_kg.sparql_text.parameters import Parameter, bind, check_choice, read_parameters

ID = "https://w3id.org/digitech-kg/id/"
DK = "https://w3id.org/digitech-kg/ontology#"
QUESTION = """PREFIX id: <https://w3id.org/digitech-kg/id/>
# parameter: company (dk:Company) The company.
# "VALUES ?company { id:comment }" is no block.
SELECT ?company ?name ?text {
  VALUES ?company { id:huawei }
  VALUES ?name { "a } \\"b\\"" }
  BIND("VALUES ?company { id:string }" AS ?text)
}
"""
FILES = sorted((ROOT / "data/queries").glob("*.rq"))
WITH_PARAMETERS = [path for path in FILES if "# parameter:" in path.read_text(encoding="utf-8")]


def solution(query: str) -> tuple[str, ...]:
    (row,) = list(Store().query(query))  # type: ignore[arg-type]
    return tuple(row[name].value for name in ("company", "name", "text"))


def test_declared_parameters_have_type_description_and_default() -> None:
    assert read_parameters(QUESTION, NAMES) == (Parameter("company", DK + "Company", "The company.", (ID + "huawei",)),)


def test_values_take_the_place_of_the_default_and_of_nothing_else() -> None:
    bound = bind(QUESTION, {"company": ["id:zte"]}, NAMES)
    assert solution(bound) == (ID + "zte", 'a } "b"', "VALUES ?company { id:string }")
    assert '"VALUES ?company { id:comment }" is no block.' in bound


@given(st.text(max_size=40))
def test_any_iri_stays_one_iri(text: str) -> None:
    try:
        bound = bind(QUESTION, {"company": [ID + text]}, NAMES)
    except CallError:
        return
    assert solution(bound)[0] == (ID + text).strip()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"company": ["id:zte> } #"]}, "is not an IRI"),
        ({"company": ["zte"]}, "is not an IRI"),
        ({"company": ["id:zte", "id:huawei"]}, "takes one value, not 2"),
        ({"company": []}, "takes one value, not 0"),
        ({"who": ["id:zte"]}, "has no parameter 'who'"),
    ],
)
def test_value_that_fits_no_parameter_is_an_error(values: dict[str, list[str]], message: str) -> None:
    with pytest.raises(CallError, match=message):
        bind(QUESTION, values, NAMES)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("id:hauwei", "Did you mean: id:huawei?"),
        ("huawei", "Did you mean: id:huawei?"),
        ("id:somebody", "There are 2 to choose from; the question's page lists them."),
    ],
)
def test_value_that_is_no_choice_is_told_those_spelt_alike(value: str, hint: str) -> None:
    (parameter,) = read_parameters(QUESTION, NAMES)
    with pytest.raises(CallError) as caught:
        check_choice(parameter, value, [NAMES.expand("id:huawei") or "", NAMES.expand("id:zte") or ""], NAMES)
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("declaration", "block", "message"),
    [
        ("company", "VALUES ?company { 1 }", "declares no parameter"),
        ("company (dk:Company)", "VALUES ?company { 1 }", "declares no parameter"),
        ("company (no:Company) X.", "VALUES ?company { 1 }", "is not known"),
        ("company (dk:Company) X.", "", "has 0 VALUES blocks"),
        ("company (dk:Company) X.", "VALUES ?company { 1 } VALUES ?company { 1 }", "has 2 VALUES blocks"),
        ("company (dk:Company) X.", "VALUES ?company { }", "has no default"),
    ],
)
def test_faulty_declaration_is_a_fault_of_its_file(tmp_path: Path, declaration: str, block: str, message: str) -> None:
    path = tmp_path / "q.rq"
    head = "#+ summary: S\n#+ description: D\n#+ tags:\n#+   - t\n"
    path.write_text(f"{head}# parameter: {declaration}\nSELECT ?company {{ {block} }}\n", encoding="utf-8")
    query, (fault,) = parse_saved_query(path, "q.rq", NAMES)
    assert query is None
    assert message in fault.what
    assert fault.line == 5


def test_there_are_at_least_eight_questions_with_parameters() -> None:
    assert len(WITH_PARAMETERS) >= 8


@pytest.mark.parametrize("path", WITH_PARAMETERS, ids=lambda path: path.stem)
def test_default_is_a_choice_and_another_choice_can_be_asked(path: Path, graph: Graph, server: Server) -> None:
    text = path.read_text(encoding="utf-8")
    parameter, *_ = read_parameters(text, NAMES)
    options = [option["iri"] for option in server.get("/editor/options", params={"class": parameter.type}).json()]
    assert set(parameter.default) <= set(options)
    other = next((option for option in options if option not in parameter.default), options[0])
    graph.question(path.stem, **{parameter.name: other})


def test_python_asks_a_question_with_a_value(graph: Graph) -> None:
    assert graph.question("is_state_ownership_denied") is True
    assert graph.question("is_state_ownership_denied", company="id:zte") is False
    rows = graph.question("sectors_of_named_companies", company=["id:huawei", "id:alibaba"])
    assert isinstance(rows, Rows)
    assert {row["companyLabel"] for row in rows} == {"Huawei", "Alibaba"}


def test_python_is_told_what_was_meant(graph: Graph) -> None:
    with pytest.raises(CallError) as caught:
        graph.question("is_state_ownership_denied", company="id:huawai")
    assert "id:huawei" in str(caught.value.hint)
    with pytest.raises(NotFound) as missing:
        graph.question("is_state_ownership_denie")
    assert "is_state_ownership_denied" in str(missing.value.hint)


Run = Callable[..., CompletedProcess[str]]


def test_command_asks_a_question_with_a_value(run: Run, data_dir: Path) -> None:
    arguments = ("query", "is_state_ownership_denied", "--format", "table", "--data-dir", str(data_dir))
    assert run(*arguments, "--param", "company=id:zte").stdout.strip() == "no"
    wrong = run(*arguments, "--param", "company=id:norway")
    assert wrong.returncode == 2
    assert "is not a dk:Company" in wrong.stderr


def test_page_takes_a_value_from_its_address(server: Server) -> None:
    page = server.get("/page/query/is_state_ownership_denied", params={"company": "id:zte"}).text
    assert "The document does not say so of ZTE." in page
    assert re.search(r'value="https://w3id.org/digitech-kg/id/zte" selected', page)


@pytest.mark.parametrize("value", ["id:huawai", "id:norway", '"><script>', "xq"])
def test_page_refuses_a_value_that_is_no_choice(server: Server, value: str) -> None:
    path, headers = "/page/query/is_state_ownership_denied", {"Accept": "text/html"}
    answer = server.get(path, params={"company": value}, headers=headers)
    assert answer.status_code == 400
    assert "<script>" not in answer.text


def test_misspelt_parameter_is_told_and_not_left_out(server: Server) -> None:
    answer = server.get("/page/query/is_state_ownership_denied?compny=id:zte", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["detail"] == "the question has no parameter 'compny'"
    assert answer.json()["hint"] == "Did you mean company?"


def test_other_names_in_an_address_are_no_parameters(server: Server) -> None:
    assert server.get("/page/query/is_state_ownership_denied?view=raw&lang=nb&x=1").status_code == 200


@pytest.mark.parametrize("cls", ["", "Company", "nothing here", "<a b>"])
def test_options_of_what_is_no_class_are_an_error(server: Server, cls: str) -> None:
    assert server.get("/editor/options", params={"class": cls}).status_code == 400


def test_options_are_named_in_the_language_of_the_page(server: Server) -> None:
    options = server.get("/editor/options?class=dk:State&lang=nb").json()
    assert {"iri": ID + "norway", "label": "Norge"} in options
