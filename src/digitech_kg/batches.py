"""Items in batches: as many as one query takes, or as fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
