"""The documents of the bundled project agree and disagree where a reader of them would say so."""

import re
from collections import Counter

import pytest

from bundled import GRAPHS
from conftest import Server
from digitech_kg.api import Graph, Rows
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only
from reading import HTML, words

BRIEF, COMMISSION = "nupi-digi-tech", "commission-5g-toolbox-2023"
HUAWEI, SCHOLARS = "huawei-ownership-page", "balding-clarke-2019"
ROWS = {
    "who owns Huawei, flat and flat": (
        "corroborates",
        {f"{BRIEF}/huawei-not-state-owned", f"{HUAWEI}/huawei-not-state-owned"},
        "say the same",
    ),
    "who owns Huawei, flat and on a condition": (
        "inTensionWith",
        {f"{BRIEF}/huawei-not-state-owned", f"{SCHOLARS}/huawei-may-be-state-owned"},
        "on conditions that must all be met: (1) a genuine stake of the trade union committee;",
    ),
    "whether its employees own Huawei": (
        "contradicts",
        {f"{HUAWEI}/employees-own-huawei", f"{SCHOLARS}/employees-do-not-own-huawei"},
        "reports the view of Huawei and disputes it",
    ),
    "risk of Huawei": (
        "inTensionWith",
        {f"{COMMISSION}/huawei-risk-to-eu-security", "chinese-reply-on-5g-2023/huawei-is-no-risk"},
        "speaks here only of 5G networks",
    ),
    "risk of ZTE": (
        "inTensionWith",
        {f"{COMMISSION}/zte-risk-to-eu-security", "chinese-reply-on-5g-2023/zte-is-no-risk"},
        "speaks for the Chinese foreign ministry",
    ),
    "China's access to data abroad": (
        "inTensionWith",
        {
            "executive-order-14034/china-may-take-data-through-apps",
            "wang-yi-speech-2020/china-does-not-take-data-from-companies-abroad",
        },
        "puts it only as possible",
    ),
    "a Europe in conflict with China": (
        "corroborates",
        {
            f"{BRIEF}/european-approach-often-conflictual-on-china",
            f"{COMMISSION}/european-approach-conflictual-on-chinese-suppliers",
        },
        "bears out in part",
    ),
}


@pytest.fixture(scope="module")
def comparisons(graph: Graph) -> list[tuple[str, set[str], str]]:
    rows = graph.query(
        "SELECT ?kind ?one ?other ?why { ?c dk:comparisonKind ?kind ; dk:firstClaim ?one ; dk:secondClaim ?other ; "
        'dk:reasonText ?why FILTER(LANG(?why) = "en") }'
    )
    assert isinstance(rows, Rows)
    return [
        (row["kind"].split("#")[1], {row[end].split("/claim/")[1] for end in ("one", "other")}, row["why"])
        for row in rows
    ]


@pytest.mark.parametrize("topic", ROWS)
def test_documents_meet(topic: str, comparisons: list[tuple[str, set[str], str]]) -> None:
    kind, claims, told = ROWS[topic]
    (found,) = [row for row in comparisons if row[1] == claims]
    assert found[0] == kind
    assert told in found[2]


def test_each_document_tells_its_short_name_and_how_it_was_read_in_both_languages(graph: Graph) -> None:
    rows = graph.query(
        "SELECT ?document (COUNT(DISTINCT ?short) AS ?names) (COUNT(DISTINCT ?note) AS ?notes) "
        "(COUNT(DISTINCT ?extent) AS ?extents) { ?section a dk:Section ; dk:isPartOf ?document . "
        "OPTIONAL { ?document dk:shortName ?short } OPTIONAL { ?document dk:readingNote ?note } "
        "OPTIONAL { ?document dk:extentRead|dk:extentModelled ?extent } } GROUP BY ?document"
    )
    assert isinstance(rows, Rows)
    found = [
        (row["document"].rsplit("/", 1)[1], int(row["names"]), int(row["notes"]), int(row["extents"])) for row in rows
    ]
    assert len(found) >= 8
    assert [row for row in found if row[1:3] != (2, 2) or not row[3]] == []


def test_without_pages_the_label_of_a_passage_has_the_numbers_of_its_name(graph: Graph) -> None:
    rows = graph.query(
        "SELECT ?passage ?label { GRAPH ?evidence { ?passage rdfs:label ?label } ?passage a dk:Sentence . "
        'FILTER(STRENDS(STR(?evidence), "/evidence") && LANG(?label) = "en") '
        "FILTER NOT EXISTS { ?passage dk:pageLabel ?page } }"
    )
    assert isinstance(rows, Rows)
    named = {row["passage"]: re.findall(r"\d+", row["label"]) for row in rows}
    assert len(named) >= 100
    for passage, numbers in named.items():
        assert [str(int(number)) for number in re.findall(r"\d+", passage.rsplit("/", 1)[1])] == numbers, passage


@pytest.mark.parametrize(
    ("name", "in_copies"),
    [
        # Its opening and its eight points; the rest stands in news with quotations.
        ("wang-yi-speech-2020", r"p0[1-8]\.s\d+|p13\.s03"),
        # The eight points in their short form.
        ("data-security-initiative-2020", r"p0[1-8]\.s01"),
    ],
)
def test_what_was_read_only_in_the_press_is_marked_so(graph: Graph, name: str, in_copies: str) -> None:
    rows = graph.query(
        "SELECT DISTINCT ?place ?basis { ?claim a dk:Claim ; dk:statedIn ?place . ?place dk:isPartOf+ "
        f"id:{name} OPTIONAL {{ ?claim dk:basis ?basis }} }}"
    )
    assert isinstance(rows, Rows)
    found = {(row["place"].rsplit("/", 1)[1], row.get("basis")) for row in rows}
    plain = {place for place, basis in found if basis is None}
    assert plain
    assert {place for place in plain if not re.fullmatch(in_copies, place)} == set()


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("commission-5g-toolbox-2023/breton-5g-security-essential", "Thierry Breton"),
        ("commission-5g-toolbox-2023/vestager-view-in-all-funding-programmes", "Margrethe Vestager"),
        ("export-controls-human-rights-2021/canada-endorses-initiative", "White House"),
        ("executive-order-14034/administration-promotes-open-internet", "White House"),
    ],
)
def test_of_whom_the_document_speaks_for_the_author_takes_no_other_side(server: Server, name: str, whose: str) -> None:
    """Commissioners speak for the Commission, and the White House publishes what its document frames."""
    page = words(server.get(f"/page/claim/{name}", headers=HTML).text)
    assert f"Whose view {whose}" in page
    assert "the author takes no side" not in page


def test_each_thing_is_described_once_in_english_and_in_norwegian(graph: Graph) -> None:
    rows = graph.query(
        "SELECT ?thing ?language (COUNT(DISTINCT ?text) AS ?texts) { ?thing rdfs:label ?label . "
        'FILTER(STRSTARTS(STR(?thing), STR(id:))) VALUES ?language { "en" "nb" } '
        "OPTIONAL { ?thing skos:definition ?text . FILTER(LANG(?text) = ?language) } } GROUP BY ?thing ?language"
    )
    assert isinstance(rows, Rows)
    found = [(row["thing"].rsplit("/", 1)[1], row["language"], int(row["texts"])) for row in rows]
    assert len(found) >= 3000
    assert [row for row in found if row[2] != 1] == []


def test_what_is_written_stands_in_one_graph(snapshot: Snapshot) -> None:
    written = (quad for quad in open_read_only(snapshot.store) if not GRAPHS.is_derived(quad.graph_name))
    found = Counter(quad.triple for quad in written)
    assert len(found) >= 60_000
    assert [str(triple) for triple, count in found.items() if count > 1] == []


def test_a_main_claim_that_names_tiktok_speaks_of_it(graph: Graph) -> None:
    """What the search counts on a thing is what the list of claims finds by its name."""
    rows = graph.query(
        'SELECT ?main { ?main dk:sentence ?said FILTER(LANG(?said) = "en" && CONTAINS(?said, "TikTok")) '
        "FILTER NOT EXISTS { ?main dk:elaborates ?other } "
        "FILTER NOT EXISTS { ?main ^dk:elaborates?/dk:object id:tiktok } }"
    )
    assert isinstance(rows, Rows)
    assert list(rows) == []
