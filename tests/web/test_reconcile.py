"""The reconciliation service, as OpenRefine and the specification see it."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft7Validator, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from conftest import SHARED, Server
from digitech_kg.api import Graph, Rows
from digitech_kg.book.entities import term_id
from digitech_kg.matching.ranking import MATCH_SCORE
from digitech_kg.web.pages.reconcile import BATCH_SIZE

SCHEMAS = SHARED / "reconciliation/0.2/schemas"
_LINES = (Path(__file__).parents[1] / "data/spellings.tsv").read_text(encoding="utf-8").splitlines()
SPELLINGS = list(csv.DictReader(_LINES, delimiter="\t"))
#: Names that are none of ours, some of them near to one.
STRANGERS = ["Apple Bank", "China Railway", "Siemens", "Mobile Telesystems", "Bergen Line", "Electronic Arts", "Alpha"]


def check(document: Any, schema: str) -> None:
    """Validate against a schema of the specification, offline; where it is absent the caller's own checks remain."""
    if not SCHEMAS.is_dir():
        return
    resources = []
    for path in SCHEMAS.glob("*.json"):
        resource = Resource.from_contents(json.loads(path.read_text(encoding="utf-8")), default_specification=DRAFT7)
        address = f"https://reconciliation-api.github.io/specs/0.2/schemas/{path.name}"
        resources += [(str(resource.contents["$id"]).rstrip("#"), resource), (address, resource)]
    registry: Registry[Any] = Registry().with_resources(resources)
    Draft7Validator(json.loads((SCHEMAS / schema).read_text(encoding="utf-8")), registry=registry).validate(document)


def test_answers_are_validated_against_the_specification() -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("the specification's schemas are not here, so answers are not validated against them")
    with pytest.raises(ValidationError):
        check({"q": {"result": [{"name": "x", "score": 1}]}}, "reconciliation-result-batch.json")


def reconcile(server: Server, **queries: Any) -> dict[str, Any]:
    response = server.post("/reconcile", data={"queries": json.dumps(queries)})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    check(answer, "reconciliation-result-batch.json")
    return answer


def test_manifest_fits_the_schema_and_names_addresses_that_answer(server: Server) -> None:
    response = server.get("/reconcile")
    document = response.json()
    check(document, "manifest.json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "0.2" in document["versions"]
    for kind, described in document["suggest"].items():
        answer = requests.get(
            described["service_url"] + described["service_path"], params={"prefix": "com"}, timeout=60
        )
        assert answer.json()["result"], kind
    preview = requests.get(document["preview"]["url"].replace("{{id}}", "huawei"), timeout=60)
    assert "Huawei" in preview.text
    assert requests.get(document["logo"], timeout=60).status_code == 200


def test_session_as_openrefine_runs_it(server: Server) -> None:
    """Its calls in its order: types are guessed, cells reconciled, a match searched, columns listed and fetched."""
    base = server.get("/reconcile").json()
    guess = reconcile(server, q0={"query": "Huawei", "limit": 3}, q1={"query": "ZTE", "limit": 3})
    assert all("Company" in [t["id"] for t in guess[q]["result"][0]["type"]] for q in ("q0", "q1"))
    box = server.get("/reconcile/suggest/type?prefix=Comp&type=x&filter=y").json()
    check(box, "suggest-types-response.json")
    assert box["result"][0]["id"] == "Company"
    check(server.get("/reconcile/suggest/property?prefix=sector").json(), "suggest-properties-response.json")
    sector = {"pid": "isInSector", "v": {"id": "networks", "name": "Networks"}}
    found = reconcile(
        server, q0={"query": "Huawei", "type": "Company", "type_strict": "should", "properties": [sector]}
    )
    assert (found["q0"]["result"][0]["id"], found["q0"]["result"][0]["match"]) == ("huawei", True)
    search = server.get("/reconcile/suggest/entity?prefix=Huaw").json()
    check(search, "suggest-entities-response.json")
    assert search["result"][0]["id"] == "huawei"
    columns = base["extend"]["propose_properties"]
    listed = server.get("/reconcile" + columns["service_path"] + "?type=Company").json()
    check(listed, "data-extension-property-proposal.json")
    assert {"id": "isInSector", "name": "is in sector"} in listed["properties"]
    wanted = {
        "ids": ["huawei", "nobody"],
        "properties": [{"id": "isInSector", "settings": {"limit": "1"}}, {"id": "isin"}],
    }
    rows = server.post("/reconcile", data={"extend": json.dumps(wanted)}).json()
    check(rows, "data-extension-response.json")
    assert set(rows["rows"]) == {"huawei", "nobody"}
    assert len(rows["rows"]["huawei"]["isInSector"]) == 1
    assert rows["rows"]["nobody"] == {"isInSector": [], "isin": []}


def test_preflight_and_hovering_leftover_are_answered(server: Server) -> None:
    preflight = requests.options(server.url + "/reconcile", headers={"Origin": "https://example.org"}, timeout=60)
    assert preflight.status_code in (200, 204)
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert server.get("/reconcile/suggest/entity/search?filter=(all mid:x)").status_code == 404


def test_queries_by_get_give_what_post_gives(server: Server) -> None:
    queries = {"q": {"query": "Tencent"}}
    by_get = server.get("/reconcile", params={"queries": json.dumps(queries)}).json()
    assert by_get == reconcile(server, **queries)


@pytest.mark.parametrize("every", [2, pytest.param(1, marks=pytest.mark.thorough)])
def test_at_least_95_percent_of_the_spellings_rank_first(server: Server, every: int) -> None:
    spellings = SPELLINGS[::every]
    assert len(spellings) >= 150 // every
    wrong = []
    for start in range(0, len(spellings), BATCH_SIZE):
        part = spellings[start : start + BATCH_SIZE]
        answer = reconcile(server, **{str(n): {"query": row["spelling"]} for n, row in enumerate(part)})
        for n, row in enumerate(part):
            first = answer[str(n)]["result"][:1]
            if not first or first[0]["id"] != row["id"]:
                wrong.append((row["spelling"], [c["id"] for c in answer[str(n)]["result"][:2]]))
    assert len(wrong) <= 0.05 * len(spellings), wrong


def test_certain_matches_of_the_spellings_are_right(server: Server) -> None:
    part = SPELLINGS[:BATCH_SIZE]
    answer = reconcile(server, **{str(n): {"query": row["spelling"]} for n, row in enumerate(part)})
    sure = [(c["id"], part[int(n)]["id"]) for n, a in answer.items() for c in a["result"] if c["match"]]
    assert len(sure) > 0.7 * len(part)
    assert [pair for pair in sure if pair[0] != pair[1]] == []


def test_a_name_that_others_bear_but_for_a_legal_form_is_left_to_who_asks(server: Server) -> None:
    first, second = reconcile(server, q={"query": "CNOOC"})["q"]["result"][:2]
    assert (first["match"], second["id"]) == (False, "cnooc")


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_is_never_a_certain_match(server: Server, name: str) -> None:
    assert not any(c["match"] for c in reconcile(server, q={"query": name})["q"]["result"])


@pytest.mark.parametrize("name", ["jd-com", "China Electronics", "中国电子"])
def test_exact_name_or_id_is_a_certain_match(server: Server, name: str) -> None:
    first = reconcile(server, q={"query": name})["q"]["result"][0]
    assert first["match"]
    assert first["score"] >= MATCH_SCORE


def test_a_property_that_contradicts_forbids_the_match(server: Server) -> None:
    query = {"query": "Huawei", "properties": [{"pid": "isInSector", "v": "Devices of another kind"}]}
    first = reconcile(server, q=query)["q"]["result"][0]
    assert first["id"] == "huawei"
    assert not first["match"]


def test_properties_alone_find_a_thing(server: Server) -> None:
    found = reconcile(server, q={"properties": [{"pid": "isin", "v": "KYG875721634"}]})["q"]["result"]
    assert found[0]["id"] == "tencent"


def test_strict_types_leave_others_out(server: Server) -> None:
    found = reconcile(server, q={"query": "Huawei", "type": "Place", "type_strict": "all"})["q"]["result"]
    assert "huawei" not in [c["id"] for c in found]


def test_a_batch_does_not_change_its_parts(server: Server) -> None:
    alone = reconcile(server, a={"query": "Xiomi"})
    others = {"b": {"query": "Huawei", "type": "Place"}, "c": {"query": ""}, "d": {"query": "Huawei", "limit": -1}}
    together = reconcile(server, a={"query": "Xiomi"}, **others)
    assert together["a"] == alone["a"]
    assert together["c"]["result"] == together["d"]["result"] == []


def extend(server: Server, ids: list[str], *properties: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    wanted = {"ids": ids, "properties": [{"id": name} for name in properties]}
    answer = server.post("/reconcile", data={"extend": json.dumps(wanted)}).json()
    check(answer, "data-extension-response.json")
    rows: dict[str, dict[str, list[dict[str, Any]]]] = answer["rows"]
    return rows


def test_facts_of_other_sources_are_columns_that_name_the_source(server: Server) -> None:
    listed = server.get("/reconcile/propose_properties?type=Company").json()["properties"]
    ranks = [p for p in listed if p["id"].startswith("fortuneGlobal500Rank@")]
    (listing,) = [p for p in listed if p["id"].startswith("isListedOn@")][:1]
    assert all("(source: " in p["name"] for p in (*ranks, listing))
    row = extend(server, ["xiaomi"], *(p["id"] for p in (*ranks, listing)))["xiaomi"]
    assert {"int": 468} in [value for p in ranks for value in row[p["id"]]]


def test_what_no_document_speaks_of_has_its_plain_name_for_all_sources(server: Server) -> None:
    row = extend(server, ["tencent"], "isin", "isin@finance-database", "headquartersCity")["tencent"]
    assert {"str": "KYG875721634"} in row["isin"]
    assert row["isin@finance-database"]
    assert all(value in row["isin"] for value in row["isin@finance-database"])
    assert row["headquartersCity"]


def test_what_documents_speak_of_too_has_a_name_that_says_so_and_one_for_all_sources(server: Server) -> None:
    ids = ["isNamedOn", "isNamedOn@all", "isNamedOn@federal-register-notices"]
    wanted = {"ids": ["huawei", "lenovo"], "properties": [{"id": name} for name in ids]}
    answer = server.post("/reconcile", data={"extend": json.dumps(wanted)}).json()
    check(answer, "data-extension-response.json")
    named = {term["id"]: term["name"] for term in answer["meta"]}
    assert [named[name] for name in ids[:2]] == ["is named on (source: documents)", "is named on (source: all)"]
    row = answer["rows"]["huawei"]
    assert row["isNamedOn"] == []
    assert len(row["isNamedOn@all"]) > len(row["isNamedOn@federal-register-notices"]) == 2
    column = {"pid": "isNamedOn@all", "v": "us-entity-list"}
    assert reconcile(server, q={"query": "Huawei", "properties": [column]})["q"]["result"][0]["match"]
    listed = server.get("/reconcile/propose_properties?type=Company").json()["properties"]
    assert {"id": "isNamedOn@all", "name": "is named on (source: all)"} in listed
    assert {"id": "isInSector", "name": "is in sector"} in listed


def test_links_count_as_a_property(server: Server) -> None:
    row = extend(server, ["xiaomi"], "sameOrExactMatch")["xiaomi"]
    assert {"str": "http://www.wikidata.org/entity/Q1636958"} in row["sameOrExactMatch"]


def test_values_are_what_documents_say_plainly_and_nothing_else(server: Server, graph: Graph) -> None:
    """For every property of every thing: what is derived from claims and not in dispute, no less and no more."""
    of_things = "FILTER(STRSTARTS(STR(?s), STR(id:)))"
    stated = """?axiom a owl:Axiom ; owl:annotatedSource ?s ; owl:annotatedProperty ?p ; owl:annotatedTarget ?o ;
      dk:evidence ?told . FILTER NOT EXISTS { ?told dk:contradicts|dk:inTensionWith ?other }"""
    rows = graph.query(f"SELECT DISTINCT ?s ?p ?o {{ {stated} {of_things} }}")
    of_documents = f"FILTER NOT EXISTS {{ ?c a dk:ExternalClaim }} {of_things}"
    claimed = graph.query(f"SELECT DISTINCT ?s ?p {{ ?c dk:subject ?s ; dk:predicate ?p {of_documents} }}")
    assert isinstance(rows, Rows)
    assert isinstance(claimed, Rows)
    names = graph.snapshot.names
    ids = sorted({row["s"].removeprefix(names.prefixes["id"]) for row in claimed})
    properties = sorted({term_id(row["p"], names) for row in claimed})
    expected = Counter((row["s"].removeprefix(names.prefixes["id"]), term_id(row["p"], names)) for row in rows)
    found: Counter[tuple[str, str]] = Counter()
    for start in range(0, len(ids), BATCH_SIZE):
        for thing, values in extend(server, ids[start : start + BATCH_SIZE], *properties).items():
            found.update({(thing, prop): len(cells) for prop, cells in values.items() if cells})
    assert found == expected
    assert len(found) > 100
    assert ("huawei", "hasOwner") not in found


def test_what_the_document_denies_is_no_value(server: Server) -> None:
    wanted = {"ids": ["lenovo"], "properties": [{"id": "hasOwnershipKind"}]}
    rows = server.post("/reconcile", data={"extend": json.dumps(wanted)}).json()["rows"]
    assert rows["lenovo"]["hasOwnershipKind"] == []


def test_lists_in_lists_are_no_values(server: Server) -> None:
    nested = {"query": "Huawei", "properties": [{"pid": "isInSector", "v": json.loads("[" * 600 + "]" * 600)}]}
    assert reconcile(server, q=nested)["q"]["result"][0]["id"] == "huawei"


def test_a_limit_of_too_many_digits_is_none(server: Server) -> None:
    wanted = {"ids": ["huawei"], "properties": [{"id": "isInSector", "settings": {"limit": "9" * 5000}}]}
    answer = server.post("/reconcile", data={"extend": json.dumps(wanted)})
    assert len(answer.json()["rows"]["huawei"]["isInSector"]) == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": '{"q": {"query": 7}}'}, 400),
        ({"queries": '{"q": {"query": "x", "limit": "many"}}'}, 400),
        ({"queries": '{"q": {"query": "x", "type_strict": "very"}}'}, 400),
        ({"queries": '{"q": {"query": "x", "properties": [{"pid": "a"}]}}'}, 400),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(BATCH_SIZE + 1)})}, 413),
        ({"queries": "x" * 3_000_000}, 413),
        ({"extend": '{"ids": 1}'}, 400),
        ({"extend": '{"ids": [], "properties": [{"id": "isni"}]}'}, 400),
        ({"queries": "[" * 100_000}, 400),
        ({"queries": '{"q": {"query": "x", "limit": "%s"}}' % ("9" * 5000)}, 400),
    ],
    ids=[
        "broken",
        "list",
        "number",
        "limit",
        "strict",
        "property",
        "batch",
        "body",
        "extend",
        "unknown property",
        "deep",
        "digits",
    ],
)
def test_faulty_request_is_told(server: Server, form: dict[str, str], status: int) -> None:
    response = server.post("/reconcile", data=form)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_preview_may_be_framed_and_has_no_script(server: Server) -> None:
    response = server.get("/reconcile/preview/huawei")
    assert "frame-ancestors" not in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert "<script" not in response.text
    assert server.get("/reconcile/preview/nobody").status_code == 404


@pytest.mark.parametrize(
    ("text", "first", "is_match"),
    [("ZTE", "zte", False), ("Tmall parent group", "alibaba", False), ("Alibaba Grp", "alibaba", True)],
)
def test_an_identifier_of_another_company_is_a_contradiction_and_leads_to_its_owner(
    server: Server, text: str, first: str, is_match: bool
) -> None:
    isin = [{"pid": "isin", "v": "KYG017191142"}]
    found = reconcile(server, q={"query": text, "type": "Company", "properties": isin})["q"]["result"]
    assert (found[0]["id"], found[0]["match"]) == (first, is_match)
    assert "alibaba" in {result["id"] for result in found}
