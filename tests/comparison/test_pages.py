"""The page `/compare`, and the pages of pairs of claims."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from comparison.example import example_book, publish_example
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
    found = next(one for one in example_book().comparisons() if one.kind == "inTensionWith")
    return f"/page/{found.iri.removeprefix(NAMES.base)}"


def test_a_pair_shows_both_claims_their_documents_passages_and_the_reason(client: FlaskClient) -> None:
    text = text_of(client, address_of_tension())
    for said in (
        "On different sides, at least one with a reserve",
        "Huawei is not state-owned.",
        "According to analysts, Huawei is probably state-owned.",
        "p. 1",
        "Memo",
    ):
        assert said in text
    assert "What “NUPI brief” says goes against what “Memo” says." in text
    assert "Huawei possibly leads in 5G." not in text


def test_claims_and_passages_are_linked(client: FlaskClient) -> None:
    page = client.get(address_of_tension()).get_data(as_text=True)
    assert 'href="/page/claim/memo/c1"' in page
    assert 'href="/page/passage/brief/c1"' in page


@pytest.mark.parametrize("address", ["/page/comparison/none", "/disagreements"])
def test_what_is_unknown_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address, headers={"Accept": "text/html"}).status_code == 404


@pytest.mark.parametrize("address", ["/compare?a=id:huawai&b=id:tencent", "/compare?a=Tencnt&b=Huawei"])
def test_a_name_of_nothing_is_told_in_the_form_with_what_may_be_meant(client: FlaskClient, address: str) -> None:
    response = client.get(address, headers={"Accept": "text/html"})
    page = response.get_data(as_text=True)
    assert response.status_code == 404
    assert 'aria-invalid="true" aria-describedby="a-error"' in page
    assert "Nothing here is called “" in page
    assert "Did you mean" in page


def test_two_things_without_a_topic_in_common_are_told_by_what_is_said_of_each(client: FlaskClient) -> None:
    text = text_of(client, "/compare?a=id:huawei&b=Tencent")
    assert "Huawei and Tencent" in text
    assert "Said of Huawei only" in text
    assert "According to analysts, Huawei is probably state-owned." in text


def test_two_documents_are_compared_by_any_of_their_names(client: FlaskClient) -> None:
    for address in ("/compare?a=brief&b=memo", "/compare?a=NUPI%20brief&b=Memo"):
        text = text_of(client, address)
        assert "NUPI brief and Memo" in text
        assert "Said in Memo only" in text


def test_one_thing_is_told_by_what_documents_say_of_it(client: FlaskClient) -> None:
    assert "Huawei: both documents speak of it, in" in text_of(client, "/compare?a=id/huawei")


def test_without_names_there_is_a_form(client: FlaskClient) -> None:
    assert "Name two things or two documents" in text_of(client, "/compare")


def test_pages_are_in_norwegian(client: FlaskClient) -> None:
    text = text_of(client, address_of_tension(), "nb")
    assert "Ulike standpunkter, minst ett med forbehold" in text
    assert "Det «NUPI-brief» sier, går imot det «Notat» sier." in text
    assert "Skriv to ting eller to dokumenter" in text_of(client, "/compare", "nb")
