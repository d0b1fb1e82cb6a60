"""What the start page tells: documents, how firmly they speak, what they advise and expect, and ways into the graph."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_index import ClaimEntry, ClaimFilter, index_claims
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.documents import DocumentEntry, list_documents
from digitech_kg.web.reading.firmness import KINDS, LEVELS
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, Row, iris_of, text_of

Groups = tuple[tuple[Name, tuple[Name, ...]], ...]

#: Rows of dots in the chart of a document with at least so many claims.
_ROWS: Final = ((300, 10), (60, 5), (0, 3))
#: The answers that the page gives: what their claims are filtered by, and how many are shown.
_ANSWERS: Final = {
    "denied": (ClaimFilter(denied="1", kind="statement", voice="own"), 1),
    "held": (ClaimFilter(voice="other"), 1),
    "predicted": (ClaimFilter(kind="prediction"), 5),
    "advised": (ClaimFilter(kind="recommendation"), 5),
}


@dataclass(frozen=True, slots=True)
class Dots:
    """A block of dots of one kind in a chart, one dot for each claim, in units of a dot."""

    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """A document, how many claims it makes of each kind, and the same as dots."""

    document: DocumentEntry
    total: int
    passages: int
    kinds: tuple[tuple[str, int], ...]
    hedged: int
    denied: int
    reported: int
    dots: tuple[Dots, ...]
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class WorkedAnswer:
    """A question of the page, by its key: the claims that answer it first, and how many there are."""

    key: str
    claims: tuple[ClaimView, ...]
    total: int


@dataclass(frozen=True)
class StartView:
    """The ways into the graph."""

    speakers: tuple[Speaker, ...]
    #: Two claims of different documents that contradict each other, and how many such pairs there are.
    clash: WorkedAnswer | None
    answers: tuple[WorkedAnswer, ...]
    sectors: Groups
    concerns: Groups


def view_start(reader: GraphReader, language: str) -> StartView:
    """Read what the start page shows; a dataset without sectors, concerns and so on gives empty groups."""
    sectors, concerns = reader.rows(browse_queries.SECTORS), reader.rows(browse_queries.CONCERNS)
    labels, entries = Labels(reader, language, iris_of([*sectors, *concerns])), index_claims(reader)
    answers = (_answer(reader, key, entries, language) for key in _ANSWERS)
    return StartView(
        tuple(_speaker(document, entries) for document in list_documents(reader, language)),
        _clash(reader, entries, language),
        tuple(answer for answer in answers if answer.claims),
        _group(sectors, "sector", "company", labels),
        _group(concerns, "area", "concern", labels),
    )


def draw_dots(counts: Iterable[tuple[str, int]], rows: int) -> tuple[Dots, ...]:
    """Return blocks that fill columns of dots one after another, those of a kind beside each other.

    >>> [(d.x, d.y, d.width, d.height) for d in draw_dots([("statement", 12), ("norm", 3)], 10)]
    [(0, 0, 1, 10), (1, 0, 1, 2), (1, 2, 1, 3)]
    """
    blocks, at = [], 0
    for kind, count in counts:
        end = at + count
        while at < end:
            x, y = divmod(at, rows)
            whole = (end - at) // rows if y == 0 else 0
            width, height = (whole, rows) if whole else (1, min(rows - y, end - at))
            blocks.append(Dots(kind, x, y, width, height))
            at += width * height
    return tuple(blocks)


def _speaker(document: DocumentEntry, entries: Iterable[ClaimEntry]) -> Speaker:
    own = [entry for entry in entries if entry.document == document.name]
    counts = Counter(entry.firm.kind for entry in own)
    kinds = tuple((kind, counts[kind]) for kind in KINDS if counts[kind])
    rows = next(rows for least, rows in _ROWS if len(own) >= least)
    return Speaker(
        document,
        len(own),
        len({entry.passage for entry in own}),
        kinds,
        sum(entry.firm.certainty != "certain" for entry in own),
        sum(entry.firm.denied for entry in own),
        sum(entry.firm.voice == "other" for entry in own),
        draw_dots(kinds, rows),
        -(-len(own) // rows),
        rows,
    )


def _answer(reader: GraphReader, key: str, entries: Iterable[ClaimEntry], language: str) -> WorkedAnswer:
    wanted, most = _ANSWERS[key]
    found = [entry for entry in entries if wanted.takes(entry)]
    shown = _in_turn(found)[:most]
    return WorkedAnswer(key, load_claims_of(reader, [entry.iri for entry in shown], language), len(found))


def _clash(reader: GraphReader, entries: Iterable[ClaimEntry], language: str) -> WorkedAnswer | None:
    """Return the pair of claims that contradict each other most firmly; None if no two do."""
    known = {entry.iri: entry for entry in entries}
    rows = reader.rows(browse_queries.CONTRADICTIONS)
    pairs = [
        (known[a], known[b])
        for r in rows
        if (a := text_of(r, "first")) in known and (b := text_of(r, "second")) in known
    ]
    if not pairs:
        return None
    best = min(pairs, key=lambda pair: sum(map(_softness, pair)))
    return WorkedAnswer("clash", load_claims_of(reader, [entry.iri for entry in best], language), len(pairs))


def _softness(entry: ClaimEntry) -> int:
    """Return how much is taken back of a claim: 0 if nothing is, and it matters to its document."""
    level = LEVELS.index(entry.firm.certainty)
    return level + (entry.firm.voice != "own") + entry.is_limited + entry.is_conditional + (entry.salience != "key")


def _in_turn(entries: Iterable[ClaimEntry]) -> list[ClaimEntry]:
    """Return claims so that each document has its say: the first of each, then the second, those that matter first."""
    turns: dict[str, int] = defaultdict(int)
    order = []
    for entry in entries:
        turns[entry.document] += 1
        order.append((entry.salience != "key", entry.is_limited, turns[entry.document], entry))
    return [entry for *_, entry in sorted(order, key=lambda one: one[:3])]


def _group(rows: list[Row], head: str, member: str, labels: Labels) -> Groups:
    groups: dict[Name, dict[Name, None]] = defaultdict(dict)
    for row in rows:
        groups[labels.name(text_of(row, head))][labels.name(text_of(row, member))] = None
    return tuple((name, tuple(sorted(members, key=lambda n: n.text.casefold()))) for name, members in groups.items())
