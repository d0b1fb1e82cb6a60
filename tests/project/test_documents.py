"""The documents of the bundled project agree and disagree where a reader of them would say so."""

from __future__ import annotations

import pytest

from digitech_kg.api import Graph, Rows

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
        "on a condition: a genuine stake of the trade union committee and",
    ),
    "whether its employees own Huawei": (
        "contradicts",
        {f"{HUAWEI}/employees-own-huawei", f"{SCHOLARS}/employees-do-not-own-huawei"},
        "reports the view of Huawei and disputes it",
    ),
    "risk of Huawei": (
        "inTensionWith",
        {f"{COMMISSION}/huawei-risk-to-eu-security", "chinese-reply-on-5g-2023/huawei-is-no-risk"},
        "says it only within 5G networks",
    ),
    "risk of ZTE": (
        "inTensionWith",
        {f"{COMMISSION}/zte-risk-to-eu-security", "chinese-reply-on-5g-2023/zte-is-no-risk"},
        "as the view of Chinese foreign ministry",
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
