"""Ways through items: in batches, step by step to all that can be reached, or each computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

#: A query names at most so many things.
PER_QUERY: Final = 500
_Item = TypeVar("_Item")


def batched(items: Iterable[_Item], size: int = PER_QUERY) -> Iterator[list[_Item]]:
    """Yield items in lists of a size; the last one may be shorter.

    >>> list(batched("abc", 2))
    [['a', 'b'], ['c']]
    """
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Computed(dict[_Key, _Value]):
    """What a function gives for each key, computed when it is first asked for.

    >>> squares = Computed(lambda number: number**2)
    >>> squares[3], squares
    (9, {3: 9})
    """

    def __init__(self, function: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: _Key) -> _Value:
        value = self[key] = self._function(key)
        return value


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
