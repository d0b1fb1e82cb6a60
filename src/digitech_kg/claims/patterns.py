"""When a claim may be said plainly, as a SPARQL pattern made from the table of reserves.

The pattern says of each complete claim what `Claim.is_plain` says of it; a test holds the two against each other.
NOT EXISTS costs about 10 µs for each claim that is asked about, whatever the size of the dataset. MINUS would be two
to three times faster where all claims are asked about, and five times slower where only those of one thing are.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.claims.reserves import AXES, Effect
from digitech_kg.namespaces import DK, RDF


def _weakening() -> tuple[list[NamedNode], list[tuple[NamedNode, NamedNode]]]:
    """Return the properties of which any value weakens, and the single values of others that do."""
    whole = [axis.property for axis in AXES if axis.effect is Effect.WEAKENING and not axis.other]
    single = [(axis.property, v) for axis in AXES for v, effect in axis.other if effect is Effect.WEAKENING]
    return whole, single


def plain(claim: str = "?claim") -> str:
    """Return a pattern that keeps the solutions in which a variable, bound before, is a claim without reserve."""
    whole, single = _weakening()
    name = claim.strip("?$")
    alternatives = "|".join(map(str, whole))
    values = " UNION ".join(f"{{ {claim} {prop} {value} }}" for prop, value in single)
    narrowing = "|".join(str(axis.property) for axis in AXES if axis.weakens_denials())
    return (
        f"FILTER NOT EXISTS {{ {claim} {RDF.type} {DK.ExternalClaim} }}\n"
        f"FILTER NOT EXISTS {{ {claim} {alternatives} ?reserve_of_{name} }}\n"
        f"FILTER NOT EXISTS {{ {values} }}\n"
        f"FILTER NOT EXISTS {{ {claim} {DK.negated} true ; {narrowing} ?narrowing_of_{name} }}"
    )


def affirmed(claim: str = "?claim") -> str:
    """Return a pattern that keeps what is not denied."""
    return f"FILTER NOT EXISTS {{ {claim} {DK.negated} true }}"


#: Pattern for `?claim`.
PLAIN: Final = plain()
AFFIRMED: Final = affirmed()
