"""The pages about the site and its data: what they say is what is there, and what they offer to copy runs."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
import requests
import yaml
from pyoxigraph import NamedNode, Quad

from bundled import NAMES as NAMES_OF_PROJECT
from conftest import ROOT, Server
from digitech_kg.namespaces import DCAT
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.pages.about import cite, reference_to
from digitech_kg.web.pages.citing import to_bibtex
from digitech_kg.web.reading.dataset import Metadata
from stored_site import NAMES, open_service, open_site

BASE = "https://example.org/"


@pytest.fixture(scope="module")
def page(server: Server) -> str:
    answer = server.get("/about", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_search_engines_for_data_find_the_dataset_its_licence_and_its_files(page: str) -> None:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told = json.loads(text)
    assert told["@type"] == "Dataset" and told["@id"] == "https://w3id.org/digitech-kg/dataset"
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    addresses = [each["contentUrl"] for each in told["distribution"]]
    assert len(addresses) > 5
    assert requests.get(next(each for each in addresses if each.endswith(".ttl")), timeout=60).status_code == 200


def copied(page: str, key: str) -> str:
    """Give the text that the button of an element copies."""
    (text,) = re.findall(rf'<pre id="{key}"[^>]*>(.*?)</pre>', page, re.DOTALL)
    return html.unescape(text)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_page_says_version_licence_and_result_of_checks(page: str, snapshot: Snapshot) -> None:
    said = words(page)
    assert snapshot.manifest.content_digest in said
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in page
    assert "No document contradicts itself." in said


def test_page_tells_the_licence_of_each_source_that_the_description_names(page: str, server: Server) -> None:
    void = rdflib.Graph().parse(data=server.get("/.well-known/void").content, format="turtle")
    sources = set(void.objects(rdflib.URIRef(NAMES_OF_PROJECT.dataset.value), rdflib.DCTERMS.source))
    assert f"The licences of {len(sources)} sources" in page
    told = page[page.index("The licences of") : page.index("Version of the data")]
    assert told.count("<li>") == len(sources) > 10
    assert re.search(r'"/page/id/gleif-lei-records"[^>]*>[^<]+</a>:\s*<a href="[^"]+zero[^"]+"[^>]*>CC0 1.0', told)
    assert "Works of the US government" in told


def test_page_says_that_the_address_in_the_citation_may_not_open(page: str, server: Server) -> None:
    assert f"It opens only once it is registered. Until then, the data is at {server.url}" in words(page)


@pytest.mark.parametrize(
    ("language", "told", "new"),
    [
        ("en", "This is version 3.0.0 of the data. In it claims are gathered", "one for each build"),
        ("nb", "Dette er versjon 3.0.0 av dataene. Her er påstandene samlet", "én for hver bygging"),
    ],
)
def test_history_tells_what_the_version_of_the_data_brought(server: Server, language: str, told: str, new: str) -> None:
    said = words(server.get(f"/history?lang={language}", headers={"Accept": "text/html"}).text)
    assert told in said
    assert new in said


def test_page_tells_nothing_of_approval_that_the_dataset_does_not(tmp_path: Path) -> None:
    said = words(open_site(tmp_path).test_client().get("/about", headers={"Accept": "text/html"}).text)
    assert "It was made by Example Society. The data names no address" in said
    # The publisher is an agent with a name.
    assert "· Example Society" in said
    assert "approved" not in said


def test_citations_and_the_foot_of_pages_name_one_version(server: Server) -> None:
    said = words(server.get("/issue/huawei-state", headers={"Accept": "text/html"}).text)
    (version,) = re.findall(r"CC BY 4.0 ?, version ([\d.]+)\. ", said)
    assert f"version {version} (0000" in said


@pytest.mark.parametrize(
    ("addresses", "shown"),
    [
        ({"hasEmail": "mailto:ann@example.org"}, "mailto:ann@example.org"),
        ({"hasURL": "https://example.net/issues"}, "https://example.net/issues"),
        ({"hasURL": NAMES.base}, None),
    ],
)
def test_who_would_write_is_led_to_an_address_and_not_back_to_the_dataset(
    tmp_path: Path, addresses: dict[str, str], shown: str | None
) -> None:
    service, contact = open_service(), NamedNode(f"{NAMES.base}dataset/contact")
    told = [(NAMES.dataset, DCAT.contactPoint, contact)]
    told += [
        (contact, NamedNode(f"http://www.w3.org/2006/vcard/ns#{key}"), NamedNode(a)) for key, a in addresses.items()
    ]
    service.store.extend(Quad(*triple, NAMES.graphs.catalog) for triple in told)
    page = open_site(tmp_path, service).test_client().get("/about", headers={"Accept": "text/html"}).text
    assert re.findall(r'<a href="([^"]*)">Write to us', page) == ([shown] if shown else [])
    assert ("names no address" in page) == (shown is None)


def test_page_tells_who_made_it_how_and_what_it_cannot_tell(page: str) -> None:
    said = words(page)
    assert "It was made by digitech-kg contributors." in said
    # History lists versions, whatever changed in them.
    assert "The versions of this server, and what changed from one to the next, are listed" in said
    assert "No publisher of the documents has approved it." in said
    limits = page[page.index('id="limits"') :]
    assert "Whether a claim is true. It tells who says it." in limits
    assert 'href="/documents"' in limits


def test_page_shows_each_mark_with_its_word(page: str) -> None:
    marks = page[page.index('id="marks"') : page.index('id="cite"')]
    drawn = re.findall(r'<use href="#([\w-]+)"/></svg>\s*([^<]+)<', marks)
    assert dict(drawn)["m-no"] == "Says not"
    assert len(drawn) == 14
    assert all(f'<symbol id="{name}"' in page for name, _word in drawn)


def test_page_is_linked_from_every_page(server: Server) -> None:
    page = server.get("/page/id/huawei").text
    assert page.count('href="/about"') == 1


def test_citation_of_the_page_is_that_of_the_project(page: str) -> None:
    given, own = copied(page, "cite-bibtex"), yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert all(f"{{{own[key]}}}" in given for key in ("title", "version", "url"))
    assert own["authors"][0]["name"] in given


def test_bibtex_keeps_special_characters(page: str, snapshot: Snapshot) -> None:
    assert f"snapshot {snapshot.version}" in copied(page, "cite-bibtex")
    dataset = Metadata(title="Rights & duties_{50%}", creator="A # B", snapshot="7")
    odd = to_bibtex([reference_to(dataset, BASE)])
    assert r"{{Rights \& duties\_\{50\%\}}}" in odd
    assert r"{{A \# B}}" in odd


def test_command_for_protege_is_one_that_there_is(page: str) -> None:
    program, command, *arguments = copied(page, "snippet-owl").split()
    ended = subprocess.run([sys.executable, "-m", "digitech_kg", command, "--help"], capture_output=True, text=True)
    assert (program, ended.returncode) == ("digitech-kg", 0)
    assert all(a in ended.stdout for a in arguments if a.startswith("--"))


def test_addresses_for_openrefine_and_protege_answer(page: str, server: Server) -> None:
    service = copied(page, "snippet-openrefine").removeprefix(server.url)
    assert "defaultTypes" in server.get(service).json()
    ontology = server.get(copied(page, "snippet-protege").removeprefix(server.url))
    assert len(rdflib.Graph().parse(data=ontology.content, format="xml")) > 1000


def test_a_hostile_host_never_reaches_an_address_to_copy(server: Server) -> None:
    page = server.get("/about", headers={"Host": "x';rm -rf ~;'"}).text
    assert "rm -rf" not in page


def test_a_dataset_that_describes_nothing_is_cited_by_its_snapshot() -> None:
    assert cite(Metadata(snapshot="7"), BASE) == "Dataset (snapshot 7). https://example.org/"


def test_a_dataset_is_cited_as_it_wants_to_be() -> None:
    own = "Society (2024). Reports on Acme."
    wanted = Metadata(title="Reports", citation=own, snapshot="7")
    assert cite(wanted, BASE) == "Society (2024). Reports on Acme (snapshot 7)"
