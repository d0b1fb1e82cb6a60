"""Every download is opened again by a library that had no part in writing it, and holds what the graph says."""

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import duckdb
import openpyxl
import pytest
from pyoxigraph import RdfFormat, parse

from bundled import BRIEF, GRAPHS, NAMES, PREFIXES
from conftest import ROOT, Workshop
from digitech_kg.api import Graph, Rows
from digitech_kg.exports.writing import WRITERS, export_dataset, keep_by_process, kept_path
from digitech_kg.formats import DOWNLOADS, Kind, of_kind
from digitech_kg.hooks import downloads_of
from digitech_kg.namespaces import OWL, RDF, TERMS
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sources.project import find_project
from publishing import publish_quads

ID, CLAIM = PREFIXES["id"], PREFIXES["claim"]


@pytest.fixture(scope="module")
def files(download: Callable[[str], Path]) -> Callable[[str], bytes]:
    """Give the content of a download by name."""
    return lambda name: download(name).read_bytes()


@pytest.fixture(scope="module")
def folder(files: Callable[[str], bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables unpacked: as CSV."""
    directory = tmp_path_factory.mktemp("tables")
    zipfile.ZipFile(io.BytesIO(files("csv"))).extractall(directory)
    return directory


def count(graph: Graph, pattern: str) -> int:
    rows = graph.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert isinstance(rows, Rows)
    return int(rows[0]["n"])


def sql(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        for path in folder.glob("*.csv"):
            if re.search(rf"\b{path.stem}\b", query):
                connection.read_csv(str(path), header=True, sample_size=-1).create_view(path.stem)
        return connection.sql(query).fetchall()


def test_every_download_has_a_writer_and_a_name_of_its_own() -> None:
    assert set(WRITERS) == set(DOWNLOADS)
    assert len({d.file_name(NAMES) for d in DOWNLOADS.values()}) == len(DOWNLOADS)


def test_a_download_in_a_format_of_the_engine_says_of_it_what_the_engine_does() -> None:
    for fmt in of_kind(Kind.GRAPH, Kind.DATASET):
        download = DOWNLOADS[fmt.name]
        said = (download.ending, download.media_type, download.conforms_to)
        assert said == (f".{fmt.extension}", fmt.media_type, fmt.iri)


def test_tables_answer_a_question_in_sql(folder: Path, graph: Graph) -> None:
    plain = "is_plain_statement AND document = 'nupi-digi-tech' AND predicate_label = 'is in sector'"
    rows = sql(folder, f"SELECT DISTINCT subject_label FROM claims WHERE {plain} ORDER BY 1")  # noqa: S608
    stated = f"GRAPH {GRAPHS.statements(BRIEF)} {{ ?c dk:isInSector ?s }}"
    asked = graph.query(f"SELECT DISTINCT ?l {{ {stated} ?c rdfs:label ?l FILTER(LANG(?l) = 'en') }}")
    assert isinstance(asked, Rows)
    assert [row[0] for row in rows] == sorted(row["l"] for row in asked)


@pytest.mark.parametrize(
    ("table", "pattern"),
    [
        ("claims", "?c a dk:Claim FILTER EXISTS { ?c dk:statedIn ?p }"),
        ("external_claims", "?c a dk:ExternalClaim FILTER EXISTS { ?c dk:attestedBy ?s }"),
        ("company", "{ SELECT DISTINCT ?c { ?c a dk:Company } }"),
    ],
)
def test_tables_have_a_row_for_each_of_what_the_graph_has(table: str, pattern: str, folder: Path, graph: Graph) -> None:
    if table == "external_claims":
        pattern = "{ SELECT DISTINCT ?c { " + pattern + " } }"
    assert sql(folder, f"SELECT COUNT(*) FROM {table}") == [(count(graph, pattern),)]  # noqa: S608


def test_table_of_documents_has_those_that_are_told_here(folder: Path, graph: Graph) -> None:
    assert sql(folder, f"SELECT COUNT(*) FROM document WHERE iri = '{ID}nupi-digi-tech'") == [(1,)]  # noqa: S608
    told = count(graph, "{ SELECT DISTINCT ?d { ?p a dk:Passage ; dk:isPartOf ?d . ?d a dk:Document } }")
    assert sql(folder, "SELECT COUNT(*) FROM document") == [(told,)]


def test_table_of_claims_names_main_claims_and_topics(folder: Path, graph: Graph) -> None:
    asked = "SELECT main_claim, topics, topic_labels FROM claims WHERE ends_with(claim, '/huawei-not-state-owned')"
    ((main, topics, labels),) = sql(folder, f"{asked} AND document = '{BRIEF}'")
    assert main == f"{NAMES.base}claim/{BRIEF}/leading-brands-not-state-owned"
    assert (topics, labels) == (f"{NAMES.base}topic/ownership-and-control", "Ownership and control")
    parts = count(graph, "?part dk:elaborates ?main")
    assert sql(folder, "SELECT COUNT(main_claim) FROM claims") == [(parts,)]


def test_table_of_positions_has_those_of_the_claims_on_issues_too(folder: Path, graph: Graph) -> None:
    assert sql(folder, "SELECT COUNT(*), COUNT(answer), COUNT(on_issue) FROM position") == [
        (count(graph, "?it a dk:Position"), count(graph, "?it dk:answer ?a"), count(graph, "?it dk:onIssue ?issue"))
    ]
    asked = "SELECT answer FROM position WHERE ends_with(iri, '/huawei-employees/huawei-ownership-page')"
    assert sql(folder, asked) == [("answers yes",)]


def test_columns_are_typed(folder: Path) -> None:
    (row,) = sql(folder, "SELECT typeof(denied), typeof(is_plain_statement), typeof(sentence_en) FROM claims LIMIT 1")
    assert row == ("BOOLEAN", "BOOLEAN", "VARCHAR")
    (row,) = sql(folder, "SELECT typeof(retrieved_on) FROM external_claims LIMIT 1")
    assert row == ("DATE",)


def test_table_of_external_claims_has_every_attestation(folder: Path, graph: Graph) -> None:
    attested = count(graph, "?c a dk:ExternalClaim ; dk:attestedBy ?s")
    parted = "unnest(string_split(source, ' | '))"
    assert sql(folder, f"SELECT COUNT(*) FROM (SELECT claim, {parted} FROM external_claims)") == [(attested,)]  # noqa: S608


def test_texts_have_a_column_for_each_language(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        header = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
        assert not {"definition", "label_in_text", "note", "other_reading", "sentence"} & set(header), path.name
    asked = f"SELECT definition_en, definition_nb FROM company WHERE iri = '{ID}huawei'"  # noqa: S608
    ((english, norwegian),) = sql(folder, asked)
    assert "with its head office" in english and "med hovedkontor" in norwegian
    assert sql(folder, "SELECT COUNT(*) FROM claims WHERE (note_en IS NULL) <> (note_nb IS NULL)") == [(0,)]


def test_tables_come_with_their_licence_and_version(folder: Path, snapshot: Snapshot) -> None:
    told = (folder / "README.txt").read_text(encoding="utf-8")
    assert snapshot.manifest.content_digest in told
    assert re.search(r"^Version: \d+\.\d+\.\d+$", told, re.MULTILINE)
    assert "Licence: https://creativecommons.org/licenses/by/4.0/\n" in told
    assert "Cite as: digitech-kg contributors: " in told


def test_what_is_denied_is_no_value_of_a_class_table(folder: Path) -> None:
    denied = f"SELECT subject FROM claims WHERE denied AND predicate = '{TERMS}hasOwnershipKind'"  # noqa: S608
    assert (ID + "huawei",) in sql(folder, denied)
    told = sql(folder, "SELECT DISTINCT has_ownership_kind FROM company")
    assert "private" in str(told)
    assert "state-ownership" not in str(told)


def test_a_class_table_says_whose_word_each_column_is(folder: Path) -> None:
    (found,) = sql(folder, f"SELECT stated_by FROM company WHERE iri = '{ID}huawei'")  # noqa: S608
    told = dict(part.split(": ") for part in found[0].split(" | "))
    assert told["has_owner"] == "huawei-ownership-page"
    assert BRIEF in told["is_in_sector"]


def test_tables_say_plainly_what_is_derived_and_nothing_else(folder: Path, graph: Graph) -> None:
    rows = graph.query("SELECT ?claim ?value { ?axiom a owl:Axiom ; dk:evidence ?claim ; owl:annotatedTarget ?value }")
    assert isinstance(rows, Rows)
    derived = {row["claim"] for row in rows}
    assert derived == {row[0] for row in sql(folder, "SELECT claim FROM claims WHERE is_plain_statement")}
    assert len(derived) > 300


def test_workbook_has_a_sheet_for_each_table(built_workshop: Workshop) -> None:
    csv, xlsx = (io.BytesIO(export_dataset(built_workshop.current(), name)) for name in ("csv", "xlsx"))
    book = openpyxl.load_workbook(xlsx, read_only=True)
    tables = [name for name in zipfile.ZipFile(csv).namelist() if name.endswith(".csv")]
    assert len(book.sheetnames) == len(tables)
    rows = list(book["company"].iter_rows(values_only=True))
    by_label = {row[rows[0].index("label_en")]: row for row in rows[1:]}
    assert by_label["Acme"][rows[0].index("label_zh_hans")] == "极致"
    assert by_label["Acme"][0] == ID + "acme"


def test_compressed_nquads_are_the_nquads(built_workshop: Workshop) -> None:
    compressed, plain = (export_dataset(built_workshop.current(), name) for name in ("nquads-gz", "nquads"))
    assert gzip.decompress(compressed) == plain


@pytest.fixture(params=["small", pytest.param("bundled", marks=pytest.mark.thorough)])
def exported(request: pytest.FixtureRequest, built_workshop: Workshop) -> Snapshot:
    """A version of the small project, or of the bundled one."""
    if request.param == "small":
        return built_workshop.current()
    return request.getfixturevalue("snapshot")  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_equal_snapshots_give_equal_files(name: str, exported: Snapshot) -> None:
    assert export_dataset(exported, name) == export_dataset(exported, name)


def test_a_process_of_its_own_keeps_a_file_whole(workshop: Workshop) -> None:
    snapshot = workshop.current()
    keep_by_process(snapshot, "csv")
    kept = kept_path(snapshot, "csv")
    assert kept.read_bytes() == export_dataset(snapshot, "csv")
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_any_dataset_can_be_exported(tmp_path: Path) -> None:
    """A server of somebody's own data may have no claims and no description, or claims and links by halves."""
    data = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    data += """
        <http://x.example/#a> a <http://x.example/#T> ; <http://x.example/#p> "1", "two" .
        claim:c a dk:ExternalClaim ; dk:predicate "no IRI" ; dk:subject _:place . _:place a dk:Place .
        graph:links { mappings:m a sssom:MappingSet ; sssom:mappings [] }
    """
    published = publish_quads(parse(data, RdfFormat.TRIG), SnapshotRepository(tmp_path))
    thing = "http://x.example/#"
    with zipfile.ZipFile(io.BytesIO(export_dataset(published, "csv"))) as tables:
        assert tables.read("t.csv").decode().splitlines()[1:] == [f"{thing}a,,1 | two,"]
        assert tables.read("external_claims.csv").decode().splitlines()[1:] == [f"{CLAIM}c,,,,,,,,false,,,,"]
    workbook = openpyxl.load_workbook(io.BytesIO(export_dataset(published, "xlsx")))
    assert list(workbook["t"].values)[1:] == [(f"{thing}a", None, "1 | two", None)]
    assert [row[0] for row in workbook["external_claims"].values] == ["claim", f"{CLAIM}c"]
    # No graph of it says what holds without reserve.
    (triple,) = parse(export_dataset(published, "owl"), RdfFormat.RDF_XML)
    assert (triple.predicate, triple.object) == (RDF.type, OWL.Ontology)


def test_command_tells_the_formats(run: Callable[..., CompletedProcess[str]]) -> None:
    done = run("export", "--format", "excel")
    assert done.returncode == 2
    assert "unknown format 'excel'" in done.stderr
    assert all(name in done.stderr for name in DOWNLOADS)
    listed = run("export").stderr
    assert all(d.ending in listed and d.title in listed for d in DOWNLOADS.values())


def test_command_writes_what_the_server_gives(
    run: Callable[..., CompletedProcess[str]], built_workshop: Workshop, tmp_path: Path
) -> None:
    output = tmp_path / "tables.zip"
    done = run("export", *built_workshop.options, "--format", "csv", "--output", str(output))
    assert done.returncode == 0, done.stderr
    assert output.read_bytes() == export_dataset(built_workshop.current(), "csv")


def test_tables_in_a_file_that_is_not_called_zip_are_said_to_be_an_archive(
    run: Callable[..., CompletedProcess[str]], built_workshop: Workshop, tmp_path: Path
) -> None:
    output = tmp_path / "tables.csv"
    done = run("export", *built_workshop.options, "--format", "csv", "--output", str(output))
    assert (done.returncode, zipfile.is_zipfile(output)) == (0, True)
    assert "is a ZIP archive with one file for each table" in done.stderr


def test_documentation_lists_every_download_of_the_core_and_of_parts() -> None:
    text = (ROOT / "docs/downloads.md").read_text(encoding="utf-8")
    assert [name for name in downloads_of(find_project(ROOT).names) if f"`{name}`" not in text] == []
