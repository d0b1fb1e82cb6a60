"""One change, looked at by pySHACL, by the gate over everything, and by the gate over what the change affects."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Quad

from digitech_kg.triple_store import store_of
from digitech_kg.validation import validate, validate_with_pyshacl
from digitech_kg.validation.affected import affected_focus_nodes, validate_affected
from digitech_kg.validation.footprint import read_footprint
from soak.changes import Change
from soak.oracle import Finding, findings
from soak.worlds import World


@dataclass(frozen=True)
class Comparison:
    """What came of a change: the oracle's findings, and what the gate says differently (nothing, if it is right)."""

    world: str
    what: str
    conforms: bool
    found: frozenset[Finding]
    #: Number of focus nodes that were validated again; None if all were.
    affected: int | None
    differences: tuple[str, ...]


class Comparer:
    """Compares changes to one dataset, whose own report is made once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._footprint = read_footprint(world.shapes)
        before = validate(world.ntriples(store_of(world.quads)), world.shapes)
        self._before = findings(before)

    def compare(self, change: Change, *, oracle: bool = True) -> Comparison:
        """Validate the changed dataset in each way."""
        world, after = self._world, change.applied(self._world.quads)
        store = store_of(after)
        data = world.ntriples(store)
        full = validate(data, world.shapes)
        truth = validate_with_pyshacl(data, world.shapes) if oracle else full
        wanted = findings(truth)
        differences = _differences("the gate", findings(full), wanted)
        if full.conforms != truth.conforms:
            differences.append(f"the gate says conforms {full.conforms}, the reference {truth.conforms}")
        focus_nodes = affected_focus_nodes(self._footprint, world.data(store), tuple(_changed(world, after)))
        if focus_nodes is not None:
            part = validate_affected(world.shapes, world.data(store), focus_nodes)
            names = {node.value for node in focus_nodes if not isinstance(node, tuple)}  # type: ignore[union-attr]
            kept = {finding for finding in self._before if finding[0] not in names}
            differences += _differences("the gate on what is affected", kept | findings(part), wanted)
            conforms = _conforms(kept) and part.conforms
            if conforms != truth.conforms:
                differences.append(f"on what is affected conforms is {conforms}, the reference says {truth.conforms}")
        count = None if focus_nodes is None else len(focus_nodes)
        return Comparison(world.name, change.what, truth.conforms, frozenset(wanted), count, tuple(differences))


def _changed(world: World, after: frozenset[Quad]) -> frozenset[Quad]:
    return world.quads ^ after


def _conforms(found: set[Finding]) -> bool:
    return not any(severity.endswith("Violation") for _, _, _, _, severity, _ in found)


def _differences(name: str, found: set[Finding], wanted: set[Finding]) -> list[str]:
    missing = [f"{name} misses {finding}" for finding in sorted(wanted - found)]
    return missing + [f"{name} invents {finding}" for finding in sorted(found - wanted)]
