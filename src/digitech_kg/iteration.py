"""Ways through items: in batches, in groups, or step by step to all that can be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

#: A query names at most so many things.
PER_QUERY: Final = 500
_Item = TypeVar("_Item")
_Key = TypeVar("_Key")


def batched(items: Iterable[_Item], size: int = PER_QUERY) -> Iterator[list[_Item]]:
    """Yield items in lists of a size; the last one may be shorter.

    >>> list(batched("abc", 2))
    [['a', 'b'], ['c']]
    """
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def grouped(pairs: Iterable[tuple[_Key, _Item]]) -> defaultdict[_Key, list[_Item]]:
    """Return items by what they are paired with, in the order in which they come.

    >>> dict(grouped((len(word), word) for word in ("one", "four", "two")))
    {3: ['one', 'two'], 4: ['four']}
    """
    found = defaultdict[_Key, list[_Item]](list)
    for key, item in pairs:
        found[key].append(item)
    return found


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
