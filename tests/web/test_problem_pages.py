"""Pages of problems: what happened and what to do, in the language of the page, with the details that programs get."""

import pytest
from flask import Flask

from digitech_kg.errors import DigitechError, InvalidData, NotFound
from digitech_kg.validation.report import Report, Result, Severity
from digitech_kg.web.http.problems import _rows
from stored_site import NAMES, open_site

STATUSES = (400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 414, 415, 422, 429, 500, 502, 503, 504, 507)
REPORT = Report(
    tuple(
        Result(NAMES.prefixes["claim"] + name, None, None, severity, f"About {name}.", None)
        for name, severity in (("a", Severity.WARNING), ("b", Severity.VIOLATION), ("c", Severity.INFO))
    ),
    NAMES,
)
ERRORS: dict[str, DigitechError] = {
    **{str(status): DigitechError("what failed", hint="Mend it.", status=status) for status in STATUSES},
    "long": NotFound("no such graph", hint=f"There are: {'graph ' * 100}"),
    "report": InvalidData("one violation", hint="Correct it.", report=REPORT),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    made = open_site(tmp_path_factory.mktemp("site"))

    @made.get("/fails/<name>")
    def fails(name: str) -> str:
        raise ERRORS[name]

    return made


def page(site: Flask, name: str, language: str = "en") -> str:
    answer = site.test_client().get(f"/fails/{name}?lang={language}", headers={"Accept": "text/html"})
    assert answer.status_code == ERRORS[name].status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.text


@pytest.mark.parametrize("status", STATUSES)
def test_page_says_what_to_do_in_norwegian_with_the_english_details(site: Flask, status: int) -> None:
    told = page(site, str(status), "nb")
    assert '<header class="top">' in told
    advice = told.partition('<p class="lead">')[2].partition("</p>")[0]
    assert advice.strip().endswith(".")
    assert "What failed." in told.partition('<p class="lead" lang="en">')[2]
    assert '<p lang="en">Mend it.</p>' in told
    english = page(site, str(status))
    assert advice not in english
    assert "What failed." in english


def test_each_status_has_advice_of_its_own(site: Flask) -> None:
    advice = {page(site, str(s), "nb").partition('<p class="lead">')[2].partition("</p>")[0] for s in STATUSES}
    assert len(advice) == len(STATUSES)


def test_a_busy_server_tells_people_to_wait_not_to_read_headers_first(site: Flask) -> None:
    assert page(site, "429").index("Wait a few seconds") < page(site, "429").index("What failed.")


def test_a_long_list_of_what_there_is_folds_out(site: Flask) -> None:
    assert '<details><summary>What there is</summary>\n    <p lang="en">There are: graph' in page(site, "long")


def test_report_tells_first_why_the_data_was_refused(site: Flask) -> None:
    assert [severity for severity, _, _ in _rows(REPORT)] == ["violation", "warning", "info"]
    told = page(site, "report")
    assert told.index("About b.") < told.index("About a.") < told.index("About c.")
    assert "Data violates the shapes" in told
    assert "Correct it." in told
