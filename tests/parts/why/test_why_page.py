"""`/why` over the shared server: stated, entailed, not entailed; as JSON and as a page; bad input."""

import re
from typing import Any

import pytest

from bundled import NAMES, passage
from conftest import Server

HTML = {"Accept": "text/html"}


def ask(server: Server, subject: str, predicate: str, value: str, **more: str) -> dict[str, Any]:
    parameters = {"subject": subject, "predicate": predicate, "object": value, **more}
    response = server.get("/why", params=parameters)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/json"
    return response.json()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "triple",
    [
        ("id:huawei", "a", "dk:NotStateOwnedCompany"),
        ("id:human-rights-concern", "rdf:type", "dk:ConcernTakenUpByRecommendation"),
        pytest.param(
            ("id:xiaomi", "dk:isMemberOf", "id:largest-chinese-digi-tech-companies"), marks=pytest.mark.thorough
        ),
        pytest.param(("id:central-regulators", "dk:takesAimAt", "id:alibaba"), marks=pytest.mark.thorough),
        pytest.param(
            ("id:digital-security-concern", "dk:isTakenUpBy", "id:recommendation-5"), marks=pytest.mark.thorough
        ),
    ],
)
def test_inferred_fact_ends_in_passages(server: Server, triple: tuple[str, str, str]) -> None:
    answer = ask(server, *triple)
    assert answer["kind"] == "entailed"
    (part,) = [part for part in answer["items"] if part["about"] == NAMES.thing("nupi-digi-tech").value]
    assert any(claim["items"] for reason in part["items"] for claim in reason["items"])
    assert any(reason["kind"] == "axiom" for reason in part["items"])


def test_stated_fact_names_its_claim(server: Server) -> None:
    answer = ask(server, "id:xiaomi", "dk:isMemberOf", "id:table-companies")
    assert answer["kind"] == "stated"
    (claim,) = answer["items"][0]["items"]
    assert NAMES.shorten(claim["about"]) == "nupi-claim:xiaomi-member-of-table"


def test_unknown_thing_is_not_entailed_and_said_to_be_unknown(server: Server) -> None:
    answer = ask(server, "id:nobody", "a", "dk:Company")
    assert (answer["kind"], answer["notes"]) == ("not entailed", ["id:nobody"])


def test_full_iris_and_literals_are_taken(server: Server) -> None:
    iri = passage("p12.s03").value
    assert ask(server, iri, NAMES.prefixes["dk"] + "pageLabel", '"2"')["kind"] == "stated"


def test_browser_gets_a_page_with_the_same(server: Server) -> None:
    parameters = {"subject": "id:huawei", "predicate": "a", "object": "dk:NotStateOwnedCompany"}
    page = server.get("/why", params=parameters, headers=HTML)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Entailed" in page.text
    assert "/page/claim/nupi-digi-tech/huawei-not-state-owned" in page.text
    assert "Accept" in page.headers["Vary"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "subject, predicate, object"),
        ({"subject": "id:a", "predicate": "a"}, "object"),
        ({"subject": "id:<b>", "predicate": "a", "object": "dk:C"}, "cannot read"),
        ({"subject": "id:a", "predicate": "a", "object": '"x" . <urn:a> <urn:b> "c"'}, "cannot read"),
        ({"subject": "id:a", "predicate": "a", "object": "dk:C", "format": "pdf"}, "pdf"),
    ],
    ids=["none", "one missing", "bad IRI", "literal with more", "format"],
)
def test_bad_request_is_400_and_says_what(server: Server, parameters: dict[str, str], words: str) -> None:
    response = server.get("/why", params=parameters)
    assert response.status_code == 400
    assert words in response.json()["detail"]


def test_format_that_cannot_be_given_is_406(server: Server) -> None:
    parameters = {"subject": "id:a", "predicate": "a", "object": "dk:C"}
    assert server.get("/why", params=parameters, headers={"Accept": "text/turtle"}).status_code == 406


def test_markup_in_a_parameter_is_escaped(server: Server) -> None:
    parameters = {"subject": "id:a", "predicate": "dk:title", "object": '"<script>x</script>"'}
    page = server.get("/why", params=parameters, headers=HTML)
    assert page.status_code == 200
    assert "<script>x" not in page.text


def test_page_links_to_passages_here_and_to_the_same_as_json(server: Server) -> None:
    parameters = {"subject": "id:huawei", "predicate": "rdf:type", "object": "dk:Agent"}
    page = server.get("/why", params=parameters, headers={"Accept": "text/html"}).text
    assert 'href="/page/passage/nupi-digi-tech/p12.s04"' in page
    (address,) = re.findall(r'href="(/why\?[^"]*format=json)"', page)
    assert server.get(address.replace("&amp;", "&")).json()["kind"] == "entailed"
