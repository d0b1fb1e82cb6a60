"""A comparison as a table to be downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from digitech_kg.comparison.reading import Said
from digitech_kg.tables import Table, make_table
from digitech_kg.web.comparing.reading import SideBySide
from digitech_kg.web.http.languages import translate
from digitech_kg.web.reading.claim_views import ClaimView

_KINDS: Final = {
    "contradicts": "Contradict each other",
    "differsFrom": "Differ, and can both be right",
    "firmerThan": "The first is firmer",
    "corroborates": "Agree",
}
_STATES: Final = {"same": "Same", "different": "Different", "alone": "One only"}


def comparison_table(view: SideBySide, claims: Mapping[str, ClaimView]) -> Table:
    """Return a row for each point of a comparison, or for each pair of claims of two documents."""
    if view.documents:
        header = [translate("Comparison"), view.documents.first.text, view.documents.second.text, translate("Why")]
        pairs = view.documents.pairs
        rows = [
            [translate(_KINDS[p.kind]), _cell((p.first,), claims), _cell((p.second,), claims), p.reason] for p in pairs
        ]
    else:
        header = [translate("Point"), translate("State"), *(column.text for column in view.columns)]
        rows = [
            [
                point.predicate.text,
                translate("documents disagree" if point.is_disputed else _STATES[point.state]),
                *(_cell(said, claims) for said in point.said),
            ]
            for point in view.points
        ]
    return make_table("comparison", header, rows)


def _cell(said: tuple[Said, ...], claims: Mapping[str, ClaimView]) -> str:
    """Return claims as sentences, each with its certainty if there is any doubt, its document and its passages."""
    lines = []
    for one in said:
        claim = claims.get(one.claim)
        doubt = f"{claim.firm.certainty}, " if claim and claim.firm.certainty != "certain" else ""
        place = ", ".join([one.document_label.text, *(passage.text for passage in one.passages)])
        lines.append(f"{one.sentence.text} ({doubt}{place})")
    return "\n".join(lines) or translate("is silent")
