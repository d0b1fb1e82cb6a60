"""Text of HTML pages."""

import time
from pathlib import Path

import pytest

from digitech_kg.sources.html import Outline, outline_html

PAGE = Path(__file__).parents[1] / "parts/authoring/data/report.html"


@pytest.fixture(scope="module")
def report() -> Outline:
    return outline_html(PAGE.read_text(encoding="utf-8"))


def shown(outline: Outline) -> list[tuple[str, str]]:
    return [(block.kind.value, outline.text[block.start : block.end]) for block in outline.blocks]


def test_menus_scripts_footers_and_hidden_parts_are_left_out(report: Outline) -> None:
    assert not {"Home", "alert", "About us", "Not shown"} & set(report.text.replace("\n", " ").split())
    assert "Home" not in report.text and "alert" not in report.text


def test_headings_paragraphs_and_items_are_blocks_on_lines_of_their_own(report: Outline) -> None:
    assert shown(report)[:8] == [
        ("heading", "Acme in 2021"),
        ("paragraph", "Acme Ltd. sells phones in the U.S. and elsewhere. It is probably the largest firm of its kind."),
        ("heading", "Makers"),
        ("paragraph", "Three firms stand out:"),
        ("paragraph", "Acme"),
        ("paragraph", "Bolt Corp."),
        ("paragraph", "Cobalt"),
        ("paragraph", "Sales by year"),
    ]


def test_cells_stand_in_their_rows_and_columns(report: Outline) -> None:
    cells = [(cell.row, cell.column, report.text[cell.start : cell.end]) for cell in report.blocks[-1].cells]
    assert cells[:3] == [(0, 1, "Firm"), (0, 2, "2020"), (0, 3, "2021")]
    assert cells[3:] == [(1, 1, "Acme"), (1, 2, "3"), (1, 3, "4"), (2, 2, "5")]


def test_the_first_heading_is_the_title(report: Outline) -> None:
    assert report.title == "Acme in 2021"


def test_a_table_without_heads_begins_with_row_one() -> None:
    (table,) = outline_html("<table><tr><td>a<td>b<tr><td>c<td>d</table>").blocks
    assert [(cell.row, cell.column) for cell in table.cells] == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_table_for_layout_is_no_table() -> None:
    assert shown(outline_html("<table><tr><td><h2>Acme</h2><td>It grew.</table>")) == [
        ("heading", "Acme"),
        ("paragraph", "It grew."),
    ]


def test_two_line_breaks_end_a_paragraph_and_one_does_not() -> None:
    assert shown(outline_html("<p>One<br>two<br><br>three")) == [("paragraph", "One\ntwo"), ("paragraph", "three")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('It grew.<sup><a href="#n1">1</a></sup> It sells.', "It grew. It sells."),
        ('It grew.<span role="doc-noteref">2</span> It sells.', "It grew. It sells."),
        ("It grew.<sup>2</sup> It sells.", "It grew. It sells."),
        ("It grew, <sup>[12]</sup> and sells.", "It grew, and sells."),
        ('Cables<sup><a href="#n1">1</a></sup> matter.', "Cables matter."),
        ('Cables<a href="#n1"><sup>1</sup></a> matter.', "Cables matter."),
        ('The UK<a href="#n1">[1]</a> pays.', "The UK pays."),
        ("Cables<sup>1</sup> matter.", "Cables matter."),
        ('See table <a href="#t1">1</a> (<a href="#t2">2</a>).', "See table 1 (2)."),
        ("It has 5 km<sup>2</sup> and 3 metres<sup>2</sup>.", "It has 5 km2 and 3 metres2."),
        ('A note. <a href="#r1">↩</a>', "A note."),
        ("It emits CO<sub>2</sub>.", "It emits CO2."),
    ],
)
def test_marks_of_notes_are_no_text_and_lowered_numbers_are(source: str, text: str) -> None:
    assert outline_html(f"<p>{source}</p>").text == text


def test_what_belongs_to_a_part_of_the_text_is_read_and_what_is_about_the_page_is_told() -> None:
    found = outline_html(
        "<body><header><h1>Institute</h1></header><main><header><h1>Cables</h1></header>"
        "<blockquote><p>They matter.</p><footer>Ann, in 2024</footer></blockquote>"
        "<aside><p>There are 400.</p></aside><aside><a href=x>Read this</a> <a href=y>and that</a></aside>"
        "<nav>Home</nav><form>Subscribe to all the letters that we send you</form></main><footer>About us</footer>"
    )
    assert found.text == "Cables\n\nThey matter.\n\nAnn, in 2024\n\nThere are 400."
    assert found.title == "Cables"
    assert found.left_out == ("Read this and that", "Home", "Subscribe to all the letters that we send you")


def test_the_header_and_footer_of_a_page_without_a_main_part_are_left_out() -> None:
    found = outline_html("<body><header>Institute</header><p>They matter.</p><footer>About us</footer>")
    assert (found.text, found.left_out) == ("They matter.", ("Institute", "About us"))


@pytest.mark.parametrize(
    ("meta", "authors", "published"),
    [
        ('<meta name="author" content="Ann Lee"><meta name="date" content="2024-05-17">', ("Ann Lee",), "2024-05-17"),
        ('<meta property="article:published_time" content="2024-05-17T08:00:00Z">', (), "2024-05-17"),
        (
            '<meta name="DCTERMS.creator" content="Acme"><meta name="DCTERMS.issued" content="2024-05">',
            ("Acme",),
            "2024-05",
        ),
        (
            '<meta name="author" content="Web team"><meta name="citation_publication_date" content="2024/05/17">'
            '<meta name="citation_author" content="Lee, Ann"><meta name="citation_author" content="Dal, Bo">',
            ("Lee, Ann", "Dal, Bo"),
            "2024-05-17",
        ),
        ('<meta name="date" content="17 May"><meta property="article:author" content="https://a.no">', (), None),
    ],
)
def test_a_page_tells_its_authors_and_its_date(meta: str, authors: tuple[str, ...], published: str | None) -> None:
    found = outline_html(f"<head>{meta}</head><p>They matter.")
    assert (found.authors, found.published, found.text) == (authors, published, "They matter.")


def test_soft_hyphens_and_spaces_without_width_are_dropped() -> None:
    assert outline_html("<p>di&shy;gi\u200btal").text == "digital"


def test_deep_nesting_is_read() -> None:
    began = time.process_time()
    assert outline_html("<div>" * 5_000 + "deep").text == "deep"
    assert time.process_time() - began < 5
