"""Labels that turn the direction of writing turn nothing beside them."""

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.namespaces import DCTERMS, DK, RDFS, SKOS
from digitech_kg.web.http.languages import register_languages
from stored_site import NAMES, open_service, open_site

OVERRIDE = "\u202e"
EVIL = f"{OVERRIDE}evil"
PAGES = [
    "/",
    "/page/id/acme",
    "/page/id/board",
    "/page/id/memo",
    "/page/claim/memo/acme-not-state-owned",
    "/page/passage/memo/p1.s1",
    "/document/memo",
    "/compare?a=id/acme",
    "/claims",
    "/explore?thing=acme",
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    service = open_service()
    for name in ("acme", "board", "bricks", "state-ownership", "memo"):
        of, graph = NAMES.thing(name), NAMES.graphs.document("memo")
        for prop in (RDFS.label, DCTERMS.title):
            for quad in list(service.store.quads_for_pattern(of, prop, None)):
                service.store.remove(quad)
        service.store.extend(
            Quad(of, prop, Literal(f"{EVIL} {name}", language="en"), graph)
            for prop in (RDFS.label, SKOS.altLabel, SKOS.definition)
        )
    sentences = list(service.store.quads_for_pattern(None, DK.sentence, None))
    for quad in sentences:
        service.store.remove(quad)
        assert isinstance(quad.object, Literal)
        turned = Literal(f"{EVIL} {quad.object.value}", language=quad.object.language)
        service.store.add(Quad(quad.subject, quad.predicate, turned, quad.graph_name))
    kind = NamedNode("https://example.org/terms#Board")
    service.store.add(Quad(kind, RDFS.label, Literal(f"{EVIL} board", language="en"), NAMES.graphs.ontology))
    return open_site(tmp_path_factory.mktemp("turned"), service).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_pages_leave_out_what_turns_the_line(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "evil" in answer.text
    assert OVERRIDE not in answer.text


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ('<p title="a {{ x }}">{{ x }}, y</p>', '<p title="a evil&lt;">evil&lt;, y</p>'),
        ("<p>{{ x ~ 1 if x else 2 }}</p>", "<p>evil&lt;1</p>"),
        ("<p>{{ x | upper }}{{ ('<b>' | safe) }}", "<p>EVIL&lt;<b>"),
        ("<textarea>{{ x | e }}</textarea>", f"<textarea>{EVIL}&lt;</textarea>"),
    ],
)
def test_what_is_escaped_already_stays_as_it_is(template: str, page: str) -> None:
    app = Flask(__name__)
    register_languages(app, lambda: ("en", "nb"))
    with app.test_request_context():
        assert render_template_string(template, x=f"{EVIL}<") == page
