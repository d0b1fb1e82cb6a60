"""The page `/compare`, and the pages of pairs of claims."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from comparison.example import example_reader, publish_example
from comparison.fixtures import NAMES
from digitech_kg.settings import Settings
from digitech_kg.web import create_app
from digitech_kg.web.server import open_service


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    data_dir: Path = tmp_path_factory.mktemp("compared")
    publish_example(data_dir)
    settings = Settings(workers=1)
    service = open_service(data_dir, settings, NAMES)
    yield create_app(service, settings, data_dir).test_client()
    service.close()


def text_of(client: FlaskClient, address: str, language: str = "en") -> str:
    """Return the text of the main part of a page, without its tags."""
    response = client.get(address, headers={"Accept": "text/html", "Accept-Language": language})
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    page = response.get_data(as_text=True)
    main = page[page.index("<main") : page.index("</main>")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def address_of_tension() -> str:
    """Return the page of the pair of claims that are in tension."""
    found = next(one for one in example_reader().comparisons if one.kind == "inTensionWith")
    return f"/page/{found.iri.removeprefix(NAMES.base)}"


def test_a_pair_shows_both_claims_their_documents_passages_and_the_reason(client: FlaskClient) -> None:
    text = text_of(client, address_of_tension())
    for said in (
        "Two documents are in tension",
        "Huawei is not state-owned.",
        "According to analysts, Huawei is probably state-owned.",
        "p. 1",
        "Memo",
    ):
        assert said in text
    assert "“NUPI brief” denies what “Memo” says." in text
    assert "Huawei possibly leads in 5G." not in text


def test_claims_and_passages_are_linked(client: FlaskClient) -> None:
    page = client.get(address_of_tension()).get_data(as_text=True)
    assert 'href="/page/claim/memo/c1"' in page
    assert 'href="/page/passage/brief/c1"' in page


@pytest.mark.parametrize("address", ["/compare?a=id:huawai&b=id:tencent", "/page/comparison/none", "/disagreements"])
def test_what_is_unknown_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address, headers={"Accept": "text/html"}).status_code == 404


def test_two_documents_are_compared(client: FlaskClient) -> None:
    text = text_of(client, "/compare?a=brief&b=memo")
    assert "NUPI brief and Memo compared" in text
    assert "On 1 point they are in tension." in text
    assert "NUPI brief : 2 claims that meet none of the other" in text


def test_two_things_are_compared_point_by_point(client: FlaskClient) -> None:
    text = text_of(client, "/compare?a=id:huawei&b=Tencent")
    assert "They share 1 point and differ on 1." in text
    assert "On 2 points documents speak of one of them only." in text
    assert "Nothing said." in text


def test_one_thing_is_shown_by_what_documents_say_of_it(client: FlaskClient) -> None:
    text = text_of(client, "/compare?a=id/huawei")
    assert "What documents say about Huawei" in text
    assert "2 documents speak of it. They do not contradict each other. On 1 point they are in tension." in text
    assert "Nothing is said of it by: Memo" in text_of(client, "/compare?a=id/tencent")


@pytest.mark.parametrize(("kind", "part"), [("xlsx", "xl/worksheets/sheet1.xml"), ("docx", "word/document.xml")])
def test_a_comparison_is_downloaded_with_gaps_marked(client: FlaskClient, kind: str, part: str) -> None:
    response = client.get(f"/compare.{kind}?a=Huawei&b=id:tencent")
    assert f"comparison.{kind}" in response.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.data)) as package:
        text = package.read(part).decode()
        claims = package.read("xl/worksheets/sheet2.xml" if kind == "xlsx" else "word/footnotes.xml").decode()
    assert "is silent" in text
    assert "According to analysts, Huawei is probably state-owned." in text
    assert "According to analysts, Huawei is probably state-owned." in claims
    assert "“Memo”" in claims
    assert "robable" in claims


def test_without_names_there_is_a_form(client: FlaskClient) -> None:
    assert "Name two documents or two things to compare them" in text_of(client, "/compare")


def test_pages_are_in_norwegian(client: FlaskClient) -> None:
    text = text_of(client, address_of_tension(), "nb")
    assert "To dokumenter står i spenning til hverandre" in text
    assert "«NUPI-brief» benekter det «Notat» sier." in text
    assert "De motsier ikke hverandre" in text_of(client, "/compare?a=id:huawei", "nb")


@pytest.mark.parametrize("address", ["/compare?a=brief&b=memo", "/compare?a=id:huawei&b=id:tencent"])
def test_programs_get_json_at_the_same_address(client: FlaskClient, address: str) -> None:
    client.get(address, headers={"Accept": "text/html"})
    response = client.get(address, headers={"Accept": "application/json"})
    assert response.mimetype == "application/json"
    assert "Accept" in response.vary
    assert "Huawei is not state-owned." in response.get_data(as_text=True)
