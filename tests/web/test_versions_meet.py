"""What is asked for while a version is published is of one version, and says of which."""

import io
from typing import Any, cast

from flask import Blueprint, Flask

from bundled import NAMES
from digitech_kg.engine.request import QueryAnswer, QueryService
from digitech_kg.formats import by_name
from digitech_kg.settings import Settings
from digitech_kg.snapshot.manifest import Manifest
from digitech_kg.web.http.caching import PageCache
from digitech_kg.web.http.limits import ClientLimits
from digitech_kg.web.site import Site
from digitech_kg.web.sparql.graph_store import graph_store_blueprint
from digitech_kg.web.sparql.writing import WriteService

GRAPH = "http://example.org/g"


class Moving:
    """Publishes a version between being looked at and being asked, the first time."""

    union_default_graph = True
    names = NAMES

    def __init__(self) -> None:
        self.version = "000001-a"
        self.asked = 0

    @property
    def snapshot(self) -> Any:
        manifest = Manifest(self.version, "", "", "2026-01-01T00:00:00Z", 1, {GRAPH: 1}, graph_versions={})
        return type("Dataset", (), {"version": self.version, "manifest": manifest})()

    def query(self, _: object) -> QueryAnswer:
        self.asked += 1
        self.version = "000002-b"
        body = self.version.encode()
        return QueryAnswer(by_name("ntriples"), len(body), io.BytesIO(body), self.version)


def test_graph_names_the_version_that_it_is_taken_from() -> None:
    app, service = Flask(__name__), cast(Any, Moving())
    site = Site(service, Settings(), ClientLimits(concurrent=1, per_second=1), {}, PageCache(service))
    app.register_blueprint(graph_store_blueprint(site, cast(WriteService, None)))
    response = app.test_client().get("/graph-store", query_string={"graph": GRAPH})
    assert service.asked == 2
    assert response.text == response.headers["Dataset-Version"] == "000002-b"
    assert response.headers["ETag"].startswith('"000002-b')


def test_page_that_was_made_while_a_version_was_published_is_not_kept() -> None:
    app, service, pages = Flask(__name__), Moving(), Blueprint("pages", __name__)
    PageCache(cast(QueryService, service)).attach(pages)

    @pages.get("/page")
    def page() -> str:
        service.query(None)
        return "made of two versions" if service.asked == 1 else "made of one"

    app.register_blueprint(pages)
    client = app.test_client()
    mixed, whole, again = client.get("/page"), client.get("/page"), client.get("/page")
    assert (mixed.text, "ETag" in mixed.headers) == ("made of two versions", False)
    assert (whole.text, again.text) == ("made of one", "made of one")
    assert service.asked == 2
