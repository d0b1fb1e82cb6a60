"""Ends of sentences in English, Norwegian and Chinese."""

import pytest

from digitech_kg.parts.authoring.passages import split_sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["The U.S. Government and Acme Co. Ltd. met Dr. Smith, e.g. in No. 5.", "It ended."]),
        ("en", ["See Sec. 2 (a) of E.O. 13959 (Nov. 12, 2020).", "The firm’s name (Acme) stays.", "Why?"]),
        ("en", ["He said: “We never ask. It won’t happen.”", "So it is."]),
        (
            "en",
            [
                "Cables matter.2",
                "The U.S. Navy mends them.[1][3]",
                "“It is so.”4",
                "He left (in 2021).¹²",
                "So is she.",
            ],
        ),
        ("en", ["It fell in 2020.3", "It is so.1", "He runs the institute.[1]", "(It was.)2, 3", "See Sec.2 It is."]),
        ("nb", ["1. Vedtaket ble gjort 9. januar 2024 med 80 mot 20 stemmer.", "Det gjelder fra 3. mai."]),
        ("nb", ["1. januar 2024 trer loven i kraft.", "Slik er det."]),
        ("nb", ["Han kom i 2020.3", "Det er så.1", "Se kap.3 Norge."]),
        ("en", ["Sections 3.2 Trade and 4.1 Law, Fig.2 The map and version 2.0 The end."]),
        ("nb", ["Se pkt. 4 i lista, jf. kap. 3, f.eks. Norge, bl.a. Oslo.", "Loven kom 3. juni 2021.", "Slik er det."]),
        (
            "nb",
            [
                "De ba om hjelp utenfor det.",
                "Nye regler kom.",
                "Se art. 5.",
                "Det er en art.",
                "Nye ting er med.",
                "Slik.",
            ],
        ),
        ("nn", ["Det gjeld nr. 5 og dr. Hansen.", "«Det er slik.»", "Ja."]),
        ("zh-hans", ["它是国有企业吗？", "不是！", "他说：“我们不会出售公司。”", "销售额下降3.5。"]),
        ("xx", ["Hello there.", "All well?"]),
    ],
)
def test_sentences_end_where_readers_end_them(language: str, sentences: list[str]) -> None:
    text = ("" if language.startswith("zh") else " ").join(sentences)
    assert [text[start:end] for start, end in split_sentences(text, language)] == sentences


def test_a_line_break_ends_no_sentence() -> None:
    text = "It rose in May\n  2021 by\n3.5 percent. Then\nNorway fell."
    ends = [text[start:end] for start, end in split_sentences(text, "en")]
    assert ends == ["It rose in May\n  2021 by\n3.5 percent.", "Then\nNorway fell."]


def test_offsets_count_characters() -> None:
    text = "😀 Ünïcode here.  “中文” there."
    assert [text[start:end] for start, end in split_sentences(text, "en")] == ["😀 Ünïcode here.", "“中文” there."]
