"""Labels that turn the direction of writing turn nothing beside them."""

from __future__ import annotations

from html.parser import HTMLParser

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


class Overrides(HTMLParser):
    """Collects where a page has the override: the path of elements for text, element and attribute for attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.isolated: list[str] = []
        self.free: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.free += [f"{tag}[{name}]" for name, value in attrs if OVERRIDE in (value or "") and name != "value"]
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if OVERRIDE in data and "script" not in self.inside:
            (self.isolated if "bdi" in self.inside else self.free).append(" ".join(self.inside))


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
def test_label_with_an_override_is_isolated(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    found = Overrides()
    found.feed(answer.text)
    assert answer.status_code == 200
    assert found.free == []
    assert found.isolated


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("<p>{{ x }}, y</p>", f"<p><bdi>{EVIL}&lt;</bdi>, y</p>"),
        ("<p>{{ x ~ 1 if x else 2 }}</p>", f"<p><bdi>{EVIL}&lt;1</bdi></p>"),
        ('<p title="a {{ x }}">{{ x }}</p>', f'<p title="a evil&lt;"><bdi>{EVIL}&lt;</bdi></p>'),
        ("<title>{{ x }}</title>{{ 2 }}", "<title>evil&lt;</title>2"),
        ("{% block title %}{{ x }}{% endblock %}<b>{{ x }}</b>", f"evil&lt;<b><bdi>{EVIL}&lt;</bdi></b>"),
        ('<p{% if x %} lang="{{ 1 }}"{% endif %}>{{ x }}', f'<p lang="1"><bdi>{EVIL}&lt;</bdi>'),
        ("<textarea>{{ x }}</textarea>", f"<textarea>{EVIL}&lt;</textarea>"),
        ('<input value="{{ x }}">{{ "a" }}', f'<input value="{EVIL}&lt;">a'),
        ("<svg><text>{{ x }}</text></svg>", "<svg><text>evil&lt;</text></svg>"),
        ("<p>{{ x | upper }}{{ ('<b>' | safe) }}", f"<p><bdi>{EVIL.upper()}&lt;</bdi><b>"),
    ],
)
def test_where_a_value_stands_decides_how_it_is_isolated(template: str, page: str) -> None:
    app = Flask(__name__)
    register_languages(app)
    with app.test_request_context():
        assert render_template_string(template, x=f"{EVIL}<") == page
