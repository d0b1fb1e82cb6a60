"""Passages, their names and what is said of them."""

import csv
import hashlib
from pathlib import Path

import pytest
from pyoxigraph import Quad

from digitech_kg.claims.passages import read_passages
from digitech_kg.namespaces import DK, RDF, Namespaces, value_of
from digitech_kg.parts.authoring.passages import (
    CutPassage,
    cut_passages,
    outline_text,
    passage_quads,
    read_outline,
)
from digitech_kg.sources.html import Outline

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[4] / "shared"
NAMES = Namespaces("https://example.org/kg/")


def cut(file: str, language: str = "en") -> tuple[Outline, list[CutPassage]]:
    outline = read_outline(DATA / file)
    return outline, cut_passages(outline, language)


def quads_of(outline: Outline, language: str = "en") -> list[Quad]:
    return list(passage_quads(cut_passages(outline, language), outline, "note", language, NAMES))


def test_passages_are_named_by_kind_and_place() -> None:
    _, passages = cut("note.txt")
    expected = "s1 h01 p01 p01.s01 p01.s02 p02 p02.s01 p03 p03.s01 p04 p04.s01 s2 h02 p05 p05.s01"
    assert [passage.name for passage in passages] == expected.split()


def test_cells_are_named_by_column_and_row() -> None:
    _, passages = cut("report.html")
    cells = [passage.name.partition(".")[2] for passage in passages if passage.row is not None]
    assert cells == ["c1.r0", "c2.r0", "c3.r0", "c1.r1", "c2.r1", "c3.r1", "c2.r2"]


def test_each_passage_is_where_its_offsets_say_and_has_the_hash_of_its_text() -> None:
    outline, passages = cut("report.html")
    for passage in passages:
        text = outline.text[passage.start : passage.end]
        assert text == text.strip() and text
        if passage.type != DK.Section:
            assert passage.text_hash == hashlib.sha256(text.encode()).hexdigest()


def test_a_section_has_the_text_of_its_heading_as_label_and_ends_with_its_last_passage() -> None:
    outline, passages = cut("note.txt")
    first = passages[0]
    assert first.label == "Phones of Acme"
    assert outline.text[: first.end].endswith("new rules")


def test_every_passage_is_part_of_a_passage_or_the_document() -> None:
    quads = quads_of(outline_text("It grew.\n\nThe law\n\nIt changed."))
    parents = {value_of(q.subject).rpartition("/")[2]: value_of(q.object) for q in quads if q.predicate == DK.isPartOf}
    passage = NAMES.passage("note", "").value
    assert parents == {
        "p01": NAMES.thing("note").value,
        "p01.s01": f"{passage}p01",
        "s1": NAMES.thing("note").value,
        "h01": f"{passage}s1",
        "p02": f"{passage}s1",
        "p02.s01": f"{passage}p02",
    }


def test_passages_with_text_are_counted_in_their_order() -> None:
    outline, passages = cut("report.html")
    ordered = {
        value_of(q.subject): int(value_of(q.object)) for q in quads_of(outline) if q.predicate == DK.orderInDocument
    }
    with_text = [NAMES.passage("note", p.name).value for p in passages if p.text_hash]
    assert ordered == {iri: number for number, iri in enumerate(with_text, start=1)}


def test_a_text_with_form_feeds_has_pages() -> None:
    quads = quads_of(outline_text("One is here.\n\n\fTwo begins\fand ends.\n\nThree is here."))
    pages = {value_of(q.subject).rpartition("/")[2]: value_of(q.object) for q in quads if q.predicate == DK.pageLabel}
    assert (pages["p01"], pages["p02"], pages["p03"]) == ("1", "2-3", "3")


def test_a_text_without_form_feeds_has_none() -> None:
    assert not [quad for quad in quads_of(outline_text("One.")) if quad.predicate in (DK.pageLabel, DK.pageIsEstimated)]


@pytest.mark.parametrize(("file", "language", "sentences"), [("notat.txt", "nb", 4), ("notice.zh.txt", "zh-hans", 5)])
def test_norwegian_and_chinese_are_cut_into_sentences(file: str, language: str, sentences: int) -> None:
    _, passages = cut(file, language)
    assert sum(passage.type == DK.Sentence for passage in passages) == sentences
    assert passages[1].type == DK.Heading


def test_what_is_written_is_read_as_it_was() -> None:
    outline, passages = cut("report.html")
    read = read_passages(quads_of(outline), NAMES.passage("note", "").value)
    assert {(p.iri, p.start, p.end, p.text_hash) for p in read} == {
        (NAMES.passage("note", p.name), p.start, p.end, p.text_hash) for p in passages
    }


@pytest.mark.skipif(not (SHARED / "brief/brief.txt").exists(), reason="the text belongs to its publisher")
def test_the_brief_is_cut_as_it_was_by_hand() -> None:
    with (SHARED / "brief/passages.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_hand = {(row["id"], int(row["start"]), row["sha256"]) for row in rows}
    passages = cut_passages(read_outline(SHARED / "brief/brief.txt"), "en")
    found = {(passage.name, passage.start, passage.text_hash) for passage in passages if passage.type != DK.Section}
    assert found == by_hand


def test_types_are_those_of_the_ontology() -> None:
    outline, _ = cut("report.html")
    types = {value_of(quad.object).rpartition("#")[2] for quad in quads_of(outline) if quad.predicate == RDF.type}
    assert types == {"Section", "Heading", "Paragraph", "Sentence", "Table", "TableCell", "HeaderCell"}
