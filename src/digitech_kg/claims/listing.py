"""The reserves of a claim as people read them: a list of names and values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from digitech_kg.claims.languages import LANGUAGES, find_language
from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import Effect, Value
from digitech_kg.claims.times import is_time, say_time
from digitech_kg.namespaces import DK


@dataclass(frozen=True, slots=True)
class ListedReserve:
    """One reserve: what the axis and the value are called, and the terms behind them."""

    axis: str
    text: str
    effect: Effect
    property: NamedNode
    value: Value


def list_reserves(claim: Claim, call: Callable[[Any], str], language: str = "en") -> tuple[ListedReserve, ...]:
    """Return how a claim is put, in the order of the table; first of all the source, if it is not a document.

    `call` names a thing, property or value in the language, as `Labels.text` does. Those that weaken are why a claim
    is no plain statement.
    """
    sources = [(DK.attestedBy, value, Effect.WEAKENING) for value in claim.all(DK.attestedBy) if claim.is_external]
    reserves = [(reserve.axis.property, reserve.value, reserve.effect) for reserve in claim.reserves]
    words = (find_language(language) or LANGUAGES["en"]).words
    return tuple(
        ListedReserve(
            call(prop), say_time(value.value, words.times) if is_time(value) else call(value), effect, prop, value
        )
        for prop, value, effect in (*sources, *reserves)
    )
