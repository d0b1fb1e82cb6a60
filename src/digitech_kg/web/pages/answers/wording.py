"""How firmly a claim is made and whose view it is, in words and as a mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.reading.claim_views import ClaimView

#: What the first words tell already.
_TOLD: Final = frozenset({"certainty", "mood", "heldBy", "stance"})


@dataclass(frozen=True, slots=True)
class Firmness:
    """How a claim is put: certainty and kind as names for style sheets, and all of it in words."""

    certainty: str
    kind: str
    denied: bool
    #: Whether somebody else than the author holds it.
    reported: bool
    #: "Prediction, probable".
    text: str
    #: "the author's own view".
    view: str
    #: "limit by place: Norway".
    limits: tuple[str, ...]

    @property
    def marks(self) -> str:
        """Return the classes of its mark."""
        extra = (name for name, holds in (("reported", self.reported), ("denied", self.denied)) if holds)
        return " ".join((self.certainty, self.kind, *extra))

    @property
    def words(self) -> str:
        """Return all of it in one line."""
        return " · ".join((self.text, self.view, *self.limits))


def firmness_of(claim: ClaimView) -> Firmness:
    """Return how a claim is put, in the language of the request."""
    certainty, mood = (_key(claim.claim.one(prop)) for prop in (DK.certainty, DK.mood))
    denied, reported = claim.negated, claim.external or any(r.key == "heldBy" for r in claim.reserves)
    limits = (r for r in claim.weakening if r.key not in _TOLD)
    shown = tuple(f"{r.axis.text}: {r.value.name.text if r.value.name else r.value.text}" for r in limits)
    return Firmness(
        certainty or "certain",
        mood or "statement",
        denied,
        reported,
        _text(claim, certainty, mood),
        _view(claim),
        shown,
    )


def _key(term: object) -> str:
    return term.value.rpartition("#")[2] if isinstance(term, NamedNode) else ""


def _text(claim: ClaimView, certainty: str, mood: str) -> str:
    if claim.manner in ("plain", "denied"):
        return _("Stated plainly") if claim.manner == "plain" else _("Plain denial")
    kinds = {
        "prediction": _("Prediction"),
        "recommendation": _("Recommendation"),
        "norm": _("Demand"),
        "definition": _("Definition"),
        "question": _("Question"),
    }
    kind = kinds.get(mood) or (_("Denial") if claim.negated else _("Statement"))
    certainties = {"probable": _("probable"), "possible": _("possible"), "doubtful": _("doubtful")}
    return f"{kind}, {certainties[certainty]}" if certainty in certainties else kind


def _view(claim: ClaimView) -> str:
    if claim.external:
        return _("from another source")
    holders = ", ".join(r.value.name.text for r in claim.reserves if r.key == "heldBy" and r.value.name)
    if not holders:
        return _("the author’s own view")
    stances = {
        "disputed": _("the author disputes it"),
        "reported": _("the author takes no side"),
        "partlyEndorsed": _("the author agrees in part"),
        "endorsed": _("the author agrees"),
    }
    held = _("view of %(holders)s", holders=holders)
    stance = stances.get(_key(claim.claim.one(DK.stance)))
    return f"{held}, {stance}" if stance else held
