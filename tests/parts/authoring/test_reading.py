"""Files that documents come in."""

from pathlib import Path

import pytest

from digitech_kg.errors import CallError
from digitech_kg.parts.authoring.passages import read_outline
from digitech_kg.sources.document_texts import read_document_text


def test_line_ends_of_all_kinds_count_as_one_character(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes("\ufeffOne.\r\nTwo.\rThree.".encode())
    assert read_document_text(file) == "One.\nTwo.\nThree."


def test_html_is_known_by_its_content_too(tmp_path: Path) -> None:
    file = tmp_path / "note"
    file.write_text("<!-- saved --><!DOCTYPE html><p>One.")
    assert read_document_text(file) == "One."


def test_markdown_has_headings_tables_and_quotations(tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text(
        "# Cables\n\nThey *matter*.[^1] So say all.\n\n| Sea | Cables |\n|---|---|\n| North | 40 |\n\n> Mend them.\n\n"
        "[^1]: As of 2024.\n"
    )
    outline = read_outline(file)
    assert outline.title == "Cables"
    assert [block.kind.value for block in outline.blocks] == ["heading", "paragraph", "table", "paragraph", "paragraph"]
    assert outline.text == "Cables\n\nThey matter. So say all.\n\nSea\tCables\nNorth\t40\n\nMend them.\n\nAs of 2024."


def test_the_front_matter_of_markdown_is_no_part_of_its_text(tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text(
        "---\ntitle: 'Cables'\ntags:\n  - sea\ndate: 2025-03-14\nauthor: Ann Lee\nlang: nb\n---\n\n"
        "They matter.\n\n---\n"
    )
    outline = read_outline(file)
    assert (outline.title, outline.language, outline.published) == ("Cables", "nb", "2025-03-14")
    assert (outline.text, outline.authors) == ("They matter.", ("Ann Lee",))
    file.write_text("---\nThey matter.\n\n---\n")
    assert read_outline(file).text == "They matter."


def test_what_belongs_to_printed_pages_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(
        "Acme report\n\nCables\n\nThe min-\nistry wants well-\nknown ships, but the govern-\n\ni\n\n\f"
        "Acme report\n\nment doesn't pay for\n\nPage 2 of 4\n\n2\n\n\f"
        "Acme report\n\nthe well-known ships.\n\nShips\n\n5\n\nPage 3 of 4\n\n3\n\n\f"
        "Acme report\n\nImport-\nand other costs rise.\n\nPage 4 of 4\n\n4\n\n\f"
    )
    outline = read_outline(file)
    assert [outline.text[block.start : block.end] for block in outline.blocks] == [
        "Acme report",
        "Cables",
        "The ministry\nwants well-known\nships, but the government\n\fdoesn't pay for\n\fthe well-known ships.",
        "Ships",
        "5",
        "Import-\nand other costs rise.",
    ]
    assert outline.left_out == ("Acme report", "Page 2 of 4", "i, 2, 3, 4", "hyphens of ministry, government")


def test_a_text_of_one_page_keeps_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("Acme\n\nIt grew in\n2024\n\f")
    assert (read_outline(file).text, read_outline(file).left_out) == ("Acme\n\nIt grew in\n2024", ())


def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes('<meta charset="gb2312"><p>国有企业'.encode("gb18030"))
    assert read_document_text(file) == "国有企业"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7 ...", "is not a text file"),
        (b"PK\x03\x04...", "is not a text file"),
        (b"caf\xe9\nau lait", "is not UTF-8"),
        (b"a\0b", "is not a text file"),
        (b"\n \n", "has no text"),
        ("text".encode("utf-16"), "is not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "file.txt"
    file.write_bytes(content)
    with pytest.raises(CallError, match=message) as error:
        read_document_text(file)
    assert error.value.hint


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"gone\.txt cannot be read"):
        read_document_text(tmp_path / "gone.txt")
