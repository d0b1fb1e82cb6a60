"""What crawlers read."""

from conftest import Server


def test_robots_keeps_crawlers_from_queries(server: Server) -> None:
    closed = server.get("/robots.txt").text
    assert {f"Disallow: {path}" for path in ("/sparql", "/results", "/search")} <= set(closed.splitlines())


def test_page_names_its_canonical_address_and_its_title(server: Server) -> None:
    page = server.get("/page/id/huawei?lang=nb").text
    assert f'<link rel="canonical" href="{server.url}/page/id/huawei">' in page
    assert f'<meta property="og:url" content="{server.url}/page/id/huawei">' in page
    assert '<meta property="og:description" content="Kinesisk konsern som lager telenett og telefoner' in page
    assert '<meta property="og:title" content="Huawei · Påstander om digital teknologi"' in page
