"""Slips in what is typed are cured, and words that only look like others are left alone."""

import pytest

from digitech_kg.matching.slips import cures

KNOWN = frozenset(("huawei", "huaweis", "giants", "setting", "satellites", "criticised", "real", "owner"))


@pytest.mark.parametrize(
    ("text", "cured"),
    [
        ("huwaei phones", [("huwaei", "huawei")]),
        ("huaweii phones", [("huaweii", "huawei")]),
        ("chinese satelites", [("satelites", "satellites")]),
        ("who critisized", [("critisized", "criticised")]),
        ("who realy owns it", [("realy", "really")]),
        ("huawei ownr", [("ownr", "owner")]),
        ("wich owner", [("wich", "which")]),
        ("who owns huwai", [("huwai", "huawei")]),
    ],
)
def test_a_slip_is_cured(text: str, cured: list[tuple[str, str]]) -> None:
    assert [pair for pair in cures(text, KNOWN, {"huawei"}) if pair in cured] == cured


@pytest.mark.parametrize("word", ["grants", "sitting", "tvinger", "5g", "omen"])
def test_another_word_is_no_slip(word: str) -> None:
    assert dict(cures(f"eu {word}", KNOWN, {"huawei"})).get(word) is None
