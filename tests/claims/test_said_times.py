"""Times in a sentence."""

import pytest

from digitech_kg.claims.languages import LANGUAGES
from digitech_kg.claims.times import name_time, say_time

CASES = {
    "2021": ("in 2021", "i 2021"),
    "2021-05": ("in May 2021", "i mai 2021"),
    "2021-05-03": ("on 3 May 2021", "den 3. mai 2021"),
    "2021-21": ("in spring 2021", "våren 2021"),
    "2021-24": ("in winter 2021", "vinteren 2021"),
    "2021~": ("around 2021", "rundt 2021"),
    "2021-05?": ("perhaps in May 2021", "kanskje i mai 2021"),
    "201X": ("in the 2010s", "på 2010-tallet"),
    "198X/..": ("since the 1980s", "siden 1980-tallet"),
    "../198X": ("by the 1980s", "innen 1980-tallet"),
    "198X/199X": ("from the 1980s to the 1990s", "fra 1980-tallet til 1990-tallet"),
    "198X~": ("around the 1980s", "rundt 1980-tallet"),
    "2021-XX": ("in 2021", "i 2021"),
    "2019/2021-05": ("from 2019 to May 2021", "fra 2019 til mai 2021"),
    "2020-10~/2020-12~": ("in late 2020", "sent i 2020"),
    "2020-01~/2020-03~": ("in early 2020", "tidlig i 2020"),
    "2020-05~/2020-08~": ("in mid-2020", "midt i 2020"),
    "2019~/2020": ("from around 2019 to 2020", "fra rundt 2019 til 2020"),
    "2021-05-03?": ("perhaps on 3 May 2021", "kanskje den 3. mai 2021"),
    "2019/..": ("since 2019", "siden 2019"),
    "../2021": ("by the end of 2021", "innen utgangen av 2021"),
    "../2021-05-03": ("by 3 May 2021", "innen 3. mai 2021"),
    "/2021": ("until 2021", "fram til 2021"),
    "2021-13-45": ("2021-13-45", "2021-13-45"),
    "2021-30": ("2021-30", "2021-30"),
    "/": ("/", "/"),
    "soon": ("soon", "soon"),
}


@pytest.mark.parametrize(("text", "said"), CASES.items(), ids=CASES)
def test_time_is_said_in_words(text: str, said: tuple[str, str]) -> None:
    assert (say_time(text, LANGUAGES["en"].words.times), say_time(text, LANGUAGES["nb"].words.times)) == said


def test_decade_is_named_without_its_preposition() -> None:
    words = [LANGUAGES[tag].words.times for tag in ("en", "nb")]
    assert [name_time("198X", each) for each in words] == ["the 1980s", "1980-tallet"]
    assert name_time("198X/..", words[0]) == "since the 1980s"
