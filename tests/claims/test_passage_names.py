"""What passages of any document are called."""

from claims.given import derived
from digitech_kg.namespaces import RDFS


def named(turtle: str, language: str = "en") -> dict[str, str]:
    quads = (quad for quad in derived(turtle) if quad.predicate == RDFS.label)
    return {q.subject.value.rsplit("/", 1)[1]: q.object.value for q in quads if q.object.language == language}  # type: ignore[union-attr]


PAGES = """
note:p1.s1 a dk:Sentence ; dk:isPartOf note:p1 ; dk:orderInDocument 2 ; dk:pageLabel "1" .
note:p1.s2 a dk:Sentence ; dk:isPartOf note:p1 ; dk:orderInDocument 3 ; dk:pageLabel "2" .
note:p2.s1 a dk:Sentence ; dk:isPartOf note:p2 ; dk:orderInDocument 5 ; dk:pageLabel "2" .
note:p1 a dk:Paragraph ; dk:orderInDocument 1 ; dk:pageLabel "1-2" .
note:p2 a dk:Paragraph ; dk:orderInDocument 4 ; dk:pageLabel "2" .
note:h1 a dk:Heading ; dk:orderInDocument 0 ; dk:pageLabel "1" .
"""


def test_passages_of_a_kind_are_counted_on_the_page() -> None:
    assert named(PAGES) == {
        "h1": "p. 1, heading 1",
        "p1": "pp. 1-2, paragraph 1",
        "p1.s1": "p. 1, sentence 1",
        "p1.s2": "p. 2, sentence 1",
        "p2": "p. 2, paragraph 1",
        "p2.s1": "p. 2, sentence 2",
    }


def test_passages_are_named_in_norwegian() -> None:
    assert named(PAGES, "nb")["p2.s1"] == "s. 2, setning 2"


def test_without_pages_a_sentence_is_counted_in_its_paragraph() -> None:
    turtle = """
    note:s1 a dk:Section . note:p1 a dk:Paragraph ; dk:orderInDocument 1 ; dk:isPartOf note:s1 .
    note:p2 a dk:Paragraph ; dk:orderInDocument 2 ; dk:isPartOf note:s1 .
    note:p2.s1 a dk:Sentence ; dk:orderInDocument 3 ; dk:isPartOf note:p2 .
    """
    assert named(turtle) == {
        "s1": "section 1",
        "p1": "paragraph 1",
        "p2": "paragraph 2",
        "p2.s1": "paragraph 2, sentence 1",
    }


def test_without_pages_tables_count_as_paragraphs_do_so_that_names_and_labels_have_one_number() -> None:
    turtle = """
    note:p1 a dk:Paragraph ; dk:orderInDocument 1 . note:p2 a dk:Table ; dk:orderInDocument 2 .
    note:p3 a dk:Paragraph ; dk:orderInDocument 3 . note:p2.c1 a dk:TableCell ; dk:orderInDocument 4 ;
      dk:isPartOf note:p2 ; dk:rowNumber 1 ; dk:columnNumber 1 .
    """
    assert named(turtle) == {
        "p1": "paragraph 1",
        "p2": "table 2",
        "p3": "paragraph 3",
        "p2.c1": "table 2, row 1, column 1",
    }
    assert named(turtle, "nb")["p3"] == "avsnitt 3"


def test_a_paragraph_after_a_table_counts_it_on_a_page_too() -> None:
    turtle = "".join(
        f"note:p{number} a dk:{kind} ; dk:orderInDocument {number} ; dk:pageLabel '4' ."
        for number, kind in enumerate(("Paragraph", "Table", "Paragraph"), start=1)
    )
    assert named(turtle) == {"p1": "p. 4, paragraph 1", "p2": "p. 4, table 1", "p3": "p. 4, paragraph 3"}


def test_without_pages_a_passage_has_the_number_of_its_name_also_if_others_are_left_out() -> None:
    turtle = """
    note:p04 a dk:Paragraph ; dk:orderInDocument 1 . note:p07 a dk:Table ; dk:orderInDocument 4 .
    note:p04.s02 a dk:Sentence ; dk:orderInDocument 2 ; dk:isPartOf note:p04 .
    note:p04.s05 a dk:Sentence ; dk:orderInDocument 3 ; dk:isPartOf note:p04 .
    """
    assert named(turtle) == {
        "p04": "paragraph 4",
        "p04.s02": "paragraph 4, sentence 2",
        "p04.s05": "paragraph 4, sentence 5",
        "p07": "table 7",
    }


def test_names_that_do_not_count_the_passages_give_no_numbers() -> None:
    turtle = """
    note:intro a dk:Paragraph ; dk:orderInDocument 1 . note:p9 a dk:Paragraph ; dk:orderInDocument 2 .
    note:intro.s5 a dk:Sentence ; dk:orderInDocument 3 ; dk:isPartOf note:intro .
    note:intro.s2 a dk:Sentence ; dk:orderInDocument 4 ; dk:isPartOf note:intro .
    """
    assert named(turtle) == {
        "intro": "paragraph 1",
        "p9": "paragraph 2",
        "intro.s5": "paragraph 1, sentence 1",
        "intro.s2": "paragraph 1, sentence 2",
    }


def test_a_name_in_a_sentence_is_called_after_the_whole_name_of_the_sentence() -> None:
    mention = "dk:Mention rdfs:label 'mention'@en . note:m1 a dk:Mention ; dk:isPartOf note:p2.s1 ."
    assert named(PAGES + mention)["m1"] == "p. 2, sentence 2, mention 1"


CELL = "dk:isPartOf note:t ; dk:pageLabel '3' ; dk:columnNumber 2"


def test_cells_are_named_by_row_and_column() -> None:
    turtle = f"""
    note:t a dk:Table ; dk:pageLabel "3" ; dk:orderInDocument 1 .
    note:c a dk:TableCell ; {CELL} ; dk:rowNumber 4 . note:h a dk:TableCell , dk:HeaderCell ; {CELL} ; dk:rowNumber 0 .
    """
    assert named(turtle) == {
        "t": "p. 3, table 1",
        "c": "p. 3, table 1, row 4, column 2",
        "h": "p. 3, table 1, head of column 2",
    }
    assert named(turtle, "nb")["h"] == "s. 3, tabell 1, overskriften til kolonne 2"


def test_cells_are_named_without_pages() -> None:
    turtle = "note:t a dk:Table . note:c a dk:TableCell ; dk:isPartOf note:t ; dk:rowNumber 1 ; dk:columnNumber 2 ."
    assert named(turtle)["c"] == "table 1, row 1, column 2"


def test_section_without_order_is_counted_by_its_offset() -> None:
    turtle = "note:b a dk:Section ; dk:startOffset 9 . note:a a dk:Section ; dk:startOffset 70 ."
    assert named(turtle) == {"b": "section 1", "a": "section 2"}


def test_label_written_by_hand_is_kept() -> None:
    turtle = 'note:p1 a dk:Paragraph ; rdfs:label "point 5"@en .'
    assert named(turtle) == {}
    assert named(turtle, "nb") == {"p1": "avsnitt 1"}


def test_heading_of_a_section_is_its_name_in_all_languages() -> None:
    assert named('note:s1 a dk:Section ; rdfs:label "Growth"@en .', "nb") == {}


def test_passage_of_an_unknown_kind_is_called_by_its_class() -> None:
    assert named("note:f1 a <https://example.org/terms#footnote> ; dk:pageLabel 'iv' .") == {"f1": "p. iv, footnote 1"}
