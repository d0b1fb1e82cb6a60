"""What crawlers read."""

from __future__ import annotations

import re

from conftest import Server
from digitech_kg.api import Graph


def test_sitemap_has_a_page_for_every_thing_and_claim(server: Server, graph: Graph) -> None:
    answer = server.get("/sitemap.xml")
    assert answer.headers["Content-Type"].startswith("application/xml")
    found = set(re.findall(r"<loc>[^<]*?/page/(\w+/[^<]+)</loc>", answer.text))
    rows = graph.query("SELECT DISTINCT ?c { ?c a dk:Claim }")
    assert not isinstance(rows, bool | str)
    assert {row["c"].split("digitech-kg/")[1] for row in rows} <= found
    assert "id/huawei" in found
    assert server.get("/page/" + sorted(found)[0]).status_code == 200


def test_robots_keeps_crawlers_from_queries_and_names_the_sitemap(server: Server) -> None:
    text = server.get("/robots.txt").text
    assert "Disallow: /sparql" in text
    assert f"Sitemap: {server.url}/sitemap.xml" in text


def test_page_names_its_canonical_address_and_its_title(server: Server) -> None:
    page = server.get("/page/id/huawei?lang=nb").text
    assert f'<link rel="canonical" href="{server.url}/page/id/huawei">' in page
    assert f'<meta property="og:url" content="{server.url}/page/id/huawei">' in page
    assert '<meta property="og:description" content="Kinesisk konsern som lager telenett og telefoner' in page
    assert '<meta property="og:title" content="Huawei · Påstander om digital teknologi"' in page
