"""The command line as a user meets it: results on stdout, messages on stderr, the right exit status, no traceback."""

import hashlib
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import ROOT, Workshop, start_server, stop_server
from digitech_kg.cli import serving
from digitech_kg.cli.main import group
from digitech_kg.web.http import assets

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def assert_friendly(result: subprocess.CompletedProcess[str], status: int, *words: str) -> None:
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr


def test_validate_groups_by_file_and_exits_with_1(run: Run, small_project: Path) -> None:
    draft = small_project / "draft.ttl"
    draft.write_text(
        "@prefix claim: <https://w3id.org/digitech-kg/claim/> .\n"
        "@prefix dk: <https://w3id.org/digitech-kg/ontology#> .\n\n"
        "claim:bad a dk:Claim .\n",
        encoding="utf-8",
    )
    result = run("validate", "--project", str(small_project), str(draft))
    assert result.returncode == 1
    assert f"{draft}:4 claim:bad" in result.stdout
    assert "A claim has exactly one dk:subject" in result.stdout


def test_validate_tells_the_same_of_what_has_not_changed(run: Run, small_project: Path) -> None:
    note = small_project / "data" / "documents" / "note" / "note.ttl"
    right = note.read_text(encoding="utf-8")
    note.write_text(right.replace("    dk:subject id:acme ;\n", "", 1), encoding="utf-8")
    first, again = (run("validate", "--project", str(small_project)) for _ in range(2))
    assert (first.returncode, "exactly one dk:subject" in first.stdout) == (1, True)
    assert again.stdout == first.stdout
    note.write_text(right, encoding="utf-8")
    assert run("validate", "--project", str(small_project)).returncode == 0


def test_validate_takes_a_draft_as_part_of_the_document_whose_claims_it_holds(run: Run, small_project: Path) -> None:
    draft = small_project / "draft.ttl"
    draft.write_text(
        "@prefix dk: <https://w3id.org/digitech-kg/ontology#> .\n"
        "@prefix id: <https://w3id.org/digitech-kg/id/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "<https://w3id.org/digitech-kg/claim/note/acme-in-the-trade>\n"
        '    a dk:Claim ; rdfs:comment "Acme is in the trade."@en , "Acme er i bransjen."@nb ;\n'
        "    dk:subject id:acme ; dk:predicate dk:isActiveIn ; dk:object id:paint-trade ;\n"
        "    dk:statedIn <https://w3id.org/digitech-kg/passage/note/s01> .\n",
        encoding="utf-8",
    )
    result = run("validate", "--project", str(small_project), str(draft))
    assert result.returncode == 0, result.stdout


def test_validate_names_the_draft_for_what_it_says_of_a_claim_of_the_project(run: Run, small_project: Path) -> None:
    draft = small_project / "draft.ttl"
    draft.write_text(
        "@prefix dk: <https://w3id.org/digitech-kg/ontology#> .\n"
        "<https://w3id.org/digitech-kg/claim/note/acme-active-in-paint> dk:certainty dk:possible , dk:probable .\n",
        encoding="utf-8",
    )
    result = run("validate", "--project", str(small_project), str(draft))
    assert f"{draft}:2 note-claim:acme-active-in-paint" in result.stdout


def test_validate_tells_of_a_draft_that_it_takes_the_name_of_a_document(run: Run, small_project: Path) -> None:
    draft = small_project / "draft.ttl"
    names = "@prefix dk: <https://w3id.org/digitech-kg/ontology#> .\n@prefix id: <https://w3id.org/digitech-kg/id/> .\n"
    draft.write_text(f"{names}id:note a dk:Company .\n", encoding="utf-8")
    result = run("validate", "--project", str(small_project), str(draft))
    assert_friendly(result, 1, f"{draft}:3: id:note is described in two files", "data/documents/note/note.ttl")


def test_validate_as_json_names_focus_nodes(run: Run, small_project: Path) -> None:
    things = small_project / "data/things/things.ttl"
    things.write_text(things.read_text(encoding="utf-8").replace('        "Acme"@en ,\n', ""), encoding="utf-8")
    report = json.loads(run("validate", "--project", str(small_project), "--format", "json").stdout)
    assert report["conforms"] is False
    assert "https://w3id.org/digitech-kg/id/acme" in {result["focusNode"] for result in report["results"]}


def test_validate_as_json_has_what_cannot_be_read(run: Run, small_project: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.ttl"
    draft.write_text("\n<urn:a> dk:x 1 .", encoding="utf-8")
    result = run("validate", "--project", str(small_project), str(draft), "--format", "json")
    report = json.loads(result.stdout)
    (found,) = report["results"]
    assert (result.returncode, report["conforms"], found["focusNode"]) == (1, False, draft.as_uri())
    assert found["message"].startswith("line 2: The prefix dk: has not been declared")


def test_validate_as_turtle_is_a_report_graph(run: Run, small_project: Path) -> None:
    result = run("validate", "--project", str(small_project), "--format", "turtle")
    assert "sh:ValidationReport" in result.stdout


def test_coverage_of_the_bundled_project_is_complete(run: Run) -> None:
    result = run("coverage")
    assert result.returncode == 0
    counts = re.findall(r"(\d+) of (\d+) sentences", result.stderr)
    assert len(counts) == len(list((ROOT / "data/documents").iterdir()))
    assert all(covered == total for covered, total in counts)
    assert len(result.stdout.splitlines()) == sum(int(total) for _, total in counts)


def test_uncovered_passage_exits_with_1(run: Run, small_project: Path) -> None:
    note = small_project / "data/documents/note/note.ttl"
    text = note.read_text(encoding="utf-8")
    block = text[text.index("note:s01\n") :].replace("note:s01", "note:s02")
    note.write_text(text + "\n" + block, encoding="utf-8")
    result = run("coverage", "--project", str(small_project), "--uncovered")
    assert result.returncode == 1
    assert "NOT COVERED" in result.stdout


def test_build_then_skip(run: Run, small_project: Path, tmp_path: Path) -> None:
    options = ["--project", str(small_project), "--data-dir", str(tmp_path / "kg")]
    assert run("build", *options).stdout.startswith("published snapshot 000001-")
    assert run("build", *options).stdout.startswith("unchanged: snapshot 000001-")


def test_broken_turtle_names_file_line_and_column(run: Run, small_project: Path, tmp_path: Path) -> None:
    (small_project / "data/documents/note/bad.ttl").write_text("<http://a> <http://b>\n  oops .", encoding="utf-8")
    result = run("build", "--project", str(small_project), "--data-dir", str(tmp_path / "kg"))
    assert_friendly(result, 1, "data/documents/note/bad.ttl:2:3:")


def test_a_query_publishes_nothing_over_another_project(run: Run, small_project: Path, tmp_path: Path) -> None:
    place = ["--data-dir", str(tmp_path / "kg")]
    run("build", "--project", str(small_project), *place)
    result = run("query", "-e", "ASK { id:huawei ?p ?o }", *place)
    assert result.stdout == "false"
    assert_friendly(result, 0, "isn't made from the current files of", "run digitech-kg build")
    assert len(run("history", *place).stdout.splitlines()) == 2


def test_query_of_a_saved_question_by_name(run: Run, data_dir: Path) -> None:
    result = run("query", "top_selling_phone_brands", "--data-dir", str(data_dir))
    assert result.stdout.startswith("?company\t?companyLabel")
    assert '"Huawei"@en' in result.stdout
    assert '"Xiaomi"@en' in result.stdout


def test_query_as_a_table(run: Run, data_dir: Path) -> None:
    result = run("query", "top_selling_phone_brands", "--format", "table", "--data-dir", str(data_dir))
    assert "id:xiaomi" in result.stdout
    assert "2 rows" in result.stdout


def test_values_in_a_table_are_text_and_never_markup(run: Run, data_dir: Path) -> None:
    value = "[/b] see [note] :smile:"
    result = run("query", "-e", f"SELECT ('{value}' AS ?x) {{}}", "--format", "table", "--data-dir", str(data_dir))
    assert value in result.stdout, result.stderr


@pytest.mark.parametrize("command", [("format",), ("query",)])
def test_file_that_is_not_utf8_is_named(run: Run, data_dir: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "latin.ttl"
    file.write_bytes(b"\n\xe9")
    options = ("--data-dir", str(data_dir)) if command == ("query",) else ()
    assert_friendly(run(*command, str(file), *options), 1, f"{file}:2: is not UTF-8")


def test_output_that_cannot_be_written_is_one_clear_message(data_dir: Path) -> None:
    command = [sys.executable, "-m", "digitech_kg", "history", "--data-dir", str(data_dir)]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert_friendly(result, 2, "Error: No space left on device")


def test_tokens_are_not_looked_for_in_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_friendly(run("token", "list", "--data-dir", str(tmp_path / "file")), 0, "There is no token")


@pytest.mark.parametrize(("name", "start"), [("json", "{"), ("xml", "<?xml"), ("csv", "x\r\n"), ("tsv", "?x\n")])
def test_query_in_every_solutions_format(run: Run, data_dir: Path, name: str, start: str) -> None:
    command = ["query", "-e", "SELECT (1 AS ?x) {}", "--format", name, "--data-dir", str(data_dir)]
    assert run(*command).stdout.startswith(start.replace("\r\n", "\n"))


def test_query_needs_no_declaration_of_known_prefixes(run: Run, data_dir: Path) -> None:
    assert "true" in run("query", "-e", "ASK { id:huawei a dk:Company }", "--data-dir", str(data_dir)).stdout


def test_query_with_a_misspelt_name_names_the_nearest_beside_the_answer(run: Run, data_dir: Path) -> None:
    result = run("query", "-e", "ASK { id:huawie a dk:Company }", "--data-dir", str(data_dir))
    assert (result.returncode, "false" in result.stdout) == (0, True)
    assert result.stderr.endswith("Nothing here is called id:huawie. Did you mean id:huawei?\n")


def test_query_with_syntax_error_says_where(run: Run, data_dir: Path) -> None:
    assert_friendly(run("query", "-e", "SELECT *\n{ ?s }", "--data-dir", str(data_dir)), 2, "line 2, column")


def test_query_stopped_at_its_deadline_says_so(run: Run, data_dir: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    result = run("query", "-e", query, "--query-timeout", "0.3", "--data-dir", str(data_dir))
    assert_friendly(result, 2, "stopped after 0.3 seconds")


def test_the_manifest_names_the_content_without_what_is_counted_in_the_catalog(
    run: Run, built_workshop: Workshop, tmp_path: Path
) -> None:
    target = tmp_path / "graph.nq"
    assert run("export", "--format", "nquads", "--output", str(target), *built_workshop.options).returncode == 0
    manifest = next((built_workshop.data_dir / "snapshots").glob("*/manifest.json"))
    lines = [line for line in target.read_bytes().splitlines() if b"/graph/catalog> ." not in line]
    total = sum(int(hashlib.sha256(line).hexdigest(), 16) for line in lines) % 2**256
    assert f"{total:064x}" == json.loads(manifest.read_text())["content_digest"]


#: A data directory that is built already.
BUNDLED = ("--data-dir", "{bundled}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["query", "no_such_question", *BUNDLED], ["there is no file no_such_question", "Name a .rq file"]),
        (["query", "companies_by_sectors", *BUNDLED], ["there is no file", "Did you mean: companies_by_sector, "]),
        (["query", "ASK { ?s ?p ?o }", *BUNDLED], ["Give a query as text with -e."]),
        (
            ["query", "-e", "ASK {}", "--format", "turtle", *BUNDLED],
            ["Give one of these with --format: json, xml, csv, tsv"],
        ),
        (["query", "-e", "CLEAR ALL", *BUNDLED], ["CLEAR begins an update", "Send it to /sparql of a server"]),
        (["export", "--format", "turtle", "--document", "nupi-digi-tech"], ["--document is for --format owl"]),
        (["query", *BUNDLED], ["give either a query file or -e TEXT"]),
        (["query", "-e", "ASK {}", "--format", "yaml", *BUNDLED], ["unknown format 'yaml'", "turtle"]),
        (["validate", "missing.ttl"], ["File 'missing.ttl' does not exist"]),
        (["validate", "--format", "yaml"], ["yaml"]),
        (["build", "--project", "/nonexistent"], ["there is no folder /nonexistent"]),
        (["build", "--data-dir", "/dev/null/x"], ["can't use data directory"]),
        (["export", "--format", "pdf"], ["pdf"]),
        (["export", "--format", "turtle", "--data-dir", "{empty}"], ["no version is published"]),
        (["serve", "--port", "99999"], ["can't listen on"]),
        (["serve", "--query-timeout", "0"], ["--query-timeout must be a number greater than 0"]),
        (["serve", "--query-timeout", "inf"], ["--query-timeout must be a number greater than 0"]),
        (["serve", "--write-timeout", "nan"], ["--write-timeout must be a number greater than 0"]),
        (["serve", "--total-memory", "0"], ["--total-memory must be a number greater than 0"]),
        (["serve", "--host", "no.such.host.invalid"], ["can't listen on"]),
        (["nonsense"], ["nonsense"]),
    ],
)
def test_wrong_call_is_one_clear_message_and_exit_2(
    run: Run, arguments: list[str], words: list[str], tmp_path: Path, data_dir: Path
) -> None:
    places = {"{empty}": str(tmp_path), "{bundled}": str(data_dir)}
    assert_friendly(run(*[places.get(a, a) for a in arguments]), 2, *words)


def test_port_in_use_is_named(run: Run, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_friendly(run("serve", "--port", port, "--data-dir", str(data_dir)), 2, f"127.0.0.1:{port}", "--port")


def test_server_stops_cleanly_and_leaves_no_process(built_workshop: Workshop) -> None:
    server = start_server(built_workshop.data_dir, "--project", str(built_workshop.root))
    assert server.get("/healthz").ok
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    assert children
    assert stop_server(server) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}/exe").exists()]


def test_serve_follows_a_newly_built_snapshot(run: Run, small_project: Path, tmp_path: Path) -> None:
    options = ["--project", str(small_project)]
    server = start_server(tmp_path / "kg", *options)
    query = "SELECT ?d { <https://w3id.org/digitech-kg/id/acme> <http://www.w3.org/2004/02/skos/core#definition> ?d }"
    try:
        assert "A maker of paint." in server.sparql(query).text
        things = small_project / "data/things/things.ttl"
        things.write_text(things.read_text(encoding="utf-8").replace("A maker of", "A seller of"), encoding="utf-8")
        run("build", *options, "--data-dir", str(tmp_path / "kg"))
        assert "A seller of paint." in server.sparql(query).text
    finally:
        stop_server(server)


@pytest.mark.parametrize("command", ["build", "coverage", "export", "format", "query", "serve", "validate"])
def test_help_has_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.returncode == 0
    assert "Example" in result.stdout


def test_serving_with_the_text_of_an_unknown_document_is_refused(
    run: Callable[..., subprocess.CompletedProcess[str]], workshop: Workshop, tmp_path: Path
) -> None:
    text = tmp_path / "note.txt"
    text.write_text("Acme works in the paint trade.", encoding="utf-8")
    done = run("serve", *workshop.options, "--port", "0", "--text", f"nope={text}")
    assert done.returncode == 2
    assert "no document 'nope'" in done.stderr
    assert "There are: note." in done.stderr


@pytest.mark.parametrize("is_built", [True, False])
def test_serving_without_the_scripts_of_the_pages_says_how_to_build_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_built: bool
) -> None:
    if is_built:
        (tmp_path / "static/dist").mkdir(parents=True)
        (tmp_path / "static/dist/entries.json").write_text("{}")
    monkeypatch.setattr(assets, "_FOLDER", tmp_path / "static")
    monkeypatch.setattr(serving, "run_server", lambda *_, **__: None)
    done = CliRunner().invoke(group, ["serve", "--empty", "--port", "0", "--data-dir", str(tmp_path / "kg")])
    assert done.exit_code == 0, done.output
    assert ("The scripts of the pages aren't built" in done.stderr) is not is_built
    assert ("pip install -e ." in done.stderr) is not is_built
