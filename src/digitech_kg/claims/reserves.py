"""The reserves that a claim can have, read from `reserves.toml`.

A *weakening* reserve says that a plain triple would say more than the document does: less than certain, another mood
than statement, somebody else's view, not in every case, an unnamed part of a group, within limits, under a condition.
An *adding* one says more than the triple, which holds all the same: "invests heavily" entails "invests". What is
*neutral* tells where a claim stands, not how it is put. In a denial most adding reserves weaken: "doesn't invest
heavily" leaves open that it invests. Of a quality a comparative weakens: "stricter" leaves open whether it is strict.

The names follow FactBank (certainty), CRMinf (belief and its holder), AIF (claims about claims) and Wikidata's
qualifiers (manner of a statement, P5102 and P1480). `docs/claims.md` explains each.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from digitech_kg.namespaces import DK

#: Relates a thing to a quality. A comparative leaves open whether the thing has it: "stricter" doesn't say "strict".
QUALITY: Final = DK.hasCharacteristic
#: Relates a recommendation to what it advises: said plainly, it is advice all the same.
ADVICE: Final = DK.advises


class Effect(Enum):
    """What a reserve does to the plain triple of a claim."""

    WEAKENING = "weakening"
    ADDING = "adding"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Axis:
    """One property by which a claim is put: its values in their order, and which of them weaken."""

    name: str
    property: NamedNode
    #: The values that it can have, from the weakest to the strongest where they have an order; empty if any.
    values: tuple[NamedNode, ...] = ()
    #: What a value does that is not in `other`.
    effect: Effect = Effect.WEAKENING
    #: The values that do something else.
    other: tuple[tuple[NamedNode, Effect], ...] = ()
    #: The values that weaken where the claim gives a quality.
    comparatives: tuple[NamedNode, ...] = ()

    def weakens_denials(self) -> bool:
        """Whether a value narrows what is denied: the plain denial would say more. A reason does not."""
        return self.effect is Effect.ADDING and self.property != DK.reason

    def effect_of(self, value: NamedNode | Literal, *, denied: bool = False, of_quality: bool = False) -> Effect:
        """Return what a value does to the plain triple, or to its denial."""
        if (denied and self.weakens_denials()) or (of_quality and value in self.comparatives):
            return Effect.WEAKENING
        return next((effect for term, effect in self.other if term == value), self.effect)


def _terms(names: Iterable[str]) -> tuple[NamedNode, ...]:
    return tuple(DK[name] for name in names)


def _axis(name: str, row: Mapping[str, Any]) -> Axis:
    values = row.get("values", ())
    return Axis(
        row.get("name", name),
        DK[name],
        QUANTITIES if values == "quantities" else _terms(values),
        Effect(row.get("effect", "weakening")),
        tuple((DK[value], Effect(effect)) for value, effect in row.get("other", {}).items()),
        _terms(row.get("comparatives", ())),
    )


_TABLES: Final = tomllib.loads((Path(__file__).parent / "reserves.toml").read_text(encoding="utf-8"))
#: Predicates that say by themselves that something doesn't happen or isn't so.
PREVENTING: Final = _terms(_TABLES["preventing"])
#: How many of a group, from the fewest on.
QUANTITIES: Final = _terms(_TABLES["quantities"])
#: Ordered as a sentence names them.
AXES: Final = tuple(_axis(name, row) for name, row in _TABLES["axes"].items())
BY_PROPERTY: Final = {axis.property: axis for axis in AXES}
#: The limits of every kind; in the ontology they are below `dk:limitedTo`.
LIMITS: Final = tuple(axis.property for axis in AXES if axis.name.startswith("limit by"))
QUANTIFIERS: Final = tuple(axis.property for axis in AXES if axis.name.startswith(("quantifier", "number")))

#: What kind of utterance a mood makes of a claim; of several moods the first here counts.
MOOD_KINDS: Final[Mapping[NamedNode | None, str]] = {DK[mood]: kind for mood, kind in _TABLES["moods"].items()}
#: From the least to the most certain; a claim of which nothing is said is certain.
CERTAINTIES: Final = BY_PROPERTY[DK.certainty].values
#: How claims bear on claims.
RELATIONS: Final = _terms(_TABLES["relations"])


class Reserve(NamedTuple):
    """A value of a claim on an axis, and what it does to the claim's plain triple, or to its denial."""

    axis: Axis
    value: NamedNode | Literal
    effect: Effect

    @property
    def is_known(self) -> bool:
        """Whether the axis lists the value, or takes any."""
        return not self.axis.values or self.value in self.axis.values
