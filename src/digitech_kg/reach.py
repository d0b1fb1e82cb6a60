"""What can be reached step by step: classes above a class, nodes below a node."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Node = TypeVar("Node")


def reachable(starts: Iterable[Node], steps: Callable[[Node], Iterable[Node]]) -> dict[Node, None]:
    """Return nodes and all that steps lead to from them, each once, in the order in which they are met.

    >>> list(reachable([8], lambda number: [number // 2] if number else []))
    [8, 4, 2, 1, 0]
    """
    found = dict.fromkeys(starts)
    pending = list(found)
    while pending:
        new = [node for node in steps(pending.pop()) if node not in found]
        found.update(dict.fromkeys(new))
        pending += new
    return found
