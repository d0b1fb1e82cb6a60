"""Times in words."""

import pytest

from digitech_kg.web.reading.labels import is_written_time, say_time


@pytest.mark.parametrize("text", ["1959", "2020-12", "2019~", "2020-10/2020-12", "2021-24"])
def test_written_times_are_known(text: str) -> None:
    assert is_written_time(text)


@pytest.mark.parametrize("text", ["2020-13", "2021-02-30", "", "2019/2020/2021", "soon"])
def test_other_texts_are_no_times(text: str) -> None:
    assert not is_written_time(text)


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("1959", "en", "1959"),
        ("2020-12", "en", "December 2020"),
        ("2020-12-05", "en", "5 December 2020"),
        ("2020-12-05", "nb", "5. desember 2020"),
        ("2019~", "nb", "rundt 2019"),
        ("2019?/2020-22", "en", "perhaps 2019 – summer 2020"),
        ("2019%", "zh", "perhaps 2019"),
        ("/2022-06-03", "en", "until 3 June 2022"),
        ("../2030", "en", "by 2030"),
        ("2019/..", "nb", "siden 2019"),
        ("soon", "en", "soon"),
    ],
)
def test_times_are_said_in_words(text: str, language: str, said: str) -> None:
    assert say_time(text, language) == said
