"""`digitech-kg link`: proposals with reasons, as a mapping file that people review."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bundled import NAMES
from digitech_kg.book import open_book
from digitech_kg.book.entities import EntityReader
from digitech_kg.errors import CallError
from digitech_kg.mappings.model import Mapping
from digitech_kg.mappings.sssom import read_mapping_set
from digitech_kg.matching.ranking import Entity
from digitech_kg.parts.linking.proposals import propose, read_table
from digitech_kg.snapshot.repository import Snapshot

ID = NAMES.prefixes["id"]
ORGANISATIONS = Path(__file__).parent / "data/organisations.tsv"
Run = Callable[..., CompletedProcess[str]]
TODAY = date(2026, 11, 25)


def rows_of(path: Path) -> dict[tuple[str, str], str]:
    found, faults = read_mapping_set(path, path.name, NAMES)
    assert faults == []
    assert found is not None
    return {(m.subject_id.removeprefix(ID), m.object_id): m.comment for m in found.mappings}


HUAWEI = Entity(ID + "huawei", "Huawei", types=("Company", "Organisation"), values={"headquartersCountry": ("CN",)})


@pytest.mark.parametrize(
    ("column", "cell", "predicates"),
    [
        ("type", "Company", ["exactMatch"]),
        ("type", "Place", []),
        ("headquartersCountry", "CN", ["exactMatch"]),
        ("headquartersCountry", "NO", []),
    ],
    ids=["of the same class", "of another class", "context agrees", "context contradicts"],
)
def test_class_and_context_of_a_row_count(column: str, cell: str, predicates: list[str], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"iri,name,{column}\nhttps://x.example/1,Huawei,{cell}\n", encoding="utf-8")
    found = propose([HUAWEI], read_table(table), today=TODAY)
    assert [m.predicate_id.rsplit("#", 1)[1] for m in found] == predicates


def test_cell_may_have_several_lines(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text('iri,name,note\nhttps://x.example/1,Huawei,"one\ntwo\u2028three"\n', encoding="utf-8")
    (entity,) = read_table(table)
    assert entity.values == {"note": ("one\ntwo\u2028three",)}


def test_cell_that_is_too_large_is_told(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"iri,name\nhttps://x.example/1,{'x' * (csv.field_size_limit() + 1)}\n", encoding="utf-8")
    with pytest.raises(CallError, match="cannot read"):
        read_table(table)


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("wikidata;name\n1;Huawei\n", "no column 'iri' and no column 'name'", "the columns wikidata;name:"),
        ("wikidata,Name\n1,Huawei\n", "no column 'iri'", "the columns wikidata, Name:"),
        ("iri,called\nhttps://x.example/1,Huawei\n", "no column 'name'", "the columns iri, called:"),
        ("iri,name\n", "no rows below its first line", "the columns iri, name:"),
    ],
)
def test_what_a_table_lacks_is_told_with_what_it_has(tmp_path: Path, text: str, what: str, hint: str) -> None:
    table = tmp_path / "table.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(CallError) as raised:
        read_table(table)
    assert str(raised.value).endswith(what)
    assert hint in str(raised.value.hint)


@pytest.fixture(scope="module")
def proposed(snapshot: Snapshot) -> list[Mapping]:
    """What a table of a hundred organisations may be called in the bundled project."""
    known = EntityReader(open_book(snapshot)).entities()
    things = [replace(e, id=ID + e.id) for e in known if "Organisation" in e.types]
    return propose(things, read_table(ORGANISATIONS), today=TODAY)


@pytest.mark.parametrize(("certain", "precision", "recall"), [(True, 1.0, 0.85), (False, 0.97, 0.95)])
def test_precision_and_recall_on_a_hundred_organisations(
    proposed: list[Mapping], certain: bool, precision: float, recall: float
) -> None:
    lines = ORGANISATIONS.read_text(encoding="utf-8").splitlines()
    table = list(csv.DictReader(lines, delimiter="\t"))
    assert len(table) == 100
    wanted = {(ID + row["expected"], row["iri"]) for row in table if row["expected"]}
    pairs = {(m.subject_id, m.object_id) for m in proposed if not certain or m.predicate_id.endswith("exactMatch")}
    assert len(pairs & wanted) / len(pairs) >= precision
    assert len(pairs & wanted) / len(wanted) >= recall


def test_proposals_are_a_mapping_file(linked: Path, published: Path, run: Run, tmp_path: Path) -> None:
    table = tmp_path / "organisations.tsv"
    table.write_text(
        ORGANISATIONS.read_text(encoding="utf-8") + "http://www.wikidata.org/entity/Q160120\tHuawei\thuawei\n",
        encoding="utf-8",
    )
    done = run("link", "--data-dir", str(published), "--table", str(table), "--type", "Company")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d+ links? proposed\. No thing is like \d+ rows of the table\.", done.stderr)
    file = linked / "data/links/organisations.sssom.tsv"
    file.write_text(done.stdout, encoding="utf-8")
    rows = rows_of(file)
    tcl = next(pair for pair in rows if pair[0] == "tcl")
    assert "is a name of both" in rows[tcl] or "of 100" in rows[tcl]
    assert ("huawei", "http://www.wikidata.org/entity/Q160120") not in rows
    assert run("validate", "--project", str(linked)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--table"),
        (("--table", "missing.csv"), "cannot read missing.csv"),
        (("--table", str(ORGANISATIONS), "--type", "Nothing"), "no thing of class Nothing"),
    ],
    ids=["nothing", "table", "type"],
)
def test_faulty_call_is_told_in_one_message(arguments: tuple[str, ...], words: str, run: Run, published: Path) -> None:
    done = run("link", "--data-dir", str(published), *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no rows"),
        ("iri,colour\nhttp://x/1,red\n", "has no column 'name'\nIts first line names the columns iri, colour"),
        ("iri,name\n7,red\n", "line 2"),
    ],
)
def test_faulty_table_is_told(content: str, words: str, published: Path, tmp_path: Path, run: Run) -> None:
    table = tmp_path / "t.csv"
    table.write_text(content, encoding="utf-8")
    done = run("link", "--data-dir", str(published), "--table", str(table))
    assert done.returncode == 2
    assert words in done.stderr


def test_one_entity_is_proposed_for_the_best_thing_only() -> None:
    things = [Entity("id:a", "China Electronics"), Entity("id:b", "China Electronics Technology")]
    found = propose(things, [Entity("http://x/1", "China Electronics Technology Group")], today=TODAY)
    assert [(m.subject_id, m.object_id) for m in found] == [("id:b", "http://x/1")]
