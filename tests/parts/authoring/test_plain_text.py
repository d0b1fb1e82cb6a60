"""Blocks of plain text as people write it."""

import pytest

from digitech_kg.parts.authoring.passages import outline_text
from digitech_kg.sources.html import BlockKind


def blocks_of(text: str) -> list[tuple[str, str]]:
    outline = outline_text(text)
    return [(block.kind.value, outline.text[block.start : block.end]) for block in outline.blocks]


def headings_of(text: str) -> list[str]:
    return [content for kind, content in blocks_of(text) if kind == "heading"]


def test_empty_lines_part_paragraphs_and_single_line_breaks_do_not() -> None:
    assert blocks_of("One broken\nline here.\n\n\nTwo.\n") == [
        ("paragraph", "One broken\nline here."),
        ("paragraph", "Two."),
    ]


def test_a_short_line_before_text_is_a_heading() -> None:
    assert headings_of("The market\n\nIt grew.\n\nThe law\n\nIt changed.\n") == ["The market", "The law"]


@pytest.mark.parametrize("line", ["It grew.", "and so on", "Photo:", "• Acme", "x" * 121, "(a) first", "Why not?"])
def test_other_short_lines_are_no_headings(line: str) -> None:
    assert headings_of(f"{line}\n\nText follows here.") == []


def test_a_short_line_at_the_end_is_no_heading() -> None:
    assert headings_of("It grew.\n\nPhoto by Acme") == []


def test_many_short_lines_are_a_list_below_the_first() -> None:
    text = "It grew.\n\nAnnex\n\nACME CO\n\nBOLT CO., LTD.\n\nCOBALT CO\n\nEnd of the list."
    assert headings_of(text) == ["Annex"]


def test_the_lines_of_a_title_page_are_headings() -> None:
    lines = ["Acme Papers", "No. 3 / 2026", "Who sells phones, and where", "Ann Lee, March 2026", "Summary"]
    assert headings_of("\n\n".join([*lines, "It grew."])) == lines


@pytest.mark.parametrize("mark", ["[1]", "1", "¹"])
def test_a_short_paragraph_with_a_note_is_no_heading(mark: str) -> None:
    assert headings_of(f"It will grow, said Dr. Lee. It is so.{mark}\n\nIt grew.") == []


@pytest.mark.parametrize("line", ["Version 2.0", "Fig.2", "Annex A.1"])
def test_a_number_with_a_full_stop_ends_a_heading(line: str) -> None:
    assert headings_of(f"{line}\n\nIt grew.") == [line]


def test_short_lines_after_a_colon_are_a_list() -> None:
    assert headings_of("These firms:\n\nAcme\n\nBolt\n\nMore text follows.") == []


def test_marked_headings_are_the_only_ones() -> None:
    text = "# Acme\n\nShort line\n\nText.\n\n## Law\nMore text.\n"
    assert blocks_of(text) == [
        ("heading", "Acme"),
        ("paragraph", "Short line"),
        ("paragraph", "Text."),
        ("heading", "Law"),
        ("paragraph", "More text."),
    ]


def test_a_numbered_line_is_a_heading_alone_and_an_item_among_others() -> None:
    assert headings_of("1. The market\n\nIt grew.") == ["The market"]
    assert headings_of("1. Buy less\n\n2. Sell more\n\nThat is all.") == []


def test_items_of_a_list_are_paragraphs_without_their_bullets() -> None:
    text = "Two things:\n- the price,\n  which rose\n- the law\n"
    assert blocks_of(text) == [
        ("paragraph", "Two things:"),
        ("paragraph", "the price,\n  which rose"),
        ("paragraph", "the law"),
    ]


def test_lettered_items_keep_their_letters() -> None:
    assert blocks_of("The terms:\n(a) one; and\n(b) two.\n")[1:] == [
        ("paragraph", "(a) one; and"),
        ("paragraph", "(b) two."),
    ]


def test_a_number_within_a_broken_paragraph_begins_no_item() -> None:
    assert len(blocks_of("It happened on the date of May\n12. The law was passed later\nin the year.")) == 1


def test_lines_with_tabs_are_a_table_with_heads() -> None:
    outline = outline_text("Firm\tSales\nAcme\t3\nBolt\t\n")
    (table,) = outline.blocks
    cells = [(cell.row, cell.column, outline.text[cell.start : cell.end]) for cell in table.cells]
    assert table.kind is BlockKind.TABLE
    assert cells == [(0, 1, "Firm"), (0, 2, "Sales"), (1, 1, "Acme"), (1, 2, "3"), (2, 1, "Bolt")]


def test_a_text_without_empty_lines_has_a_paragraph_per_line() -> None:
    assert len(blocks_of("It grew.\nIt fell.\nIt grew again.")) == 3


def test_a_text_with_long_lines_has_a_paragraph_per_line() -> None:
    line = "word " * 40 + "end"
    assert len(blocks_of(f"{line}\n{line}\n\n{line}")) == 3


def test_a_marked_heading_may_begin_a_page() -> None:
    assert headings_of("# One\n\nA sentence here.\n\n\f# Two\n\nA second one.\n") == ["One", "Two"]
