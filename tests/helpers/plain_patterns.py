"""SPARQL patterns that say of each complete `?claim` what `Claim.is_plain` and `Claim.is_negated` say of it."""

from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.reserves import AXES, QUALITY, Effect
from digitech_kg.namespaces import DK, RDF


def _weakening() -> tuple[list[NamedNode], list[str]]:
    """Return the properties of which any value weakens, and patterns of single values that do."""
    whole, single = [], []
    for axis in AXES:
        weakens = axis.effect is Effect.WEAKENING
        others = [value for value, effect in axis.other if (effect is Effect.WEAKENING) != weakens]
        if weakens and others:
            said = " && ".join(f"?but != {value}" for value in others)
            single.append(f"{{ ?claim {axis.property} ?but FILTER({said}) }}")
        elif weakens:
            whole.append(axis.property)
        else:
            single += [f"{{ ?claim {axis.property} {value} }}" for value in others]
        quality = f"{DK.predicate} {QUALITY}"
        single += [f"{{ ?claim {axis.property} {value} ; {quality} }}" for value in axis.comparatives]
    return whole, single


def _plain() -> str:
    whole, single = _weakening()
    narrowing = "|".join(str(axis.property) for axis in AXES if axis.weakens_denials())
    return (
        f"FILTER NOT EXISTS {{ ?claim {RDF.type} {DK.ExternalClaim} }}\n"
        f"FILTER NOT EXISTS {{ ?claim {'|'.join(map(str, whole))} ?reserve }}\n"
        f"FILTER NOT EXISTS {{ {' UNION '.join(single)} }}\n"
        f"FILTER NOT EXISTS {{ ?claim {DK.negated} true ; {narrowing} ?narrowing }}"
    )


PLAIN: Final = _plain()
AFFIRMED: Final = f"FILTER NOT EXISTS {{ ?claim {DK.negated} true }}"
