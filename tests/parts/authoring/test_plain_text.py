"""Blocks of plain text as people write it."""

from __future__ import annotations

from digitech_kg.parts.authoring.passages import outline_text
from digitech_kg.sources.html import Kind


def blocks_of(text: str) -> list[tuple[str, str]]:
    outline = outline_text(text)
    return [(block.kind.value, outline.text[block.start : block.end]) for block in outline.blocks]


def test_empty_lines_part_paragraphs_and_single_line_breaks_do_not() -> None:
    assert blocks_of("One broken\nline here.\n\n\nTwo.\n") == [
        ("paragraph", "One broken\nline here."),
        ("paragraph", "Two."),
    ]


def test_lines_with_a_mark_are_headings() -> None:
    text = "# Acme\n\nShort line\n\nText.\n\n## Law\nMore text.\n"
    assert blocks_of(text) == [
        ("heading", "Acme"),
        ("paragraph", "Short line"),
        ("paragraph", "Text."),
        ("heading", "Law"),
        ("paragraph", "More text."),
    ]


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
    assert table.kind is Kind.TABLE
    assert cells == [(0, 1, "Firm"), (0, 2, "Sales"), (1, 1, "Acme"), (1, 2, "3"), (2, 1, "Bolt")]


def test_a_text_without_empty_lines_has_a_paragraph_per_line() -> None:
    assert len(blocks_of("It grew.\nIt fell.\nIt grew again.")) == 3


def test_a_text_with_long_lines_has_a_paragraph_per_line() -> None:
    line = "word " * 40 + "end"
    assert len(blocks_of(f"{line}\n{line}\n\n{line}")) == 3
