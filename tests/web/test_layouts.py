"""Pages begin with what people ask of their kind, mark every fact by its reserves, and draw what is near."""

from __future__ import annotations

import re

from conftest import Server


def answer_to(page: str, question: str) -> str:
    """Return the part of a page that answers a question in short."""
    short = page[page.index("<h3>In short</h3>") :]
    found = short[short.index(f"<dt>{question}</dt>") :]
    return found[: found.index("</dd>")]


def test_recommendation_tells_what_it_advises_responds_to_and_how_firmly(server: Server) -> None:
    page = server.get("/page/id/recommendation-2").text
    assert "pill k-recommendation" in answer_to(page, "What is advised")
    assert "/page/id/china-us-rivalry" in answer_to(page, "What it responds to")
    advice = page[page.index("<h3>About the advised actions</h3>") :]
    assert "Norwegian" in advice[: advice.index("</section>")]


def test_what_the_document_leaves_out_is_said_to_be_left_out(server: Server) -> None:
    page = server.get("/page/id/recommendation-1").text
    assert "The document does not say." in answer_to(page, "Whom it addresses")


def test_event_tells_whether_it_happened_and_whose_view_its_causes_are(server: Server) -> None:
    page = server.get("/page/id/alibaba-intervention").text
    assert "took place" in answer_to(page, "Has it happened")
    assert "2020" in answer_to(page, "When")
    assert "<b>Reported</b>" in answer_to(page, "How it is explained")


def test_document_leads_to_its_reading_view_and_recommendations(server: Server) -> None:
    page = server.get("/page/id/nupi-digi-tech").text
    assert 'href="/document/nupi-digi-tech"' in page
    assert "/page/id/recommendation-5" in answer_to(page, "What it recommends")


def test_concern_tells_what_raises_it(server: Server) -> None:
    page = server.get("/page/id/digital-security-concern").text
    assert "<li>" in answer_to(page, "What raises it")


def test_nothing_is_shown_both_in_short_and_below(server: Server) -> None:
    page = server.get("/page/id/alibaba-intervention").text
    page = page[page.index("<h3>In short</h3>") : page.index("<aside")]
    (first,) = re.findall(r'<a href="/page/claim/([\w/-]+)"', answer_to(page, "Who did it"))
    assert page.count(f'/page/claim/{first}"') == 1


def test_fact_from_outside_names_its_source_and_when_it_was_fetched(server: Server) -> None:
    page = server.get("/page/id/huawei").text
    outside = page[page.index('id="outside"') :]
    assert re.search(r"according to .*?, fetched on <time>2026-\d\d-\d\d</time>", outside, re.S)


def test_thing_page_with_styles_stays_below_a_hundred_kilobytes(server: Server) -> None:
    answer = server.get("/page/id/china", stream=True)
    total = int(answer.headers["Content-Length"])
    for address in re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]* (?:href|src)="([^"]+)"', answer.text):
        total += len(server.get(address).content)
    assert total < 100_000
