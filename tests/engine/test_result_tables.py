"""Results of queries as Excel files, opened by another library, and what happens where there is none."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from conftest import Server
from digitech_kg.engine.request import Answer, Limits
from digitech_kg.engine.table_files import TableWriter
from digitech_kg.errors import LimitExceeded, QueryTimeout
from digitech_kg.formats import TABLES, by_name

(XLSX,) = TABLES
ROWS = """SELECT ?thing ?text ?whole ?part ?day ?mixed {
  VALUES (?thing ?text ?whole ?part ?day ?mixed) {
    (<https://w3id.org/digitech-kg/id/huawei> "华为"@zh-hans 1 1.5
      "2021-03-04"^^<http://www.w3.org/2001/XMLSchema#date> 1)
    (<urn:x> "=1+1" -2 2 UNDEF "one")
  } }"""
HEADER = ["thing", "text", "text_language", "whole", "part", "day", "mixed"]


def ask(server: Server, query: str, fmt: str) -> bytes:
    answer = server.post("/sparql", data={"query": query, "format": fmt})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="result.{fmt}"'
    return answer.content


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_workbook_has_typed_values_and_the_query(server: Server) -> None:
    found = sheets(ask(server, ROWS, "xlsx"))
    assert found["Result"][0] == HEADER
    first, second = found["Result"][1:]
    assert first[:5] == ["https://w3id.org/digitech-kg/id/huawei", "华为", "zh-hans", 1, 1.5]
    assert str(first[5]) == "2021-03-04 00:00:00"
    assert second == ["urn:x", "=1+1", None, -2, 2, None, "one"]
    assert ["Query", ROWS.splitlines()[0]] in found["Query"]


def test_text_that_looks_like_a_formula_stays_text(server: Server) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ask(server, ROWS, "xlsx")))
    assert (book["Result"]["B3"].value, book["Result"]["B3"].data_type) == ("=1+1", "s")


def test_file_is_chosen_by_the_accept_header_too(server: Server) -> None:
    answer = server.sparql("SELECT ?x { VALUES ?x { 1 } }", headers={"Accept": XLSX.media_type})
    assert answer.headers["Content-Type"] == XLSX.media_type
    assert answer.content[:4] == b"PK\x03\x04"


def test_file_has_a_tag_and_is_not_sent_again(server: Server) -> None:
    first = server.sparql(f"{ROWS} LIMIT 1", headers={"Accept": XLSX.media_type})
    headers = {"Accept": XLSX.media_type, "If-None-Match": first.headers["ETag"]}
    assert server.sparql(f"{ROWS} LIMIT 1", headers=headers).status_code == 304


def test_program_that_takes_anything_gets_json_as_before(server: Server) -> None:
    assert (
        server.sparql("SELECT ?x {}", headers={"Accept": "*/*"}).headers["Content-Type"] == by_name("json").media_type
    )


@pytest.mark.parametrize("query", ["ASK {}", "CONSTRUCT { <urn:a> <urn:b> <urn:c> } {}"], ids=["ask", "construct"])
def test_what_is_no_table_is_406(server: Server, query: str) -> None:
    answer = server.post("/sparql", data={"query": query, "format": "xlsx"})
    assert answer.status_code == 406
    assert answer.json()["available"]


def test_no_rows_are_a_table_all_the_same(server: Server) -> None:
    assert sheets(ask(server, "SELECT ?a ?b { ?a <urn:none> ?b }", "xlsx"))["Result"] == [["a", "b"]]


def test_text_that_no_cell_can_hold_is_an_error_with_a_way_out(server: Server) -> None:
    answer = server.post(
        "/sparql", data={"query": f'SELECT ?x {{ VALUES ?x {{ "{"x" * 33_000}" }} }}', "format": "xlsx"}
    )
    assert answer.status_code == 507
    assert "CSV" in answer.json()["hint"]


def test_error_of_the_query_is_told_as_for_other_formats(server: Server) -> None:
    answer = server.post("/sparql", data={"query": "SELECT * {", "format": "xlsx"})
    assert (answer.status_code, answer.json()["title"]) == (400, "SPARQL syntax error")


def solutions(count: int) -> Answer:
    rows = [{"x": {"type": "literal", "value": "x" * 1000}}] * count
    body = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()
    return Answer(by_name("json"), len(body), body, "000001-abc")


def test_writing_is_stopped_at_the_deadline() -> None:
    writer = TableWriter(Limits(timeout_s=0.01))
    with pytest.raises(QueryTimeout, match="writing the file was stopped"):
        writer.write(solutions(1), XLSX, query="SELECT", created="2021-01-01T00:00:00Z")


def test_file_that_needs_too_much_memory_is_an_error() -> None:
    writer = TableWriter(Limits(memory_bytes=0))
    with pytest.raises(LimitExceeded) as caught:
        writer.write(solutions(400_000), XLSX, query="SELECT", created="2021-01-01T00:00:00Z")
    assert caught.value.limit == "memory_bytes"


def test_command_writes_a_file(data_dir: Path, tmp_path: Path) -> None:
    with (tmp_path / "r.xlsx").open("wb") as out:
        command = [sys.executable, "-m", "digitech_kg", "query", "companies_by_sector", "--format", "xlsx"]
        subprocess.run([*command, "--data-dir", str(data_dir)], stdout=out, check=True, timeout=120)
    assert len(sheets((tmp_path / "r.xlsx").read_bytes())["Result"]) == 23


def test_pages_offer_the_files_that_can_be_written(server: Server) -> None:
    page = server.get("/results", params={"query": ROWS}, headers={"Accept": "text/html"}).text
    assert "format=xlsx" in page
