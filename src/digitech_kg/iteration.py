"""Go through items in batches, in groups, in turns, or step by step to all that can be reached."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
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


def in_turns(items: Iterable[_Item], side_of: Callable[[_Item], Hashable]) -> list[_Item]:
    """Return items so that each side has its first before any has its second.

    >>> in_turns(["ape", "ant", "bee"], lambda word: word[0])
    ['ape', 'bee', 'ant']
    """
    turns, ranked = Counter[Hashable](), list[tuple[int, _Item]]()
    for item in items:
        side = side_of(item)
        ranked.append((turns[side], item))
        turns[side] += 1
    return [item for _turn, item in sorted(ranked, key=lambda own: own[0])]


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
