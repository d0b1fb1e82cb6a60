"""Pages of things, claims, passages and documents; search; languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ON_DISK, SHARED, Server, start_server, stop_server
from digitech_kg.book import open_book
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.repository import Snapshot

NAMES = Namespaces("https://w3id.org/digitech-kg/")
ID = NAMES.prefixes["id"]


def test_denied_fact_is_shown_as_denied_with_its_claim(server: Server) -> None:
    page = server.get("/page/id/huawei").text
    block = page[page.index('id="says-nupi-digi-tech"') : page.index('id="outside"')]
    assert ">Huawei is not owned by the state.</a>" in block
    assert 'href="/page/claim/nupi-digi-tech/huawei-not-state-owned"' in block


def test_thing_page_names_it_in_all_languages(server: Server) -> None:
    page = server.get("/page/id/norway").text
    assert 'lang="nb">Norge' in page
    assert 'lang="zh-hans">挪威' in page


@pytest.mark.parametrize("thing", ["norway", "europe"])
def test_advice_stands_with_what_is_said_of_whom_it_names(server: Server, thing: str) -> None:
    page = server.get(f"/page/id/{thing}").text
    said = page[page.index('id="says-nupi-digi-tech"') :].partition("Also named in")[0]
    assert "second recommendation is to promote Norwegian and shared European digi-tech interests" in said
    if thing == "europe":
        # What only names it isn't folded away by that.
        assert "In Europe and other markets tied to NATO, the outlook" in said


def test_facts_from_outside_stand_apart(server: Server) -> None:
    page = server.get("/page/id/huawei").text
    said, _, outside = page.partition('id="outside"')
    own = said[said.index('id="said"') :]
    assert "/page/claim/nupi-digi-tech/" not in outside.partition("</section>")[0]
    assert "nupi-digi-tech" in set(re.findall(r'href="/page/claim/([\w-]+)/', own))
    assert 'href="/page/claim/federal-register/' not in own


def test_inferred_fact_stands_apart_with_its_proof(server: Server) -> None:
    page = server.get("/page/id/huawei").text
    inferred = page[page.index('id="inferred"') :]
    (proof, *_) = re.findall(r'class="why" href="([^"]+)"', inferred)
    assert server.get(proof.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("language", "firmly", "shown_by"),
    [("en", "As probable", "Words that show it"), ("nb", "Som sannsynlig", "Ord som viser det, på tekstens språk")],
)
def test_claim_page_says_how_firmly_in_the_words_of_the_text(
    server: Server, language: str, firmly: str, shown_by: str
) -> None:
    page = server.get(f"/page/claim/nupi-digi-tech/combination-drives-digi-tech-controversy?lang={language}").text
    assert firmly in page.partition('class="cols')[0]
    assert re.search(rf'<dt>{shown_by}</dt><dd>\s*<q lang="en">Arguably</q>', page)


def test_dataset_page_tells_what_the_catalogue_says(server: Server) -> None:
    page = server.get("/page/dataset").text
    assert "<h1>What policy documents say about Chinese digital technology, sentence by sentence</h1>" in page
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in page
    assert "classPartition" not in page


def test_link_to_other_data_names_the_data_set(server: Server) -> None:
    page = server.get("/page/id/norway").text
    own = page[page.index('<h2 id="own">') :]
    assert re.search(r">wd:Q20</a>\s*<span class=\"soft\">Wikidata</span>", own)


def test_denial_without_reserve_is_not_called_asserted(server: Server) -> None:
    page = server.get("/page/claim/nupi-digi-tech/huawei-not-state-owned").text
    assert 'class="firm' not in page.partition('class="cols')[0]
    assert "<dt>How firmly</dt><dd>Plainly" in page


def test_claim_from_outside_says_when_it_was_fetched(server: Server) -> None:
    page = server.get("/page/claim/iso-3166/norway-iso3166-1-numeric").text
    assert re.search(r"fetched on <[^>]+>\d+ November 2026<", page)


def test_passage_page_lists_its_claims(server: Server) -> None:
    page = server.get("/page/passage/nupi-digi-tech/p12.s03").text
    assert "/page/claim/nupi-digi-tech/huawei-not-state-owned" in page
    assert "/document/nupi-digi-tech#p12.s03" in page


def test_document_is_told_sentence_by_sentence_without_the_text(server: Server) -> None:
    page = server.get("/document/nupi-digi-tech").text
    assert "Growth bonanza and regulatory storm" in page
    assert "The text is not stored here." in page
    (told,) = re.findall(r'<div class="ps[^"]*" id="p12.s03">(.*?)</div></div>', page, re.S)
    assert 'aria-label="p. 2, sentence 10">10</a>' in told
    assert "/page/claim/nupi-digi-tech/" in told
    assert "data-hash" not in page
    assert "data-hash" in server.get("/document/nupi-digi-tech?text=own").text


def test_document_of_no_name_is_404(server: Server) -> None:
    assert server.get("/document/nope").status_code == 404


@pytest.fixture(scope="module")
def reading_server(data_dir: Path) -> Iterator[Server]:
    text = SHARED / "brief" / "brief.txt"
    if not text.is_file():
        pytest.skip("the text of the brief is not at hand")
    running = start_server(data_dir, *ON_DISK, "--text", f"nupi-digi-tech={text}")
    yield running
    stop_server(running)


def test_own_copy_is_quoted_where_its_hash_fits(reading_server: Server) -> None:
    assert (
        '<a class="txt" href="/page/passage/nupi-digi-tech/p12.s03"'
        in reading_server.get("/document/nupi-digi-tech").text
    )
    assert "<blockquote" in reading_server.get("/page/passage/nupi-digi-tech/p12.s03").text


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("Huawei", ID + "huawei"),
        ("huaw", ID + "huawei"),
        ("华为", ID + "huawei"),
        ("华", ID + "huawei"),
        ("norge", ID + "norway"),
        ("huawai", ID + "huawei"),
        ("tencant", ID + "tencent"),
        ("Huwaei", ID + "huawei"),
        ("Hua Wei", ID + "huawei"),
        ("alibaba cloud", ID + "alibaba"),
        ("Tencnet", ID + "tencent"),
    ],
)
def test_search_finds_by_prefix_language_and_misspelling(snapshot: Snapshot, text: str, iri: str) -> None:
    assert iri in [hit.iri for hit in open_book(snapshot).search(text)[:5]]


@pytest.mark.parametrize("text", ["", "  ", '"', "'; DROP TABLE entry; --", "NEAR(", "* OR", "zzzzqqqq", "\x00"])
def test_odd_search_text_is_harmless(server: Server, text: str) -> None:
    assert server.get("/search", params={"q": text}).status_code == 200


def test_language_by_parameter_then_by_header(server: Server) -> None:
    norwegian = {"Accept-Language": "nb-NO,nb;q=0.9"}
    assert '<html lang="nb">' in server.get("/", headers=norwegian).text
    assert '<html lang="en">' in server.get("/?lang=en", headers=norwegian).text
    assert '<html lang="en">' in server.get("/", headers={"Accept-Language": "fr"}).text
    answer = server.get("/", headers=norwegian)
    assert "Accept-Language" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


def test_chosen_language_is_carried_by_links(server: Server) -> None:
    page = server.get("/things?lang=nb").text
    assert 'href="/page/id/huawei?lang=nb"' in page
    assert 'action="/search?lang=nb"' in page


def test_pages_are_compressed_and_small(server: Server) -> None:
    answer = server.get("/page/id/huawei", stream=True, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < 20_000
    plain = server.get("/page/id/huawei", headers={"Accept-Encoding": "identity"})
    assert plain.text == answer.text
