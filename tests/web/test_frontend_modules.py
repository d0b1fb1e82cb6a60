"""Modules of the front end by themselves, run in Chromium from their source files."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route

from bundled import BASE, NAMES
from conftest import ROOT, Server
from digitech_kg.web.reading.addresses import page_of

QUERIES = sorted((ROOT / "data/queries").rglob("*.rq"))


@pytest.fixture(scope="module")
def modules(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of the server that can import the files of `frontend/` from `/modules/`."""
    page = browser.new_page()

    def give(route: Route) -> None:
        route.fulfill(path=ROOT / "frontend" / route.request.url.rsplit("/", 1)[1], content_type="text/javascript")

    page.route("**/modules/*", give)
    page.goto(server.url + "/sparql")
    yield page
    page.close()


def call(page: Page, module: str, function: str, *arguments: object) -> Any:
    """Call a function of a module."""
    script = "([module, name, given]) => import(`/modules/${module}`).then((found) => found[name](...given))"
    return page.evaluate(script, [module, function, list(arguments)])


def squashed(query: str) -> str:
    return re.sub(r"\s+", "", query).lower()


def test_formatting_keeps_every_token_and_is_done_after_once(modules: Page) -> None:
    assert len(QUERIES) > 40
    for path in QUERIES:
        query = path.read_text(encoding="utf-8")
        once = call(modules, "format.js", "formatQuery", query)
        assert squashed(once) == squashed(query), path.stem
        assert call(modules, "format.js", "formatQuery", once) == once, path.stem


@pytest.mark.parametrize(
    ("query", "laid_out"),
    [
        ("ask{?a ?b'x } y'}", "ASK {\n  ?a ?b 'x } y'\n}"),
        ("select*{?a ?b 1.5,\"x\"@en,\"1\"^^xsd:int}", "SELECT * {\n  ?a ?b 1.5, \"x\"@en, \"1\"^^xsd:int\n}"),
        (
            "SELECT ?s { {?s a dk:A} union {?s a dk:B} optional{?s dk:c/dk:d* ?e} } limit 5",
            "SELECT ?s {\n  { ?s a dk:A } UNION { ?s a dk:B }\n  OPTIONAL { ?s dk:c/dk:d* ?e }\n}\nLIMIT 5",
        ),
        ("ASK { FILTER(exists{?a ?b ?c}) ?d ?e ?f }", "ASK {\n  FILTER(EXISTS { ?a ?b ?c })\n  ?d ?e ?f\n}"),
        ("ASK { # why\n ?a ?b ?c }", "ASK { # why\n  ?a ?b ?c\n}"),
        ("ASK { VALUES (?a) { (1) # x\n (2) } ?a ?b 1 }", "ASK {\n  VALUES (?a) { (1) # x\n  (2) }\n  ?a ?b 1\n}"),
        ("", ""),
        ("{{{", "{\n  {\n    {"),
        ("}} ) ]", "}\n})]"),
    ],
    ids=["string", "literals", "groups", "exists", "comment", "comment in rows", "nothing", "open", "closed"],
)  # fmt: skip
def test_formatting(query: str, laid_out: str, modules: Page) -> None:
    assert call(modules, "format.js", "formatQuery", query).strip() == laid_out


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2021", (2021, 2022, False)),
        ("2021-03", (2021 + 2 / 12, 2021 + 3 / 12, False)),
        ("2021-03-04", (2021 + 2 / 12 + 3 / 372, 2021 + 2 / 12 + 4 / 372, False)),
        ("2021-21", (2021 + 2 / 12, 2021 + 5 / 12, True)),
        ("2020-24", (2020 + 11 / 12, 2021, True)),
        ("2021~", (2021, 2022, True)),
        ("2019/2020~", (2019, 2021, True)),
        ("soon", None),
        ("2021-13", None),
        ("2021-03-40", None),
    ],
)
def test_times_are_read_as_spans_of_years(text: str, span: tuple[float, float, bool] | None, modules: Page) -> None:
    read = call(modules, "times.js", "parseTime", text)
    assert read == (span and pytest.approx(dict(zip(("start", "end", "vague"), span, strict=True)), abs=1e-3))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("POINT(10.75 59.91)", [10.75, 59.91]),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Point(-77 38.9)", [-77, 38.9]),
        ("POINT(200 10)", None),
        ("POLYGON((0 0, 1 1, 0 1, 0 0))", None),
        ("", None),
    ],
)
def test_points_are_read_from_well_known_text(text: str, place: list[float] | None, modules: Page) -> None:
    assert call(modules, "columns.js", "parsePoint", text) == place


def test_ntriples_become_rows(modules: Page) -> None:
    text = (
        '<urn:s> <urn:p> "a \\"b\\" \\u00e9\\n"@en .\n'
        "_:x <urn:p> <urn:o> .\n"
        '<urn:s> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        "<urn:s> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .\n"
    )
    rows = call(modules, "ntriples.js", "readTriples", text)["results"]["bindings"]
    assert [row["object"] for row in rows] == [
        {"type": "literal", "value": 'a "b" é\n', "xml:lang": "en"},
        {"type": "uri", "value": "urn:o"},
        {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
    ]
    assert rows[1]["subject"] == {"type": "bnode", "value": "x"}


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [(0, 10, [0, 2, 4, 6, 8, 10]), (-3, 1, [-3, -2, -1, 0, 1]), (0.1, 0.35, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35])],
)
def test_marks_of_an_axis_are_round(low: float, high: float, marks: list[float], modules: Page) -> None:
    assert call(modules, "svg.js", "ticks", low, high) == pytest.approx(marks)


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "vbscript:x", "/relative"])
def test_unsafe_iris_lead_nowhere(iri: str, modules: Page) -> None:
    assert call(modules, "terms.js", "addressOf", iri, BASE) is None


@pytest.mark.parametrize(
    "path",
    [
        "id/huawei",
        "claim/huawei-leads-networks",
        "comparison/0123456789abcdef",
        "ontology#Company",
        "document/nupi-digi-tech",
        "download/digitech-kg.nq",
        "shapes#CompanyShape",
        "sparql",
        "elsewhere/x",
    ],
)
def test_iri_of_ours_leads_where_the_pages_of_the_server_lead(modules: Page, path: str) -> None:
    application = Flask(__name__)
    application.add_url_rule("/page/<path:path>", "browse.page")
    with application.test_request_context():
        wanted = page_of(BASE + path, NAMES)
    assert call(modules, "terms.js", "addressOf", BASE + path, BASE) == wanted
