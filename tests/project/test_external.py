"""Facts from other sources: each with its source, apart from what the document says, none under a narrow licence."""

import re

import pytest
from pyoxigraph import NamedNode

from bundled import PREFIXES
from conftest import ROOT
from digitech_kg.api import Graph, Rows
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only

SOURCES = sorted(p.name for p in (ROOT / "data/external").iterdir() if p.is_dir())


def rows_of(graph: Graph, query: str) -> list[dict[str, object]]:
    rows = graph.query(query)
    assert isinstance(rows, Rows)
    return list(rows)


def values(graph: Graph, predicate: str) -> list[str]:
    query = f"SELECT ?v {{ ?c a dk:ExternalClaim ; dk:predicate dk:{predicate} ; dk:value ?v }}"
    return [str(row["v"]) for row in rows_of(graph, query)]


def isin_is_sound(isin: str) -> bool:
    """Whether the last digit is the Luhn digit of the others, letters being two digits (ISO 6166)."""
    digits = "".join(str(int(c, 36)) for c in isin)
    doubled = [int(c) * (2 if place % 2 else 1) for place, c in enumerate(reversed(digits))]
    return len(isin) == 12 and sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def test_each_source_has_a_graph_of_its_own(snapshot: Snapshot) -> None:
    graphs = {g.removeprefix(PREFIXES["graph"] + "external/") for g in snapshot.manifest.graphs if "/external/" in g}
    graphs = {graph for graph in graphs if not graph.endswith("/statements")}
    assert graphs == set(SOURCES)


def test_an_external_claim_rests_on_a_source_of_its_own_graph(graph: Graph) -> None:
    apart = rows_of(
        graph,
        """SELECT ?c { GRAPH ?g { ?c a dk:ExternalClaim ; dk:attestedBy ?source }
        FILTER NOT EXISTS { GRAPH ?g {
          ?source a dk:Source ; dk:retrievedOn ?day ; dcterms:license|dcterms:rights ?licence } } }""",
    )
    assert apart == []
    assert len(rows_of(graph, "SELECT ?c { ?c a dk:ExternalClaim }")) > 200


def test_outside_facts_become_plain_statements_of_their_own_source_alone(snapshot: Snapshot) -> None:
    graphs = snapshot.manifest.names.graphs
    quads = list(open_read_only(snapshot.store))
    plain = {(q.triple, graphs.source_of(q.graph_name)) for q in quads if graphs.is_derived(q.graph_name)}
    told = {source for _, source in plain} - {None}
    assert told <= set(SOURCES)
    assert {"press-reports", "wikipedia-copies", "company-notices"} <= told
    ours = {q.triple for q in quads if str(q.graph_name).endswith("nupi-digi-tech/statements>")}
    predicates = {PREFIXES["dk"] + name for name in ("isin", "isNamedOn", "isListedOn", "headquartersCity")}
    assert not [triple for triple in ours if triple.predicate.value in predicates]


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "is_plain"),
    [
        ("lenovo", "hasOwner", "legend-holdings", True),
        ("yahoo", "hasOwner", "apollo-global-management", True),
        # It was taken off the list.
        ("xiaomi", "isNamedOn", "us-section-1237-list", False),
        # It was planned.
        ("china-united-network-communications", "hasOwner", "tencent", False),
        # It is so in part.
        ("zte", "hasOwnershipKind", "state-ownership", False),
    ],
)
def test_what_was_over_planned_or_so_in_part_is_no_plain_statement(
    graph: Graph, subject: str, predicate: str, value: str, is_plain: bool
) -> None:
    assert graph.query(f"ASK {{ id:{subject} dk:{predicate} id:{value} }}") is is_plain


def test_state_owners_are_found_up_the_chain(graph: Graph) -> None:
    text = (ROOT / "data/queries/state_owners_up_the_chain.rq").read_text(encoding="utf-8")
    rows = rows_of(graph, text)
    companies = {str(row["companyLabel"]) for row in rows}
    assert {"China Mobile", "Hikvision", "Lenovo", "China Tower"} <= companies
    assert not companies & {"Huawei", "Xiaomi", "Tencent", "Alibaba", "JD.com"}
    lenovo = {(str(row["ownedLabel"]), str(row["ownerLabel"])) for row in rows if row["companyLabel"] == "Lenovo"}
    assert lenovo >= {("Lenovo", "Legend Holdings"), ("Legend Holdings", "CAS Holdings")}
    assert all(row["heldIn"] and row["sourceLabel"] for row in rows)


def test_facts_later_than_the_document_keep_their_date(graph: Graph) -> None:
    for predicate in (
        "headquartersCity",
        "tickerSymbol",
        "fortuneGlobal500Rank",
        "isNamedOn",
        "hasOwner",
        "isListedOn",
    ):
        of_it = f"?c a dk:ExternalClaim ; dk:predicate dk:{predicate}"
        undated = f"SELECT ?c {{ {of_it} FILTER NOT EXISTS {{ ?c dk:time ?t }} }}"
        assert rows_of(graph, undated) == []


def test_no_outside_fact_is_dated_later_than_its_newest_source(graph: Graph) -> None:
    """A source that has no date of its own was read on a day that its facts can't be later than, either."""
    rows = rows_of(
        graph,
        """SELECT ?c ?time (MAX(?day) AS ?newest) { ?c a dk:ExternalClaim ; dk:time ?time ; dk:attestedBy ?source
        OPTIONAL { ?source dcterms:issued ?issued } OPTIONAL { ?source dk:retrievedOn ?read }
        BIND(STR(COALESCE(?issued, ?read)) AS ?day) } GROUP BY ?c ?time""",
    )
    dated = [(row["c"], max(re.findall(r"\d[\d-]+", str(row["time"]))), str(row["newest"])) for row in rows]
    # “2021” and “2021-05” end no earlier than a day in them: only as much is compared as both say.
    later = [row for row in dated if row[1][: len(row[2])] > row[2][: len(row[1])]]
    assert (len(dated) > 300, later) == (True, [])


def test_a_source_for_non_commercial_use_is_linked_and_not_copied(snapshot: Snapshot) -> None:
    graph = PREFIXES["graph"] + "external/opensanctions"
    quads = list(open_read_only(snapshot.store).quads_for_pattern(None, None, None, NamedNode(graph)))
    subjects = {str(q.object) for q in quads if q.predicate.value == PREFIXES["dk"] + "subject"}
    assert subjects == {f"<{PREFIXES['id']}opensanctions-us-lists>"}
    assert any(q.predicate.value == PREFIXES["rdfs"] + "seeAlso" for q in quads)


def test_check_digits_of_identifiers_are_right(graph: Graph) -> None:
    isins, leis = values(graph, "isin"), values(graph, "lei")
    assert len(isins) >= 7
    assert len(leis) >= 3
    assert all(isin_is_sound(isin) for isin in isins)
    assert not isin_is_sound("KYG017191143")
    # ISO 17442: the number that the letters and digits spell leaves 1 when divided by 97.
    assert all(int("".join(str(int(c, 36)) for c in lei)) % 97 == 1 for lei in leis)


def test_companies_with_two_identifiers_elsewhere(graph: Graph) -> None:
    rows = rows_of(
        graph,
        """SELECT ?company (COUNT(DISTINCT ?x) AS ?number) { ?company a dk:Company ; dk:isInSector ?sector
        OPTIONAL { { GRAPH graph:links { ?company ?kind ?x } } UNION { ?c dk:subject ?company ; dk:value ?x ;
        dk:predicate ?p FILTER(?p IN (dk:isin, dk:lei, dk:tickerSymbol, dk:website)) } } } GROUP BY ?company""",
    )
    assert len(rows) == 22
    assert [row["company"] for row in rows if int(str(row["number"])) < 2] == []


def test_a_search_that_met_nothing_can_be_asked_for(graph: Graph) -> None:
    text = (ROOT / "data/queries/looked_up_and_not_found.rq").read_text(encoding="utf-8")
    found = {(str(row["aboutLabel"]), str(row["soughtLabel"])) for row in rows_of(graph, text)}
    assert ("Semiconductor Manufacturing International", "exact match") in found
    assert not any(about in ("ZTE", "Lenovo", "Hikvision") for about, _ in found)


def test_companies_of_the_us_list_have_its_numbers(graph: Graph) -> None:
    assert len(values(graph, "ofacUid")) == 59
    assert len(values(graph, "unifiedSocialCreditCode")) == 52
    assert all(len(code) == 18 for code in values(graph, "unifiedSocialCreditCode"))


@pytest.mark.parametrize("verdict", ["agree", "others only"])
def test_the_comparison_tells_agreement_from_silence(graph: Graph, verdict: str) -> None:
    text = (ROOT / "data/queries/document_and_other_sources_on_companies.rq").read_text(encoding="utf-8")
    assert any(row["verdict"] == verdict for row in rows_of(graph, text))


def test_a_denial_in_the_document_differs_from_an_assertion_elsewhere(graph: Graph) -> None:
    """No source in the data contradicts the document, so one is made up: a claim that Tencent belongs to the state."""
    text = (ROOT / "data/queries/document_and_other_sources_on_companies.rq").read_text(encoding="utf-8")
    begin, end = text.index("  ?other a dk:ExternalClaim"), text.index("  ?company a dk:Company")
    made_up = """VALUES (?other ?company ?predicate ?otherValue ?source) {
      (claim:made-up id:tencent dk:hasOwnershipKind id:state-ownership id:finance-database) }"""
    text = text[:begin] + made_up + text[end:]
    rows = rows_of(graph, text)
    assert {(row["sentence"], row["verdict"]) for row in rows} == {("Tencent is not owned by the state.", "differ")}


def test_another_owner_or_a_view_passed_on_is_no_difference(graph: Graph) -> None:
    text = (ROOT / "data/queries/document_and_other_sources_on_companies.rq").read_text(encoding="utf-8")
    rows = [row for row in rows_of(graph, text) if row["property"] == "belongs to" and row["companyLabel"] == "Huawei"]
    assert {row["verdict"] for row in rows} == {"something else"}
    assert any(
        "Pearlstine and others say that the employees in Huawei's share register" in row["sentence"] for row in rows
    )


def test_a_listed_company_and_the_group_above_it_are_two_things(graph: Graph) -> None:
    """The Pentagon named the groups alone, the White House both."""
    rows = rows_of(graph, "SELECT ?who ?list { ?c dk:predicate dk:isNamedOn ; dk:subject ?who ; dk:object ?list }")
    named = {tuple(str(row[key]).removeprefix(PREFIXES["id"]) for key in ("who", "list")) for row in rows}
    for company, group in (
        ("china-mobile", "china-mobile-communications-group"),
        ("china-telecom", "china-telecommunications-corporation"),
        ("china-unicom", "china-united-network-communications-group"),
    ):
        assert {(company, "us-ns-cmic-list"), (group, "us-ns-cmic-list"), (group, "us-section-1237-list")} <= named
        assert (company, "us-section-1237-list") not in named


def test_companies_of_which_no_source_tells_an_owner(graph: Graph) -> None:
    rows = rows_of(
        graph,
        """SELECT ?company { ?company a dk:Company ; dk:isInSector ?sector
        FILTER NOT EXISTS { ?c dk:predicate dk:hasOwner ; dk:subject ?company } }""",
    )
    assert {str(row["company"]).removeprefix(PREFIXES["id"]) for row in rows} == {"baidu", "boe-tech-group"}


def test_every_market_has_its_code(graph: Graph) -> None:
    markets = rows_of(graph, "SELECT DISTINCT ?m { ?c dk:predicate dk:isListedOn ; dk:object ?m }")
    codes = values(graph, "marketIdentifierCode")
    assert len(codes) == len(markets) == 5
    assert all(code.isupper() and len(code) == 4 for code in codes)


def test_each_claim_of_the_press_names_an_article_or_a_look_up_without_a_find(graph: Graph) -> None:
    bare = rows_of(
        graph,
        """SELECT ?c { GRAPH <https://w3id.org/digitech-kg/graph/external/press-reports> { ?c a dk:ExternalClaim }
        FILTER NOT EXISTS { ?c dk:attestedBy/dk:isPartOf id:press-reports-on-companies }
        FILTER NOT EXISTS { ?look a dk:EmptyLookUp ; dk:lookedUp ?c ; dk:soughtProperty dk:attestedBy } }""",
    )
    assert bare == []


def test_most_articles_have_a_title_a_date_and_an_address(graph: Graph) -> None:
    known = """{ ?a dk:isPartOf id:press-reports-on-companies ; dcterms:publisher ?who ; rdfs:seeAlso ?address %s }"""
    whole = known % "; dcterms:title ?title ; dcterms:issued ?day"
    assert len(rows_of(graph, f"SELECT DISTINCT ?a {known % ''}")) >= 99
    assert len(rows_of(graph, f"SELECT DISTINCT ?a {whole}")) >= 60
    told = f"SELECT DISTINCT ?c {{ ?c dk:attestedBy ?a {{ SELECT DISTINCT ?a {whole} }} }}"
    assert len(rows_of(graph, told)) >= 90


@pytest.mark.parametrize(
    ("name", "english", "norwegian"),
    [
        # Whoever keeps the list holds it; it isn't a fact of ours.
        ("fcc-covered-company-designation", "held to be a security risk", "anses som en sikkerhetsrisiko"),
        ("us-section-889-ban", "federal", "føderale"),
    ],
)
def test_a_list_is_called_the_same_in_both_languages(graph: Graph, name: str, english: str, norwegian: str) -> None:
    labels = {str(row["l"]) for row in rows_of(graph, f"SELECT ?l {{ id:{name} rdfs:label ?l }}")}
    facts = rows_of(
        graph, f"SELECT ?t {{ ?c rdfs:comment ?t . {{ ?c dk:object id:{name} }} UNION {{ ?c dk:subject id:{name} }} }}"
    )
    told = {str(row["t"]) for row in facts}
    for words in (english, norwegian):
        assert [label for label in labels if words in label]
    assert told and [text for text in told if english not in text and norwegian not in text] == []


def test_a_source_that_repeats_a_document_here_adds_no_fact_or_says_so(graph: Graph) -> None:
    """Huawei's own page is a document here, and the newspaper reports on one."""
    rows = rows_of(
        graph,
        """SELECT ?c ?note ?label { ?c a dk:ExternalClaim ; dk:subject id:huawei ; dk:predicate dk:hasOwner ;
        skos:scopeNote ?note ; dk:attestedBy/rdfs:label ?label FILTER(LANG(?note) = "en" && LANG(?label) = "en") }""",
    )
    assert [row["c"] for row in rows if "who-owns-huawei" in str(row["note"])] == []
    assert {str(row["label"]) for row in rows} == {
        "Washington Free Beacon, 1 May 2019, on the paper by Balding and Clarke"
    }
