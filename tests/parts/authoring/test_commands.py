"""The commands of authors, as they are typed."""

import hashlib
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from digitech_kg.errors import CallError, NotFound
from digitech_kg.sources.document_texts import TextCopy, read_texts
from digitech_kg.sources.loading import load_sources
from digitech_kg.sources.project import Project, find_project

from .conftest import DATA, Command


def test_a_document_is_added_to_the_project_in_the_current_folder(
    project: Project, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    result = command("document", "add", DATA / "report.html", "--id", "report")
    assert result.exit_code == 0
    first = 'added report, "Acme in 2021": 2 sections, 2 headings, 6 paragraphs, 7 sentences, 1 table, 3 header cells'
    assert result.stdout.startswith(first)
    assert "Prefixes: report: for its passages, report-claim: for its claims" in result.stderr


def test_nothing_is_added_where_no_project_is(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CallError, match="isn't a project"):
        command("document", "add", DATA / "note.txt", "--id", "note")


def test_what_was_not_found_to_be_a_heading_can_be_made_one(project: Project, command: Command, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Only a sentence.")
    assert 'begin a line with "# "' in command("document", "add", file, "--id", "a", "--project", project.root).stderr


def test_documents_are_listed(with_note: Project, command: Command) -> None:
    result = command("document", "list", "--project", with_note.root)
    assert result.stdout == (
        "id\ttitle\tclass\tpublished\tpassages\tclaims\tcovered\nnote\tPhones of Acme\tdk:Document\t\t6\t0\t0 of 6\n"
    )


def test_claims_to_fill_in_are_a_file_that_can_be_loaded(with_note: Project, command: Command) -> None:
    text = command("document", "claims", "note", "--project", with_note.root).stdout
    (with_note.root / "data/documents/note/claims.ttl").write_text(text)
    assert load_sources(find_project(with_note.root)).quads
    assert text.count("dk:statedIn note:") == 6


def test_heads_of_a_table_need_no_claims(project: Project, command: Command, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("<table><tr><th>Sea</th><th>Cables</th></tr><tr><td>North</td><td>40</td></tr></table>")
    command("document", "add", file, "--id", "a", "--project", project.root)
    text = command("document", "claims", "a", "--project", project.root).stdout
    assert re.findall(r"dk:statedIn a:(\S+)", text) == ["p01.c1.r1", "p01.c2.r1"]


def test_claims_to_fill_in_stand_below_the_words_of_their_passages(with_note: Project, command: Command) -> None:
    arguments = ("document", "claims", "note", "--project", with_note.root, "--text", DATA / "note.txt")
    text = command(*arguments).stdout
    assert "# “Sales will probably fall.”\n# note-claim:p05-s01\n" in text


def test_all_terms_of_a_kind_are_listed(project: Project, command: Command) -> None:
    lines = command("terms", "--kind", "predicate", "--project", project.root).stdout.splitlines()
    assert lines[0].split("\t") == ["name", "label", "from", "to"]
    assert "dk:provides\tprovides\tdk:Agent\tdk:Product or dk:Resource or dk:Technology" in lines
    assert not any(line.startswith("dk:Company") for line in lines)
    classes = command("terms", "--kind", "class", "--project", project.root).stdout.splitlines()
    assert "dk:Company\tcompany" in classes


def test_what_is_left_out_or_taken_from_a_file_is_told(project: Project, command: Command, tmp_path: Path) -> None:
    file, printed = tmp_path / "a.html", tmp_path / "b.txt"
    file.write_text('<meta name="author" content="Ann Lee"><main><nav>Home and more</nav><p>It grew.</p></main>')
    told = command("document", "add", file, "--id", "a", "--project", project.root).stderr
    assert "Left out, because" in told and "\n  Home and more\n" in told
    assert "Taken from the file: written by Ann Lee\n" in told
    printed.write_text("It grew.\n\n1\n\fIt fell.\n\n2\n\f")
    told = command("document", "add", printed, "--id", "b", "--project", project.root).stderr
    assert "Left out, because" in told and told.endswith("or belongs to print:\n  1, 2\n")


def test_claims_to_fill_in_are_turtle_once_they_are_filled_in(with_note: Project, command: Command) -> None:
    text = command("document", "claims", "note", "--passage", "p01.s02", "--project", with_note.root).stdout
    lines = [line.removeprefix("# ") for line in text.splitlines() if not line.startswith("# Take")]
    filled = "\n".join(lines).replace("…", "x")
    assert len(list(parse(filled, RdfFormat.TURTLE))) == 5


def test_a_passage_that_is_not_there_has_no_claims_to_fill_in(with_note: Project, command: Command) -> None:
    with pytest.raises(NotFound, match=r"no passage 'p01\.s99'") as error:
        command("document", "claims", "note", "--passage", "p01.s99", "--project", with_note.root)
    assert (error.value.hint or "").startswith("Did you mean: p01.s0")


def test_passages_are_shown_with_a_copy_of_the_text(with_note: Project, command: Command) -> None:
    arguments = ("document", "passages", "note", "--project", with_note.root)
    result = command(*arguments, "--text", DATA / "note.txt")
    assert "p05.s01\tsentence\tSales will probably fall.\n" in result.stdout
    assert command(*arguments, "--text", f"note={DATA / 'note.txt'}").stdout == result.stdout
    assert "(another text stands here)" in command(*arguments, "--text", DATA / "report.html").stdout


def test_an_unknown_document_is_told_with_those_that_there_are(with_note: Project, command: Command) -> None:
    with pytest.raises(NotFound, match="no document 'notes'") as error:
        command("document", "claims", "notes", "--project", with_note.root)
    assert error.value.hint and error.value.hint.startswith("Did you mean: note? See them with: ")


def test_copies_of_texts_are_named_by_document() -> None:
    texts = read_texts([f"note={DATA / 'note.txt'}", f"report={DATA / 'report.html'}"], ["note", "report"])
    assert texts["report"].startswith("Acme in 2021")


@pytest.mark.parametrize("given", [["note.txt"], ["=note.txt"], ["a="], ["a=note.txt", "a=note.txt"], ["b=note.txt"]])
def test_a_copy_that_is_not_named_rightly_is_refused(given: list[str]) -> None:
    with pytest.raises((CallError, NotFound)):
        read_texts([text.replace("note.txt", str(DATA / "note.txt")) for text in given], ["a"])


def test_a_passage_is_quoted_only_if_the_hash_fits() -> None:
    copy = TextCopy("one two")
    digest = hashlib.sha256(b"two").hexdigest()
    assert (copy.quote(4, 7, digest), copy.quote(0, 3, digest)) == ("two", None)
