"""The pages `/disagreements` and `/compare`."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from comparison.example import publish_example
from comparison.fixtures import NAMES
from digitech_kg.settings import Settings
from digitech_kg.web import create_app
from digitech_kg.web.pages import comparison_view
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


def test_disagreements_begin_with_what_was_found(client: FlaskClient) -> None:
    text = text_of(client, "/disagreements")
    assert "No two documents contradict each other." in text
    assert "On 1 point they are in tension. They agree on 1 point. On 1 point one of them is firmer." in text


def test_a_disagreement_shows_both_claims_their_documents_passages_and_the_reason(client: FlaskClient) -> None:
    text = text_of(client, "/disagreements?kind=inTensionWith")
    for said in (
        "Huawei is not state-owned.",
        "According to analysts, Huawei is probably state-owned.",
        "p. 1",
        "Memo",
    ):
        assert said in text
    assert "“NUPI brief” denies what “Memo” says." in text
    assert "Huawei possibly leads in 5G." not in text


def test_claims_and_passages_are_linked(client: FlaskClient) -> None:
    page = client.get("/disagreements").get_data(as_text=True)
    assert 'href="/page/claim/memo/c1"' in page
    assert 'href="/page/passage/brief/c1"' in page


def test_agreement_is_shown_when_it_is_asked_for(client: FlaskClient) -> None:
    assert "Huawei is a networks company." not in text_of(client, "/disagreements")
    assert "Huawei is a networks company." in text_of(client, "/disagreements?kind=corroborates")


def test_a_kind_that_nothing_is_of_is_said_to_be_empty(client: FlaskClient) -> None:
    assert "There is nothing of this kind." in text_of(client, "/disagreements?kind=differsFrom&document=memo")


@pytest.mark.parametrize(
    "address",
    [
        "/disagreements?kind=agrees",
        "/disagreements?document=breif",
        "/disagreements?part=9",
        "/compare?a=id:huawai&b=id:tencent",
    ],
)
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
    text = text_of(client, "/disagreements", "nb")
    assert "På 1 punkt står de i spenning til hverandre." in text
    assert "«NUPI-brief» benekter det «Notat» sier." in text
    assert "De motsier ikke hverandre" in text_of(client, "/compare?a=id:huawei", "nb")


@pytest.mark.parametrize("address", ["/disagreements", "/compare?a=brief&b=memo", "/compare?a=id:huawei&b=id:tencent"])
def test_programs_get_json_at_the_same_address(client: FlaskClient, address: str) -> None:
    client.get(address, headers={"Accept": "text/html"})
    response = client.get(address, headers={"Accept": "application/json"})
    assert response.mimetype == "application/json"
    assert "Accept" in response.vary
    assert "Huawei is not state-owned." in response.get_data(as_text=True)


def test_a_dataset_with_no_documents_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison_view.ComparisonReader, "documents", ("brief",))
    monkeypatch.setattr(comparison_view.ComparisonReader, "comparisons", ())
    page = client.get("/disagreements?lang=en&fresh=1", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "There is only one document, so there is nothing to compare." in page
    monkeypatch.setattr(comparison_view.ComparisonReader, "documents", ("brief", "memo"))
    page = client.get("/disagreements?lang=en&fresh=2", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "No two documents contradict each other." in page
