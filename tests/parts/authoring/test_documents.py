"""Adding and listing documents."""

from collections import Counter
from pathlib import Path

import pytest

from digitech_kg.errors import CallError
from digitech_kg.namespaces import DK, RDF, RDFS, TERMS
from digitech_kg.parts.authoring.documents import (
    add_document,
    list_documents,
    read_files,
)
from digitech_kg.sources.layout import format_turtle
from digitech_kg.sources.loading import load_sources
from digitech_kg.sources.project import Project, find_project

from .conftest import DATA, texts_below

NOTE = DATA / "note.txt"
CLAIM = """\
@prefix dk: <https://w3id.org/digitech-kg/ontology#> .
@prefix id: <https://example.org/phones/id/> .
@prefix note: <https://example.org/phones/passage/note/> .
@prefix note-claim: <https://example.org/phones/claim/note/> .

note-claim:sales-will-fall
    a dk:Claim ;
    dk:subject id:note ;
    dk:predicate dk:mentions ;
    dk:object id:note ;
    dk:statedIn note:p01.s01 , note:p05.s01 ;
.
"""


def test_a_new_document_has_two_files_and_a_prefix(with_note: Project) -> None:
    files = texts_below(with_note.root)
    assert {"data/documents/note/document.ttl", "data/documents/note/passages.ttl"} <= files.keys()
    assert with_note.names.prefixes["note-claim"] == "https://example.org/phones/claim/note/"


def test_the_project_file_stays_as_it_is(project: Project) -> None:
    before = texts_below(project.root)["project.toml"]
    add_document(project, NOTE, "2021-note")
    assert texts_below(project.root)["project.toml"] == before
    assert Project(project.root).names.prefixes["d2021-note"] == "https://example.org/phones/passage/2021-note/"


def test_the_text_itself_is_nowhere_in_the_project(with_note: Project) -> None:
    assert not any("many countries" in text for text in texts_below(with_note.root).values())


def test_the_files_are_in_the_layout_of_the_project(with_note: Project) -> None:
    files = texts_below(with_note.root / "data/documents/note")
    for name, text in files.items():
        assert format_turtle(text, name, with_note.names) == text


def test_metadata_become_terms_of_dublin_core(project: Project) -> None:
    add_document(project, NOTE, "note", title="Notat", language="nb", published="2021-06")
    text = texts_below(project.root)["data/documents/note/document.ttl"]
    assert text.partition("\n\n")[2] == (
        "id:note\n"
        "    a dk:Document ;\n"
        '    rdfs:label "Notat"@nb ;\n'
        '    dcterms:issued "2021-06"^^xsd:gYearMonth ;\n'
        '    dcterms:language "nb" ;\n'
        '    dcterms:title "Notat"@nb ;\n'
        ".\n"
    )


def test_a_text_that_does_not_say_its_language_shows_it(project: Project, tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text("Det er ikke klart hva som skal til. Vi vil vite det nå.", encoding="utf-8")
    added = add_document(project, text, "note")
    assert (added.guessed, added.title) == ("nb", "note")
    assert 'dcterms:language "nb"' in texts_below(project.root)["data/documents/note/document.ttl"]
    assert add_document(project, text, "other", language="en").guessed == ""


def test_a_page_gives_its_own_title(project: Project) -> None:
    assert add_document(project, DATA / "report.html", "report").title == "Acme in 2021"


def test_a_page_gives_its_authors_and_date_unless_somebody_says_the_date(project: Project, tmp_path: Path) -> None:
    things, page = project.root / "data/things/things.ttl", tmp_path / "page.html"
    things.write_text(f'<{project.names.thing("ann").value}> <{RDFS.label.value}> "Ann Lee"@en .\n', encoding="utf-8")
    page.write_text(
        '<meta name="citation_author" content="Ann Lee"><meta name="citation_author" content="Bo Dal">'
        '<meta name="date" content="2024-05-17T08:00"><p>It grew.'
    )
    added = add_document(project, page, "page", language="en")
    text = texts_below(project.root)["data/documents/page/document.ttl"]
    assert added.taken == "published 2024-05-17, written by Ann Lee, Bo Dal"
    assert '    dcterms:creator\n        "Bo Dal" ,\n        id:ann ;\n' in text
    assert 'dcterms:issued "2024-05-17"^^xsd:date ;' in text
    assert add_document(project, page, "other", language="en", published="2023").taken == "written by Ann Lee, Bo Dal"
    assert 'dcterms:issued "2023"' in texts_below(project.root)["data/documents/other/document.ttl"]


@pytest.mark.parametrize(
    ("document", "said", "message"),
    [
        ("Note", {}, "cannot be called 'Note'"),
        ("My Report", {}, "cannot be called 'My Report'"),
        ("things", {}, "cannot be called 'things'"),
        ("owl", {}, "cannot be called 'owl'"),
        ("note", {"published": "June 2021"}, "'June 2021' isn't a date"),
        ("note", {"published": "2021-02-30"}, "'2021-02-30' isn't a date"),
        ("note", {"language": "english!"}, "isn't a language tag"),
        ("note", {"language": "no"}, "'no' isn't a language tag"),
        ("note", {"language": "norsk"}, "'norsk' isn't a language tag"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(
    project: Project, document: str, said: dict[str, str], message: str
) -> None:
    before = texts_below(project.root)
    with pytest.raises(CallError, match=message) as error:
        add_document(project, NOTE, document, **said)
    assert error.value.hint
    assert texts_below(project.root) == before


def test_a_document_is_not_added_twice(with_note: Project) -> None:
    before = texts_below(with_note.root)
    with pytest.raises(CallError, match="has a document 'note' already") as error:
        add_document(with_note, NOTE, "note")
    assert "Give a new edition a name of its own" in str(error.value.hint)
    assert texts_below(with_note.root) == before


def test_a_document_does_not_take_the_name_of_a_thing(project: Project) -> None:
    things = project.root / "data/things/things.ttl"
    things.parent.mkdir(parents=True, exist_ok=True)
    things.write_text(f"<{project.names.thing('note').value}> a <{TERMS}Company> .\n", encoding="utf-8")
    before = texts_below(project.root)
    with pytest.raises(CallError, match="id:note is another thing") as error:
        add_document(find_project(project.root), NOTE, "note")
    assert error.value.hint and "Choose another one" in error.value.hint
    assert texts_below(project.root) == before


def test_a_new_document_has_no_faults(with_note: Project) -> None:
    quads, faults = read_files(with_note)
    assert faults == []
    assert list(load_sources(with_note).quads) == list(quads)
    graph = with_note.names.graphs.document("note")
    kinds = Counter(q.object for q in quads if q.predicate == RDF.type and q.graph_name == graph)
    assert kinds == {DK.Document: 1, DK.Section: 2, DK.Heading: 2, DK.Paragraph: 5, DK.Sentence: 6}


def test_the_list_counts_what_claims_cover(with_note: Project) -> None:
    (with_note.root / "data/documents/note/claims.ttl").write_text(CLAIM)
    (with_note.root / "data/documents/note/draft.ttl").write_text("note:x a")
    project = find_project(with_note.root)
    quads, faults = read_files(project)
    assert list_documents(project, quads) == [("note", "Phones of Acme", "dk:Document", "", "6", "1", "2 of 6")]
    assert [fault.file for fault in faults] == ["data/documents/note/draft.ttl"]
