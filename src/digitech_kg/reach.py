"""What can be reached step by step: classes above a class, nodes below a node."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Node = TypeVar("Node")


def reach(starts: Iterable[Node], step: Callable[[Node], Iterable[Node]]) -> set[Node]:
    """Return some nodes and all that are reached from them by any number of steps.

    >>> sorted(reach([1], lambda number: [number * 2] if number < 5 else []))
    [1, 2, 4, 8]
    """
    found = set(starts)
    pending = list(found)
    while pending:
        more = set(step(pending.pop())) - found
        found |= more
        pending += more
    return found
