"""Names of passages when a text has changed."""

from __future__ import annotations

from dataclasses import replace

from digitech_kg.namespaces import DK
from digitech_kg.parts.authoring.passages import Passage, cut_passages, outline_text
from digitech_kg.parts.authoring.renaming import Renamed, keep_names

BEFORE = "Acme\n\nIt grew. It sells phones. It is big.\n\nBolt fell. Nobody knows why.\n\nCobalt is new.\n"


def cut(text: str) -> list[Passage]:
    return cut_passages(outline_text(text), "en")


def rename(after: str, before: str = BEFORE) -> tuple[dict[str, str], Renamed]:
    """Return the text of each sentence and heading by its name, and the rest."""
    outline = outline_text(after)
    renamed = keep_names(cut(before), cut_passages(outline, "en"))
    return {p.name: outline.text[p.start : p.end] for p in renamed.passages if p.text_hash}, renamed


def test_a_text_that_is_the_same_keeps_all_names() -> None:
    _, renamed = rename(BEFORE)
    assert [passage.name for passage in renamed.passages] == [passage.name for passage in cut(BEFORE)]
    assert (renamed.changed, renamed.vanished, renamed.added) == ((), (), ())


def test_a_paragraph_put_before_others_leaves_their_names() -> None:
    texts, renamed = rename(BEFORE.replace("It grew.", "Zinc is here.\n\nIt grew."))
    assert texts["p01.s01"] == "It grew."
    assert texts["p04"] == "Zinc is here."
    assert renamed.added == ("p04", "p04.s01")
    assert renamed.changed == renamed.vanished == ()


def test_a_sentence_that_is_edited_keeps_its_name_and_is_told() -> None:
    texts, renamed = rename(BEFORE.replace("sells phones", "sells chips"))
    assert texts["p01.s02"] == "It sells chips."
    assert renamed.changed == ("p01", "p01.s02")


def test_a_sentence_that_is_taken_out_is_gone_and_its_name_is_not_given_again() -> None:
    _, renamed = rename(BEFORE.replace("It sells phones. ", ""))
    assert renamed.vanished == ("p01.s02",)
    assert [p.name for p in renamed.passages if p.name.startswith("p01.")] == ["p01.s01", "p01.s03"]


def test_a_sentence_put_between_others_gets_a_new_number() -> None:
    texts, renamed = rename(BEFORE.replace("It sells phones.", "It sells phones. It sells chips."))
    assert renamed.added == ("p01.s04",)
    assert texts["p01.s04"] == "It sells chips."


def test_a_paragraph_that_moves_keeps_its_names() -> None:
    moved = "Acme\n\nCobalt is new.\n\nIt grew. It sells phones. It is big.\n\nBolt fell. Nobody knows why.\n"
    texts, renamed = rename(moved)
    assert texts["p03.s01"] == "Cobalt is new."
    assert (renamed.changed, renamed.vanished, renamed.added) == ((), (), ())


def test_a_sentence_that_moves_to_another_paragraph_keeps_its_name_and_is_part_of_that() -> None:
    _, renamed = rename(BEFORE.replace(" It is big.", "").replace("Bolt fell.", "It is big. Bolt fell."))
    moved = next(passage for passage in renamed.passages if passage.name == "p01.s03")
    assert moved.parent == "p02"


def test_a_heading_that_is_edited_keeps_its_section() -> None:
    texts, renamed = rename(BEFORE.replace("Acme\n", "About Acme\n"))
    assert texts["h01"] == "About Acme"
    assert "s1" in {passage.name for passage in renamed.passages}
    assert renamed.vanished == ()


def test_a_section_that_somebody_made_without_a_heading_stays() -> None:
    before = [replace(passage, parent="s9") if passage.name in ("p02", "p03") else passage for passage in cut(BEFORE)]
    before.insert(6, Passage("s9", DK.Section, before[6].start, before[-1].end))
    outline = outline_text("Acme\n\nIt grew.\n\nBolt fell. Nobody knows why.\n")
    passages = {passage.name: passage for passage in keep_names(before, cut_passages(outline, "en")).passages}
    assert (passages["p02"].parent, passages["s9"].start, passages["s9"].end) == ("s9", 16, 44)
    assert (passages["s1"].start, passages["s1"].end) == (0, 14)


def test_no_name_is_given_twice_whatever_changes() -> None:
    texts = ("New.\n\nIt is big.", "Bolt fell.\n\nBolt fell. It grew. It grew.\n\nX\n\nCobalt is new.", "Acme\n\nZ.")
    for after in texts:
        _, renamed = rename(after)
        names = [passage.name for passage in renamed.passages]
        assert len(names) == len(set(names))
        assert {p.parent for p in renamed.passages if p.parent} <= set(names)
