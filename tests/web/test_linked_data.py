"""Every IRI of ours leads to a page and to data, and the data is what the graph holds."""

import http.client
from collections.abc import Iterable, Iterator
from itertools import cycle, islice

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from bundled import BASE, GRAPHS
from conftest import Server
from digitech_kg.namespaces import DK, OWL, SKOS, XSD
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only
from digitech_kg.web.reading.addresses import DESCRIBED

TYPES = {
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
}
MEDIA_TYPES = tuple(media_type for media_type, _ in TYPES.values())
#: Every kind of page, for what is compared with blank nodes as well.
SAMPLES = [
    "id/huawei",
    "id/nupi-digi-tech",
    "claim/nupi-digi-tech/huawei-not-state-owned",
    "claim/iso-3166/norway-iso3166-1-numeric",
    "passage/nupi-digi-tech/p12.s03",
    "passage/nupi-digi-tech/s3",
    "query/companies_by_sector",
    "graph/nupi-digi-tech/statements",
    "dataset",
]


@pytest.fixture(scope="module")
def held(snapshot: Snapshot) -> dict[str, set[Triple]]:
    """The triples of the whole graph by subject, for the IRIs of ours."""
    found: dict[str, set[Triple]] = {}
    for quad in open_read_only(snapshot.store):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE):
            found.setdefault(quad.subject.value, set()).add(quad.triple)
    return found


@pytest.fixture(scope="module")
def ours(snapshot: Snapshot, held: dict[str, set[Triple]]) -> set[str]:
    """Every IRI of ours that the graph holds in any place, also as predicate, value or name of a graph."""
    terms: set[object] = set(held)
    for quad in open_read_only(snapshot.store):
        terms |= {term.value for term in (quad.predicate, quad.object, quad.graph_name) if isinstance(term, NamedNode)}
    return {iri for iri in terms if isinstance(iri, str) and iri.startswith(BASE)}


class Client:
    """Asks one server again and again over one connection."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)

    def get(self, path: str, accept: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        self._connection.request("GET", path, headers={"Accept": accept})
        answer = self._connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    opened = Client(server.url)
    yield opened
    opened.close()


def without_blank_nodes(triples: Iterable[Triple]) -> set[Triple]:
    """Blank nodes have other names in each answer; all else is the same."""
    return {t for t in triples if not isinstance(t.object, BlankNode) and not isinstance(t.subject, BlankNode)}


def parsed(body: bytes, media_type: str) -> set[Triple]:
    return without_blank_nodes(quad.triple for quad in parse(body, RdfFormat.from_media_type(media_type)))


# All of them take minutes, so formats take turns.
@pytest.mark.parametrize(("step", "formats"), [(197, 1), pytest.param(7, 4, marks=pytest.mark.thorough)])
def test_iris_of_resources_lead_to_a_page_and_to_what_the_graph_holds(
    client: Client, ours: set[str], held: dict[str, set[Triple]], step: int, formats: int
) -> None:
    documents = {iri.partition("#")[0] for iri in ours}
    resources = sorted(iri for iri in documents if iri.removeprefix(BASE).split("/")[0] in DESCRIBED)
    hashed = [iri for iri in ours if "#" in iri and iri.removeprefix(BASE).split("/")[0] in DESCRIBED]
    assert len(resources) > 2000
    turns = cycle(MEDIA_TYPES)
    # Documents have graphs of the same kinds, and so have their claims and passages pages.
    first_of_each_kind = {iri.removeprefix(BASE).split("/")[0]: iri for iri in reversed(resources)}
    for iri in sorted({*first_of_each_kind.values(), *resources[::step]}):
        parts = [name for name in hashed if name.startswith(iri + "#")]
        own = {iri, *parts}
        path, expected = "/" + iri.removeprefix(BASE), without_blank_nodes(t for name in own for t in held[name])
        for media_type in ("text/html", *islice(turns, formats)):
            if media_type != "text/html" and path.startswith("/graph/"):
                continue
            status, headers, _ = client.get(path, media_type)
            # The page of a version, issue or topic is at its IRI.
            itself = path.startswith(("/history/", "/issue/", "/topic/")) and media_type == "text/html"
            itself = itself and not path.endswith("/scheme")
            assert (status, "Accept" in headers["Vary"]) == (200 if itself else 303, True), (iri, media_type)
            if itself:
                continue
            status, headers, body = client.get(headers["Location"], media_type)
            assert (status, headers.get_content_type()) == (200, media_type), iri
            if media_type != "text/html":
                found = {t for t in parsed(body, media_type) if t.subject.value in own}
                assert found == expected, (iri, media_type)


@pytest.mark.parametrize("part", ["nupi", pytest.param("", marks=pytest.mark.thorough)], ids=["some", "all"])
def test_named_graphs_answer_with_their_triples(client: Client, ours: set[str], snapshot: Snapshot, part: str) -> None:
    store = open_read_only(snapshot.store)
    graphs = sorted(iri for iri in ours if iri.startswith(BASE + "graph/"))
    assert graphs == sorted(snapshot.manifest.graphs)
    # Formats take turns: documents have graphs of the same kinds.
    some = [iri for iri in graphs if iri.count("/") == BASE.count("/") + 1 or part in iri]
    for iri, media_type in zip(some, cycle(MEDIA_TYPES), strict=False):
        quads = store.quads_for_pattern(None, None, None, NamedNode(iri))
        expected = without_blank_nodes(quad.triple for quad in quads)
        status, headers, body = client.get("/" + iri.removeprefix(BASE), media_type)
        assert (status, headers.get_content_type()) == (200, media_type), iri
        assert parsed(body, media_type) == expected, (iri, media_type)


def test_every_term_and_shape_is_in_the_document_of_its_iri(
    client: Client, ours: set[str], held: dict[str, set[Triple]], snapshot: Snapshot
) -> None:
    shapes = parsed((snapshot.directory / "shapes.nt").read_bytes(), "application/n-triples")
    ontology = GRAPHS.ontology
    terms = open_read_only(snapshot.store).quads_for_pattern(None, None, None, ontology)
    for document, triples in (("ontology", {quad.triple for quad in terms}), ("shapes", shapes)):
        own = {t for t in without_blank_nodes(triples) if t.subject.value.startswith(f"{BASE}{document}#")}
        fragments = {t.subject.value.partition("#")[2] for t in own}
        fragments |= {iri.partition("#")[2] for iri in ours if iri.startswith(f"{BASE}{document}#")}
        # The namespace itself is named as a vocabulary.
        fragments -= {""}
        assert len(fragments) > 50
        for media_type in MEDIA_TYPES:
            status, headers, body = client.get(f"/{document}", media_type)
            assert (status, headers.get_content_type()) == (200, media_type)
            assert own <= parsed(body, media_type), (document, media_type)
        status, headers, body = client.get(f"/{document}", "text/html")
        if document == "shapes":
            # A browser gets the shapes themselves.
            assert own <= parsed(body, headers.get_content_type())
        else:
            page = body.decode()
            assert {f for f in fragments if f'id="{f}"' not in page} == set()


def earlier_versions(held: dict[str, set[Triple]]) -> set[str]:
    """The IRIs of versions of the ontology that newer ones replace: the data only names them."""
    replaces = (OWL.priorVersion, OWL.incompatibleWith)
    return {t.object.value for triples in held.values() for t in triples if t.predicate in replaces}


def test_iris_of_earlier_versions_lead_to_the_data_that_replaces_them(
    client: Client, held: dict[str, set[Triple]]
) -> None:
    earlier = earlier_versions(held)
    assert f"{BASE}ontology/1.0.0" in earlier
    for iri in earlier:
        redirected, headers, _ = client.get("/" + iri.removeprefix(BASE), "text/turtle")
        assert redirected == 303, iri
        status, headers, body = client.get(headers["Location"], "text/turtle")
        assert (status, headers.get_content_type()) == (200, "text/turtle"), iri
        assert NamedNode(iri) in {triple.object for triple in parsed(body, "text/turtle")}, iri


@pytest.mark.parametrize("formats", [1, pytest.param(len(MEDIA_TYPES), marks=pytest.mark.thorough)])
def test_all_other_iris_answer_for_themselves(
    client: Client, ours: set[str], held: dict[str, set[Triple]], formats: int
) -> None:
    others = [iri for iri in sorted(ours - earlier_versions(held)) if "#" not in iri]
    others = [iri for iri in others if iri.removeprefix(BASE).split("/")[0] not in DESCRIBED]
    roots = {iri.removeprefix(BASE).split("/")[0] for iri in others}
    assert roots == {"", "download", "ontology", "reconcile", "sparql", "static"}
    listed, in_turn = client.get("/download/", "text/html")[2].decode(), cycle(MEDIA_TYPES)
    for iri in others:
        path = "/" + iri.removeprefix(BASE)
        if path.startswith("/download/"):
            # Writing them all takes long; test_exports.py opens each one.
            assert f'href="{path}"' in listed
            continue
        if path == "/" or path.startswith(("/reconcile", "/static")):
            assert client.get(path, "text/html")[0] == 200, iri
            continue
        assert client.get(path, "text/html")[1].get_content_type() == "text/html"
        for media_type in islice(in_turn, formats):
            status, headers, body = client.get(path, media_type)
            assert (status, headers.get_content_type()) == (200, media_type)
            imports = "http://www.w3.org/2002/07/owl#imports"
            own = {t for t in without_blank_nodes(held[iri]) if t.predicate.value != imports} if iri in held else set()
            assert own <= parsed(body, media_type), (iri, media_type)


@pytest.mark.thorough
def test_every_download_is_at_its_iri(client: Client, ours: set[str]) -> None:
    downloads = sorted(iri for iri in ours if iri.startswith(f"{BASE}download/"))
    assert len(downloads) > 10
    assert {client.get("/" + iri.removeprefix(BASE), "text/html")[0] for iri in downloads} == {200}


def test_a_document_leads_programs_to_its_data(server: Server) -> None:
    for media_type in MEDIA_TYPES:
        answer = server.get("/document/nupi-digi-tech", headers={"Accept": media_type})
        assert (answer.status_code, "Accept" in answer.headers["Vary"]) == (303, True)
        data = server.get(answer.headers["Location"])
        assert data.headers["Content-Type"].split(";")[0] == media_type
    page = server.get("/document/nupi-digi-tech", headers={"Accept": "text/html"})
    assert page.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", SAMPLES)
def test_a_browser_gets_a_page_and_all_formats_agree(server: Server, path: str) -> None:
    redirect = server.get(f"/{path}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert redirect.status_code == 303
    page = server.get(redirect.headers["Location"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    graphs = []
    for extension, (media_type, syntax) in TYPES.items():
        answer = server.get(f"/data/{path}.{extension}")
        assert answer.headers["Content-Type"].split(";")[0] == media_type
        assert f'type="{media_type}"' in answer.headers["Link"]
        graphs.append(rdflib.Graph().parse(data=answer.content, format=syntax))
    assert len(graphs[0])
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_parts_without_a_name_are_told_with_what_they_are_part_of(server: Server) -> None:
    told = rdflib.Graph().parse(data=server.get("/data/mappings/wikidata.ttl").content, format="turtle")
    pairs = list(told.objects(predicate=rdflib.URIRef("https://w3id.org/sssom/mappings")))
    assert len(pairs) > 50
    assert all((pair, rdflib.OWL.annotatedTarget, None) in told for pair in pairs)


def test_data_of_a_thing_has_the_claims_on_it_with_their_passages_and_evidence(server: Server) -> None:
    told = parsed(server.get("/data/id/state-ownership.nt").content, "application/n-triples")
    denial, guess = (
        NamedNode(f"{BASE}claim/{name}")
        for name in ("nupi-digi-tech/huawei-not-state-owned", "balding-clarke-2019/huawei-may-be-state-owned")
    )
    passage, document = NamedNode(f"{BASE}passage/nupi-digi-tech/p12.s03"), NamedNode(f"{BASE}id/nupi-digi-tech")
    assert {
        Triple(denial, DK.subject, NamedNode(f"{BASE}id/huawei")),
        Triple(denial, DK.negated, Literal("true", datatype=XSD.boolean)),
        Triple(denial, DK.sentence, Literal("Huawei is not owned by the state.", language="en")),
        Triple(denial, DK.statedIn, passage),
        Triple(passage, DK.isPartOf, document),
        Triple(guess, DK.certainty, DK.possible),
    } <= told
    words = {SKOS.hiddenLabel, DK.partlyAnswers}
    assert not any(each.predicate in words for each in told if each.subject in (denial, guess))


@pytest.mark.parametrize(("extension", "fmt"), [("trig", RdfFormat.TRIG), ("nq", RdfFormat.N_QUADS)])
def test_data_of_a_thing_keeps_the_named_graphs_where_the_format_has_them(
    server: Server, extension: str, fmt: RdfFormat
) -> None:
    answer = server.get(f"/data/id/huawei.{extension}")
    assert answer.headers["Content-Type"].split(";")[0] == fmt.media_type.split(";")[0]
    quads = list(parse(answer.content, fmt))
    claim = NamedNode(f"{BASE}claim/huawei-ownership-page/huawei-not-state-owned")
    negated = [quad.graph_name for quad in quads if quad.subject == claim and quad.predicate == DK.negated]
    assert negated == [GRAPHS.document("huawei-ownership-page")]
    assert without_blank_nodes(quad.triple for quad in quads) == parsed(
        server.get("/data/id/huawei.nt").content, "application/n-triples"
    )


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("", "/page/id/huawei"),
        ("*/*", "/page/id/huawei"),
        ("text/turtle", "/data/id/huawei.ttl"),
        ("application/json", "/data/id/huawei.jsonld"),
        ("text/html;q=0.5, application/rdf+xml", "/data/id/huawei.rdf"),
        ("application/n-triples;q=0.9, text/turtle;q=0.3", "/data/id/huawei.nt"),
        ("application/trig", "/data/id/huawei.trig"),
    ],
)
def test_accept_decides(server: Server, accept: str, location: str) -> None:
    response = server.get("/id/huawei", headers={"Accept": accept})
    assert response.headers["Location"] == location


def test_unknown_accept_is_406(server: Server) -> None:
    response = server.get("/id/huawei", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["available"]


@pytest.mark.parametrize(
    "path", ["/data/id/nope.ttl", "/page/id/nope", "/page/claim/nope", "/page/passage/x/y", "/page/x"]
)
def test_what_is_not_there_is_404(server: Server, path: str) -> None:
    assert server.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/page/id/a%3E%20%7D%20DROP%20ALL", "/data/id/%22%3E.ttl", "/document/%3E%7D"])
def test_text_that_is_no_iri_never_reaches_a_query(server: Server, path: str) -> None:
    assert server.get(path).status_code == 404


def test_unchanged_page_and_data_are_304(server: Server) -> None:
    for path in ("/page/id/huawei", "/data/id/huawei.ttl"):
        tag = server.get(path).headers["ETag"]
        again = server.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_misspelt_address_shows_what_was_meant(server: Server) -> None:
    page = server.get("/page/id/huawai", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert 'href="/page/id/huawei"' in page.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/abuot", "/about"),
        ("/Explore", "/explore"),
        ("/isues", "/issues"),
        ("/page/id/tencnt", "/page/id/tencent"),
        ("/id/nroway", "/page/id/norway"),
        ("/page/claim/nupi-digi-tech/huawei-not-state-own", "/page/id/huawei"),
        ("/document/nupi-digitech", "/page/id/nupi-digi-tech"),
        ("/norge", "/page/id/norway"),
    ],
)
def test_each_kind_of_misspelt_address_leads_to_what_was_meant(server: Server, typed: str, meant: str) -> None:
    answer = server.get(typed, headers={"Accept": "text/html"})
    if answer.status_code == 303:
        answer = server.get(answer.headers["Location"], headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert f'href="{meant}"' in answer.text
    assert 'role="search"' in answer.text
    assert server.get(typed, headers={"Accept": "application/json"}).status_code in (303, 404)


def test_the_parameters_of_a_saved_question_go_on_to_its_page(server: Server) -> None:
    address = "/query/is_state_ownership_denied?company=tencent&lang=nb"
    response = server.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 303
    assert response.headers["Location"] == "/page/query/is_state_ownership_denied?company=tencent&lang=nb"


@pytest.mark.parametrize("path", ["/data/id/huawei.nq", "/.well-known/void", "/ontology"])
def test_rdf_is_compressed_and_304_varies_as_200(server: Server, path: str) -> None:
    first = server.get(path, headers={"Accept-Encoding": "gzip"})
    again = server.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert first.headers["Content-Encoding"] == "gzip"
    assert again.status_code == 304
    assert {*again.headers["Vary"].split(", ")} == {*first.headers["Vary"].split(", ")}
