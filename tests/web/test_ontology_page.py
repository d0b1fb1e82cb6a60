"""`/ontology`: RDF that stands alone for programs, a page with an anchor per term for people, versions and modules."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

import owlapi
from bundled import GRAPHS, NAMES
from conftest import Server
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DK, ONTOLOGY_IRI, OWL, RDF, RDFS, SH
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only
from digitech_kg.web.pages.ontology import messages_by_term

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OWLAPI = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"


@pytest.fixture(scope="module")
def page(server: Server) -> str:
    answer = server.get("/ontology", headers={"Accept": BROWSER})
    assert answer.status_code == 200
    return answer.text


@pytest.fixture(scope="module")
def ontology(snapshot: Snapshot) -> GraphView:
    return GraphView(open_read_only(snapshot.store).quads_for_pattern(None, None, None, GRAPHS.ontology))


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/rdf+xml"),
        (OWLAPI, "application/rdf+xml"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        (BROWSER, "text/html; charset=utf-8"),
        ("text/html;q=0.5, text/turtle", "text/turtle; charset=utf-8"),
    ],
)
def test_format_follows_the_accept_header(server: Server, accept: str, content_type: str) -> None:
    answer = server.get("/ontology", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)
    assert "Accept" in answer.headers["Vary"]


def test_no_accept_header_gives_rdf_xml(server: Server) -> None:
    assert server.get("/ontology", headers={"Accept": None}).headers["Content-Type"] == "application/rdf+xml"


def test_format_that_fits_nothing_is_406_with_the_list(server: Server) -> None:
    answer = server.get("/ontology", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "application/rdf+xml" in answer.json()["available"]


@pytest.mark.parametrize("path", ["/ontology", "/ontology/3.0.0", "/ontology/claims", "/ontology/3.0.0/policy"])
def test_what_is_served_opens_alone_in_owl_2_dl(server: Server, path: str, tmp_path: Path) -> None:
    (tmp_path / "o.owl").write_bytes(server.get(path, headers={"Accept": OWLAPI}).content)
    loaded = owlapi.load(tmp_path / "o.owl")
    assert (loaded.imports, loaded.missing, loaded.unparsed, loaded.violations) == ((), (), (), ())


def test_core_of_claims_comes_without_the_rest(server: Server) -> None:
    triples = list(parse(server.get("/ontology/claims").content, RdfFormat.RDF_XML))
    terms = {t.subject for t in triples}
    assert {DK.Claim, DK.statedIn, NamedNode(f"{ONTOLOGY_IRI}/claims")} <= terms
    mentioned = terms | {t.object for t in triples}
    assert mentioned & {DK.Company, DK.raisesConcern, DK.Policy, NamedNode(ONTOLOGY_IRI)} == set()


def test_unknown_version_is_404_and_names_those_there_are(server: Server) -> None:
    answer = server.get("/ontology/0.9.9")
    assert answer.status_code == 404
    assert "3.0.0" in answer.json()["hint"]


def test_unchanged_ontology_is_304(server: Server) -> None:
    tag = server.get("/ontology").headers["ETag"]
    assert server.get("/ontology", headers={"If-None-Match": tag}).status_code == 304


def test_page_has_an_anchor_for_every_term(page: str, ontology: GraphView) -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
    terms = (term for kind in kinds for term in ontology.subjects(RDF.type, kind) if isinstance(term, NamedNode))
    names = {term.value.split("#")[1] for term in terms if ontology.values(term, RDFS.label)}
    assert len(names) > 200
    assert names <= set(re.findall(r'<article class="term" id="(\w+)"', page))
    assert {name for name in names if page.count(f'id="{name}"') > 1} == set()


def test_links_within_the_page_lead_somewhere(page: str) -> None:
    anchors = re.findall(r'href="#([\w-]+)"', page)
    assert len(anchors) > 300
    assert set(anchors) <= set(re.findall(r'id="([\w-]+)"', page))


def test_page_tells_labels_axioms_use_and_shapes(page: str) -> None:
    section = page.split('id="Company"')[1].split("</article>")[0]
    expected = (
        'lang="nb">selskap<',
        "公司",
        "“company” disjointWith “public body”.",
        "A company is the subject of",
    )
    for said in expected:
        assert said in section
    times = re.search(r"(\d+) times", section)
    assert times is not None
    assert int(times[1]) >= 28


def test_page_names_terms_in_the_language_of_the_reader(server: Server) -> None:
    page = server.get("/ontology?lang=nb", headers={"Accept": "text/html"}).text
    section = page[page.index('<article class="term" id="Company"') :]
    section = section[: section.index("</article>")]
    assert '<a href="#Company">selskap</a>' in section
    assert '<span lang="en">company</span>' in section
    assert server.get("/ontology", headers={"Accept": "text/html"}).text.count("Hva en") == 0


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/ontology/1.0.0", "/ontology"),
        ("/ontology/2.0.0", "/ontology"),
        ("/ontology/2.0.0/policy", "/ontology/policy"),
    ],
)
def test_an_older_version_leads_to_the_one_that_replaces_it(server: Server, path: str, current: str) -> None:
    answer = server.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, current)
    assert 'rel="latest-version"' in answer.headers["Link"]


def test_shapes_are_given_as_rdf_and_a_browser_gets_turtle(server: Server) -> None:
    answer = server.get("/shapes", headers={"Accept": BROWSER})
    assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert any(quad.predicate == SH.targetClass for quad in parse(answer.text, RdfFormat.TURTLE))


def test_shapes_are_found_by_the_class_they_target_and_the_property_they_constrain() -> None:
    text = """shape:C a sh:NodeShape ; sh:targetClass dk:Company ; sh:property
        [ sh:path dk:subject ; sh:minCount 1 ; sh:message "Name one." ] ."""
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in NAMES.prefixes.items())
    shapes = [quad.triple for quad in parse(head + text, RdfFormat.TURTLE)]
    assert messages_by_term(shapes) == {DK.Company.value: ("Name one.",), DK.subject.value: ("Name one.",)}
