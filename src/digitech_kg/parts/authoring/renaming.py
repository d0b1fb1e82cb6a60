"""Keep the names of passages when a document is added again: claims cite them.

A passage whose text is the same keeps its name wherever it stands now. One that stands where another stood, between
the same neighbours, keeps that one's name with other text; whoever cites it has to read it again. All others get names
that were never used.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from digitech_kg.namespaces import DK
from digitech_kg.parts.authoring.passages import Passage


@dataclass(frozen=True, slots=True)
class Renamed:
    """Passages with the names that they keep, and by name what became of the old ones."""

    passages: list[Passage]
    #: Have other text than before.
    changed: tuple[str, ...]
    #: Are not in the text any more.
    vanished: tuple[str, ...]
    added: tuple[str, ...]


def keep_names(old: Sequence[Passage], new: Sequence[Passage]) -> Renamed:
    """Return the new passages of a document, named as the old ones where they go on."""
    before = {passage.name: passage for passage in old}
    kept = _pair_equal(old, new)
    _pair_parents(before, new, kept)
    _pair_neighbours(_tops(old), _tops(new), kept)
    for parent in [passage for passage in _tops(new) if passage.name in kept]:
        _pair_neighbours(_parts(old, kept[parent.name]), _parts(new, parent.name), kept)
    _pair_sections(before, new, kept)
    names = _name_all(before, new, kept)
    passages = [
        replace(passage, name=names[passage.name], parent=names[passage.parent] if passage.parent else None)
        for passage in new
    ]
    passages = _keep_sections(before, passages)
    changed = [p.name for p in passages if p.name in before and p.text_hash != before[p.name].text_hash]
    now = {passage.name for passage in passages}
    added = tuple(passage.name for passage in passages if passage.name not in before)
    return Renamed(passages, tuple(changed), tuple(name for name in before if name not in now), added)


def _pair_equal(old: Sequence[Passage], new: Sequence[Passage]) -> dict[str, str]:
    """Return the old name by the new one of passages with the same text: first in their order, then wherever."""
    a, b = ([passage for passage in side if passage.text_hash] for side in (old, new))
    keys_a, keys_b = ([(passage.type, passage.text_hash) for passage in side] for side in (a, b))
    kept: dict[str, str] = {}
    for block in SequenceMatcher(None, keys_a, keys_b, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            kept[b[block.b + offset].name] = a[block.a + offset].name
    used = set(kept.values())
    left: dict[object, deque[str]] = defaultdict(deque)
    for passage, key in zip(a, keys_a, strict=True):
        if passage.name not in used:
            left[key].append(passage.name)
    for passage, key in zip(b, keys_b, strict=True):
        if passage.name not in kept and left[key]:
            kept[passage.name] = left[key].popleft()
    return kept


def _pair_parents(before: dict[str, Passage], new: Sequence[Passage], kept: dict[str, str]) -> None:
    """A paragraph or table goes on if it has most of what is left of an old one."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for passage in new:
        parent = before[kept[passage.name]].parent if passage.name in kept else None
        if passage.parent and parent and "." in kept[passage.name]:
            votes[passage.parent][parent] += 1
    for name, counter in votes.items():
        for parent, _ in counter.most_common():
            if name not in kept and parent not in kept.values():
                kept[name] = parent


def _pair_neighbours(old: Sequence[Passage], new: Sequence[Passage], kept: dict[str, str]) -> None:
    """Passages between the same neighbours go on if they are as many as before and of the same types."""
    places = {passage.name: place for place, passage in enumerate(old)}
    used = set(kept.values())
    start = 0
    for place in range(len(new) + 1):
        if place < len(new) and new[place].name not in kept:
            continue
        left = places.get(kept[new[start - 1].name]) if start else -1
        right = places.get(kept[new[place].name]) if place < len(new) else len(old)
        if left is not None and right is not None:
            gap = [passage for passage in old[left + 1 : right] if passage.name not in used]
            if [p.type for p in gap] == [p.type for p in new[start:place]]:
                kept.update({n.name: o.name for n, o in zip(new[start:place], gap, strict=True)})
        start = place + 1


def _pair_sections(before: dict[str, Passage], new: Sequence[Passage], kept: dict[str, str]) -> None:
    """A section goes on if its heading does."""
    for passage in new:
        if passage.type == DK.Heading and passage.parent and passage.name in kept:
            section = before[kept[passage.name]].parent
            if section and section not in kept.values():
                kept[passage.parent] = section


def _keep_sections(before: dict[str, Passage], passages: list[Passage]) -> list[Passage]:
    """Return passages in the sections without a heading that somebody made for them."""
    headed = {passage.parent for passage in before.values() if passage.type == DK.Heading}
    own = {name for name, passage in before.items() if passage.type == DK.Section and name not in headed}
    found: list[Passage] = []
    for passage in passages:
        section = before[passage.name].parent if passage.name in before else None
        if section in own and passage.type != DK.Heading:
            passage = replace(passage, parent=section)
            if section not in {each.name for each in found}:
                found.append(before[section])
        found.append(passage)
    spans = {p.name: [q for q in found if q.parent == p.name] or [p] for p in found if p.type == DK.Section}
    return [
        replace(p, start=spans[p.name][0].start, end=spans[p.name][-1].end) if p.name in spans else p for p in found
    ]


def _tops(passages: Sequence[Passage]) -> list[Passage]:
    """Return the headings, paragraphs and tables."""
    return [passage for passage in passages if passage.text_hash and "." not in passage.name]


def _parts(passages: Sequence[Passage], parent: str) -> list[Passage]:
    return [passage for passage in passages if passage.parent == parent and "." in passage.name]


def _name_all(before: Iterable[str], new: Sequence[Passage], kept: dict[str, str]) -> dict[str, str]:
    """Return the name of each new passage: the kept one, or one that no passage ever had."""
    taken = set(before)
    names: dict[str, str] = {}
    for passage in new:
        name = kept.get(passage.name)
        if name is None:
            stem = passage.name
            if passage.parent and "." in passage.name:
                stem = names[passage.parent] + passage.name[passage.name.index(".") :]
            name = stem if stem not in taken else _next_free(stem, taken)
        taken.add(name)
        names[passage.name] = name
    return names


def _next_free(stem: str, taken: set[str]) -> str:
    """Return the name with the next number that is higher than all taken ones of its kind."""
    start = stem.rstrip("0123456789")
    ends = (name.removeprefix(start) for name in taken if name.startswith(start))
    number = 1 + max(int(end) for end in ends if end.isdecimal())
    return f"{start}{number:0{len(stem) - len(start)}d}"
